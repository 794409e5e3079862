"""Products: those that their reviews raised, what their pages say version by version, and what their cases cost."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from psycopg.rows import args_row, class_row

from zhanggui.core.products.changes import Side
from zhanggui.core.products.raising import Found
from zhanggui.records.db import Tx


class ProductAlarm(msgspec.Struct, frozen=True, kw_only=True):
    """A product that was raised."""

    goods_id: str
    raised_at: datetime
    rule: str
    told: str
    checked_at: datetime | None
    checked_by: int | None
    note: str

    @property
    def found(self) -> Found:
        """What raised it."""
        return msgspec.json.decode(self.told, type=Found)


class ProductPage(msgspec.Struct, frozen=True, kw_only=True):
    """What a product page said from a moment on."""

    page_no: int
    goods_id: str
    title: str
    detail: str
    since: datetime


class GoodsMoney(msgspec.Struct, frozen=True):
    """The orders of one product in a stretch of time: how many, with a case, the money paid back, and the sum of its squares by order."""

    goods_id: str
    orders: int
    asked: int
    paid_back: int
    squares: float


OPEN = """
    select goods_id, raised_at, rule, found::text as told, checked_at, checked_by, note
    from product_alarms where shop_id = %(shop_id)s and checked_at is null
    order by raised_at desc, goods_id
    limit %(limit)s
"""
ALARM = """
    select goods_id, raised_at, rule, found::text as told, checked_at, checked_by, note
    from product_alarms where shop_id = %(shop_id)s and goods_id = %(goods_id)s
"""
ALL_ALARMS = """
    select goods_id, raised_at, rule, found::text as told, checked_at, checked_by, note
    from product_alarms where shop_id = %(shop_id)s and goods_id = any(%(goods_ids)s)
"""
# raised anew only by a review that came, or was first heard of, after somebody had looked
RAISE = """
    insert into product_alarms (shop_id, goods_id, raised_at, rule, found)
    values (%(shop_id)s, %(goods_id)s, %(raised_at)s, %(rule)s, %(found)s)
    on conflict (shop_id, goods_id) do update set
        raised_at = case when product_alarms.checked_at is null then least(product_alarms.raised_at, excluded.raised_at) else excluded.raised_at end,
        rule = excluded.rule, found = excluded.found, checked_at = null, checked_by = null, note = ''
"""
CALM = "delete from product_alarms where shop_id = %(shop_id)s and checked_at is null and not goods_id = any(%(goods_ids)s)"
# what somebody had looked at before stays looked at
SETTLE = """
    update product_alarms set checked_at = (found ->> 'since')::timestamptz
    where shop_id = %(shop_id)s and checked_at is null and found ->> 'since' is not null and not goods_id = any(%(goods_ids)s)
"""
CHECK = """
    update product_alarms set checked_at = %(at)s, checked_by = %(by)s, note = %(note)s
    where shop_id = %(shop_id)s and goods_id = %(goods_id)s and checked_at is null
"""
PUT_PAGE = """
    insert into product_pages (shop_id, goods_id, title, detail, since, made_by, made_at)
    values (%(shop_id)s, %(goods_id)s, %(title)s, %(detail)s, %(since)s, %(by)s, %(now)s)
    returning page_no
"""
PAGES = """
    select page_no, goods_id, title, detail, since
    from product_pages where shop_id = %(shop_id)s and goods_id = %(goods_id)s
    order by since desc, page_no desc
    limit %(limit)s
"""
DROP_PAGE = "delete from product_pages where shop_id = %(shop_id)s and goods_id = %(goods_id)s and page_no = %(page_no)s"
MONEY = """
    select told.goods_id, count(*)::bigint, (count(*) filter (where told.has_case))::bigint, sum(told.paid_back)::bigint, sum(told.paid_back::float8 ^ 2)
    from (
        select orders.order_no, coalesce(orders.goods_id, '') as goods_id, count(aftersales.order_no) > 0 as has_case,
            coalesce(sum(case when aftersales.state = 'refunded' then coalesce((aftersales.facts ->> 'refund_amount')::bigint, 0) else 0 end), 0) as paid_back
        from orders
        left join aftersales on aftersales.shop_id = orders.shop_id and aftersales.order_no = orders.order_no
        where orders.shop_id = %(shop_id)s and orders.listed_at >= %(since)s and orders.listed_at < %(until)s
        group by orders.order_no, orders.goods_id
    ) as told
    group by told.goods_id
"""
SIDE = """
    select count(*)::bigint,
        (count(*) filter (where exists (
            select 1 from aftersales
            where aftersales.shop_id = %(shop_id)s and aftersales.order_no = orders.order_no and aftersales.listed_at < orders.listed_at + %(within)s
        )))::bigint
    from orders
    where orders.shop_id = %(shop_id)s and orders.goods_id = %(goods_id)s and orders.listed_at >= %(since)s and orders.listed_at < %(until)s
