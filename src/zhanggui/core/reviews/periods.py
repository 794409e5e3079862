"""Until when a buyer may review, and add to a review: dated rules."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec

from zhanggui.core.moments import shanghai_day
from zhanggui.core.rules import Basis, Grade, Title


class ReviewPeriod(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of how long buyers may review once they have their goods."""

    id: str
    title: Title
    effective_from: date
    from_is_approximate: bool = False
    days: int | None = None
    """None: without an end."""
    follow_up_days: int
    """How long after receipt they may add to it."""
    source: str
    checked: date
    basis: Basis
    grade: Grade

    @property
    def cite(self) -> str:
        """The version as everything else refers to it."""
        return f"{self.id}@{self.effective_from.isoformat()}"


class ReviewTime(msgspec.Struct, frozen=True):
    """Until when a buyer who has the goods may review and add to it; None: without an end."""

    review_until: datetime | None
    follow_up_until: datetime
    rule: ReviewPeriod

    def may_review(self, now: datetime) -> bool:
        """Whether the buyer may review now."""
        return self.review_until is None or now < self.review_until

    def may_follow_up(self, now: datetime) -> bool:
        """Whether the buyer may add to a review now."""
        return now < self.follow_up_until


def review_time(received_at: datetime, periods: Sequence[ReviewPeriod], now: datetime) -> ReviewTime | None:
    """By the version in force now, which lets those review whom an older one had shut out. None where none is known to be in force."""
    day = shanghai_day(now)
    begun = [period for period in periods if period.effective_from <= day]
    if not begun:
        return None
    rule = max(begun, key=lambda period: period.effective_from)
    until = None if rule.days is None else received_at + timedelta(days=rule.days)
    return ReviewTime(until, received_at + timedelta(days=rule.follow_up_days), rule)
