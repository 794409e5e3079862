"""An order off the wire as facts of ours. Only masks of the buyer are read; ciphertext and addresses are never even decoded."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET

from zhanggui.connectors.files.masking import masked_name, masked_phone
from zhanggui.connectors.pdd.carriers import NAMELESS, Carriers, usual_carriers
from zhanggui.connectors.pdd.values import NO_RECORD, OddWire, Told, flag, ident, is_told, key, label, moment, note, records, text, whole, yuan
from zhanggui.connectors.pdd.wording import refund_word, stage_word
from zhanggui.core.facts import FurtherParcel, OrderFacts, OrderLineFacts, ParcelKind, Place, ShippingKind, Sighting

PLACE = Place("pdd.order")
_BOOKED = {1, 3}
_HOLD, _DELAY = "ship_hold", "region_black_delay_shipping"
LONGEST_KEY = 256
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TAG = re.compile(r"[a-z0-9_]{1,64}", re.ASCII)
_HOUR = re.compile(r"(\d\d:\d\d)(?::\d\d)?", re.ASCII)


class WireOrder(msgspec.Struct, frozen=True):
    """An order as lists and detail tell it: the fields we read, as they came. Fields not named here are passed over unread."""

    order_sn: Told = UNSET
    order_status: Told = UNSET
    refund_status: Told = UNSET
    confirm_status: Told = UNSET
    group_status: Told = UNSET
    group_order_id: Told = UNSET
    risk_control_status: Told = UNSET
    is_pre_sale: Told = UNSET
    shipping_type: Told = UNSET
    delivery_one_day: Told = UNSET
    created_time: Told = UNSET
    pay_time: Told = UNSET
    confirm_time: Told = UNSET
    last_ship_time: Told = UNSET
    promise_delivery_time: Told = UNSET
    shipping_time: Told = UNSET
    receive_time: Told = UNSET
    updated_at: Told = UNSET
    pre_sale_time: Told = UNSET
    yyps_date: Told = UNSET
    yyps_time: Told = UNSET
    goods_amount: Told = UNSET
    pay_amount: Told = UNSET
    postage: Told = UNSET
    seller_discount: Told = UNSET
    platform_discount: Told = UNSET
    duo_duo_pay_reduction: Told = UNSET
    pay_type: Told = UNSET
    receiver_name_mask: Told = UNSET
    receiver_phone_mask: Told = UNSET
    province: Told = UNSET
    city: Told = UNSET
    town: Told = UNSET
    buyer_memo: Told = UNSET
    remark: Told = UNSET
    logistics_id: Told = UNSET
    tracking_number: Told = UNSET
    open_address_id: Told = UNSET
    open_address_id_2: Told = UNSET
    extra_delivery_list: Told = UNSET
    resend_delivery_list: Told = UNSET
    gift_delivery_list: Told = UNSET
    item_list: Told = UNSET
    gift_list: Told = UNSET
    order_tag_list: Told = UNSET
    order_depot_info: Told = UNSET


_DECODER = msgspec.json.Decoder(WireOrder, float_hook=str)


def order_sighting(wire: msgspec.Raw | bytes | WireOrder, carriers: Carriers | None = None) -> Sighting[OrderFacts]:
    """The order as facts, with the fields it really speaks of, dated by the platform's own version of it. Raises OddWire."""
    order = wire if isinstance(wire, WireOrder) else read_order(wire)
    number = key(order.order_sn, "order_sn")
    try:
        values = _values(order, carriers or usual_carriers())
        as_of = moment(order.updated_at, "updated_at")
    except OddWire as odd:
        odd.number = number
        raise
    return Sighting(OrderFacts(order_no=number, **values), frozenset(values) | {"order_no"}, PLACE, as_of)


def line_sightings(wire: msgspec.Raw | bytes | WireOrder) -> tuple[Sighting[OrderLineFacts], ...]:
    """The lines of an order that has several or a gift; an order of one line tells everything itself. Gifts are lines like the rest. Raises OddWire."""
    order = wire if isinstance(wire, WireOrder) else read_order(wire)
    items, gifts = records(order.item_list, "item_list"), records(order.gift_list, "gift_list")
    if len(items) + len(gifts) < 2:
        return ()
    number, as_of = key(order.order_sn, "order_sn"), moment(order.updated_at, "updated_at")
    bought = [_line(number, f"{place}", item, as_of, "item_list") for place, item in enumerate(items, 1)]
    given = [_line(number, f"g{place}", item, as_of, "gift_list") for place, item in enumerate(gifts, 1)]
    return (*bought, *given)