"""
TITLES = "select goods_id, max(title) from items where shop_id = %(shop_id)s and goods_id = any(%(goods_ids)s) and title is not null group by goods_id"
# what no list of products tells, an order calls by a name: one that was reviewed is found along the index of reviews
CALLED = """
    select named.goods_id, told.title
    from unnest(%(goods_ids)s::text[]) as named (goods_id),
        lateral (
            select orders.facts ->> 'title' as title
            from reviews
            join orders on orders.shop_id = reviews.shop_id and orders.order_no = reviews.order_no
            where reviews.shop_id = %(shop_id)s and reviews.goods_id = named.goods_id and orders.goods_id = named.goods_id
            order by reviews.placed_at desc
            limit 1
        ) as told
    where told.title is not null
"""


def open_alarms(tx: Tx, shop_id: int, limit: int) -> list[ProductAlarm]:
    """The products that are raised and were not looked at yet, the newest first."""
    with tx.cursor(row_factory=class_row(ProductAlarm)) as cursor:
        return cursor.execute(OPEN, {"shop_id": shop_id, "limit": limit}).fetchall()


def alarm(tx: Tx, shop_id: int, goods_id: str) -> ProductAlarm | None:
    """The alarm of a product, looked at or not."""
    with tx.cursor(row_factory=class_row(ProductAlarm)) as cursor:
        return cursor.execute(ALARM, {"shop_id": shop_id, "goods_id": goods_id}).fetchone()


def alarms(tx: Tx, shop_id: int, goods_ids: Sequence[str]) -> dict[str, ProductAlarm]:
    """The alarms of these products."""
    with tx.cursor(row_factory=class_row(ProductAlarm)) as cursor:
        return {one.goods_id: one for one in cursor.execute(ALL_ALARMS, {"shop_id": shop_id, "goods_ids": list(goods_ids)})}


def raise_product(tx: Tx, shop_id: int, goods_id: str, raised_at: datetime, rule: str, found: Found) -> None:
    """Raises a product, or says anew why it is raised."""
    tx.execute(RAISE, {"shop_id": shop_id, "goods_id": goods_id, "raised_at": raised_at, "rule": rule, "found": msgspec.json.encode(found).decode()})


def calm_others(tx: Tx, shop_id: int, goods_ids: Sequence[str]) -> None:
    """Takes back what nothing raises any more: the reviews that did were undone, or have grown old."""
    slots = {"shop_id": shop_id, "goods_ids": list(goods_ids)}
    tx.execute(SETTLE, slots)
    tx.execute(CALM, slots)


def check(tx: Tx, shop_id: int, goods_id: str, at: datetime, by: int | None, note: str) -> bool:
    """Whether the product was raised; it was looked at now."""
    return tx.execute(CHECK, {"shop_id": shop_id, "goods_id": goods_id, "at": at, "by": by, "note": note}).rowcount == 1


def put_page(tx: Tx, shop_id: int, page: ProductPage, by: int | None, now: datetime) -> int:
    """Keeps what a page says, and gives its number."""
    slots = {"shop_id": shop_id, "goods_id": page.goods_id, "title": page.title, "detail": page.detail, "since": page.since, "by": by, "now": now}
    row = tx.execute(PUT_PAGE, slots).fetchone()
    assert row is not None
    return int(row[0])


def pages(tx: Tx, shop_id: int, goods_id: str, limit: int) -> list[ProductPage]:
    """The versions of a page, the newest first."""
    with tx.cursor(row_factory=class_row(ProductPage)) as cursor:
        return cursor.execute(PAGES, {"shop_id": shop_id, "goods_id": goods_id, "limit": limit}).fetchall()


def drop_page(tx: Tx, shop_id: int, goods_id: str, page_no: int) -> bool:
    """Whether there was such a version; it is gone now."""
    return tx.execute(DROP_PAGE, {"shop_id": shop_id, "goods_id": goods_id, "page_no": page_no}).rowcount == 1


def money(tx: Tx, shop_id: int, since: datetime, until: datetime) -> list[GoodsMoney]:
    """What the cases of each product cost, of the orders listed in the stretch."""
    with tx.cursor(row_factory=args_row(GoodsMoney)) as cursor:
        return cursor.execute(MONEY, {"shop_id": shop_id, "since": since, "until": until}).fetchall()


def side(tx: Tx, shop_id: int, goods_id: str, since: datetime, until: datetime, within: timedelta) -> Side:
    """The orders of a product in the stretch, and how many had a case so soon after they were placed."""
    row = tx.execute(SIDE, {"shop_id": shop_id, "goods_id": goods_id, "since": since, "until": until, "within": within}).fetchone()
    return Side(0, 0) if row is None else Side(row[0], row[1])


def titles(tx: Tx, shop_id: int, goods_ids: Sequence[str]) -> dict[str, str]:
    """What the products are called: by a list of products, else by an order that was reviewed."""
    found: dict[str, str] = dict(tx.execute(TITLES, {"shop_id": shop_id, "goods_ids": list(goods_ids)}).fetchall())
    missing = [goods_id for goods_id in goods_ids if goods_id not in found]
    return found | dict(tx.execute(CALLED, {"shop_id": shop_id, "goods_ids": missing}).fetchall()) if missing else found
