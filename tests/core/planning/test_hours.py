"""Working time laid end to end: closed hours take no time."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zhanggui.core.planning.calling import next_visit, visits_from
from zhanggui.core.planning.hours import OpenHours, WorkLine, on_day
from zhanggui.records.carriers import Visit

MONDAY = date(2026, 3, 2)
HOUR = 3_600_000


def moment(day: int, clock: str) -> datetime:
    return on_day(date(2026, 3, day), clock)


def line() -> WorkLine:
    return WorkLine(OpenHours("09:00", "18:00", (1, 2, 4)).windows(MONDAY, 7))


def test_it_works_on_the_days_named_alone() -> None:
    assert [start.astimezone(UTC).isoformat() for start, _ in line().windows] == [
        "2026-03-02T01:00:00+00:00",
        "2026-03-03T01:00:00+00:00",
        "2026-03-05T01:00:00+00:00",
    ]


def test_closed_hours_take_no_time() -> None:
    places = [
        line().place(each) for each in (moment(2, "08:00"), moment(2, "10:30"), moment(2, "18:00"), moment(2, "23:00"), moment(3, "09:00"), moment(5, "10:00"))
    ]

    assert places == [0, HOUR * 3 // 2, 9 * HOUR, 9 * HOUR, 9 * HOUR, 19 * HOUR]


def test_what_ends_with_the_day_ends_that_day_and_not_the_next_morning() -> None:
    assert line().moment(9 * HOUR) == moment(2, "18:00")
    assert line().moment(9 * HOUR + 1) == moment(3, "09:00") + timedelta(milliseconds=1)
    assert line().moment(27 * HOUR) == moment(5, "18:00")
    assert line().moment(27 * HOUR + 1) is None


def test_the_last_instant_of_a_period_is_not_worked() -> None:
    assert [line().is_open(moment(2, clock)) for clock in ("08:59", "09:00", "17:59", "18:00")] == [False, True, True, False]


@given(st.integers(0, 27 * HOUR))
def test_a_place_is_found_again_from_its_moment(place: int) -> None:
    found = line().moment(place)

    assert found is not None
    assert line().place(found) == place


def test_a_day_may_last_until_midnight() -> None:
    (window,) = OpenHours("13:00", "24:00").windows(MONDAY, 1)

    assert window == (moment(2, "13:00"), moment(3, "00:00"))


def test_visits_come_on_their_weekdays_and_from_now_on() -> None:
    visits = [Visit("YTO", 11 * 60, "12"), Visit("YTO", 16 * 60 + 30, "1234567")]

    found = visits_from(visits, moment(2, "11:00"), 3)

    assert found == (moment(2, "11:00"), moment(2, "16:30"), moment(3, "11:00"), moment(3, "16:30"), moment(4, "16:30"))
    assert next_visit(visits, moment(3, "16:31")) == moment(4, "16:30")
    assert next_visit([Visit("YTO", 0, "3")], moment(4, "00:01")) == moment(11, "00:00")
    assert next_visit([], moment(4, "00:01")) is None
