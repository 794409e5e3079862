"""Working days by the notices of each year, service hours by the clock of Shanghai."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui import rulebook
from zhanggui.core.moments import from_shanghai
from zhanggui.core.working_time import UnknownYear, after_service_time, is_in_service, service_time_between

CALENDAR = rulebook.load().calendar
SPLIT = ((time(9), time(12)), (time(14), time(0)))
MOMENTS = st.integers(0, 60 * 24 * 3600).map(lambda seconds: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=seconds))


def wall(text: str) -> datetime:
    return from_shanghai(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2023-01-21", False),  # a holiday on a Saturday
        ("2023-01-28", True),  # a Saturday worked instead
        ("2024-02-09", True),  # New Year's Eve of 2024 was not off by the notice
        ("2024-02-10", False),
        ("2025-01-26", True),  # a Sunday worked before the Spring Festival
        ("2025-01-28", False),
        ("2025-10-08", False),  # the eighth day of the joint holiday of 2025
        ("2025-10-11", True),
        ("2026-02-14", True),
        ("2026-02-16", False),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),
        ("2026-11-21", False),  # a plain Saturday
        ("2026-11-23", True),  # a plain Monday
    ],
)
def test_it_works_when_the_notice_says_so(day: str, works: bool) -> None:
    assert CALENDAR.is_working_day(date.fromisoformat(day)) is works


def test_it_names_the_holiday() -> None:
    assert CALENDAR.holiday(date(2026, 2, 17)) == "春节"
    assert CALENDAR.holiday(date(2026, 11, 23)) is None


def test_it_tells_when_a_holiday_ends_that_is_under_way_or_comes_next() -> None:
    ends = [CALENDAR.next_end("元旦", day) for day in (date(2025, 12, 31), date(2026, 1, 2))]

    assert (ends[0], ends[0]) == (ends[1], date(2026, 1, 3))
    assert CALENDAR.next_end("重阳节", date(2026, 1, 2)) is None


def test_it_counts_working_days_over_a_holiday() -> None:
    assert CALENDAR.add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert CALENDAR.add_working_days(date(2026, 10, 9), 1) == date(2026, 10, 10)


@pytest.mark.parametrize("day", [date(2022, 12, 31), date(2027, 1, 1)])
def test_it_refuses_a_year_it_does_not_know(day: date) -> None:
    with pytest.raises(UnknownYear, match=f"the working calendar of {day.year} is not known; known years: 2023, 2024, 2025, 2026"):
        CALENDAR.is_working_day(day)


def test_it_refuses_to_count_into_a_year_it_does_not_know() -> None:
    with pytest.raises(UnknownYear):
        CALENDAR.add_working_days(date(2026, 12, 30), 3)


def test_it_names_the_notice_of_every_year() -> None:
    for year in CALENDAR.years.values():
        assert "国办发明电" in year.notice
        assert all(day.year == year.year for day in year.make_up_days)
        assert all(day.weekday() >= 5 for day in year.make_up_days)


@pytest.mark.parametrize(
    ("moment", "serves"),
    [
        ("2026-03-05 08:59:59", False),
        ("2026-03-05 09:00:00", True),
        ("2026-03-05 12:00:00", False),
        ("2026-03-05 14:00:00", True),
        ("2026-03-05 23:59:59", True),
        ("2026-03-06 00:00:00", False),
    ],
)
def test_it_serves_in_several_periods_a_day(moment: str, serves: bool) -> None:
    assert is_in_service(wall(moment), SPLIT) is serves


def test_it_counts_over_the_midday_break_and_the_night() -> None:
    assert after_service_time(wall("2026-03-05 11:30:00"), timedelta(hours=1), SPLIT) == wall("2026-03-05 14:30:00")
    assert after_service_time(wall("2026-03-05 23:00:00"), timedelta(hours=2), SPLIT) == wall("2026-03-06 10:00:00")


@given(MOMENTS, st.integers(1, 2000))
def test_it_has_served_exactly_as_long_as_it_was_told(start: datetime, minutes: int) -> None:
    length = timedelta(minutes=minutes)

    assert service_time_between(start, after_service_time(start, length, SPLIT), SPLIT) == length


def test_it_refuses_hours_without_a_period() -> None:
    with pytest.raises(ValueError, match="at least one period"):
        after_service_time(wall("2026-03-05 11:30:00"), timedelta(hours=1), ())
