"""An order's facts as what stands on a paper, hidden as the standard asks."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from zhanggui.core.facts import OrderFacts, OrderLineFacts
from zhanggui.core.goods.naming import gift_name_of, name_of
from zhanggui.core.moments import in_shanghai
from zhanggui.papers.shapes import Item, Label, Party, Pick, PickList, Slip
from zhanggui.papers.tidy import tidy


class Told(msgspec.Struct, frozen=True):
    """What the person who prints adds to what is stored: receivers of theirs, already hidden, and where the parcels come from."""

    receivers: Mapping[str, Party] = msgspec.field(default_factory=dict)
    sender: Party = Party()
    numbers: Mapping[str, tuple[str, str]] = msgspec.field(default_factory=dict)
    """Carrier and tracking number of orders that do not bear them yet: those written down for the batch they are printed in."""
    together: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """By the order whose label a parcel gets, the other orders that lie in it."""
    parts: "Mapping[str, tuple[PartLabel, ...]]" = msgspec.field(default_factory=dict)
    """The labels of orders that go in several parcels."""


class PartLabel(msgspec.Struct, frozen=True):
    """One label of an order that goes in several parcels."""

    nth: int
    of: int
    carrier: str
    number: str


class Sheet(msgspec.Struct, frozen=True):
    """One order on paper: its facts, its lines, the shop's name."""

    order: OrderFacts
    lines: Sequence[OrderLineFacts]
    shop: str
    company: "tuple[Sheet, ...]" = ()
    """The other orders that lie in the same parcel."""
    places: Mapping[str, str] = {}
    """Where its goods are picked, by the name that the order means them by, where somebody wrote it down."""


def labels_of(sheet: Sheet, told: Told, now: datetime) -> tuple[Label, ...]:
    """The order's shipping labels: one, or one for each of its parcels."""
    parts = told.parts.get(sheet.order.order_no)
    return tuple(label_of(sheet, told, now, part) for part in parts) if parts else (label_of(sheet, told, now),)


def label_of(sheet: Sheet, told: Told, now: datetime, part: PartLabel | None = None) -> Label:
    """A shipping label of the order, with the goods of everything that lies in its parcel."""
    order, items = sheet.order, tuple(item for each in (sheet, *sheet.company) for item in items_of(each))
    carrier, number = told.numbers.get(order.order_no, (order.carrier, order.tracking_no)) if part is None else (part.carrier, part.number)
    which = "" if part is None or part.of < 2 else f"（{part.nth}/{part.of}）"
    return Label(
        order_no=order.order_no,
        tracking_no=tidy(number).upper() or None,
        carrier=tidy(carrier),
        region=region_of(order),
        receiver=receiver_of(order, told),
        shop=sheet.shop,
        sender=msgspec.structs.replace(told.sender, name=told.sender.name or sheet.shop),
        goods=which + "；".join(_in_short(item) for item in items),
        pieces=sum(item.pieces for item in items),
        made_at=_shown(now),
    )


def slip_of(sheet: Sheet, told: Told, now: datetime) -> Slip:
    """The order's packing slip."""
    order = sheet.order
    formed = order.group_formed_at or order.paid_at or order.created_at
    return Slip(
        order_no=order.order_no,
        shop=sheet.shop,
        formed_at="" if formed is None else _shown(formed),
        made_at=_shown(now),
        carrier=tidy(order.carrier),
        tracking_no=order.tracking_no,
        receiver=receiver_of(order, told),
        region=region_of(order),
        items=items_of(sheet),
        has_note=bool(order.buyer_note or order.seller_note),
    )


def picks_of(sheets: Sequence[Sheet], now: datetime) -> PickList:
    """What to fetch for these orders: by place, then by the shop's own code; equal goods of one place on one line."""
    pieces: Counter[Item] = Counter()
    orders: defaultdict[Item, set[str]] = defaultdict(set)
    for sheet in sheets:
        for item in items_of(sheet):
            goods = msgspec.structs.replace(item, pieces=0)
            pieces[goods] += item.pieces
            orders[goods].add(sheet.order.order_no)
    ordered = sorted(pieces, key=lambda item: (item.place == "", item.place, item.is_gift, item.code == "", item.code, item.title, item.spec))
    picks = tuple(Pick(item=msgspec.structs.replace(item, pieces=pieces[item]), orders=len(orders[item])) for item in ordered)
    return PickList(shop=sheets[0].shop if sheets else "", made_at=_shown(now), orders=len(sheets), pieces=sum(pieces.values()), picks=picks)


def items_of(sheet: Sheet) -> tuple[Item, ...]:
    """The goods of an order: its lines where it has several, else what the order itself tells; and its gift."""
    order, warehouse = sheet.order, tidy(sheet.order.warehouse)
    if sheet.lines:
        items = tuple(_line(line, order, _place_of(name_of(line), sheet) or warehouse) for line in sheet.lines)
    else:
        place = _place_of(name_of(order), sheet) or warehouse
        code = tidy(order.outer_sku or order.outer_goods or order.sku_id or order.goods_id)
        items = (Item(title=tidy(order.title) or code or "—", spec=tidy(order.spec), code=code, pieces=order.quantity or 1, place=place),)
    gift = tidy(order.gift_title)
    if not gift or any(line.is_gift for line in sheet.lines):
        return items
    place = _place_of(gift_name_of(order), sheet) or warehouse
    return (*items, Item(title=gift, spec=tidy(order.gift_spec), code=tidy(order.gift_id), pieces=order.gift_quantity or 1, place=place, is_gift=True))


def _place_of(name: str | None, sheet: Sheet) -> str:
    return tidy(sheet.places.get(name or ""))


def _line(line: OrderLineFacts, order: OrderFacts, place: str) -> Item:
    same = line.sku_id is not None and line.sku_id == order.sku_id
    code = tidy(line.outer_sku or (order.outer_sku if same else None) or line.outer_goods or line.sku_id or line.goods_id)
    return Item(title=tidy(line.title) or code or "—", spec=tidy(line.spec), code=code, pieces=line.quantity or 1, place=place, is_gift=bool(line.is_gift))


def receiver_of(order: OrderFacts, told: Told) -> Party:
    """Who gets the parcel: as the person told for this order, else as stored, which is masked but for fewer digits than a label may show."""
    named = told.receivers.get(order.order_no)
    if named is not None:
        return named
    words = tidy(order.receiver_masked).split(" ")
    phones = [word for word in words if sum(sign.isdigit() for sign in word) >= 3]
    names = [word for word in words if word not in phones]
    return Party.hidden(" ".join(names), " ".join(phones), region_of(order))


def region_of(order: OrderFacts) -> str:
    """Province, city and district; a city that is its own province is said once."""
    return " ".join(dict.fromkeys(part for part in map(tidy, (order.province, order.city, order.district)) if part))


def _in_short(item: Item) -> str:
    named = " ".join(part for part in (item.title, item.spec) if part)
    return f"{named} ×{item.pieces}"


def _shown(moment: datetime) -> str:
    return f"{in_shanghai(moment):%Y-%m-%d %H:%M}"
