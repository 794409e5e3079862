"""How the inbox words what it shows."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.inbox.listing import InboxView
from zhanggui.core.moments import shanghai_day, start_of_day
from zhanggui.core.say import Say, say

VIEWS: Mapping[str, Say] = {
    InboxView.WAITING.value: say("Waiting"),
    InboxView.MINE.value: say("Mine"),
    InboxView.LATER.value: say("Put off"),
    InboxView.ALL.value: say("All"),
}
_MORNING = timedelta(hours=9)


class PutOff(msgspec.Struct, frozen=True):
    """A moment until which a talk can be laid aside, and its name."""

    title: Say
    until: datetime


def clock_text(due_at: datetime, now: datetime) -> str:
    """The minutes and seconds that are left, as a clock shows them; nothing is left once it is over."""
    left = max(0, int((due_at - now).total_seconds()))
    hours, rest = divmod(left, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def percent(share: float) -> int:
    """A share of one in whole hundredths; never a certainty that it is not."""
    return min(99, max(1, round(share * 100)))


def times_to_put_off(now: datetime) -> tuple[PutOff, ...]:
    """In ten minutes, in an hour, tomorrow morning."""
    return (
        PutOff(say("10 minutes"), now + timedelta(minutes=10)),
        PutOff(say("1 hour"), now + timedelta(hours=1)),
        PutOff(say("Tomorrow morning"), start_of_day(shanghai_day(now)) + timedelta(days=1) + _MORNING),
    )