def read_order(wire: msgspec.Raw | bytes) -> WireOrder:
    """The wire's order, nothing judged yet. Raises OddWire where it is no record at all."""
    try:
        return _DECODER.decode(wire)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise OddWire(NO_RECORD, "order", "…") from None


def _values(order: WireOrder, carriers: Carriers) -> dict[str, Any]:
    """The fields of facts that this order speaks of."""
    values = {name: read(getattr(order, field), field) for name, (field, read) in _PLAIN.items() if getattr(order, field) is not UNSET}
    if "created_at" in values:
        values["created_at_inferred"] = None  # whoever tells when an order was placed also tells that this is not inferred
    return values | _statuses(order) | _shipping(order) | _buyer(order) | _goods(order) | _tags(order) | _parcels(order, carriers)


_PLAIN = {
    "created_at": ("created_time", moment),
    "paid_at": ("pay_time", moment),
    "group_formed_at": ("confirm_time", moment),
    "ship_by": ("last_ship_time", moment),
    "deliver_by": ("promise_delivery_time", moment),
    "shipped_at": ("shipping_time", moment),
    "received_at": ("receive_time", moment),
    "goods_amount": ("goods_amount", yuan),
    "postage": ("postage", yuan),
    "seller_discount": ("seller_discount", yuan),
    "platform_discount": ("platform_discount", yuan),
    "pay_reduction": ("duo_duo_pay_reduction", yuan),
    "pay_amount": ("pay_amount", yuan),
    "seller_note": ("remark", note),
    "buyer_note": ("buyer_memo", note),
    "province": ("province", text),
    "city": ("city", text),
    "district": ("town", text),
    "group_no": ("group_order_id", ident),
    "pay_method": ("pay_type", text),
}
"""Field of facts: field of the wire, and how it is read."""


def _statuses(order: WireOrder) -> dict[str, Any]:
    """How far the order has come, whether money goes back, and whether it is under review."""
    refund = whole(order.refund_status, "refund_status")
    status = whole(order.order_status, "order_status")
    values: dict[str, Any] = {}
    if status is not None:
        word = stage_word(status, refund, whole(order.confirm_status, "confirm_status"), whole(order.group_status, "group_status"))
        values |= {"stage": word.stage, "status_text": word.text}
    if refund is not None:
        money = refund_word(refund)
        values |= {"refund": money.refund, "refund_text": money.text}
    risk = whole(order.risk_control_status, "risk_control_status")
    if risk is not None:
        values["under_review"] = risk != 0  # a number we do not know is no leave to ship
    return values


def _shipping(order: WireOrder) -> dict[str, Any]:
    """The way of shipping that the promised hours depend on, and the dates that go with it."""
    values: dict[str, Any] = {}
    presale, one_day = flag(order.is_pre_sale, "is_pre_sale"), flag(order.delivery_one_day, "delivery_one_day")
    booked = whole(order.shipping_type, "shipping_type") in _BOOKED
    if presale is not None or one_day is not None or booked:
        values["shipping_kind"] = ShippingKind.BOOKED if booked else ShippingKind.PRESALE if presale else ShippingKind.ONE_DAY if one_day else ShippingKind.SPOT
    if is_told(order.pre_sale_time):
        values["presale_ship_at"] = moment(order.pre_sale_time, "pre_sale_time") if presale else None
    if is_told(order.yyps_date):
        values["booked_at"] = _booked_at(order)
    return values


def _booked_at(order: WireOrder) -> datetime | None:
    """The day, and where it is told the hour, for which delivery was booked. How the platform writes these two is not documented, so the rest is left."""
    day = _DAY.match(text(order.yyps_date, "yyps_date") or "")
    hour = _HOUR.match(text(order.yyps_time, "yyps_time") or "")
    if day is None:
        return None
    return moment(f"{day.group()} {hour.group(1)}:00" if hour else day.group(), "yyps_date")


def _buyer(order: WireOrder) -> dict[str, Any]:
    """Who receives it, from the masks alone, masked once more in case a mask is none; and the key it has in common with orders to the same door."""
    values: dict[str, Any] = {}
    if is_told(order.receiver_name_mask, order.receiver_phone_mask):
        name = masked_name(text(order.receiver_name_mask, "receiver_name_mask") or "")
        phone = masked_phone(text(order.receiver_phone_mask, "receiver_phone_mask") or "")
        values["receiver_masked"] = " ".join(part for part in (name, phone) if part) or None
    if is_told(order.open_address_id_2, order.open_address_id):
        values["combine_key"] = _combine_key(order)
    return values


