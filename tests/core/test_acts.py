"""The table of an act's steps, and the page that tells it."""

from pathlib import Path

import pytest

from zhanggui.core.acts import TRANSITIONS, ActEvent, ActState, NotThatWay, advance
from zhanggui.core.acts.moves import AT_REST
from zhanggui.rulebook.acts import act_terms

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sending.md"


def test_the_page_tells_every_step_and_no_other() -> None:
    told = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]

    assert told == [f"| `{step.before}` | `{step.event}` | `{step.after}` | {', '.join(step.by)} |" for step in TRANSITIONS]


@pytest.mark.parametrize("state", sorted(AT_REST))
@pytest.mark.parametrize("event", ActEvent)
def test_nothing_follows_the_end(state: ActState, event: ActEvent) -> None:
    with pytest.raises(NotThatWay):
        advance(state, event)


def test_nothing_is_sent_but_what_is_announced() -> None:
    assert {step.before for step in TRANSITIONS if step.after is ActState.SENDING} == {ActState.ANNOUNCED}


def test_every_kind_is_off_or_waits_for_a_person_until_somebody_decides_otherwise() -> None:
    by_level = {level: {kind.value for kind, terms in act_terms().items() if terms.limits.level.value == level} for level in ("off", "suggest", "act")}

    # what only tells of a label that was printed here goes with it; nothing else does by itself
    assert by_level["act"] == {"print.report"}
    assert by_level["off"] | by_level["suggest"] == {kind.value for kind in act_terms()} - {"print.report"}
    assert all(terms.source and terms.lag_minutes >= 10 for terms in act_terms().values())
