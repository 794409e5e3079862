"""The steps at which a buyer is told something unasked, and what becomes of a notice."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum

from zhanggui.core.moments import in_shanghai


class NoticeStep(StrEnum):
    """When something is told. Each is told once for an order."""

    FORMED = "notice_formed"
    """The group has formed: when it ships, and when it should be there."""
    PRINTED = "notice_printed"
    """The label is printed: when, from where, with whom and under which number."""
    DELAYED = "notice_delayed"
    """It will not ship in time, or has not: how late, when it ships, and that the money comes back at once to whoever would rather have it."""
    STALLED = "notice_stalled"
    """The parcel stands still."""
    DELIVERED = "notice_delivered"
    """The parcel is there, or waits at the pickup point."""
    REVIEW = "notice_review"
    """An honest review is asked for, with nothing offered."""


URGENCY = (NoticeStep.DELAYED, NoticeStep.STALLED, NoticeStep.PRINTED, NoticeStep.FORMED, NoticeStep.DELIVERED, NoticeStep.REVIEW)
"""The order in which the steps are worked off: bad news first, since it is told at once or it is told too late."""


class NoticeState(StrEnum):
    """What became of a notice."""

    RELEASED = "notice_released"
    """A person has let it go; it waits to be copied, or to be fetched by a service tool."""
    SENT = "notice_sent"
    SKIPPED = "notice_skipped"
    """A person decided that this buyer is not told."""
    CEASED = "notice_ceased"
    """The facts changed before it was sent; should they change back, it comes up again."""


FRESH: Mapping[NoticeStep, timedelta] = {
    NoticeStep.FORMED: timedelta(hours=24),
    NoticeStep.PRINTED: timedelta(hours=24),
    NoticeStep.DELAYED: timedelta(hours=72),
    NoticeStep.STALLED: timedelta(days=7),
    NoticeStep.DELIVERED: timedelta(hours=48),
    NoticeStep.REVIEW: timedelta(days=10),
}
"""How long after its moment a notice is still worth sending; later it only reminds the buyer that nobody said anything before."""
REVIEW_AFTER = timedelta(hours=24)
"""Nobody is asked for a review before the goods were in the house for a day."""
_DAY_BEGINS, _DAY_ENDS = time(8), time(22)


def is_quiet(now: datetime) -> bool:
    """Whether it is night in Shanghai, from ten to eight: writing to buyers then counts as harassment."""
    wall = in_shanghai(now).time()
    return not _DAY_BEGINS <= wall < _DAY_ENDS
