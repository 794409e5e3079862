"""How a text is counted, when it goes, and that no step leads back to sending what may have been sent; the docs tell the same."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.core.golden import moment
from zhanggui.core.texts.content import parts, signed
from zhanggui.core.texts.judging import goes_at
from zhanggui.core.texts.kinds import MOVES, STEPS, TextEvent, TextState
from zhanggui.core.texts.terms import TextTerms
from zhanggui.rulebook.texts import text_rules

DOCS = Path(__file__).parents[3] / "docs" / "notices.md"


@pytest.mark.parametrize(("length", "count"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4)])
def test_it_counts_parts_as_providers_do(length: int, count: int) -> None:
    sign = "林记坚果"

    assert parts(signed(sign, "长" * (length - len(sign) - 2)) if length > 6 else "长" * length, text_rules()) == count


def test_a_picture_of_two_units_counts_twice() -> None:
    assert parts("😀" * 35, text_rules()) == 1
    assert parts("😀" * 36, text_rules()) == 2


@pytest.mark.parametrize(
    ("now", "goes"),
    [
        ("2026-03-01 08:59:59", "2026-03-01 09:00:00"),
        ("2026-03-01 09:00:00", "2026-03-01 09:00:00"),
        ("2026-03-01 19:59:59", "2026-03-01 19:59:59"),
        ("2026-03-01 20:00:00", "2026-03-02 09:00:00"),
        ("2026-12-31 23:30:00", "2027-01-01 09:00:00"),
    ],
)
def test_it_goes_within_the_hours(now: str, goes: str) -> None:
    assert goes_at(moment(now), TextTerms()) == moment(goes)
    assert goes_at(moment(now), TextTerms()) - moment(now) < timedelta(hours=24)


def test_what_may_have_been_sent_never_waits_again() -> None:
    back = {(before, event) for (before, event), after in MOVES.items() if after is TextState.WAITS}

    assert back == {(TextState.SENDING, TextEvent.HOLD)}
    assert {event for (before, event) in MOVES if before is TextState.UNSURE} == {TextEvent.FIND, TextEvent.REFUSE, TextEvent.STOP}


def test_the_docs_tell_every_step() -> None:
    told = DOCS.read_text("utf-8")

    assert all(f"| `{step.before}` | `{step.event}` | `{step.after}` |" in told for step in STEPS)
