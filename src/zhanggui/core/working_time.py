"""Working days and service hours: what counts as a working day in China is announced year by year, so it is data, and an unknown year is refused."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from zhanggui.core.moments import SHANGHAI, shanghai_day

Periods = Sequence[tuple[time, time]]
"""Periods of a day, in order and apart: from the first time up to, not including, the second. An end of 00:00 means midnight."""


class UnknownYear(LookupError):
    """The calendar of that year has not been entered; we do not guess which days are worked."""


class YearCalendar(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The holidays and the make-up working days (调休) of one year, and the notice that announced them."""

    year: int
    notice: str
    source: str
    checked: date
    holidays: Mapping[str, tuple[date, ...]]
    make_up_days: tuple[date, ...]


class WorkCalendar:
    """The years that are known."""

    def __init__(self, years: Iterable[YearCalendar]) -> None:
        self.years: Mapping[int, YearCalendar] = {year.year: year for year in years}
        self._holidays = {day: name for year in self.years.values() for name, days in year.holidays.items() for day in days}
        self._make_up_days = frozenset(day for year in self.years.values() for day in year.make_up_days)

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on this day. Raises UnknownYear."""
        if day.year not in self.years:
            raise UnknownYear(f"the working calendar of {day.year} is not known; known years: {', '.join(map(str, sorted(self.years)))}")
        return day in self._make_up_days or (day.weekday() < 5 and day not in self._holidays)

    def next_end(self, name: str, day: date) -> date | None:
        """The last day of the holiday of this name that is under way or comes next; None where no known year holds one."""
        return min((end for year in self.years.values() if (days := year.holidays.get(name)) and (end := max(days)) >= day), default=None)

    def holiday(self, day: date) -> str | None:
        """The name of the holiday on this day, if it is one. Raises UnknownYear."""
        self.is_working_day(day)
        return self._holidays.get(day)

    def add_working_days(self, day: date, count: int) -> date:
        """The day that lies so many working days after this one, which is not counted itself. Raises UnknownYear."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day


def is_in_service(moment: datetime, periods: Periods) -> bool:
    """Whether the moment lies in one of the day's service periods, Shanghai time."""
    return any(start <= moment < end for start, end in _periods_of(shanghai_day(moment), periods))


def after_service_time(start: datetime, length: timedelta, periods: Periods) -> datetime:
    """The moment at which so much service time has passed since the start. Time outside the periods does not count."""
    if not any(end > begin for begin, end in _periods_of(shanghai_day(start), periods)):
        raise ValueError("service hours need at least one period")
    day, left = shanghai_day(start), length
    while True:
        for opens, closes in _periods_of(day, periods):
            begin = max(opens, start)
            if begin < closes and closes - begin >= left:
                return (begin + left).astimezone(UTC)
            left -= max(closes - begin, timedelta())
        day += timedelta(days=1)


def service_time_between(start: datetime, end: datetime, periods: Periods) -> timedelta:
    """How much service time lies between two moments."""
    total, day = timedelta(), shanghai_day(start)
    while day <= shanghai_day(end):
        total += sum((max(min(stop, end) - max(begin, start), timedelta()) for begin, stop in _periods_of(day, periods)), timedelta())
        day += timedelta(days=1)
    return total


def _periods_of(day: date, periods: Periods) -> list[tuple[datetime, datetime]]:
    """The periods as moments of that Shanghai day."""
    return [(_at(day, start), _at(day, end) if end > time() else _at(day + timedelta(days=1), time())) for start, end in periods]


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=SHANGHAI)
