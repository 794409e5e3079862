"""Acts in sentences: what each kind does, what would be sent, what each level means."""

from collections.abc import Mapping

from zhanggui.core.acts import (
    ActKind,
    ActLevel,
    AddParcels,
    AgreeRefund,
    AgreeReturn,
    CancelSending,
    CannotHold,
    ChangeShip,
    Limits,
    NoteOrder,
    ReportPrint,
    Request,
    Ship,
)
from zhanggui.core.acts.goods import GoodsRequest, PutOnShelf, PutPrices, PutStock
from zhanggui.core.say import Say, say

DOES: Mapping[ActKind, Say] = {
    ActKind.REFUND_AGREE: say("Agrees to a refund: the platform pays the buyer back at once, and nobody can take it back."),
    ActKind.RETURN_AGREE: say("Agrees that the goods come back, and names the shop's default return address."),
    ActKind.SENDING_CANCEL: say("Tells the platform that the parcel was held back: it pays the buyer back at once, and nobody can take it back."),
    ActKind.SENDING_GOES_ON: say("Tells the platform that the parcel cannot be held back, with its own reason: so it pays nobody back by itself meanwhile."),
    ActKind.SHIP_UPLOAD: say("Uploads the tracking number of an order that has a number and waits to be shipped."),
    ActKind.ORDER_NOTE: say("Writes the seller's note of an order over what stands there."),
    ActKind.PRINT_REPORT: say("Reports that a waybill was printed."),
    ActKind.SHIP_CHANGE: say("Puts the right tracking number in the place of a wrong one on a shipped order."),
    ActKind.GOODS_SHELF: say("Puts a product on the shelf, or takes it off: buyers can order it, or can no longer."),
    ActKind.GOODS_STOCK: say("Sets how many pieces of a variant the platform offers."),
    ActKind.GOODS_PRICE: say("Sets the two prices of a variant."),
    ActKind.PARCELS_EXTRA: say("Names a further parcel of a shipped order: a part of it, something sent once more, or a gift."),
}
"""What each kind of act does."""

FOUND: Mapping[ActKind, Say] = {
    ActKind.REFUND_AGREE: say("By itself only where the order has not been shipped and no waybill exists; else a person decides."),
    ActKind.RETURN_AGREE: say("By itself where the buyer asks to send the goods back and the term runs."),
    ActKind.SENDING_CANCEL: say("Always by a person, who has destroyed the label first."),
    ActKind.SENDING_GOES_ON: say("By itself where a refund is asked for while a label is about or the parcel has left, and the platform waits to hear."),
    ActKind.SHIP_UPLOAD: say("By itself where nothing forbids shipping and no refund is asked for."),
    ActKind.ORDER_NOTE: say("Always by a person."),
    ActKind.PRINT_REPORT: say("By itself after every label printed here: it only tells what was done, and keeps the platform from refunding at once."),
    ActKind.SHIP_CHANGE: say("Always by a person."),
    ActKind.GOODS_SHELF: say("Always by a person."),
    ActKind.GOODS_STOCK: say("Always by a person."),
    ActKind.GOODS_PRICE: say("Always by a person."),
    ActKind.PARCELS_EXTRA: say("Always by a person."),
}
"""When it goes by itself."""


def what_is_sent(request: Request) -> Say:  # noqa: C901, PLR0911 - one sentence for each kind of act
    """What the platform is told."""
    match request:
        case AgreeRefund():
            return say(
                "Agree to the refund of {amount_fen} in case {case_no} of order {order_no}.",
                amount_fen=request.amount,
                case_no=request.case_no,
                order_no=request.order_no,
            )
        case AgreeReturn(address_id=None):
            return say(
                "Agree to the return in case {case_no} of order {order_no}, to the shop's default return address.",
                case_no=request.case_no,
                order_no=request.order_no,
            )
        case AgreeReturn():
            return say(
                "Agree to the return in case {case_no} of order {order_no}, to return address no. {address_id}.",
                case_no=request.case_no,
                order_no=request.order_no,
                address_id=request.address_id,
            )
        case CancelSending():
            return say(
                "Tell the platform that the parcel of order {order_no} was held back, so that it refunds {amount_fen} (case {case_no}).",
                order_no=request.order_no,
                amount_fen=request.amount,
                case_no=request.case_no,
            )
        case CannotHold():
            return say(
                "Tell the platform that the parcel of order {order_no} cannot be held back: its reason {reason} (case {case_no}).",
                order_no=request.order_no,
                reason=request.reason,
                case_no=request.case_no,
            )
        case Ship():
            return say(
                "Ship order {order_no} with {carrier}, number {tracking_no}.",
                order_no=request.order_no,
                carrier=request.carrier or request.carrier_id,
                tracking_no=request.tracking_no,
            )
        case NoteOrder():
            return say("Write a note on order {order_no}.", order_no=request.order_no)
        case PutOnShelf() | PutStock() | PutPrices():
            return _of_goods(request)
        case ChangeShip() | AddParcels():
            return _of_parcel(request)
        case ReportPrint():
            return say("Report the waybill {tracking_no} of order {order_no} as printed.", tracking_no=request.tracking_no, order_no=request.order_no)


def _of_goods(request: GoodsRequest) -> Say:
    """How the platform is to offer a product."""
    title = request.title or request.goods_id
    match request:
        case PutOnShelf(on_shelf=True):
            return say("Put {title} on the shelf.", title=title)
        case PutOnShelf():
            return say("Take {title} off the shelf: nobody can order it then.", title=title)
        case PutStock():
            return say("Offer {pieces} pieces of {title}.", pieces=request.pieces, title=title)
        case PutPrices():
            return say(
                "Offer {title} for {group_fen} in a group and {single_fen} alone.",
                title=title,
                group_fen=request.group_price,
                single_fen=request.single_price,
            )


def _of_parcel(request: ChangeShip | AddParcels) -> Say:
    """What the platform is told of another number, or of one more."""
    carrier = request.carrier or request.carrier_id
    if isinstance(request, ChangeShip):
        return say(
            "Change the number of order {order_no} from {before} to {carrier} {tracking_no}.",
            order_no=request.order_no,
            before=request.before,
            carrier=carrier,
            tracking_no=request.tracking_no,
        )
    return say(
        "Name {carrier} {tracking_no} as a further parcel of order {order_no} ({kind}).",
        order_no=request.order_no,
        kind=request.parcel_kind,
        carrier=carrier,
        tracking_no=request.tracking_no,
    )


def what_level_means(level: ActLevel, limits: Limits) -> Say:
    """What happens at a level, in plain words."""
    match level:
        case ActLevel.OFF:
            return say("The house sends nothing of this kind; you do it in the back office.")
        case ActLevel.SUGGEST:
            return say("A button stands on the to-do, with what would be sent. Nothing leaves before a person presses it.")
        case ActLevel.ACT:
            return say(
                "The house announces it, waits {minutes} minutes, reads everything from the platform again, "
                "and sends it only if nothing has changed and nobody stopped it.",
                minutes=limits.wait_minutes,
            )
