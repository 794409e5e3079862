"""Moments are aware UTC datetimes; people see them in Shanghai."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has had one zone and no summer time since 1991, so a fixed offset is exact and needs no zone database (Windows has none)."""


def from_shanghai(wall: datetime) -> datetime:
    """The UTC moment of a naive Shanghai wall-clock reading."""
    return wall.replace(tzinfo=SHANGHAI).astimezone(UTC)


_WRITTEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)


def moment_in(text: str) -> datetime | None:
    """The moment that a text is, written as JSON writes moments. None for any other text, also one that only looks so: people and files write anything."""
    if not _WRITTEN.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
        in_shanghai(moment)
    except (ValueError, OverflowError):  # no such day or hour, or one that no clock in Shanghai will show
        return None
    return moment


def in_shanghai(moment: datetime) -> datetime:
    """The moment as a Shanghai wall clock shows it."""
    return moment.astimezone(SHANGHAI)


def shanghai_day(moment: datetime) -> date:
    """The calendar day in Shanghai at this moment."""
    return in_shanghai(moment).date()


def start_of_day(day: date) -> datetime:
    """The moment a Shanghai calendar day begins, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)


def next_sure_hour(now: datetime) -> datetime:
    """This evening at eight, or tomorrow at noon once the afternoon is under way."""
    wall = in_shanghai(now)
    evening = wall.replace(hour=20, minute=0, second=0, microsecond=0)
    if wall.hour < 15:
        return evening.astimezone(now.tzinfo)
    return (evening.replace(hour=12, tzinfo=SHANGHAI) + timedelta(days=1)).astimezone(now.tzinfo)
