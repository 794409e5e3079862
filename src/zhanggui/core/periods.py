"""Spans of whole Shanghai days: weeks from Monday to Sunday, months, and the days up to one."""

import re
from calendar import monthrange
from datetime import date, datetime, timedelta

import msgspec

from zhanggui.core.moments import start_of_day

_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 2000, 2199


class Period(msgspec.Struct, frozen=True, order=True):
    """From a day to a day, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def since(self) -> datetime:
        """When it begins."""
        return start_of_day(self.first)

    @property
    def until(self) -> datetime:
        """When it is over."""
        return start_of_day(self.last + timedelta(days=1))

    @property
    def before(self) -> "Period":
        """As many days, right before it."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    def every_day(self) -> tuple[date, ...]:
        """Its days in order."""
        return tuple(self.first + timedelta(days=number) for number in range(self.days))


def days_up_to(last: date, days: int) -> Period:
    """So many days, the last of them included."""
    return Period(last - timedelta(days=days - 1), last)


def week_in(text: str) -> Period | None:
    """The week written as 2026-W47, by ISO 8601 from Monday to Sunday; None for what is no week."""
    written = _WEEK.fullmatch(text)
    if written is None or not _FIRST_YEAR <= int(written[1]) <= _LAST_YEAR:
        return None
    try:
        monday = date.fromisocalendar(int(written[1]), int(written[2]), 1)
    except ValueError:
        return None
    return Period(monday, monday + timedelta(days=6))


def days_in(text: str) -> Period | None:
    """The days written as 2026-11-01..2026-11-22; None for what is no span of days."""
    first, _, last = text.partition("..")
    if _DAY.fullmatch(first) is None or _DAY.fullmatch(last) is None:
        return None
    try:
        found = Period(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        return None
    return found if found.first.year >= _FIRST_YEAR and found.first <= found.last and found.last.year <= _LAST_YEAR else None


def days_name(period: Period) -> str:
    """Days as 2026-11-01..2026-11-22."""
    return f"{period.first.isoformat()}..{period.last.isoformat()}"


def week_of(day: date) -> Period:
    """The week the day lies in."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=6))


def week_name(period: Period) -> str:
    """A week as 2026-W47."""
    year, week, _ = period.first.isocalendar()
    return f"{year}-W{week:02d}"


def month_in(text: str) -> Period | None:
    """The month written as 2026-11; None for what is no month."""
    written = _MONTH.fullmatch(text)
    if written is None or not _FIRST_YEAR <= int(written[1]) <= _LAST_YEAR or not 1 <= int(written[2]) <= 12:
        return None
    year, month = int(written[1]), int(written[2])
    return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
