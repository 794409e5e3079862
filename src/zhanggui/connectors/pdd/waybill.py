"""Electronic waybills: the shop's accounts, templates, and numbers taken, changed, asked for again and given back.

The receiver of an order goes through here as the platform's own ciphertext, from one answer into the next request. It is never shown and never stored.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from msgspec import UNSET

from zhanggui.connectors.pdd.calls import Call, is_yes, reader
from zhanggui.connectors.pdd.errors import strange
from zhanggui.connectors.pdd.order_facts import order_sighting
from zhanggui.connectors.pdd.orders import DETAIL
from zhanggui.connectors.pdd.shipping import nested
from zhanggui.connectors.pdd.values import OddWire, Told, key, label, text, whole
from zhanggui.core.facts import OrderFacts

SEARCH, GET, UPDATE, CANCEL, QUERY = (f"pdd.waybill.{verb}" for verb in ("search", "get", "update", "cancel", "query.by.waybillcode"))
TEMPLATES, AREAS = "pdd.cloudprint.stdtemplates.get", "pdd.cloudprint.customares.get"
MOST_DOCUMENTS = 10
"""So many numbers may be asked for in one call."""
_LONGEST_TITLE, _LONGEST_DATA = 60, 60_000


class Branch(msgspec.Struct, frozen=True, kw_only=True):
    """An account at a carrier's branch, as the platform tells it."""

    carrier_code: str
    branch_code: str
    branch_name: str
    left: int | None
    used: int | None
    cancelled: int | None
    recycled: int | None
    addresses: tuple["Address", ...] = ()


class Address(msgspec.Struct, frozen=True, omit_defaults=True):
    """An address of the seller's, never of a buyer."""

    province: str = ""
    city: str = ""
    district: str = ""
    town: str = ""
    detail: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether a parcel could come from there."""
        return bool(self.province and self.city and self.detail)


class Sender(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who sends the parcels: the shop, as it stands on its labels."""

    name: str
    mobile: str
    address: Address


class Receiver(msgspec.Struct, frozen=True, kw_only=True):
    """The receiver of an order as the platform hands it out: ciphertext, and the region in the clear. `facts` is the order as it stands in that moment."""

    facts: OrderFacts
    name: str
    phone: str
    detail: str

    def __repr__(self) -> str:
        return f"Receiver({self.facts.order_no}, ***)"

    @property
    def place(self) -> str | None:
        """The platform's sign for receiver and address: orders of the same one may go in one parcel."""
        return self.facts.combine_key

    @property
    def is_handed_out(self) -> bool:
        """Whether the platform gives the ciphertext: only of an order that waits to be shipped and is not under review."""
        return bool(self.name and self.phone and self.detail)


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What one number is asked for."""

    object_id: str
    order_nos: tuple[str, ...]
    receiver: Receiver
    goods: tuple[tuple[str, int], ...]
    weight: int | None = None


class Module(msgspec.Struct, frozen=True):
    """A number, and what the print component needs to print it."""

    object_id: str
    number: str
    print_data: str

    def __repr__(self) -> str:
        return f"Module({self.object_id}, {self.number})"


class Template(msgspec.Struct, frozen=True):
    """A standard template of a carrier."""

    carrier_code: str
    name: str
    url: str


class _WireAddress(msgspec.Struct, frozen=True):
    province: Any = None
    city: Any = None
    district: Any = None
    town: Any = None
    detail: Any = None


class _WireBranch(msgspec.Struct, frozen=True):
    branch_code: Any = None
    branch_name: Any = None
    quantity: Any = None
    allocated_quantity: Any = None
    cancel_quantity: Any = None
    recycled_quantity: Any = None
    shipp_address_cols: list[_WireAddress] | None = None


class _Subscription(msgspec.Struct, frozen=True):
    wp_code: Any = None
    branch_account_cols: list[_WireBranch] | None = None


class _Subscriptions(msgspec.Struct, frozen=True):
    waybill_apply_subscription_cols: list[_Subscription] | None = None


class _WireModule(msgspec.Struct, frozen=True):
    object_id: Any = None
    waybill_code: Any = None
    print_data: Any = None


class _Modules(msgspec.Struct, frozen=True):
    modules: list[_WireModule] | None = None


class _Cancelled(msgspec.Struct, frozen=True):
    cancel_result: bool | int | str | None = None


class _WireTemplate(msgspec.Struct, frozen=True):
    standard_template_name: Any = None
    standard_template_url: Any = None


class _CarrierTemplates(msgspec.Struct, frozen=True):
    wp_code: Any = None
    standard_templates: list[_WireTemplate] | None = None


class _Datas(msgspec.Struct, frozen=True):
    datas: list[_CarrierTemplates] | None = None


class _Templates(msgspec.Struct, frozen=True):
    result: _Datas | None = None


class _WireReceiver(msgspec.Struct, frozen=True):
    """The ciphertext of an order, and where it goes; the only place in which it is decoded."""

    receiver_name: Told = UNSET
    receiver_phone: Told = UNSET
    address: Told = UNSET
    receiver_address: Told = UNSET


class _Detail(msgspec.Struct, frozen=True):
    order_info: msgspec.Raw


_RECEIVER = msgspec.json.Decoder(_WireReceiver, float_hook=str)


def accounts(carrier_code: str = "") -> Call[tuple[Branch, ...]]:
    """The shop's accounts, at one carrier or at all, with what is left in them."""
    return Call(SEARCH, {"wp_code": carrier_code}, reader(SEARCH, _Subscriptions, _branches))


