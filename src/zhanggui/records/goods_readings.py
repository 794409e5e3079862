"""When a shop's products are read from the platform, and how far that has come."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class GoodsReading(msgspec.Struct, frozen=True, kw_only=True):
    """How far the reading of a shop's products has come. `look_at` goes by the wall clock, `read_at` by the house's."""

    look_at: datetime
    next_page: int = 1
    found: int = 0
    walks: bool = False
    """Whether the list was read, and the products' details are being walked through."""
    walk_after: str = ""
    walked_on: date | None = None
    read_at: datetime | None = None
    products: int = 0


OF_SHOP = "select look_at, next_page, found, walks, walk_after, walked_on, read_at, products from goods_readings where shop_id = %(shop_id)s"
PUT = """
    insert into goods_readings (shop_id, look_at, next_page, found, walks, walk_after, walked_on, read_at, products)
    values (%(shop_id)s, %(look_at)s, %(next_page)s, %(found)s, %(walks)s, %(walk_after)s, %(walked_on)s, %(read_at)s, %(products)s)
    on conflict (shop_id) do update set
        look_at = excluded.look_at, next_page = excluded.next_page, found = excluded.found, walks = excluded.walks, walk_after = excluded.walk_after,
        walked_on = excluded.walked_on, read_at = excluded.read_at, products = excluded.products
"""
NOT_DUE = "select shop_id from goods_readings where shop_id = any(%(shop_ids)s) and look_at > %(wall)s"
# taken for a while by moving the next look; whoever comes meanwhile finds nothing due
TAKE = """
    insert into goods_readings (shop_id, look_at) values (%(shop_id)s, %(until)s)
    on conflict (shop_id) do update set look_at = excluded.look_at where goods_readings.look_at <= %(wall)s
    returning look_at
"""
MEND = "update goods_readings set look_at = %(wall)s where shop_id = %(shop_id)s and look_at > %(beyond)s"
SOON = "update goods_readings set look_at = %(at)s where shop_id = %(shop_id)s and look_at > %(at)s"
NEXT_TO_WALK = """
    select goods_id from skus
    where shop_id = %(shop_id)s and goods_id > %(after)s and (%(every)s or (facts ->> 'promised_hours') is null)
    group by goods_id
    order by goods_id
    limit %(limit)s
"""


def of_shop(tx: Tx, shop_id: int) -> GoodsReading | None:
    """How far the shop's reading has come; None where it never began."""
    with tx.cursor(row_factory=class_row(GoodsReading)) as cursor:
        return cursor.execute(OF_SHOP, {"shop_id": shop_id}).fetchone()


def put(tx: Tx, shop_id: int, reading: GoodsReading) -> None:
    """Notes how far it has come."""
    tx.execute(PUT, {"shop_id": shop_id, **msgspec.structs.asdict(reading)})


def soon(tx: Tx, shop_id: int, at: datetime) -> None:
    """Has the shop's products looked at again by then at the latest."""
    tx.execute(SOON, {"shop_id": shop_id, "at": at})


def mend(tx: Tx, shop_id: int, wall: datetime, beyond: datetime) -> None:
    """Has the shop's products read now where that waits for a moment beyond any wait there is."""
    tx.execute(MEND, {"shop_id": shop_id, "wall": wall, "beyond": beyond})


def take(tx: Tx, shop_id: int, wall: datetime, until: datetime) -> bool:
    """Whether the reading is ours until then: it was due, and nobody else has it."""
    return tx.execute(TAKE, {"shop_id": shop_id, "wall": wall, "until": until}).fetchone() is not None


def due_among(tx: Tx, shop_ids: Sequence[int], wall: datetime) -> list[int]:
    """Those of these shops whose products are to be read by now."""
    if not shop_ids:
        return []
    waiting = {shop_id for (shop_id,) in tx.execute(NOT_DUE, {"shop_ids": list(shop_ids), "wall": wall})}
    return [shop_id for shop_id in shop_ids if shop_id not in waiting]


def next_to_walk(tx: Tx, shop_id: int, after: str, limit: int, *, every: bool) -> list[str]:
    """The next products whose details are to be read: all of them, or those of which the promised hours are not known."""
    slots = {"shop_id": shop_id, "after": after, "limit": limit, "every": every}
    return [goods_id for (goods_id,) in tx.execute(NEXT_TO_WALK, slots)]
