"""Whether an order may get its number uploaded at all: what must not be shipped stays out of every bulk-shipping file."""

from zhanggui.core.clocks.shipping import is_ended
from zhanggui.core.decide.printing import money_is_asked_back
from zhanggui.core.facts import OrderStage, RefundState
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.say import Say, say

_BY_STAGE: dict[OrderStage | None, Say | None] = {
    OrderStage.FORMING: say("The group has not formed yet."),
    OrderStage.TO_SHIP: None,
    OrderStage.SHIPPED: say("It has been shipped already."),
    OrderStage.RECEIVED: say("The buyer has received it already."),
}


def not_to_upload(known: OrderKnowledge) -> Say | None:
    """Why no number may be uploaded for this order, None where one may."""
    order = known.order
    ended = is_ended(known)
    if ended is not None:
        return ended
    if money_is_asked_back(known):
        return say("The buyer has asked for the money back; settle that before the number is uploaded.")
    if order.under_review:
        return say("The platform is still reviewing the order; it must not be shipped.")
    if order.on_hold:
        return say("The platform has put shipping on hold; it must not be shipped.")
    return _BY_STAGE.get(order.stage, say("Its state is not one we know; look it up before the number is uploaded."))


def unclear_to_upload(known: OrderKnowledge) -> Say | None:
    """What a person should look at first, though it forbids nothing."""
    if known.order.refund is RefundState.UNKNOWN:
        return say("Its refund state, {text}, is not one we know; look it up first.", text=known.order.refund_text or "—")
    return None
