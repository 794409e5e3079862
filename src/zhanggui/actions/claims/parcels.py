"""Which parcel a claim is about: the one that brought the goods to the buyer, or the one in which a case's goods were to come back."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.knowing import orders_known
from zhanggui.actions.platform_carriers import carriers_in
from zhanggui.actions.refused import Refused
from zhanggui.core.cases.arrival import return_delivered_at
from zhanggui.core.claims.states import Leg, Loss
from zhanggui.core.clocks.pickup import scans_of_parcel
from zhanggui.core.clocks.way_out import deliveries_of
from zhanggui.core.facts import AftersaleFacts, FurtherParcel, ParcelKind
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.numbers import as_number
from zhanggui.core.numbers.shapes import carriers_that_fit
from zhanggui.core.say import say
from zhanggui.people.permissions import ShopId
from zhanggui.records import around, returns
from zhanggui.records.db import Tx


class ClaimedParcel(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel that something may be claimed for, what lay in it by the facts, and when it arrived, as far as that is known."""

    order_no: str
    tracking_no: str
    carrier: str | None
    leg: Leg
    case_no: str | None
    value: Fen | None
    delivered_at: datetime | None

    def noticed_at(self, loss: Loss, now: datetime) -> datetime:
        """Damage counts from the delivery, where that is known; a loss from when somebody noticed it, which is now."""
        known = self.delivered_at if loss is Loss.DAMAGED else None
        return now if known is None or known > now else known


def parcel_named(tx: Tx, shop_id: ShopId, code: str, case_no: str | None = None) -> ClaimedParcel:
    """The parcel meant by the number of an order, of a case, or of a parcel that goes either way. Raises Refused where there is none, or several."""
    told = code.strip()
    known = {} if case_no is not None else orders_known(tx, shop_id, [told])
    if told in known:
        return _of_order(tx, known[told], [told])
    return _of_codes(tx, shop_id, [case_no] if case_no is not None else sorted({told, as_number(told)} - {""}))


def parcel_of_order(known: OrderKnowledge) -> ClaimedParcel:
    """The order's own parcel that went to the buyer. Raises Refused where the order bears no number."""
    order = known.order
    if not order.tracking_no:
        raise Refused(say("Order {order_no} bears no tracking number, so nothing can be claimed.", order_no=order.order_no))
    delivered = deliveries_of(scans_of_parcel(known))
    return ClaimedParcel(
        order_no=order.order_no,
        tracking_no=order.tracking_no,
        carrier=order.carrier,
        leg=Leg.OUTGOING,
        case_no=None,
        value=None if _is_parted(known) else order.receive_amount or order.pay_amount or order.goods_amount,
        delivered_at=max(delivered, default=order.received_at),
    )


def parcel_of_case(tx: Tx, case: AftersaleFacts, known: OrderKnowledge | None) -> ClaimedParcel:
    """The parcel in which the goods of the case were to come back. Raises Refused where nobody knows of one."""
    if not case.return_tracking_no:
        raise Refused(say("Case {case_no} names no return parcel, so nothing can be claimed for one.", case_no=case.case_no))
    if known is None:
        raise Refused(say("The shop has no such order."))
    order = known.order
    return ClaimedParcel(
        order_no=order.order_no,
        tracking_no=case.return_tracking_no,
        carrier=case.return_carrier or _by_shape(tx, case.return_tracking_no),
        leg=Leg.RETURN,
        case_no=case.case_no,
        value=_worth(case) or order.receive_amount or order.pay_amount,
        delivered_at=return_delivered_at(case, known),
    )


def _by_shape(tx: Tx, number: str) -> str | None:
    """The carrier whose numbers look so, where no other's do, by its name of the moment."""
    fits = carriers_that_fit(as_number(number))
    carrier = carriers_in(tx).by_code.get(fits[0]) if len(fits) == 1 else None
    return None if carrier is None else carrier.name


def _worth(case: AftersaleFacts) -> Fen | None:
    """What the goods on their way back are worth: what is refunded for them, else what the pieces cost."""
    if case.refund_amount:
        return case.refund_amount
    return Fen(case.goods_price * (case.quantity or 1)) if case.goods_price else case.order_amount


def _of_codes(tx: Tx, shop_id: ShopId, codes: Sequence[str]) -> ClaimedParcel:
    told = [known.facts for known in around.cases_by_no(tx, shop_id, returns.cases_by_code(tx, shop_id, codes)).values()]
    pointed = [case for case in told if case.return_tracking_no in codes or case.case_no in codes]
    if len(pointed) > 1:
        raise Refused(say("{many} cases name this parcel. Begin the claim on the page of the case.", many=len(pointed)))
    if pointed:
        order_no = pointed[0].order_no
        return parcel_of_case(tx, pointed[0], orders_known(tx, shop_id, [order_no]).get(order_no) if order_no else None)
    out = orders_known(tx, shop_id, returns.orders_by_code(tx, shop_id, codes))
    if len(out) > 1:
        raise Refused(say("Several orders went in this parcel. Give the number of the order."))
    if not out:
        raise Refused(say("The shop has no such order."))
    return _of_order(tx, next(iter(out.values())), codes)


def _of_order(tx: Tx, known: OrderKnowledge, codes: Sequence[str]) -> ClaimedParcel:
    """The parcel of an order that these numbers mean: its own, or one beside it."""
    order = known.order
    beside = next((parcel for parcel in _beside(known) if parcel.tracking_no in codes), None)
    if beside is not None and order.tracking_no not in codes:
        return _parcel_beside(tx, known, beside)
    if order.order_no in codes and _is_parted(known):
        raise Refused(say("Order {order_no} went in several parcels. Give the number of the parcel.", order_no=order.order_no))
    return parcel_of_order(known)


def _parcel_beside(tx: Tx, known: OrderKnowledge, parcel: FurtherParcel) -> ClaimedParcel:
    """A parcel beside the order's own; what lay in it nobody told."""
    number = parcel.tracking_no
    scans = sorted((scan for scan in (*known.scans, *known.label_scans) if scan.tracking_no == number), key=lambda scan: scan.at)
    return ClaimedParcel(
        order_no=known.order.order_no,
        tracking_no=number,
        carrier=parcel.carrier or _by_shape(tx, number),
        leg=Leg.OUTGOING,
        case_no=None,
        value=None,
        delivered_at=max(deliveries_of(scans), default=None),
    )


def _beside(known: OrderKnowledge) -> tuple[FurtherParcel, ...]:
    """The parcels beside the order's own, by the platform and by our labels."""
    return (*(known.order.further_parcels or ()), *(known.dispatch.further if known.dispatch is not None else ()))


def _is_parted(known: OrderKnowledge) -> bool:
    """Whether the goods went in several parcels, so that nobody knows what any of them is worth."""
    return any(parcel.kind is ParcelKind.EXTRA for parcel in _beside(known))
