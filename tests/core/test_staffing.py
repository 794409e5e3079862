"""A shift is replayed as a plain queue: who came first is answered first, one buyer at a time, by those who are there."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zhanggui.core.staffing import HOURS, Wait, by_hour, counted, needed, played

TEN = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
"""10:00 in Shanghai."""
THREE, MINUTE = timedelta(minutes=3), timedelta(minutes=1)


def waits(*seconds: int) -> list[Wait]:
    return [Wait(f"b{place}", TEN + timedelta(seconds=second)) for place, second in enumerate(seconds)]


def test_one_person_answers_one_after_the_other() -> None:
    told = played(waits(0, 0, 0, 0), dict.fromkeys(HOURS, 1), MINUTE)

    assert [wait.took for wait in told] == [MINUTE, 2 * MINUTE, 3 * MINUTE, 4 * MINUTE]
    assert counted(told, THREE).share == 0.75


def test_two_people_answer_side_by_side() -> None:
    told = played(waits(0, 0, 0, 0), dict.fromkeys(HOURS, 2), MINUTE)

    assert [wait.took for wait in told] == [MINUTE, MINUTE, 2 * MINUTE, 2 * MINUTE]


def test_who_comes_while_nobody_is_there_waits_for_the_hour_in_which_somebody_is() -> None:
    (told,) = played(waits(0), {11: 1}, MINUTE)

    assert told.took == timedelta(hours=1) + MINUTE


def test_where_nobody_ever_is_nobody_is_answered() -> None:
    told = played(waits(0), {}, MINUTE)

    assert told[0].took is None
    assert counted(told, THREE).in_time == 0


def test_one_late_answer_fails_the_buyers_day() -> None:
    said = [Wait("b", TEN, MINUTE), Wait("b", TEN + THREE, 2 * THREE), Wait("c", TEN, THREE)]

    told = counted(said, THREE)

    assert (told.waits, told.in_time, told.days, told.days_in_time) == (3, 2, 2, 1)
    assert told.rate == 0.5


def test_it_says_how_many_are_needed_in_each_hour() -> None:
    asked = [*waits(0, 0, 0, 0, 0, 0, 0, 0, 0, 0), Wait("z", TEN + timedelta(hours=2))]

    told = [by_hour(played(asked, dict.fromkeys(HOURS, many), MINUTE), THREE) for many in (1, 2, 3, 4)]

    assert needed(told, 0.9) == {10: 3, 12: 1}
    assert needed(told[:1], 0.9) == {10: 1, 12: 1}
    assert needed([], 0.9) == {}


def test_nobody_waits_where_nobody_asks() -> None:
    assert by_hour([], THREE) == {}
    assert counted([], THREE).rate is None


@given(st.lists(st.integers(0, 3600), max_size=25), st.integers(1, 4), st.integers(5, 300))
def test_one_more_person_makes_nobody_wait_longer(seconds: list[int], reps: int, answer: int) -> None:
    length = timedelta(seconds=answer)

    few, more = (played(waits(*seconds), dict.fromkeys(HOURS, many), length) for many in (reps, reps + 1))

    assert all((after.took or THREE) <= (before.took or THREE) for before, after in zip(few, more, strict=True))
    assert all(wait.took is not None and wait.took >= length for wait in few)