def _combine_key(order: WireOrder) -> str | None:
    """The newer of the platform's two keys of a door, else the older; one that is too long to be a key is cut by nobody but left out."""
    found = text(order.open_address_id_2, "open_address_id_2") or text(order.open_address_id, "open_address_id")
    return found if found and len(found) <= LONGEST_KEY else None


def _goods(order: WireOrder) -> dict[str, Any]:
    """What was bought: the first line in full, and how many pieces in all; and the first gift by its name."""
    values: dict[str, Any] = {}
    items = records(order.item_list, "item_list")
    if items:
        values |= {name: read(items[0].get(field, None), f"item_list.{field}") for name, (field, read) in _ITEM.items() if field in items[0]}
        counts = [whole(item.get("goods_count", None), "item_list.goods_count") for item in items]
        values["quantity"] = sum(count for count in counts if count is not None) if any(count is not None for count in counts) else None
    if is_told(order.gift_list):
        gifts = records(order.gift_list, "gift_list")
        values["gift_title"] = text(gifts[0].get("goods_name", None), "gift_list.goods_name") if gifts else None
    return values


_ITEM = {
    "goods_id": ("goods_id", ident),
    "sku_id": ("sku_id", ident),
    "title": ("goods_name", text),
    "spec": ("goods_spec", text),
    "outer_sku": ("outer_id", text),
    "outer_goods": ("outer_goods_id", text),
}


def _tags(order: WireOrder) -> dict[str, Any]:
    """What its tags forbid or allow; an order without a list of tags says nothing of them."""
    if order.order_tag_list is UNSET or order.order_tag_list is None:
        return {}
    lit = {
        text(tag.get("name", None), "order_tag_list.name") or ""
        for tag in records(order.order_tag_list, "order_tag_list")
        if whole(tag.get("value", None), "order_tag_list.value")
    }
    return {"on_hold": _HOLD in lit, "delay_allowed": _DELAY in lit, "tags": tuple(sorted(name for name in lit if _TAG.fullmatch(name)))}


def _parcels(order: WireOrder, carriers: Carriers) -> dict[str, Any]:
    """With whom it travels, what travels beside it, and from which warehouse. A carrier nobody knows is named by its id."""
    values: dict[str, Any] = {}
    if is_told(order.tracking_number):
        values["tracking_no"] = label(order.tracking_number, "tracking_number")
    if is_told(order.logistics_id):
        values["carrier"] = carrier_name(ident(order.logistics_id, "logistics_id"), carriers)
    if is_told(order.extra_delivery_list, order.resend_delivery_list, order.gift_delivery_list):
        values["further_parcels"] = tuple(_further(order, carriers))
    if isinstance(order.order_depot_info, dict):
        values["warehouse"] = text(order.order_depot_info.get("depot_name", None), "order_depot_info.depot_name")
    return values


def _further(order: WireOrder, carriers: Carriers) -> Iterator[FurtherParcel]:
    """The parcels beside the order's own, each with the reason for it; one without a number is none yet."""
    for field, kind in _FURTHER.items():
        for parcel in records(getattr(order, field), field):
            number = label(parcel.get("tracking_number", None), f"{field}.tracking_number")
            if number is not None:
                yield FurtherParcel(kind, carrier_name(ident(parcel.get("logistics_id", None), f"{field}.logistics_id"), carriers), number)


_FURTHER = {"extra_delivery_list": ParcelKind.EXTRA, "resend_delivery_list": ParcelKind.RESEND, "gift_delivery_list": ParcelKind.GIFT}


def carrier_name(carrier_id: str | None, carriers: Carriers) -> str | None:
    """The name of a carrier; where nobody knows it, its id, so that it stays visible."""
    if carrier_id is None:
        return None
    found = carriers.by_id.get(carrier_id)
    return found.name if found else f"{NAMELESS}{carrier_id}"


def _line(order_no: str, line_no: str, item: dict[str, Told], as_of: datetime | None, place: str) -> Sighting[OrderLineFacts]:
    values = {name: read(item[field], f"{place}.{field}") for name, (field, read) in _LINE.items() if field in item}
    values["is_gift"] = place == "gift_list"
    return Sighting(OrderLineFacts(order_no=order_no, line_no=line_no, **values), frozenset(values) | {"order_no", "line_no"}, PLACE, as_of)


_LINE: dict[str, Any] = _ITEM | {"quantity": ("goods_count", whole), "price": ("goods_price", yuan)}
