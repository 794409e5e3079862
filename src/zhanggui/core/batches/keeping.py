"""How far an order is on its way out, and what keeps it back."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from zhanggui.core.abnormal.states import KEEPS_BACK
from zhanggui.core.decide.printing import money_is_asked_back
from zhanggui.core.facts import OrderFacts, OrderLineFacts, RefundState, ShippingKind
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.say import Say, say


class Step(StrEnum):
    """What has to be done next with an order on its way out."""

    PRINT = "print"
    """Take it into a batch."""
    BATCH = "batch"
    """In a batch: get its number, check it, print it."""
    PACK = "pack"
    """Printed: pack it."""
    HAND_OVER = "hand_over"
    """Packed: hand it to the carrier."""
    AWAY = "away"
    """Handed over; only the platform may still have to be told."""
    DESTROY = "destroy"
    """Printed or packed, and must not leave: find its label and destroy it."""


class Kept(StrEnum):
    """Why an order is kept back."""

    REFUND = "refund"
    REVIEW = "review"
    HOLD = "hold"
    DO_NOT_SHIP = "do_not_ship"
    UNCLEAR = "unclear"


KEPT: Mapping[Kept, Say] = {
    Kept.REFUND: say("The buyer has asked for the money back"),
    Kept.REVIEW: say("The platform is still reviewing it"),
    Kept.HOLD: say("The platform has put shipping on hold"),
    Kept.DO_NOT_SHIP: say("Asked of the platform not to ship it"),
    Kept.UNCLEAR: say("Its refund state is not one we know"),
}


class Tag(StrEnum):
    """What makes an order special for whoever picks and packs it."""

    GIFT = "gift"
    PRESALE = "presale"
    BOOKED = "booked"
    SEVERAL = "several"
    NOTE = "note"
    MAY_BE_LATE = "may_be_late"


def kept_back(known: OrderKnowledge) -> Kept | None:
    """What keeps back an order that waits to be shipped, None where it may go on. A part paid back leaves the rest to be shipped."""
    order = known.order
    if money_is_asked_back(known):
        return Kept.REFUND
    if known.abnormal is not None and known.abnormal.state in KEEPS_BACK:
        return Kept.DO_NOT_SHIP
    if order.under_review:
        return Kept.REVIEW
    if order.on_hold:
        return Kept.HOLD
    return Kept.UNCLEAR if order.refund is RefundState.UNKNOWN else None


def tags_of(order: OrderFacts, lines: Sequence[OrderLineFacts] = ()) -> tuple[Tag, ...]:
    """What whoever picks and packs it should see at once."""
    lit = {
        Tag.GIFT: bool(order.gift_title) or any(line.is_gift for line in lines),
        Tag.PRESALE: order.shipping_kind is ShippingKind.PRESALE or order.presale_ship_at is not None,
        Tag.BOOKED: order.shipping_kind is ShippingKind.BOOKED or order.booked_at is not None,
        Tag.SEVERAL: sum(1 for line in lines if not line.is_gift) > 1,
        Tag.NOTE: bool(order.buyer_note or order.seller_note),
        Tag.MAY_BE_LATE: bool(order.delay_allowed),
    }
    return tuple(tag for tag, is_lit in lit.items() if is_lit)
