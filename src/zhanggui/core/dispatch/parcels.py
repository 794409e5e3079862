"""Of an order in several parcels: which are to come back, which are here again, and which may still reach the buyer."""

from datetime import datetime

from zhanggui.core.clocks.way_out import comes_back, deliveries_of, has_turned
from zhanggui.core.dispatch.moves import DispatchState
from zhanggui.core.dispatch.shapes import Dispatch
from zhanggui.core.facts import FurtherParcel, OrderStage, ParcelKind, ScanFacts
from zhanggui.core.knowledge import OrderKnowledge


def scans_of(number: str | None, known: OrderKnowledge) -> list[ScanFacts]:
    """The tracking events under this very number, oldest first."""
    return sorted((scan for scan in (*known.scans, *known.label_scans) if scan.tracking_no == number), key=lambda scan: scan.at)


def has_reached(number: str | None, known: OrderKnowledge) -> bool:
    """Whether the carrier delivered this very parcel and did not take it back."""
    scans = scans_of(number, known)
    return bool(deliveries_of(scans)) and not has_turned(scans)


def is_received(known: OrderKnowledge) -> bool:
    """Whether the buyer has received the order, by the order itself."""
    return known.order.stage is OrderStage.RECEIVED or known.order.received_at is not None


def of_goods(dispatch: Dispatch) -> tuple[tuple[str | None, str], ...]:
    """Carrier and number of each parcel that holds goods of the order, its own first; of a gift nobody is paid back."""
    own = ((dispatch.carrier, dispatch.tracking_no),) if dispatch.tracking_no else ()
    return (*own, *((parcel.carrier, parcel.tracking_no) for parcel in dispatch.further if parcel.kind is not ParcelKind.GIFT))


def numbers_of_goods(known: OrderKnowledge) -> tuple[str, ...]:
    """The numbers that the goods of the order left under, its own first: by its labels, else by the platform and by what was noted by hand."""
    order, dispatch = known.order, known.dispatch
    if dispatch is not None and dispatch.has_label and dispatch.tracking_no:
        return tuple(number for _, number in of_goods(dispatch))
    noted = dispatch.further if dispatch is not None and dispatch.state is None else ()
    beside = (parcel.tracking_no for parcel in (*(order.further_parcels or ()), *noted) if parcel.kind is not ParcelKind.GIFT)
    return tuple(dict.fromkeys(number for number in (order.tracking_no, *beside) if number))


def to_call_back(dispatch: Dispatch, known: OrderKnowledge) -> tuple[tuple[str | None, str], ...]:
    """Carrier and number of each parcel of its goods that neither reached the buyer nor is here again; one without a number where nobody knows any."""
    parcels = of_goods(dispatch) or ((dispatch.carrier, ""),)
    return tuple((carrier, number) for carrier, number in parcels if number not in known.back and not has_reached(number, known))


def not_called_back(dispatch: Dispatch, known: OrderKnowledge) -> tuple[tuple[str | None, str], ...]:
    """Those of them that nobody has called back since the order left: of an order in several, what was noted after the others were called back."""
    return tuple(parcel for parcel in to_call_back(dispatch, known) if parcel[1] not in known.called_back) if dispatch.further else ()


def is_settled(dispatch: Dispatch, known: OrderKnowledge) -> bool:
    """Whether nothing is left to call back. Where all of it is here again, somebody has still to say so of the order."""
    if is_received(known):
        return True
    return any(has_reached(number, known) for _, number in of_goods(dispatch)) and not to_call_back(dispatch, known)


def awaited_with(number: str, dispatch: Dispatch, known: OrderKnowledge) -> tuple[str, ...]:
    """The numbers of the other parcels of its goods of which nobody has said that they are here again."""
    return tuple(other for _, other in of_goods(dispatch) if other != number and other not in known.back)


def may_still_arrive(known: OrderKnowledge) -> tuple[str, ...]:
    """The numbers of further parcels, gifts among them, that may still reach the buyer: neither signed for, nor sent back, nor here again. Of an order that is
    back, also of those that were called back anew.
    """
    order, dispatch = known.order, known.dispatch
    if is_received(known):
        return ()
    own = {order.tracking_no} if dispatch is None else {order.tracking_no, dispatch.tracking_no, *_destroyed(dispatch)}
    beside: tuple[FurtherParcel, ...] = (*(() if dispatch is None else dispatch.further), *(order.further_parcels or ()))
    anew = known.called_back if dispatch is not None and dispatch.state is DispatchState.RECALLED else frozenset()
    told = (*sorted(anew), *(parcel.tracking_no for parcel in beside if parcel.tracking_no not in own))
    numbers = dict.fromkeys(number for number in told if number not in known.back)
    return tuple(number for number in numbers if not deliveries_of(scans := scans_of(number, known)) and not has_turned(scans))


def _destroyed(dispatch: Dispatch) -> set[str]:
    """The numbers of further labels that were destroyed with its own."""
    if dispatch.state is not DispatchState.DESTROYED:
        return set()
    return {parcel.tracking_no for parcel in dispatch.further if parcel.kind is ParcelKind.EXTRA}


def out_since(dispatch: Dispatch) -> datetime | None:
    """Since when the carrier has it, or had it before it came back."""
    return dispatch.moved_at if dispatch.state is DispatchState.HANDED_OVER else dispatch.handed_at


def is_own_back(known: OrderKnowledge) -> bool:
    """Whether the first parcel of an order in several is here again."""
    return any(number in known.back for number in numbers_of_goods(known)[:1])


def still_out(known: OrderKnowledge) -> tuple[str, ...]:
    """The numbers of the further parcels of its goods that neither come back nor are here again."""
    return tuple(number for number in numbers_of_goods(known)[1:] if number not in known.back and not comes_back(scans_of(number, known)))
