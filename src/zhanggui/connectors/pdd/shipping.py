"""Acts: what a seller does to orders and cases through the platform. Each may change something there; nothing here sends it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from zhanggui.connectors.pdd.calls import Call, Done, act_reader, is_yes, reader
from zhanggui.core.money import Fen

SHIP, EXTRA, NOTE, PRINTED = "pdd.logistics.online.send", "pdd.order.upload.extra.logistics", "pdd.order.note.update", "pdd.erp.order.sync"
AGREE, AGREE_RETURN, CANCEL = "pdd.refund.agree", "pdd.refund.returngoods.agree", "pdd.rdc.pddgenius.sendgoods.cancel"
PRE_CHECK = "pdd.open.logistics.pre.check"
FIRST_SHIPMENT, CHANGED_SHIPMENT = "1", "2"
SPLIT, RESENT, GIFT = 1, 2, 3
NOT_SYNCED, ALREADY_SHIPPED, ALREADY_PRINTED = 1001, 1002, 1003


class _Allowed(msgspec.Struct, frozen=True):
    allowed: bool | int | str


def ship(order_no: str, carrier_id: str, tracking_no: str, *, redelivery: bool = False) -> Call[Done]:
    """Ship an order, or change the parcel of one that was shipped."""
    kind = CHANGED_SHIPMENT if redelivery else FIRST_SHIPMENT
    return _act(SHIP, {"order_sn": order_no, "logistics_id": carrier_id, "tracking_number": tracking_no, "redelivery_type": kind})


def pre_check(order_no: str, carrier_code: str, tracking_no: str) -> Call[bool]:
    """Whether the platform would take this parcel for this order; it gives no reason. Changes nothing."""
    params = {"order_sn": order_no, "ship_code": carrier_code, "tracking_number": tracking_no}
    return Call(PRE_CHECK, params, reader(PRE_CHECK, _Allowed, lambda told: is_yes(PRE_CHECK, told.allowed)))


def extra_parcels(order_no: str, parcels: Iterable[tuple[str, str]], kind: int = SPLIT) -> Call[Done]:
    """Name further parcels of an order, as pairs of carrier id and number."""
    tracks = [{"shipping_id": int(carrier_id), "tracking_number": number} for carrier_id, number in parcels]
    return _act(EXTRA, {"order_sn": order_no, "extra_track_list": nested(tracks), "extra_track_type": str(kind)})


def note_order(order_no: str, note: str, tag: int = 0, tag_name: str = "") -> Call[Done]:
    """Write the seller's note on an order; a tag (1 red to 5 purple) goes with its name of at most three characters."""
    flagged = {"tag": str(tag), "tag_name": tag_name} if tag and tag_name else {}
    return _act(NOTE, {"order_sn": order_no, "note": note} | flagged)


def report_printed(order_no: str, carrier_id: str, waybill_no: str) -> Call[Done]:
    """Report that the label of an order was printed."""
    return _act(PRINTED, {"order_sn": order_no, "order_state": "1", "waybill_no": waybill_no, "logistics_id": carrier_id})


def agree_refund(order_no: str, case_no: str, note: str = "") -> Call[Done]:
    """Agree to a refund. The money goes back; this cannot be undone."""
    return _act(AGREE, {"request": nested(_case(order_no, case_no, note))}, must_say=True)


def agree_return(order_no: str, case_no: str, note: str, address_id: str) -> Call[Done]:
    """Agree that the goods come back, to one of the shop's return addresses."""
    return _act(AGREE_RETURN, {"request": nested(_case(order_no, case_no, note) | {"return_address_id": address_id})}, must_say=True)


def cancel_sending(order_no: str, case_no: str, *, held_back: bool, amount: Fen | None, at: datetime, reason: int = ALREADY_SHIPPED) -> Call[Done]:
    """Answer the refund of an order that was not shipped: its parcel was held back (which refunds it), or could not be, and why."""
    told: dict[str, object] = {"tid": order_no, "refund_id": int(case_no), "status": "SUCCESS" if held_back else "FAIL"}
    told["operate_time"] = int(at.timestamp() * 1000)
    if amount is not None:
        told["refund_fee"] = amount
    if not held_back:
        told["fail_reason_code"] = reason
    return _act(CANCEL, {"param": nested(told)}, must_say=held_back)


def nested(value: object) -> str:
    """A nested parameter as the one JSON text that is sent and signed."""
    return msgspec.json.encode(value).decode()


def _case(order_no: str, case_no: str, note: str) -> dict[str, object]:
    told: dict[str, object] = {"order_sn": order_no, "after_sales_id": int(case_no)}
    return told | ({"operate_desc": note} if note else {})


def _act(method: str, params: Mapping[str, str], *, must_say: bool = False) -> Call[Done]:
    """An act; of one that lets money or goods go, which `must_say`, an answer without a yes is none."""
    return Call(method, params, act_reader(method, must_say=must_say), is_act=True)
