"""How much of each SKU lies where: what was counted or changed by hand, less what orders took since; and every change, one row each."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx
from zhanggui.records.streams import copy_rows


class Level(msgspec.Struct, frozen=True):
    """What lies at one place now, and since when that is known by a count."""

    sku: str
    location: str
    base: int
    counted_at: datetime
    on_hand: int


class Sum(msgspec.Struct, frozen=True):
    """What of one SKU lies in the house, None where it was never counted, and what is reserved."""

    sku: str
    on_hand: int | None
    reserved: int


class StockChange(msgspec.Struct, frozen=True):
    """One change of stock as it stands in its journal."""

    change_no: int
    sku: str
    location: str
    at: datetime
    kind: str
    pieces: int
    after: int
    by_name: str | None
    reason: str
    order_no: str | None


Row = tuple[int, str, str, datetime, str, int, int, int | None, str, str | None]

LEVELS = """
    select level.sku, level.location, level.base, level.counted_at, (level.base - coalesce(gone.pieces, 0))::bigint as on_hand
    from stock_levels as level
    left join lateral (
        select sum(quantity) as pieces from order_goods
        where order_goods.shop_id = %(shop_id)s and order_goods.sku = level.sku and order_goods.state = 'left'
            and order_goods.location = level.location and order_goods.left_at > level.counted_at
    ) as gone on true
    where level.shop_id = %(shop_id)s and level.sku = any(%(skus)s)
    order by level.sku, level.location
"""
SUMS = """
    select wanted.sku, lying.on_hand, coalesce(held.pieces, 0)::bigint as reserved
    from unnest(%(skus)s::text[]) as wanted (sku)
    left join lateral (
        select (sum(level.base) - coalesce(sum(gone.pieces), 0))::bigint as on_hand
        from stock_levels as level
        left join lateral (
            select sum(quantity) as pieces from order_goods
            where order_goods.shop_id = %(shop_id)s and order_goods.sku = level.sku and order_goods.state = 'left'
                and order_goods.location = level.location and order_goods.left_at > level.counted_at
        ) as gone on true
        where level.shop_id = %(shop_id)s and level.sku = wanted.sku
    ) as lying on true
    left join lateral (
        select sum(quantity) as pieces from order_goods
        where order_goods.shop_id = %(shop_id)s and order_goods.sku = wanted.sku and order_goods.state = 'reserved'
    ) as held on true
"""
ANY_LEVEL = "select 1 from stock_levels where shop_id = %(shop_id)s limit 1"
COUNTED = "select sku, location, counted_at from stock_levels where shop_id = %(shop_id)s and sku = any(%(skus)s)"
PUT_LEVEL = """
    insert into stock_levels (shop_id, sku, location, base, counted_at)
    values (%(shop_id)s, %(sku)s, %(location)s, %(base)s, %(counted_at)s)
    on conflict (shop_id, sku, location) do update set base = excluded.base, counted_at = excluded.counted_at
"""
ADD_TO_LEVEL = "update stock_levels set base = base + %(pieces)s where shop_id = %(shop_id)s and sku = %(sku)s and location = %(location)s"
COPY_CHANGES = "copy stock_changes (shop_id, sku, location, at, kind, pieces, after, by_person, reason, order_no) from stdin"
CHANGES = """
    select change_no, sku, location, at, kind, pieces, after, people.display_name as by_name, reason, order_no
    from (
        select change_no, sku, location, at, kind, pieces, after, by_person, reason, order_no from stock_changes
        where shop_id = %(shop_id)s and change_no < %(before)s
        order by change_no desc
        limit %(limit)s
    ) as found
    left join people on people.person_id = found.by_person
    order by change_no desc
"""
CHANGES_OF_SKU = """
    select change_no, sku, location, at, kind, pieces, after, people.display_name as by_name, reason, order_no
    from (
        select change_no, sku, location, at, kind, pieces, after, by_person, reason, order_no from stock_changes
        where shop_id = %(shop_id)s and sku = %(sku)s and change_no < %(before)s
        order by change_no desc
        limit %(limit)s
    ) as found
    left join people on people.person_id = found.by_person
    order by change_no desc
"""
TRACKED = "select distinct sku from stock_levels where shop_id = %(shop_id)s order by sku"
LAST = 2**63 - 1


def levels(tx: Tx, shop_id: int, skus: Sequence[str]) -> list[Level]:
    """What lies of these SKUs, place by place."""
    with tx.cursor(row_factory=class_row(Level)) as cursor:
        return cursor.execute(LEVELS, {"shop_id": shop_id, "skus": list(skus)}).fetchall()


def sums(tx: Tx, shop_id: int, skus: Sequence[str]) -> dict[str, Sum]:
    """What lies of these SKUs in the whole house, and what is reserved."""
    if not skus:
        return {}
    with tx.cursor(row_factory=class_row(Sum)) as cursor:
        return {row.sku: row for row in cursor.execute(SUMS, {"shop_id": shop_id, "skus": list(dict.fromkeys(skus))})}


def any_level(tx: Tx, shop_id: int) -> bool:
    """Whether anything was ever counted in this shop."""
    return tx.execute(ANY_LEVEL, {"shop_id": shop_id}).fetchone() is not None


def counted(tx: Tx, shop_id: int, skus: Sequence[str]) -> dict[tuple[str, str], datetime]:
    """Since when what lies where is known of these SKUs, by SKU and place."""
    return {(sku, place): at for sku, place, at in tx.execute(COUNTED, {"shop_id": shop_id, "skus": list(skus)})} if skus else {}


def tracked(tx: Tx, shop_id: int) -> list[str]:
    """Every SKU that was ever counted."""
    return [sku for (sku,) in tx.execute(TRACKED, {"shop_id": shop_id})]


def put_level(tx: Tx, shop_id: int, sku: str, location: str, base: int, counted_at: datetime) -> None:
    """Keeps what was counted."""
    tx.execute(PUT_LEVEL, {"shop_id": shop_id, "sku": sku, "location": location, "base": base, "counted_at": counted_at})


def add_to_level(tx: Tx, shop_id: int, sku: str, location: str, pieces: int) -> None:
    """Changes what lies at a place by so many pieces."""
    tx.execute(ADD_TO_LEVEL, {"shop_id": shop_id, "sku": sku, "location": location, "pieces": pieces})


def write_changes(tx: Tx, rows: Iterable[Row]) -> None:
    """Writes changes: (shop, SKU, place, when, kind, pieces, what lies there afterwards, who, why, order)."""
    copy_rows(tx, COPY_CHANGES, rows)


def changes(tx: Tx, shop_id: int, sku: str | None, before: int | None, limit: int) -> list[StockChange]:
    """Changes of one SKU, or of all, the newest first."""
    slots: Mapping[str, object] = {"shop_id": shop_id, "sku": sku, "before": LAST if before is None else before, "limit": limit}
    with tx.cursor(row_factory=class_row(StockChange)) as cursor:
        return cursor.execute(CHANGES if sku is None else CHANGES_OF_SKU, slots).fetchall()
