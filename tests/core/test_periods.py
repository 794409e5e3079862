"""Spans of days: weeks as the calendar of ISO 8601 has them, months, and as many days before."""

from datetime import UTC, date, datetime

import pytest

from zhanggui.core.periods import Period, days_in, days_name, days_up_to, month_in, week_in, week_name, week_of


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-W47", date(2026, 11, 16), date(2026, 11, 22)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("2027-W01", date(2027, 1, 4), date(2027, 1, 10)),
    ],
)
def test_a_week_goes_from_monday_to_sunday_also_over_the_new_year(text: str, first: date, last: date) -> None:
    week = week_in(text)

    assert week == Period(first, last)
    assert (week_name(week), week_of(first), week_of(last)) == (text, week, week)


@pytest.mark.parametrize("text", ["2025-W53", "2026-W00", "2026-W54", "2026-47", "2026W47", "", "２０２６-W47", "1999-W01", "2026-W47 "])
def test_what_is_no_week_is_none(text: str) -> None:
    assert week_in(text) is None


@pytest.mark.parametrize(("text", "days"), [("2026-02", 28), ("2028-02", 29), ("2026-12", 31)])
def test_a_month_has_all_its_days(text: str, days: int) -> None:
    month = month_in(text)

    assert month is not None
    assert (month.days, month.first.day, len(month.every_day())) == (days, 1, days)


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-1", "202602", "month"])
def test_what_is_no_month_is_none(text: str) -> None:
    assert month_in(text) is None


def test_before_a_time_lie_as_many_days_and_it_ends_where_the_next_begins() -> None:
    week = days_up_to(date(2026, 3, 8), 7)

    assert week.before == Period(date(2026, 2, 23), date(2026, 3, 1))
    assert week.before.until == week.since == datetime(2026, 3, 1, 16, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "..", "2026-03-01", "2026-03-02..2026-03-01", "2026-02-30..2026-03-01", "2026-03-01..9999-12-31", "2026-3-1..2026-3-2"])
def test_what_is_no_span_of_days_is_none(text: str) -> None:
    assert days_in(text) is None


def test_days_are_written_and_read() -> None:
    days = Period(date(2026, 3, 1), date(2026, 3, 9))

    assert days_in(days_name(days)) == days
