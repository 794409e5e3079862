"""The rates of replies, held against a plain count that shares no code with them, and by cases at their edges."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui import rulebook
from zhanggui.core.clocks.replies import Answer, Uttered, replay
from zhanggui.core.facts import Speaker
from zhanggui.core.moments import SHANGHAI

RULES = rulebook.load()
NOW = datetime(2026, 3, 10, tzinfo=UTC)
B, R, M = Speaker.BUYER, Speaker.REP, Speaker.BOT


def said(*turns: tuple[Speaker, str]) -> list[Uttered]:
    return [Uttered("甲", speaker, datetime.fromisoformat(f"2026-03-05 {clock}").replace(tzinfo=SHANGHAI)) for speaker, clock in turns]


def failed(turns: Sequence[Uttered], answer: Answer, now: datetime = NOW) -> list[bool]:
    return [day.has_failed for day in replay(turns, answer, RULES, now).days]


@pytest.mark.parametrize(
    ("turns", "three", "five"),
    [
        (said((B, "10:00:00"), (R, "10:03:00")), [False], [False]),
        (said((B, "10:00:00"), (R, "10:03:01")), [True], [False]),
        (said((B, "10:00:00"), (M, "10:00:01")), [True], [False]),
        (said((B, "10:00:00"), (M, "10:00:01"), (R, "10:02:00")), [False], [False]),
        (said((B, "10:00:00"), (B, "10:02:00"), (R, "10:04:00")), [True], [False]),
        (said((B, "10:00:00"), (R, "10:01:00"), (B, "10:01:30")), [True], [False]),
        (said((B, "10:00:00"), (R, "10:05:00"), (B, "11:00:00"), (R, "11:00:10")), [True], [False]),
        (said((B, "10:00:00"), (R, "10:05:01")), [True], [True]),
        (said((B, "07:59:59")), [], [True]),
        (said((B, "08:00:00"), (R, "08:02:00")), [False], [False]),
        (said((B, "22:59:00"), (R, "23:01:00")), [False], [False]),
        (said((B, "22:59:00"), (R, "23:02:01")), [True], [False]),
        (said((B, "23:00:00")), [], [True]),
        (said((R, "10:00:00")), [], []),
    ],
)
def test_a_day_fails_by_one_message_that_waits_too_long(turns: list[Uttered], three: list[bool], five: list[bool]) -> None:
    assert (failed(turns, Answer.THREE_MINUTES), failed(turns, Answer.FIVE_MINUTES)) == (three, five)


def test_what_can_still_be_answered_has_not_failed() -> None:
    turns = said((B, "10:00:00"))
    asked_at = turns[0].at

    assert failed(turns, Answer.THREE_MINUTES, asked_at + timedelta(minutes=3)) == [False]
    assert failed(turns, Answer.THREE_MINUTES, asked_at + timedelta(minutes=3, seconds=1)) == [True]


def test_a_rate_that_is_no_longer_used_counts_no_day() -> None:
    old = [Uttered("甲", B, datetime(2019, 1, 10, 2, tzinfo=UTC))]

    assert (failed(old, Answer.ONE_HOUR), failed(said((B, "10:00:00")), Answer.ONE_HOUR)) == ([True], [])


def test_the_rate_is_the_share_of_buyers_answered() -> None:
    turns = [Uttered(buyer, B, datetime(2026, 3, 5, 2, tzinfo=UTC)) for buyer in "甲乙丙丁"]
    turns += [Uttered(buyer, R, datetime(2026, 3, 5, 2, 1, tzinfo=UTC)) for buyer in "甲乙丙"]

    told = replay(turns, Answer.THREE_MINUTES, RULES, NOW)

    assert (told.asked, told.failed, told.rate) == (4, 1, 0.75)


MOMENTS = st.one_of(
    st.integers(0, 3 * 24 * 3600),
    st.sampled_from([8 * 3600 - 1, 8 * 3600, 8 * 3600 + 180, 8 * 3600 + 181, 23 * 3600 - 1, 23 * 3600, 23 * 3600 + 179, 24 * 3600 - 1, 24 * 3600, 32 * 3600]),
    st.integers(0, 40).map(lambda step: 10 * 3600 + step * 30),
)
TALK = st.lists(st.tuples(st.sampled_from("甲乙"), st.sampled_from([B, B, R, M]), MOMENTS), max_size=25)


@given(TALK, st.sampled_from([Answer.THREE_MINUTES, Answer.FIVE_MINUTES]), st.integers(0, 4 * 24 * 3600))
@settings(max_examples=250, deadline=None)
def test_it_agrees_with_a_plain_count(talk: list[tuple[str, Speaker, int]], answer: Answer, now: int) -> None:
    midnight = datetime(2026, 3, 4, 16, tzinfo=UTC)
    turns = [Uttered(buyer, speaker, midnight + timedelta(seconds=at)) for buyer, speaker, at in talk]

    told = replay(turns, answer, RULES, midnight + timedelta(seconds=now))

    assert {(day.buyer, day.day): day.has_failed for day in told.days} == counted(talk, answer, now)


def counted(talk: list[tuple[str, Speaker, int]], answer: Answer, now: int) -> dict[tuple[str, date], bool]:
    """In whole seconds since a midnight in Shanghai, message by message against every other."""
    ordered = sorted(talk, key=lambda turn: turn[2])
    found: dict[tuple[str, date], bool] = {}
    for place, (buyer, speaker, at) in enumerate(ordered):
        inside = 8 * 3600 <= at % 86_400 < 23 * 3600 if answer is Answer.THREE_MINUTES else True
        if speaker is not B or not inside:
            continue
        key = (buyer, date(2026, 3, 5) + timedelta(days=at // 86_400))
        if answer is Answer.FIVE_MINUTES and key in found:
            continue
        limit = at + (180 if answer is Answer.THREE_MINUTES else 300)
        helpers = {R} if answer is Answer.THREE_MINUTES else {R, M}
        answers = [moment for other, who, moment in ordered[place + 1 :] if other == buyer and who in helpers]
        late = answers[0] > limit if answers else now > limit
        found[key] = found.get(key, False) or late
    return found
