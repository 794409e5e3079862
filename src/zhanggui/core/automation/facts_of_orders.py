"""The facts that every thing has: time, hands, the order it belongs to, and the buyer by the shop's own orders."""

from enum import StrEnum

from zhanggui.core.automation.fact import Fact, by_clock, flag, free_text, has, hours, hours_between, money, number, of, text, word
from zhanggui.core.automation.seen import Seen
from zhanggui.core.automation.values import Value
from zhanggui.core.clocks.pickup import scans_of_parcel
from zhanggui.core.dispatch.moves import DispatchState
from zhanggui.core.facts import OrderStage, RefundState, ShippingKind
from zhanggui.core.intents.kinds import Intent
from zhanggui.core.moments import in_shanghai
from zhanggui.core.say import say

NOBODY = "-"
"""How a rule names nobody."""


class Leaving(StrEnum):
    """How far an order is on its way out of the house, or that nothing of it was printed."""

    NOTHING = "nothing_printed"
    PRINTED = DispatchState.PRINTED.value
    PACKED = DispatchState.PACKED.value
    HANDED_OVER = DispatchState.HANDED_OVER.value
    TO_DESTROY = DispatchState.TO_DESTROY.value
    DESTROYED = DispatchState.DESTROYED.value
    RECALLED = DispatchState.RECALLED.value


def _leaving(seen: Seen) -> Value | None:
    if seen.known is None:
        return None
    dispatch = seen.known.dispatch
    return Leaving.NOTHING if dispatch is None or dispatch.state is None else Leaving(dispatch.state.value)


def _silent(seen: Seen) -> Value | None:
    if seen.known is None:
        return None
    scans = scans_of_parcel(seen.known)
    return hours_between(scans[-1].at if scans else seen.known.order.shipped_at, seen.now)


def _suspected(seen: Seen) -> Value | None:
    return None if seen.known is None else seen.known.abnormal is not None


def _formed(seen: Seen) -> Value | None:
    return None if seen.order is None else hours_between(seen.order.group_formed_at, seen.now)


def _wants(seen: Seen) -> Value | None:
    return seen.wants


_BUYERS = "buyers: a keyed digest, ninety days"

OF_ALL: tuple[Fact, ...] = (
    by_clock("hour", say("Hour of the day"), lambda seen: in_shanghai(seen.now).hour, 0, 23),
    by_clock("weekday", say("Day of the week, 1 is Monday"), lambda seen: in_shanghai(seen.now).isoweekday(), 1, 7),
    hours("hours_left", say("Hours until the to-do is due"), "deadlines.due_at", lambda seen: hours_between(seen.now, seen.due_at)),
    money("at_risk", say("Money at risk if it is missed"), "deadlines.at_risk", lambda seen: seen.at_risk),
    text("assignee", say("Sign-in name of whoever has the to-do, - for nobody"), "deadlines.assignee", lambda seen: seen.assignee or NOBODY, is_whole=True),
    flag("has_remark", say("Somebody left a note in the house"), "notes", lambda seen: seen.has_remark),
    money("paid", say("What the buyer paid for the order"), "order.pay_amount", of("order", "pay_amount")),
    number("pieces", say("Pieces of the order"), "order.quantity", of("order", "quantity")),
    text("province", say("Province of the receiver"), "order.province", of("order", "province")),
    text("city", say("City of the receiver"), "order.city", of("order", "city")),
    text("carrier", say("Carrier, as the order names it"), "order.carrier", of("order", "carrier")),
    text("goods_id", say("Goods number"), "order.goods_id", of("order", "goods_id")),
    text("sku_id", say("SKU number"), "order.sku_id", of("order", "sku_id")),
    text("outer_sku", say("Merchant's code of the SKU"), "order.outer_sku", of("order", "outer_sku")),
    word("order_stage", say("How far the goods have come"), "order.stage", of("order", "stage"), OrderStage),
    word("order_refund", say("Whether money goes back on the order"), "order.refund", of("order", "refund"), RefundState),
    word("shipping_kind", say("Way of shipping"), "order.shipping_kind", of("order", "shipping_kind"), ShippingKind),
    word("leaving", say("How far it is on its way out of the house"), "dispatches.state", _leaving, Leaving),
    flag("has_number", say("A tracking number is known"), "order.tracking_no", has("order", "tracking_no")),
    flag("has_buyer_note", say("The buyer left a note with the order"), "order.buyer_note", has("order", "buyer_note")),
    flag("has_seller_note", say("The order bears a note of the seller"), "order.seller_note", has("order", "seller_note")),
    free_text("buyer_note", say("Words of the buyer's note with the order"), "order", "buyer_note"),
    free_text("seller_note", say("Words of the seller's note on the order"), "order", "seller_note"),
    word(
        "buyer_wants",
        say("What the buyer wants by the last messages, as the house reads them"),
        "threads.wants",
        lambda seen: seen.wants,
        Intent,
        prefix="intent.",
    ),
    flag("under_review", say("The platform reviews the order"), "order.under_review", has("order", "under_review")),
    flag("on_hold", say("Shipping is on hold"), "order.on_hold", has("order", "on_hold")),
    flag("suspected", say("Signs speak against the order"), "abnormal_orders", _suspected),
    hours("hours_since_formed", say("Hours since the order stood"), "order.group_formed_at", _formed),
    hours("hours_silent", say("Hours since the parcel was last heard of"), "scans, order.shipped_at", _silent),
    number("buyer_orders", say("Orders of this buyer in ninety days"), _BUYERS, of("buyer", "orders")),
    number("buyer_refunds", say("Refunds of this buyer in ninety days"), _BUYERS, of("buyer", "refunds")),
    number("buyer_kept_goods", say("Refunds after which this buyer kept the goods"), _BUYERS, of("buyer", "kept_goods")),
)
"""What every thing has, where its order is known."""
