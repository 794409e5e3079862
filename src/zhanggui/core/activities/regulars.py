"""Buyers who come back: after what, and whom to thank. Known by a keyed digest of a masked receiver alone, from the shop's own orders."""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from zhanggui.core.activities.book import RegularTerms
from zhanggui.core.clocks.shipping import GOODS_AGAIN
from zhanggui.core.complaints.chances import wilson
from zhanggui.core.facts import AftersaleState, OrderStage, RefundState
from zhanggui.core.knowledge import OrderKnowledge


class Ended(StrEnum):
    """How an order went, as far as it is known."""

    FINE = "went_fine"
    LATE = "went_late"
    """It left after its limit."""
    MADE_GOOD = "went_made_good"
    """Something was wrong, and goods were sent once more, exchanged or mended."""
    MONEY_BACK = "went_money_back"
    QUARREL = "went_quarrel"
    """A request was refused, or the platform had to decide."""


class Comeback(msgspec.Struct, frozen=True):
    """Of so many orders that went so, after how many the buyer came back within the days."""

    ended: Ended
    came_back: int
    of: int

    @property
    def share(self) -> float | None:
        """The share; None of nothing."""
        return self.came_back / self.of if self.of else None

    @property
    def bounds(self) -> tuple[float, float]:
        """Between which the share lies, nineteen times in twenty."""
        return wilson(self.came_back, self.of)


class Regular(msgspec.Struct, frozen=True, kw_only=True):
    """One buyer as far as the shop's own orders tell: so many of them, and the last."""

    orders: int
    last_order: str
    last_at: datetime
    last_ended: Ended
    received_at: datetime | None
    thanked_at: datetime | None = None
    has_open_case: bool = False


_QUARRELS = frozenset({AftersaleState.REJECTED, AftersaleState.PLATFORM_HANDLES})


def bought(known: OrderKnowledge) -> bool:
    """Whether the order was a purchase at all: it formed, and was not cancelled before it left."""
    order = known.order
    if order.stage is OrderStage.CANCELLED and order.shipped_at is None:
        return False
    return order.group_formed_at is not None or order.paid_at is not None


def ended(known: OrderKnowledge, ship_by: datetime | None) -> Ended:
    """How the order went: the worst that is known of it."""
    order = known.order
    if any(case.state in _QUARRELS for case in known.cases):
        return Ended.QUARREL
    if order.refund is RefundState.REFUNDED or any(case.state is AftersaleState.REFUNDED for case in known.cases):
        return Ended.MONEY_BACK
    if any(case.state is AftersaleState.DONE and case.kind in GOODS_AGAIN for case in known.cases):
        return Ended.MADE_GOOD
    if ship_by is not None and order.shipped_at is not None and order.shipped_at > ship_by:
        return Ended.LATE
    return Ended.FINE


def is_to_thank(regular: Regular, terms: RegularTerms, now: datetime) -> bool:
    """Whether this is the moment: enough orders, the last one arrived lately and well, and nobody thanked this buyer lately."""
    if regular.orders < terms.least_orders or regular.has_open_case or regular.last_ended not in (Ended.FINE, Ended.MADE_GOOD):
        return False
    if regular.received_at is None or not timedelta() <= now - regular.received_at <= timedelta(days=terms.fresh_days):
        return False
    return regular.thanked_at is None or now - regular.thanked_at >= timedelta(days=terms.again_after_days)
