"""How pressing a waiting buyer is: the clock of the rule in force, its hours, and the order in which buyers stand."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.core.inbox.marking import marked
from zhanggui.core.inbox.urgency import LAST_MINUTE, Stage, Urgency, place, urgency
from zhanggui.core.money import Fen
from zhanggui.rulebook import load

BOOK = load()
NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
"""12:00 in Shanghai."""


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}+08:00").astimezone(UTC)


# when the buyer wrote, whether that was told, the moment now; where the clock stands and by when an answer is in time
@pytest.mark.parametrize(
    ("wrote", "is_told", "now", "stage", "due"),
    [
        ("21T12:00:00", True, "21T12:02:59", Stage.RUNNING, "21T12:03:00"),
        ("21T12:00:00", True, "21T12:03:00", Stage.RUNNING, "21T12:03:00"),
        ("21T12:00:00", True, "21T12:03:01", Stage.LATE, "21T12:03:00"),
        ("21T22:59:00", True, "21T23:01:00", Stage.RUNNING, "21T23:02:00"),
        ("21T22:59:00", True, "21T23:02:01", Stage.LATE, "21T23:02:00"),
        ("21T23:00:00", True, "21T23:00:00", Stage.RESTING, "22T08:03:00"),
        ("21T23:30:00", True, "22T07:59:59", Stage.RESTING, "22T08:03:00"),
        ("21T23:30:00", True, "22T08:00:00", Stage.RUNNING, "22T08:03:00"),
        ("21T12:00:00", False, "21T12:01:00", Stage.UNTIMED, None),
    ],
)
def test_it_counts_three_minutes_within_the_hours_alone(wrote: str, is_told: bool, now: str, stage: Stage, due: str | None) -> None:
    found = urgency(shanghai(wrote), is_told, BOOK, shanghai(now))

    assert (found.stage, found.due_at) == (stage, None if due is None else shanghai(due))


def running(seconds_left: int) -> Urgency:
    return Urgency(Stage.RUNNING, NOON - timedelta(seconds=180 - seconds_left), NOON + timedelta(seconds=seconds_left))


def late(minutes: int) -> Urgency:
    return Urgency(Stage.LATE, NOON - timedelta(minutes=minutes), NOON - timedelta(minutes=minutes - 3))


def test_it_puts_first_whom_an_answer_still_reaches_and_passes_nobody_over_for_long() -> None:
    waiting = {
        "last minute": (running(40), Fen(0)),
        "waits for twenty minutes": (late(20), Fen(0)),
        "waits for sixteen, with money": (late(16), Fen(9900)),
        "a minute and a half left": (running(90), Fen(9900)),
        "two minutes left": (running(130), Fen(0)),
        "the same, with money": (running(170), Fen(9900)),
        "late for five minutes": (late(5), Fen(0)),
    }

    order = sorted(waiting, key=lambda name: place(*waiting[name], NOON))

    assert order == [
        "last minute",
        "waits for twenty minutes",
        "waits for sixteen, with money",
        "a minute and a half left",
        "the same, with money",
        "two minutes left",
        "late for five minutes",
    ]


@given(st.integers(0, 180), st.integers(0, 10_000_000), st.integers(15, 5000), st.integers(0, 10_000_000))
def test_nobody_who_has_waited_a_quarter_of_an_hour_stands_below_more_than_a_last_minute(left: int, fen: int, minutes: int, other: int) -> None:
    waited = place(late(minutes), Fen(0), NOON)

    assert (waited < place(running(left), Fen(fen), NOON)) == (left >= LAST_MINUTE.total_seconds())
    assert waited < place(late(minutes - 1), Fen(other), NOON)


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50)), max_size=6))
def test_a_marked_text_is_whole_and_shows_just_the_words_that_decided(text: str, spans: list[tuple[int, int]]) -> None:
    pieces = marked(text, spans)

    assert "".join(piece.text for piece in pieces) == text
    decided = {place for start, end in spans for place in range(max(0, start), min(end, len(text)))}
    assert [place in decided for place in range(len(text))] == [piece.decided for piece in pieces for _ in piece.text]
    assert all(one.decided != other.decided for one, other in pairwise(pieces))
