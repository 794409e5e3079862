"""What after-sales cost beside the refund itself, by kind and cause."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

import msgspec

from zhanggui.core.facts import OrderFacts
from zhanggui.core.money import Fen


class CostKind(StrEnum):
    """What was given."""

    PARTIAL_REFUND = "partial_refund"
    GOODWILL_PAYMENT = "goodwill_payment"
    COUPON = "coupon"
    GIFT = "gift"
    RESEND = "resent_goods"
    GIVEN_AWAY = "given_away"
    """The buyer keeps goods that were refunded."""
    FREIGHT = "extra_freight"
    RETURN_FREIGHT = "return_freight"
    OTHER = "other_cost"


IN_BILL = frozenset({CostKind.PARTIAL_REFUND, CostKind.GOODWILL_PAYMENT, CostKind.COUPON})
"""What the platform takes out of the balance, so that the bill shows it too; the others the shop pays itself."""


class CostCause(StrEnum):
    """What it was given for."""

    LATE = "cause_late"
    MISSING = "cause_missing"
    WRONG_ITEM = "cause_wrong_item"
    QUALITY = "cause_quality"
    DAMAGED = "cause_damaged"
    NOT_WANTED = "cause_not_wanted"
    CARRIER = "cause_carrier"
    SERVICE = "cause_service"
    OTHER = "cause_other"
    REVIEW_REWARD = "cause_review_reward"
    """A coupon for whoever reviews, whatever the stars; written down by the campaign alone."""


TYPED_CAUSES = tuple(cause for cause in CostCause if cause is not CostCause.REVIEW_REWARD)
"""What somebody may write down by hand."""
REWARDS = "reward:"
"""How the name of what a campaign wrote down begins."""


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was given. `once` names what wrote it down, so that it does so once."""

    order_no: str
    kind: CostKind
    cause: CostCause
    fen: Fen
    case_no: str | None = None
    sku: str | None = None
    note: str = ""
    once: str | None = None


class Spent(msgspec.Struct, frozen=True, kw_only=True):
    """What one order has cost so far, and what its buyer has lately, over all orders; that is None where nobody knows who the buyer is."""

    fen: Fen
    by_kind: Mapping[CostKind, Fen]
    entries: int
    buyer_fen: Fen | None = None
    buyer_orders: int = 0
    buyer_days: int = 0
    cap: Fen | None = None
    """The shop's own cap for one buyer; None where it set none."""

    @property
    def own(self) -> Fen:
        """What the shop paid itself, beside the bill."""
        return Fen(sum(fen for kind, fen in self.by_kind.items() if kind not in IN_BILL))

    @property
    def is_over(self) -> bool:
        """Whether the buyer has cost more than the cap."""
        return self.is_over_with(Fen(0))

    def is_over_with(self, more: Fen) -> bool:
        """Whether the buyer would have cost more than the cap if so much more were given."""
        return self.cap is not None and self.buyer_fen is not None and self.buyer_fen + more > self.cap


def buyer_words(order: OrderFacts) -> str | None:
    """By what a buyer is told from others: the masked receiver and the place. None where the receiver is not told. Two buyers may share it."""
    if not order.receiver_masked or not any(char.isalnum() for char in order.receiver_masked):
        return None
    return "|".join(part or "" for part in (order.receiver_masked, order.province, order.city, order.district))


def speaks_of_ratings(note: str, never_for: Iterable[str]) -> str | None:
    """The word by which a note ties a cost to a rating, which the law forbids; None where it does not."""
    folded = note.casefold()
    return next((word for word in never_for if word.casefold() in folded), None)
