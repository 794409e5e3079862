"""What is sent with an act: one Struct a kind, and the thing that it may happen to only once."""

import hashlib
from enum import StrEnum

import msgspec

from zhanggui.core.acts.goods import GoodsRequest, PutOnShelf, PutPrices, PutStock
from zhanggui.core.deadlines import Subject, SubjectKind
from zhanggui.core.facts import ParcelKind
from zhanggui.core.money import Fen


class ActKind(StrEnum):
    """What the house may do to the platform."""

    REFUND_AGREE = "refund.agree"
    RETURN_AGREE = "return.agree"
    SENDING_CANCEL = "sending.cancel"
    SENDING_GOES_ON = "sending.goes_on"
    SHIP_UPLOAD = "ship.upload"
    ORDER_NOTE = "order.note"
    PRINT_REPORT = "print.report"
    SHIP_CHANGE = "ship.change"
    PARCELS_EXTRA = "parcels.extra"
    GOODS_SHELF = "goods.shelf"
    GOODS_STOCK = "goods.stock"
    GOODS_PRICE = "goods.price"


class Target(msgspec.Struct, frozen=True):
    """What an act is about: the thing that is read again before it is sent, and the order it belongs to."""

    subject: Subject
    order_no: str | None
    once: str
    """A name for what may happen only once: two acts of the same name are never under way together."""


class AgreeRefund(msgspec.Struct, frozen=True, kw_only=True, tag="refund.agree"):
    """Agree to a refund: the platform pays the buyer back."""

    order_no: str
    case_no: str
    amount: Fen
    note: str = ""


class AgreeReturn(msgspec.Struct, frozen=True, kw_only=True, tag="return.agree"):
    """Agree that the goods come back. Without an address the shop's default return address is named."""

    order_no: str
    case_no: str
    address_id: str | None = None
    note: str = ""


class CancelSending(msgspec.Struct, frozen=True, kw_only=True, tag="sending.cancel"):
    """Tell the platform that the parcel was held back: it pays the buyer back."""

    order_no: str
    case_no: str
    amount: Fen


class CannotHold(msgspec.Struct, frozen=True, kw_only=True, tag="sending.goes_on"):
    """Tell the platform that the parcel cannot be held back, and why in its own numbers: it then pays nobody back by itself, and waits for the seller."""

    order_no: str
    case_no: str
    reason: int


class Ship(msgspec.Struct, frozen=True, kw_only=True, tag="ship.upload"):
    """Upload the tracking number of a first shipment. Without the carrier's number its name is looked up with the platform."""

    order_no: str
    tracking_no: str
    carrier: str | None = None
    carrier_id: str | None = None


class NoteOrder(msgspec.Struct, frozen=True, kw_only=True, tag="order.note"):
    """Write the seller's note of an order, over what stands there."""

    order_no: str
    note: str
    tag: int = 0
    tag_name: str = ""


class ReportPrint(msgspec.Struct, frozen=True, kw_only=True, tag="print.report"):
    """Report that a waybill was printed."""

    order_no: str
    tracking_no: str
    carrier_id: str


class ChangeShip(msgspec.Struct, frozen=True, kw_only=True, tag="ship.change"):
    """Put another tracking number in the place of a shipped order's. `before` is the wrong one, which has to stand there still."""

    order_no: str
    before: str
    tracking_no: str
    carrier: str | None = None
    carrier_id: str | None = None


class AddParcels(msgspec.Struct, frozen=True, kw_only=True, tag="parcels.extra"):
    """Name a further parcel of a shipped order: a part of it, something sent once more, or a gift."""

    order_no: str
    parcel_kind: ParcelKind
    tracking_no: str
    carrier: str | None = None
    carrier_id: str | None = None


Request = AgreeRefund | AgreeReturn | CancelSending | CannotHold | Ship | NoteOrder | ReportPrint | ChangeShip | AddParcels | PutOnShelf | PutStock | PutPrices

KIND_OF: dict[type[Request], ActKind] = {
    AgreeRefund: ActKind.REFUND_AGREE,
    AgreeReturn: ActKind.RETURN_AGREE,
    CancelSending: ActKind.SENDING_CANCEL,
    CannotHold: ActKind.SENDING_GOES_ON,
    Ship: ActKind.SHIP_UPLOAD,
    NoteOrder: ActKind.ORDER_NOTE,
    ReportPrint: ActKind.PRINT_REPORT,
    ChangeShip: ActKind.SHIP_CHANGE,
    AddParcels: ActKind.PARCELS_EXTRA,
    PutOnShelf: ActKind.GOODS_SHELF,
    PutStock: ActKind.GOODS_STOCK,
    PutPrices: ActKind.GOODS_PRICE,
}


def target_of(request: Request) -> Target:  # noqa: PLR0911 - one answer for each kind of act
    """What the act is about. The refund of a case is one thing, whichever of the two acts brings it about."""
    match request:
        case AgreeRefund() | CancelSending():
            return Target(Subject(SubjectKind.AFTERSALE, request.case_no), request.order_no, f"refund/{request.case_no}")
        case CannotHold():
            return Target(Subject(SubjectKind.AFTERSALE, request.case_no), request.order_no, f"goes on/{request.case_no}/{request.reason}")
        case AgreeReturn():
            return Target(Subject(SubjectKind.AFTERSALE, request.case_no), request.order_no, f"return/{request.case_no}")
        case Ship():
            return Target(Subject(SubjectKind.ORDER, request.order_no), request.order_no, f"ship/{request.order_no}")
        case NoteOrder():
            return Target(Subject(SubjectKind.ORDER, request.order_no), request.order_no, f"note/{request.order_no}")
        case ReportPrint():
            return Target(Subject(SubjectKind.ORDER, request.order_no), request.order_no, f"print/{request.order_no}/{request.tracking_no}")
        case ChangeShip():
            return Target(Subject(SubjectKind.ORDER, request.order_no), request.order_no, f"change/{request.order_no}")
        case AddParcels():
            return Target(Subject(SubjectKind.ORDER, request.order_no), request.order_no, f"parcel/{request.order_no}/{request.tracking_no}")
        case PutOnShelf() | PutStock() | PutPrices():
            return _of_goods(request)


def _of_goods(request: GoodsRequest) -> Target:
    match request:
        case PutOnShelf():
            return Target(Subject(SubjectKind.GOODS, request.goods_id), None, f"shelf/{request.goods_id}")
        case PutStock():
            return Target(Subject(SubjectKind.SKU, request.sku_id), None, f"stock/{request.sku_id}")
        case PutPrices():
            return Target(Subject(SubjectKind.SKU, request.sku_id), None, f"price/{request.sku_id}")


def money_of(request: Request) -> Fen:
    """The money that leaves by the act."""
    return request.amount if isinstance(request, AgreeRefund | CancelSending) else Fen(0)


def digest_of(request: Request) -> str:
    """A short name of all that would be sent: two requests that bear the same say the same to the platform."""
    return hashlib.sha256(msgspec.json.encode(request)).hexdigest()[:16]
