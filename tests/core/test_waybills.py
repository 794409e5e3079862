"""Waybill numbers and accounts by their tables, how long an account lasts, and by what a receiver is seen to have moved."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.core.waybills import (
    ACCOUNT_MOVES,
    ALIVE,
    NUMBER_MOVES,
    AccountEvent,
    DocumentState,
    NotThatWay,
    NumberEvent,
    NumberState,
    ReceiverKey,
    Use,
    advance,
    document_state,
    forecast,
    has_moved,
)

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "waybills.md").read_text("utf-8")
TODAY = date(2026, 11, 22)


def test_the_page_shows_every_step_of_a_number() -> None:
    shown = re.findall(r"^\| `(\w+)` \| `(\w+)` \| `(\w+)` \|$", PAGE.split("## An account")[0], re.MULTILINE)

    assert shown == [(move.before, move.event, move.after) for move in NUMBER_MOVES]


def test_the_page_shows_every_step_of_an_account() -> None:
    shown = re.findall(r"^\| `(\w+)` \| `(\w+)` \| `(\w+)` \|$", PAGE.split("## An account")[1], re.MULTILINE)

    assert shown == [(move.before, move.event, move.after) for move in ACCOUNT_MOVES if move.event is not AccountEvent.TELL]


@given(st.lists(st.sampled_from(list(NumberEvent)), max_size=12))
def test_no_refusal_ends_a_number_whose_answer_was_lost(events: list[NumberEvent]) -> None:
    state, was_lost = NumberState.ASKED, False
    for event in events:
        try:
            state = advance(state, event)
        except NotThatWay:
            continue
        was_lost = was_lost or event is NumberEvent.ANSWER_LOST

    assert not (was_lost and state is NumberState.NOT_TAKEN)
    assert {NumberState.GIVEN_BACK, NumberState.NOT_TAKEN, NumberState.LOST, NumberState.USED} == set(NumberState) - ALIVE


def test_it_foretells_from_the_days_that_are_over() -> None:
    uses = [Use(TODAY - timedelta(days=back), 40) for back in (1, 2, 3, 4)] + [Use(TODAY, 5)]

    told = forecast(100, uses, TODAY)

    assert (told.a_day, told.days_seen, told.days_left, told.is_low) == (40.0, 4, 2.5, True)


def test_days_without_use_count_and_two_days_foretell_nothing() -> None:
    quiet = forecast(100, [Use(TODAY - timedelta(days=10), 50)], TODAY)
    new = forecast(100, [Use(TODAY - timedelta(days=2), 50)], TODAY)

    assert (quiet.a_day, quiet.days_left, quiet.is_low) == (5.0, 20.0, False)
    assert (new.a_day, new.days_left, new.is_low) == (None, None, False)


@pytest.mark.parametrize(("left", "low_at", "is_low"), [(0, None, True), (20, 20, True), (21, 20, False)])
def test_it_is_low_at_the_number_the_shop_named(left: int, low_at: int | None, is_low: bool) -> None:
    assert forecast(left, [], TODAY, low_at=low_at).is_low is is_low


@given(st.integers(0, 10**6), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5000)), max_size=20))
def test_it_never_foretells_less_than_nothing(left: int, uses: list[tuple[int, int]]) -> None:
    told = forecast(left, [Use(TODAY - timedelta(days=back), many) for back, many in uses], TODAY)

    assert told.days_left is None or told.days_left >= 0
    assert told.a_day is None or told.a_day > 0


KNOWN = ReceiverKey("door-1", "林* 138****0000", "浙江省", "金华市", "义乌市")


@pytest.mark.parametrize(
    ("after", "moved"),
    [
        (KNOWN, False),
        (ReceiverKey("door-2", "林* 138****0000", "浙江省", "金华市", "义乌市"), True),
        (ReceiverKey("door-1", "王* 139****1111", "浙江省", "金华市", "义乌市"), False),
        (ReceiverKey(None, "林* 138****0000", "浙江省", "金华市", "东阳市"), True),
        (ReceiverKey(None, "林* 138****0000"), False),
        (ReceiverKey(), False),
    ],
)
def test_a_receiver_is_seen_to_have_moved(after: ReceiverKey, moved: bool) -> None:
    assert has_moved(KNOWN, after) is moved


def test_a_word_of_the_component_that_nobody_knows_asks_for_a_person() -> None:
    told = [document_state(word) for word in ("success", "Printed", "failed", "canceled", "rendered", "sleeping", "")]

    assert told == [
        DocumentState.PRINTED, DocumentState.PRINTED, DocumentState.FAILED, DocumentState.FAILED, DocumentState.SENT, DocumentState.UNKNOWN,
        DocumentState.UNKNOWN,
    ]  # fmt: skip
