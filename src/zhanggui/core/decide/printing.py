"""Whether a paper may be made for an order at all: what must not leave gets no label, no slip and no place on a pick list."""

from zhanggui.core.clocks.shipping import GOODS_AGAIN, is_ended
from zhanggui.core.facts import AftersaleState, OrderStage, RefundState
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.say import Say, say

_ASKS = frozenset({AftersaleState.SELLER_TO_ANSWER, AftersaleState.PLATFORM_HANDLES})


def not_to_print(known: OrderKnowledge, *, to_pick: bool = False) -> Say | None:
    """Why no paper is made for this order, None where one may be. A parcel that has left may get its label or slip again; nothing is picked for it."""
    order = known.order
    ended = is_ended(known)
    if ended is not None:
        return ended
    if money_is_asked_back(known):
        return say("The buyer has asked for the money back; settle that before anything is printed.")
    if order.under_review or order.on_hold:
        return _HELD if order.under_review else _ON_HOLD
    if order.stage is OrderStage.SHIPPED and to_pick:
        return say("It has been shipped already.")
    return _UNKNOWN if order.refund is RefundState.UNKNOWN else _BY_STAGE.get(order.stage, _UNKNOWN)


_HELD = say("The platform is still reviewing the order; it must not be shipped.")
_ON_HOLD = say("The platform has put shipping on hold; it must not be shipped.")
_UNKNOWN = say("Its state is not one we know; look it up before anything is printed.")
_BY_STAGE: dict[OrderStage | None, Say | None] = {
    OrderStage.FORMING: say("The group has not formed yet."),
    OrderStage.TO_SHIP: None,
    OrderStage.SHIPPED: None,
    OrderStage.RECEIVED: say("The buyer has received it already."),
}


def money_is_asked_back(known: OrderKnowledge) -> bool:
    """Whether money is asked back or disputed. The order's own word is vague, so a case that asks for goods alone explains it."""
    if any(case.state in _ASKS and case.kind not in GOODS_AGAIN for case in known.cases):
        return True
    of_goods = any(case.kind in GOODS_AGAIN for case in known.cases)
    return known.order.refund is RefundState.OPEN and not of_goods
