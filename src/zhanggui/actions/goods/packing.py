"""What belongs into each order's parcel, by what it is scanned, and what the parcel should weigh."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.goods.following import resolved
from zhanggui.core.goods.naming import Asked, asked_of
from zhanggui.estimates.weights import MOST_WEIGHED, Range, added_range, learnt_range
from zhanggui.people.permissions import ShopId
from zhanggui.records import around, items, parcel_weights
from zhanggui.records.db import Tx
from zhanggui.records.items import ItemRow


class Line(msgspec.Struct, frozen=True):
    """One SKU of a parcel. `sku_key` is None where the order names nothing that could be told from other goods."""

    sku_key: str | None
    title: str | None
    spec: str | None
    quantity: int
    barcodes: tuple[str, ...]
    """What it may be scanned by: its barcodes, the seller's code, its number on the platform."""
    picture: str | None
    weight_g: int | None


class Packing(msgspec.Struct, frozen=True):
    """What belongs into a parcel, and between which weights it should lie; None where nothing tells."""

    lines: tuple[Line, ...]
    expected_weight: Range | None


def packing_facts(tx: Tx, shop_id: ShopId, order_nos: Sequence[str]) -> Mapping[str, Packing]:
    """The packing of each of these orders that the shop knows."""
    asked = _asked(tx, shop_id, order_nos)
    meant = resolved(tx, shop_id, [one for listed in asked.values() for one in listed])
    known = {row.sku: row for row in items.listed(tx, shop_id, sorted(set(meant.values())))}
    goods = {no: goods_key(listed, meant) for no, listed in asked.items()}
    weighed = parcel_weights.newest(tx, shop_id, [key for key in goods.values() if key], MOST_WEIGHED)
    found: dict[str, Packing] = {}
    for no, listed in asked.items():
        lines = tuple(_line(one, meant.get(one), known) for one in _together(listed, meant))
        found[no] = Packing(lines, learnt_range(weighed.get(goods[no] or "", ())) or _added(lines, known))
    return found


def weighed(tx: Tx, shop_id: ShopId, order_no: str, weight_g: int | None, now: datetime) -> None:
    """Keeps what an order's parcel weighed, so that the next parcel with the same goods can be checked; None takes it back."""
    parcel_weights.forget_order(tx, shop_id, order_no)
    if weight_g is None or weight_g <= 0:
        return
    asked = _asked(tx, shop_id, [order_no]).get(order_no, ())
    goods = goods_key(asked, resolved(tx, shop_id, asked))
    if goods is not None:
        parcel_weights.put(tx, shop_id, goods, order_no, weight_g, now)


def goods_key(asked: Sequence[Asked], meant: Mapping[Asked, str]) -> str | None:
    """A name for these goods in these quantities; None where one of them is not known for sure."""
    if not asked or any(one not in meant for one in asked):
        return None
    pieces: dict[str, int] = {}
    for one in asked:
        pieces[meant[one]] = pieces.get(meant[one], 0) + one.quantity
    told = "\x1f".join(f"{sku}\x1e{pieces[sku]}" for sku in sorted(pieces))
    return hashlib.blake2b(told.encode(), digest_size=12).hexdigest()


def _asked(tx: Tx, shop_id: ShopId, order_nos: Sequence[str]) -> dict[str, tuple[Asked, ...]]:
    orders = around.orders(tx, shop_id, order_nos)
    lines = around.lines(tx, shop_id, sorted(orders))
    return {no: asked_of(known.facts, [line.facts for line in lines.get(no, ())]) for no, known in orders.items()}


def _together(asked: Sequence[Asked], meant: Mapping[Asked, str]) -> list[Asked]:
    """Lines of one SKU as one line, since nobody can tell their pieces apart."""
    found: dict[str | Asked, Asked] = {}
    for one in asked:
        key = meant.get(one) or one
        earlier = found.get(key)
        found[key] = one if earlier is None else msgspec.structs.replace(earlier, quantity=earlier.quantity + one.quantity)
    return list(found.values())


def _line(one: Asked, sku: str | None, known: Mapping[str, ItemRow]) -> Line:
    item = known.get(sku or "")
    told = item.facts if item else None
    scanned = [*(item.barcodes if item else ()), (told.outer_sku if told else None) or one.code, sku if one.sku_id else None]
    return Line(
        sku_key=sku,
        title=(told.title if told else None) or one.title or (item.title if item else None),
        spec=(told.spec if told else None) or one.spec or (item.spec if item else None),
        quantity=one.quantity,
        barcodes=tuple(dict.fromkeys(code for code in scanned if code)),
        picture=told.picture if told else None,
        weight_g=_weight(item),
    )


def _weight(item: ItemRow | None) -> int | None:
    """What one piece weighs: what the shop itself says, else what the platform tells."""
    if item is None:
        return None
    return item.weight_g if item.weight_g is not None else (item.facts.weight_g if item.facts else None)


def _added(lines: Sequence[Line], known: Mapping[str, ItemRow]) -> Range | None:
    """The range by what the pieces weigh; None where one of them is not known. The heaviest packing among them is the parcel's."""
    weights = [(line.weight_g, line.quantity) for line in lines]
    if not weights or any(weight is None or weight <= 0 for weight, _ in weights):
        return None
    packing = max((known[line.sku_key].packing_g or 0 for line in lines if line.sku_key is not None and line.sku_key in known), default=0)
    return added_range(sum((weight or 0) * quantity for weight, quantity in weights), packing)
