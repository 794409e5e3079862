"""Seven days without a reason: the law's term, and the products it is not for."""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from zhanggui.core.moments import shanghai_day, start_of_day
from zhanggui.core.rules import Question, Rulebook


class NoReasonException(StrEnum):
    """Why a product may not be sent back without a reason (消费者权益保护法 art. 25)."""

    MADE_TO_ORDER = "made_to_order"
    PERISHABLE = "perishable"
    UNSEALED_MEDIA = "unsealed_media"
    DOWNLOAD = "download"
    PERIODICAL = "periodical"
    CONFIRMED = "confirmed_at_purchase"
    """By its nature unfit to be sent back, and confirmed by the buyer when buying."""


class NoReason(msgspec.Struct, frozen=True):
    """Whether the goods may be sent back without a reason at a moment, until when, and by which rule."""

    holds: bool
    until: datetime | None
    rule: str
    exception: NoReasonException | None = None


def no_reason(asked_at: datetime, received_at: datetime | None, exception: NoReasonException | None, rulebook: Rulebook) -> NoReason | None:
    """Whether what was asked at this moment needs a reason. None where no rule is known or the receipt is not; the days count from the day after receipt."""
    rule = rulebook.in_force(Question.LAW, at=asked_at, duty="no_reason_return")
    if rule is None or rule.term is None:
        return None
    if exception is not None:
        return NoReason(holds=False, until=None, rule=rule.cite, exception=exception)
    if received_at is None:
        return None
    until = ends_at(received_at, rule.term.length)
    return NoReason(holds=asked_at < until, until=until, rule=rule.cite)


def ends_at(received_at: datetime, term: timedelta) -> datetime:
    """When a term ends that is counted in whole Shanghai days, from the day after receipt (七日无理由退货暂行办法 art. 10)."""
    return start_of_day(shanghai_day(received_at) + timedelta(days=1)) + term
