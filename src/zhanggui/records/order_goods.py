"""What every order takes of every SKU: reserved, or gone since a moment. Replaced whole with every write of the order."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.facts import SkuFacts
from zhanggui.records.db import Tx


class Taken(msgspec.Struct, frozen=True):
    """What one order takes of one SKU."""

    order_no: str
    sku: str
    quantity: int
    state: str
    left_at: datetime | None
    location: str
    asked: str


OF_ORDERS = """
    select order_no, sku, quantity, state, left_at, location, asked from order_goods
    where shop_id = %(shop_id)s and order_no = any(%(order_nos)s)
    order by order_no, sku
"""
REMOVE = """
    delete from order_goods
    using unnest(%(order_nos)s::text[], %(skus)s::text[]) as gone (order_no, sku)
    where order_goods.shop_id = %(shop_id)s and order_goods.order_no = gone.order_no and order_goods.sku = gone.sku
"""
PUT = """
    insert into order_goods (shop_id, order_no, sku, quantity, state, left_at, location, asked)
    select %(shop_id)s, order_no, sku, quantity, state, left_at, location, asked
    from unnest(%(order_nos)s::text[], %(skus)s::text[], %(quantities)s::bigint[], %(states)s::text[], %(lefts)s::timestamptz[], %(locations)s::text[],
        %(asked)s::text[]) as told (order_no, sku, quantity, state, left_at, location, asked)
    order by order_no, sku
    on conflict (shop_id, order_no, sku) do update set
        quantity = excluded.quantity, state = excluded.state, left_at = excluded.left_at, location = excluded.location, asked = excluded.asked
"""
ASKED_BY = "select distinct order_no from order_goods where shop_id = %(shop_id)s and asked <> '' and asked = any(%(names)s)"
TOLD = """
    select facts::text from skus where shop_id = %(shop_id)s and outer_sku = any(%(codes)s)
    union
    select facts::text from skus where shop_id = %(shop_id)s and goods_id = any(%(goods)s)
"""
RESERVED_OF = """
    select order_no, quantity from order_goods
    where shop_id = %(shop_id)s and sku = %(sku)s and state = 'reserved'
    order by order_no
"""
ORDERS_OF_SKU = """
    select order_no, sku, quantity, state, left_at, location, asked from order_goods
    where shop_id = %(shop_id)s and sku = %(sku)s and state = 'reserved' and order_no > %(after)s
    order by order_no
    limit %(limit)s
"""
# gone before a count at this place: what was counted knows of it
FORGET_LEFT = """
    delete from order_goods
    where shop_id = %(shop_id)s and sku = %(sku)s and location = %(location)s and state = 'left' and left_at <= %(counted_at)s
"""


def of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[Taken]:
    """What these orders take."""
    if not order_nos:
        return []
    with tx.cursor(row_factory=class_row(Taken)) as cursor:
        return cursor.execute(OF_ORDERS, {"shop_id": shop_id, "order_nos": list(order_nos)}).fetchall()


def remove(tx: Tx, shop_id: int, rows: Sequence[Taken]) -> None:
    """Takes away what orders take no more."""
    if rows:
        tx.execute(REMOVE, {"shop_id": shop_id, "order_nos": [row.order_no for row in rows], "skus": [row.sku for row in rows]})


def put(tx: Tx, shop_id: int, rows: Sequence[Taken]) -> None:
    """Keeps what orders take now."""
    if not rows:
        return
    slots = {
        "shop_id": shop_id,
        "order_nos": [row.order_no for row in rows],
        "skus": [row.sku for row in rows],
        "quantities": [row.quantity for row in rows],
        "states": [row.state for row in rows],
        "lefts": [row.left_at for row in rows],
        "locations": [row.location for row in rows],
        "asked": [row.asked for row in rows],
    }
    tx.execute(PUT, slots)


def orders_that_asked_for(tx: Tx, shop_id: int, names: Collection[str]) -> list[str]:
    """The orders that meant their goods by one of these names rather than by the platform's id."""
    return [no for (no,) in tx.execute(ASKED_BY, {"shop_id": shop_id, "names": sorted(names)})] if names else []


def told_by(tx: Tx, shop_id: int, codes: Iterable[str], goods: Iterable[str]) -> list[SkuFacts]:
    """The SKUs of lists of products that bear one of these codes or belong to one of these products."""
    wanted = {"shop_id": shop_id, "codes": sorted(codes), "goods": sorted(goods)}
    if not wanted["codes"] and not wanted["goods"]:
        return []
    decode = msgspec.json.Decoder(SkuFacts).decode
    return [decode(text) for (text,) in tx.execute(TOLD, wanted)]


def reserved_of(tx: Tx, shop_id: int, sku: str) -> list[tuple[str, int]]:
    """The orders that wait for this SKU, and how many pieces each."""
    return tx.execute(RESERVED_OF, {"shop_id": shop_id, "sku": sku}).fetchall()


def forget_left(tx: Tx, shop_id: int, sku: str, location: str, counted_at: datetime) -> None:
    """Forgets what had left this place before it was counted."""
    tx.execute(FORGET_LEFT, {"shop_id": shop_id, "sku": sku, "location": location, "counted_at": counted_at})
