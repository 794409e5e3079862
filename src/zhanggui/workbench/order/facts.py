"""Which facts of an order its page lists, in groups a person asks for together. What stands elsewhere on the page is left out here."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from zhanggui.core.facts import FurtherParcel, OrderFacts
from zhanggui.core.say import Say, say

_GROUPS: Mapping[str, tuple[Say, tuple[str, ...]]] = {
    "goods": (
        say("Goods"),
        ("title", "spec", "quantity", "goods_id", "sku_id", "outer_sku", "outer_goods", "gift_title", "gift_spec", "gift_quantity", "gift_id", "warehouse"),
    ),
    "receiver": (say("Receiver"), ("receiver_masked", "province", "city", "district", "buyer_note", "seller_note")),
    "amounts": (
        say("Amounts"),
        ("pay_amount", "receive_amount", "goods_amount", "postage", "seller_discount", "platform_discount", "pay_reduction", "refund_amount", "pay_method"),
    ),
    "shipping": (
        say("Shipping"),
        (
            "shipping_kind",
            "ship_by",
            "deliver_by",
            "presale_ship_at",
            "booked_at",
            "under_review",
            "on_hold",
            "delay_allowed",
            "status_text",
            "refund_text",
            "group_no",
            "tags",
            "further_parcels",
        ),
    ),
}
_MONEY = {"pay_amount", "receive_amount", "goods_amount", "postage", "seller_discount", "platform_discount", "pay_reduction", "refund_amount"}
_WIDE = {"title", "buyer_note", "seller_note", "tags", "further_parcels"}
_SHAPES = {"shipping_kind": "word", "tags": "words", "further_parcels": "parcels"}


class Fact(msgspec.Struct, frozen=True):
    """One fact: the field, its value, and how it is to be written."""

    field: str
    value: str | int | bool | datetime | tuple[str, ...] | tuple[FurtherParcel, ...]
    shape: str
    is_wide: bool


class FactGroup(msgspec.Struct, frozen=True):
    """Facts that are read together."""

    name: str
    title: Say
    facts: tuple[Fact, ...]


def facts_shown(order: OrderFacts) -> tuple[FactGroup, ...]:
    """The facts that are known, group by group; a group without any is left out."""
    groups = (FactGroup(name, title, tuple(_known(order, fields))) for name, (title, fields) in _GROUPS.items())
    return tuple(group for group in groups if group.facts)


def _known(order: OrderFacts, fields: tuple[str, ...]) -> Iterator[Fact]:
    for field in fields:
        value = getattr(order, field)
        if value is not None and value not in ("", ()) and value is not False:
            yield Fact(field, value, _shape(field, value), field in _WIDE)


def _shape(field: str, value: object) -> str:
    if isinstance(value, bool):
        return "yes"
    if isinstance(value, datetime):
        return "moment"
    if field in _MONEY:
        return "money"
    return _SHAPES.get(field, "text")
