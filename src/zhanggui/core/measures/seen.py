"""An order as the measures see it: a handful of moments. Whoever wants to know what a decision would change, changes one of them."""

from datetime import datetime

import msgspec

from zhanggui.core.advice.book import Grievance
from zhanggui.core.deadlines import DeadlineState
from zhanggui.core.facts import AftersaleKind


class CaseSeen(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An after-sales case."""

    case_no: str
    grievance: Grievance
    kind: AftersaleKind = AftersaleKind.UNKNOWN
    was_shipped: bool | None = None
    applied_at: datetime | None = None
    refunded_at: datetime | None = None
    """When its money went back; None: it did not."""
    joined_at: datetime | None = None
    """When the platform stepped in; None: it did not."""
    is_ruled: bool = False
    """Whether the platform counts the refund as one in dispute."""
    return_delivered_at: datetime | None = None


class ReviewMark(msgspec.Struct, frozen=True, gc=False):
    """A rating that a buyer really gave."""

    review_no: str
    at: datetime
    score: int
    buyer: str
    """Whoever gave it; where that is not known, the order stands for the buyer."""


class OrderSeen(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An order with its parcels, cases and reviews."""

    order_no: str
    formed_at: datetime | None = None
    shipped_at: datetime | None = None
    """When its number was uploaded."""
    ship_due: datetime | None = None
    """When its term to leave ends."""
    ship_state: DeadlineState | None = None
    """How its term stands; only asked where no moment tells."""
    pickup_due: datetime | None = None
    pickup_state: DeadlineState | None = None
    picked_up_at: datetime | None = None
    signed_at: datetime | None = None
    abnormal_at: datetime | None = None
    """When one of its parcels began to count as abnormal, or will unless something happens."""
    cases: tuple[CaseSeen, ...] = ()
    reviews: tuple[ReviewMark, ...] = ()

    @property
    def refunded_at(self) -> datetime | None:
        """When the first of its cases paid money back."""
        return min((case.refunded_at for case in self.cases if case.refunded_at is not None), default=None)
