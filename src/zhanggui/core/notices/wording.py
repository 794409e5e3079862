"""Pieces of messages that may be missing: when it arrives, from where it comes, how late it is."""

from datetime import date, datetime, timedelta

from zhanggui.core.moments import in_shanghai, shanghai_day
from zhanggui.core.notices.shapes import Transit
from zhanggui.core.scripts import Both

NOTHING = Both("", "")
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_PARTS = ((5, "凌晨"), (11, "上午"), (12, "中午"), (23, ""))
"""What is said before the hour up to which one; from one in the afternoon the hour speaks for itself."""


def arrival(leaves_at: datetime, transit: Transit | None) -> tuple[Both, date | None]:
    """When it should be there, as the end of a sentence, and the day; nothing where the shop's parcels do not tell."""
    if transit is None:
        return NOTHING, None
    day = shanghai_day(leaves_at + timedelta(hours=transit.hours))
    return Both(f"，正常{day.month}月{day.day}日前后送到", f" and should arrive around {day:%d %b}"), day


def from_where(origin: str) -> Both:
    """From where it leaves."""
    return Both(f"从{origin}", f" from {origin}") if origin else NOTHING


def lateness(due_at: datetime, leaves_at: datetime) -> Both:
    """How much later than it was due it leaves: in hours up to two days, then in days; always rounded up."""
    late = leaves_at - due_at
    if late <= 2 * _DAY:
        hours = max(1, -(-late // _HOUR))
        return Both(f"{hours}小时", f"{hours} h")
    days = -(-late // _DAY)
    return Both(f"{days}天", f"{days} days")


def exactly(moment: datetime) -> Both:
    """The moment so that nobody takes the morning for the evening."""
    wall = in_shanghai(moment)
    part = next(word for until, word in _PARTS if wall.hour <= until)
    minutes = f"{wall.minute:02d}分" if wall.minute else ""
    return Both(f"{wall.month}月{wall.day}日{part}{wall.hour}点{minutes}", f"{wall:%d %b %H:%M}")
