"""Quiet hours: several periods a day, on every day or only on working days or days off, in Shanghai's time."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

import msgspec

from zhanggui.core.moments import SHANGHAI, shanghai_day
from zhanggui.core.working_time import UnknownYear, WorkCalendar

LONGEST_AHEAD = 15
"""Days that are looked through for an end; quiet hours without a gap in them have none."""


class Days(StrEnum):
    """On which days a period holds."""

    EVERY_DAY = "every_day"
    WORKING_DAYS = "working_days"
    DAYS_OFF = "days_off"


class Quiet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One period: from the first time up to, not including, the second. One that ends before it begins runs past midnight; equal times mean a whole day."""

    begins: time
    ends: time
    days: Days = Days.EVERY_DAY
    """Counted by the day on which it begins."""


def quiet_until(moment: datetime, periods: Sequence[Quiet], calendar: WorkCalendar) -> datetime | None:
    """The moment itself where it is not quiet, else the first one after it that is not; None where the quiet has no end in sight."""
    first = shanghai_day(moment)
    spans = sorted(span for ahead in range(-1, LONGEST_AHEAD) for span in _spans(first + timedelta(days=ahead), periods, calendar))
    ends = moment
    for begins, stops in spans:
        if begins <= ends < stops:
            ends = stops
    return None if ends - moment > timedelta(days=LONGEST_AHEAD - 2) else ends


def _spans(day: date, periods: Iterable[Quiet], calendar: WorkCalendar) -> Iterable[tuple[datetime, datetime]]:
    for period in periods:
        if _holds(day, period.days, calendar):
            begins, ends = _at(day, period.begins), _at(day, period.ends)
            yield begins, ends if ends > begins else ends + timedelta(days=1)


def _holds(day: date, days: Days, calendar: WorkCalendar) -> bool:
    return days is Days.EVERY_DAY or _is_worked(day, calendar) is (days is Days.WORKING_DAYS)


def _is_worked(day: date, calendar: WorkCalendar) -> bool:
    """Whether it is a working day; of a year whose calendar was not announced yet we only know the weekends."""
    try:
        return calendar.is_working_day(day)
    except UnknownYear:
        return day.weekday() < 5


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=SHANGHAI).astimezone(UTC)
