"""Whether an act happened, as the facts read from the platform show it."""

from collections.abc import Sequence

from zhanggui.core.acts.goods import Offer, PutOnShelf, PutPrices, PutStock, offer_happened, offer_of
from zhanggui.core.acts.happening import Happened
from zhanggui.core.acts.requests import AddParcels, AgreeRefund, AgreeReturn, CancelSending, CannotHold, ChangeShip, NoteOrder, ReportPrint, Request, Ship
from zhanggui.core.facts import AftersaleFacts, AftersaleState, OrderFacts, OrderStage, RefundState, SkuFacts

__all__ = ["Happened", "happened"]

_PAID_BACK = frozenset({AftersaleState.REFUNDED, AftersaleState.DONE})
_WAITS = frozenset({AftersaleState.SELLER_TO_ANSWER, AftersaleState.SELLER_TO_RECEIVE})
_RETURN_AGREED = _PAID_BACK | {AftersaleState.BUYER_TO_SEND, AftersaleState.SELLER_TO_RECEIVE}
_OVER = frozenset({AftersaleState.CLOSED, AftersaleState.REJECTED, AftersaleState.PLATFORM_HANDLES, AftersaleState.BUYER_TO_SEND})
_HAS_LEFT = frozenset({OrderStage.SHIPPED, OrderStage.RECEIVED})


def happened(
    request: Request,
    order: OrderFacts | None,
    case: AftersaleFacts | None,
    note_before: str | None = None,
    skus: Sequence[SkuFacts] = (),
    offer_before: Offer | None = None,
) -> Happened:
    """Whether the platform has done what was asked. `note_before` and `offer_before` are what stood there when it was decided."""
    match request:
        case PutOnShelf() | PutStock() | PutPrices():
            return offer_happened(request, offer_of(request, skus), offer_before or Offer())
        case AgreeRefund() | CancelSending():
            return _refund(order, case)
        case AgreeReturn():
            return _return(case)
        case Ship():
            return _shipped(request, order)
        case NoteOrder():
            return _noted(request, order, note_before)
        case ChangeShip():
            return _renumbered(request, order)
        case AddParcels():
            return _added(request, order)
        case ReportPrint() | CannotHold():
            return Happened.UNCLEAR


def _refund(order: OrderFacts | None, case: AftersaleFacts | None) -> Happened:
    if case is None:
        return Happened.UNCLEAR
    if case.state in _PAID_BACK:
        return Happened.YES
    if case.state in _OVER:
        return Happened.OTHERWISE
    if case.state not in _WAITS:
        return Happened.UNCLEAR
    # the order may tell of it before the case does; then the case's own word is the old one
    paid = order is not None and order.refund in (RefundState.REFUNDING, RefundState.REFUNDED)
    return Happened.UNCLEAR if paid else Happened.NO


def _return(case: AftersaleFacts | None) -> Happened:
    if case is None:
        return Happened.UNCLEAR
    if case.state in _RETURN_AGREED:
        return Happened.YES
    if case.state is AftersaleState.SELLER_TO_ANSWER:
        return Happened.NO
    return Happened.OTHERWISE if case.state in _OVER else Happened.UNCLEAR


def _shipped(request: Ship, order: OrderFacts | None) -> Happened:
    if order is None or order.stage is None:
        return Happened.UNCLEAR
    if order.stage in _HAS_LEFT:
        return Happened.YES if order.tracking_no == request.tracking_no else Happened.OTHERWISE
    if order.stage is OrderStage.TO_SHIP:
        return Happened.NO
    return Happened.OTHERWISE if order.stage is OrderStage.CANCELLED else Happened.UNCLEAR


def _renumbered(request: ChangeShip, order: OrderFacts | None) -> Happened:
    if order is None or order.stage is None:
        return Happened.UNCLEAR
    if order.tracking_no == request.tracking_no:
        return Happened.YES
    # a parcel that was received can no longer be renumbered, and a third number is somebody else's doing
    return Happened.NO if order.stage is OrderStage.SHIPPED and order.tracking_no == request.before else Happened.OTHERWISE


def _added(request: AddParcels, order: OrderFacts | None) -> Happened:
    if order is None or order.further_parcels is None:
        return Happened.UNCLEAR
    if any(parcel.tracking_no == request.tracking_no for parcel in order.further_parcels):
        return Happened.YES
    return Happened.NO if order.stage in _HAS_LEFT else Happened.OTHERWISE


def _noted(request: NoteOrder, order: OrderFacts | None, before: str | None) -> Happened:
    if order is None:
        return Happened.UNCLEAR
    stands = (order.seller_note or "").strip()  # whoever keeps a text may take the blanks around it away
    if stands == request.note.strip():
        return Happened.YES
    return Happened.NO if stands == (before or "").strip() else Happened.OTHERWISE