def receiver(order_no: str) -> Call[Receiver]:
    """The order as it stands now, with its receiver as ciphertext."""
    return Call(DETAIL, {"order_sn": order_no}, reader(DETAIL, _Detail, lambda told: _receiver(told.order_info)))


def take(carrier_code: str, sender: Sender, shop_key: str, template_url: str, documents: Sequence[Document]) -> Call[tuple[Module, ...]]:
    """Take numbers, at most ten. The platform is expected to answer the same object with the same number (pdd-open-platform.md §2.4: inferred)."""
    asked = {
        "wp_code": carrier_code,
        "need_encrypt": True,
        "sender": _party(sender.name, sender.mobile, sender.address),
        "trade_order_info_dtos": [_document(each, shop_key, template_url) for each in documents],
    }
    return Call(GET, {"param_waybill_cloud_print_apply_new_request": nested(asked)}, reader(GET, _Modules, _modules, is_act=True), is_act=True)


def change(carrier_code: str, number: str, document: Document) -> Call[Module]:
    """Have the label of a number name the order's receiver as it is now. Asked twice it brings the same label."""
    asked = {"waybill_code": number, "wp_code": carrier_code, "object_id": document.object_id, "recipient": _recipient(document.receiver)}
    params = {"param_waybill_cloud_print_update_request": nested(asked)}
    return Call(UPDATE, params, reader(UPDATE, _WireModule, _module, is_act=True), is_act=True)


def again(carrier_code: str, numbers: Iterable[tuple[str, str]]) -> Call[tuple[Module, ...]]:
    """What the print component needs for numbers that were taken before, named with their objects."""
    asked = [{"object_id": object_id, "waybill_code": number, "wp_code": carrier_code} for object_id, number in numbers]
    return Call(QUERY, {"param_list": nested(asked)}, reader(QUERY, _Modules, _modules))


def give_back(carrier_code: str, number: str) -> Call[bool]:
    """Give a number back; whether the platform took it."""
    return Call(CANCEL, {"wp_code": carrier_code, "waybill_code": number}, reader(CANCEL, _Cancelled, _taken_back, is_act=True), is_act=True)


def templates(carrier_code: str = "") -> Call[tuple[Template, ...]]:
    """The standard templates, of one carrier or of all. Needs no token."""
    return Call(TEMPLATES, {"wp_code": carrier_code}, reader(TEMPLATES, _Templates, _standard), needs_token=False)


