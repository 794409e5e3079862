"""An act as a call of the platform, with what has to be looked up first."""

from datetime import datetime

import msgspec

from zhanggui.actions.carrier_choice.naming import carrier_meant
from zhanggui.actions.house import House
from zhanggui.actions.platform import ask
from zhanggui.actions.platform_carriers import carriers_now
from zhanggui.actions.refused import Refused
from zhanggui.connectors.pdd.aftersales import refund_addresses
from zhanggui.connectors.pdd.calls import Call, Done
from zhanggui.connectors.pdd.goods import put_on_shelf, put_prices, put_stock
from zhanggui.connectors.pdd.shipping import GIFT, RESENT, SPLIT, agree_refund, agree_return, cancel_sending, extra_parcels, note_order, report_printed, ship
from zhanggui.core.acts import AddParcels, AgreeRefund, AgreeReturn, CancelSending, CannotHold, ChangeShip, NoteOrder, ReportPrint, Request, Ship
from zhanggui.core.acts.goods import GoodsRequest, PutOnShelf, PutPrices, PutStock
from zhanggui.core.facts import ParcelKind
from zhanggui.core.say import say
from zhanggui.people.permissions import ShopId

_WIRE_KINDS = {ParcelKind.EXTRA: SPLIT, ParcelKind.RESEND: RESENT, ParcelKind.GIFT: GIFT}


class CannotBeSent(Refused):
    """Something that has to be sent along is not known, and a person has to see to it."""


def completed(house: House, shop_id: ShopId, request: Request, now: datetime, wall: datetime) -> Request:
    """The request with what it left open: the shop's default return address, the platform's number of a carrier. Raises CannotBeSent."""
    match request:
        case AgreeReturn(address_id=None):
            return msgspec.structs.replace(request, address_id=_return_address(house, shop_id, now, wall))
        case Ship(carrier_id=None) | ChangeShip(carrier_id=None) | AddParcels(carrier_id=None):
            return msgspec.structs.replace(request, carrier_id=_carrier_id(house, request.carrier))
    return request


def call_of(request: Request, now: datetime) -> Call[Done]:  # noqa: C901, PLR0911 - one answer for each kind of act
    """The call that carries the act out."""
    match request:
        case AgreeRefund():
            return agree_refund(request.order_no, request.case_no, request.note)
        case AgreeReturn():
            return agree_return(request.order_no, request.case_no, request.note, request.address_id or "")
        case CancelSending():
            return cancel_sending(request.order_no, request.case_no, held_back=True, amount=request.amount, at=now)
        case CannotHold():
            return cancel_sending(request.order_no, request.case_no, held_back=False, amount=None, at=now, reason=request.reason)
        case Ship():
            return ship(request.order_no, request.carrier_id or "", request.tracking_no)
        case NoteOrder():
            return note_order(request.order_no, request.note, request.tag, request.tag_name)
        case ChangeShip():
            return ship(request.order_no, request.carrier_id or "", request.tracking_no, redelivery=True)
        case AddParcels():
            return extra_parcels(request.order_no, [(request.carrier_id or "", request.tracking_no)], _WIRE_KINDS[request.parcel_kind])
        case PutOnShelf() | PutStock() | PutPrices():
            return _of_goods(request)
        case ReportPrint():
            return report_printed(request.order_no, request.carrier_id, request.tracking_no)


def _of_goods(request: GoodsRequest) -> Call[Done]:
    match request:
        case PutOnShelf():
            return put_on_shelf(request.goods_id, on_shelf=request.on_shelf)
        case PutStock():
            return put_stock(request.goods_id, request.sku_id, request.pieces)
        case PutPrices():
            return put_prices(request.goods_id, request.sku_id, request.group_price, request.single_price)


def _carrier_id(house: House, name: str | None) -> str:
    """The platform's number of a carrier that parcels may be sent with."""
    known = carrier_meant(name or "", carriers_now(house))
    if known is None:
        raise CannotBeSent(say("The platform's number of the carrier {carrier} is not known.", carrier=name or ""))
    if not known.is_available:
        raise CannotBeSent(say("The platform takes no parcels of {carrier} any more, by its own list of carriers. Choose another carrier.", carrier=known.name))
    return known.id


def _return_address(house: House, shop_id: ShopId, now: datetime, wall: datetime) -> str:
    """The default among the shop's return addresses, or the only one there is."""
    known = [address for address in ask(house, shop_id, refund_addresses(), now, wall) if address.is_usable]
    fit = [address for address in known if address.is_default] or known
    if len(fit) != 1:
        raise CannotBeSent(say("The shop has no default return address. Name one in the back office, or agree there."))
    return fit[0].address_id
