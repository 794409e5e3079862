"""Promised hours per product: entered by the shop, or learnt from its orders."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class PromisedRecord(msgspec.Struct, frozen=True):
    """The hours one product promises, and where that is known from."""

    goods_id: str
    hours: int
    source: Literal["entered", "learnt"]
    seen: int
    """How many of the newest orders they were learnt from."""


OF_SHOP = "select goods_id, hours, source, seen from promised_hours where shop_id = %(shop_id)s order by goods_id limit %(limit)s"
OF_GOODS = "select goods_id, hours, source, seen from promised_hours where shop_id = %(shop_id)s and goods_id = any(%(goods_ids)s)"
ENTER = """
    insert into promised_hours (shop_id, goods_id, hours, source, seen, made_at)
    values (%(shop_id)s, %(goods_id)s, %(hours)s, 'entered', 0, %(made_at)s)
    on conflict (shop_id, goods_id) do update set hours = excluded.hours, source = 'entered', made_at = excluded.made_at
"""
FORGET = "delete from promised_hours where shop_id = %(shop_id)s and goods_id = %(goods_id)s and source = 'entered'"
FORGET_LEARNT = "delete from promised_hours where shop_id = %(shop_id)s and goods_id = any(%(goods_ids)s) and source = 'learnt'"
# the newest orders of the product that carry the platform's own field teach its hours: the least of five, since files do not tell which of them were sold
# ahead (too early a moment costs nothing, too late a one does)
LEARN = """
    insert into promised_hours (shop_id, goods_id, hours, source, seen, made_at)
    select %(shop_id)s, goods.goods_id, min(newest.hours), 'learnt', count(*), %(made_at)s
    from unnest(%(goods_ids)s::text[]) as goods (goods_id)
    cross join lateral (
        select round(extract(epoch from ship_by - group_formed_at) / 3600)::integer as hours
        from orders
        where orders.shop_id = %(shop_id)s and orders.goods_id = goods.goods_id and teaches_hours
        order by group_formed_at desc, order_no
        limit 5
    ) as newest
    where newest.hours between 1 and 720
    group by goods.goods_id
    on conflict (shop_id, goods_id) do update set hours = excluded.hours, seen = excluded.seen, made_at = excluded.made_at
    where promised_hours.source = 'learnt'
"""


def of_shop(tx: Tx, shop_id: int, limit: int) -> list[PromisedRecord]:
    """The promised hours known in the shop."""
    with tx.cursor(row_factory=class_row(PromisedRecord)) as cursor:
        return cursor.execute(OF_SHOP, {"shop_id": shop_id, "limit": limit}).fetchall()


def of_goods(tx: Tx, shop_id: int, goods_ids: Sequence[str]) -> dict[str, PromisedRecord]:
    """The promised hours of these products, by product."""
    with tx.cursor(row_factory=class_row(PromisedRecord)) as cursor:
        return {row.goods_id: row for row in cursor.execute(OF_GOODS, {"shop_id": shop_id, "goods_ids": list(goods_ids)})}


def enter(tx: Tx, shop_id: int, goods_id: str, hours: int, made_at: datetime) -> None:
    """Keeps the hours a person entered; they win over learnt ones."""
    tx.execute(ENTER, {"shop_id": shop_id, "goods_id": goods_id, "hours": hours, "made_at": made_at})


def forget_entered(tx: Tx, shop_id: int, goods_id: str) -> None:
    """Forgets the hours a person entered."""
    tx.execute(FORGET, {"shop_id": shop_id, "goods_id": goods_id})


def learn(tx: Tx, shop_id: int, goods_ids: Sequence[str], made_at: datetime) -> list[str]:
    """Learns the hours of these products anew from the orders that stand, and names the products whose hours are other than before."""
    before = of_goods(tx, shop_id, goods_ids)
    tx.execute(FORGET_LEARNT, {"shop_id": shop_id, "goods_ids": list(goods_ids)})
    tx.execute(LEARN, {"shop_id": shop_id, "goods_ids": list(goods_ids), "made_at": made_at})
    after = of_goods(tx, shop_id, goods_ids)
    return [goods_id for goods_id in goods_ids if _hours(before, goods_id) != _hours(after, goods_id)]


def _hours(known: dict[str, PromisedRecord], goods_id: str) -> tuple[int, str] | None:
    row = known.get(goods_id)
    return (row.hours, row.source) if row else None