def _document(asked: Document, shop_key: str, template_url: str) -> dict[str, object]:
    package: dict[str, object] = {"id": asked.object_id, "items": [{"name": name[:_LONGEST_TITLE], "count": count} for name, count in asked.goods[:100]]}
    if asked.weight:
        package["weight"] = asked.weight
    return {
        "object_id": asked.object_id,
        "user_id": int(shop_key) if shop_key.isdecimal() else 0,
        "template_url": template_url,
        "order_info": {"order_channels_type": "PDD", "trade_order_list": list(asked.order_nos)},
        "package_info": package,
        "recipient": _recipient(asked.receiver),
    }


def _recipient(told: Receiver) -> dict[str, object]:
    facts = told.facts
    return _party(told.name, told.phone, Address(facts.province or "", facts.city or "", facts.district or "", "", told.detail))


def _party(name: str, mobile: str, address: Address) -> dict[str, object]:
    where = {field: value for field in ("province", "city", "district", "town", "detail") if (value := getattr(address, field))}
    return {"name": name, "mobile": mobile, "address": {"country": "CN"} | where}


def _receiver(wire: msgspec.Raw) -> Receiver:
    """Raises msgspec.ValidationError, which tells no value."""
    try:
        told, facts = _RECEIVER.decode(wire), order_sighting(wire).facts
        return Receiver(
            facts=facts,
            name=_cipher(told.receiver_name, "receiver_name"),
            phone=_cipher(told.receiver_phone, "receiver_phone"),
            detail=_cipher(told.address, "address") or _cipher(told.receiver_address, "receiver_address"),
        )
    except OddWire as odd:
        raise msgspec.ValidationError(f"{odd.field} cannot be read") from None


def _cipher(value: Told, field: str) -> str:
    """A text that nobody here looks into."""
    if value is UNSET or value is None:
        return ""
    if not isinstance(value, str):
        raise OddWire("", field)
    return value.strip()


def _branches(told: _Subscriptions) -> tuple[Branch, ...]:
    try:
        return tuple(
            _branch(key(each.wp_code, "wp_code"), branch) for each in told.waybill_apply_subscription_cols or () for branch in each.branch_account_cols or ()
        )
    except OddWire as odd:
        raise msgspec.ValidationError(str(odd)) from None


def _branch(carrier_code: str, told: _WireBranch) -> Branch:
    return Branch(
        carrier_code=carrier_code,
        branch_code=label(told.branch_code, "branch_code") or "",
        branch_name=text(told.branch_name, "branch_name") or "",
        left=whole(told.quantity, "quantity"),
        used=whole(told.allocated_quantity, "allocated_quantity"),
        cancelled=whole(told.cancel_quantity, "cancel_quantity"),
        recycled=whole(told.recycled_quantity, "recycled_quantity"),
        addresses=tuple(_address(each) for each in told.shipp_address_cols or ()),
    )


def _address(told: _WireAddress) -> Address:
    return Address(*(text(getattr(told, field), field) or "" for field in ("province", "city", "district", "town", "detail")))


def _modules(told: _Modules) -> tuple[Module, ...]:
    return tuple(_module(each) for each in told.modules or ())


def _module(told: _WireModule) -> Module:
    try:
        number, object_id = label(told.waybill_code, "waybill_code"), text(told.object_id, "object_id") or ""
    except OddWire as odd:
        raise msgspec.ValidationError(str(odd)) from None
    if number is None:
        raise msgspec.ValidationError("a number is missing")
    data = told.print_data
    if not isinstance(data, str):
        data = "" if data is None else nested(data)
    if len(data) > _LONGEST_DATA:
        raise msgspec.ValidationError("print_data is too long")
    return Module(object_id, number, data)


def _taken_back(told: _Cancelled) -> bool:
    if told.cancel_result is None:
        raise strange(CANCEL, "neither yes nor no", is_act=True)
    return is_yes(CANCEL, told.cancel_result, is_act=True)


def _standard(told: _Templates) -> tuple[Template, ...]:
    found = []
    for each in (told.result.datas if told.result else None) or ():
        for template in each.standard_templates or ():
            name, url = template.standard_template_name, template.standard_template_url
            if isinstance(url, str) and url.startswith("https://"):
                found.append(Template(str(each.wp_code or ""), str(name or url), url))
    return tuple(found)
