"""The moments to which a to-do can be put off with one key."""

from datetime import datetime, timedelta

import msgspec

from zhanggui.core.moments import in_shanghai, shanghai_day, start_of_day
from zhanggui.core.say import Say, say

_TONIGHT = timedelta(hours=20)
_LATE = timedelta(hours=22)
_MORNING = timedelta(hours=9)


class Snooze(msgspec.Struct, frozen=True):
    """A moment offered, and its name."""

    title: Say
    until: datetime


def snoozes(now: datetime) -> tuple[Snooze, ...]:
    """In an hour, tonight (where there is still some night left), tomorrow morning."""
    day = start_of_day(shanghai_day(now))
    evening = day + (_TONIGHT if in_shanghai(now).hour < 19 else _LATE)
    offered = [Snooze(say("In 1 hour"), _whole_minute(now + timedelta(hours=1)))]
    if evening - now >= timedelta(minutes=30):
        offered.append(Snooze(say("Tonight"), evening))
    offered.append(Snooze(say("Tomorrow morning"), day + timedelta(days=1) + _MORNING))
    return tuple(offered)


def _whole_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
