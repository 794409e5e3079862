"""Orders as lists read them: a page of keys by index, found by number, counted by day and state without counting."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.facts import OrderFacts
from zhanggui.records.db import Tx
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.records.each_shop import merged, of_numbers

FIRST = (datetime(9999, 1, 1, tzinfo=UTC), "", 0)
EVER = datetime(1, 1, 2, tzinfo=UTC)
"""No order was listed before."""


class OrdersWanted(msgspec.Struct, frozen=True):
    """Which orders: in which shops, at which stage, in which refund state, after which (listed at, order number, shop), from which moment on."""

    shop_ids: list[int]
    stage: str | None
    refund: str | None
    after: tuple[datetime, str, int] | None
    limit: int
    since: datetime | None = None


class ListedOrder(msgspec.Struct, frozen=True):
    """An order and where lists put it."""

    shop_id: int
    order_no: str
    listed_at: datetime
    facts: str

    @property
    def order(self) -> OrderFacts:
        """The order itself."""
        return msgspec.json.decode(self.facts, type=OrderFacts)


class DayTotal(msgspec.Struct, frozen=True):
    """Orders of one day and what was paid for them."""

    day: date
    orders: int
    paid: int


class StateTotal(msgspec.Struct, frozen=True):
    """Orders in one stage and refund state."""

    stage: str
    refund: str
    orders: int


class Found(msgspec.Struct, frozen=True):
    """Something that bears a number: an order (also by its parcel) or an after-sales case."""

    shop_id: int
    kind: str
    no: str


# of one shop: one index scan, never longer than the page
PAGE = """
    select shop_id, order_no, listed_at, facts::text as facts
    from orders
    where shop_id = %(shop_id)s
        and listed_at >= %(since)s and (listed_at, order_no) <= (%(after_at)s, %(after_no)s)
        and ((listed_at, order_no) < (%(after_at)s, %(after_no)s) or shop_id < %(after_shop)s)
        and (%(refund)s::text is null or refund = %(refund)s)
    order by listed_at desc, order_no desc
    limit %(limit)s
"""
PAGE_AT_STAGE = """
    select shop_id, order_no, listed_at, facts::text as facts
    from orders
    where shop_id = %(shop_id)s and stage = %(stage)s
        and listed_at >= %(since)s and (listed_at, order_no) <= (%(after_at)s, %(after_no)s)
        and ((listed_at, order_no) < (%(after_at)s, %(after_no)s) or shop_id < %(after_shop)s)
        and (%(refund)s::text is null or refund = %(refund)s)
    order by listed_at desc, order_no desc
    limit %(limit)s
"""
PAGE_IN_REFUND = """
    select shop_id, order_no, listed_at, facts::text as facts
    from orders
    where shop_id = %(shop_id)s and refund = %(refund)s and refund <> 'none'
        and listed_at >= %(since)s and (listed_at, order_no) <= (%(after_at)s, %(after_no)s)
        and ((listed_at, order_no) < (%(after_at)s, %(after_no)s) or shop_id < %(after_shop)s)
    order by listed_at desc, order_no desc
    limit %(limit)s
"""
BY_NUMBER = """
    select orders.shop_id, order_no, listed_at, facts::text as facts
    from orders
    where shop_id = any(%(shop_ids)s) and order_no in (
        select order_no from orders where shop_id = any(%(shop_ids)s) and order_no = %(number)s
        union
        select order_no from orders where shop_id = any(%(shop_ids)s) and tracking_no = %(number)s
        union
        select order_no from aftersales where shop_id = any(%(shop_ids)s) and case_no = %(number)s
    )
    order by listed_at desc, order_no desc
    limit %(limit)s
"""
FIND = """
    select shop_id, 'order' as kind, order_no as no from orders where shop_id = any(%(shop_ids)s) and order_no = %(number)s
    union
    select shop_id, 'order', order_no from orders where shop_id = any(%(shop_ids)s) and tracking_no = %(number)s
    union
    select shop_id, 'aftersale', case_no from aftersales where shop_id = any(%(shop_ids)s) and case_no = %(number)s
    order by shop_id, kind, no
    limit %(limit)s
"""
MOST_URGENT = """
    select urgent.*
    from unnest(%(nos)s::text[]) as listed (order_no)
    cross join lateral (
        select shop_id, subject_kind, subject_no, kind, state, counts_from, started_at, due_at, due_source, look_at, band, score, rule, basis,
            at_risk, worth, risk_rule, closed_at, because::text as because, order_no, assignee, data_as_of, made_at
        from deadlines
        where deadlines.shop_id = %(shop_id)s and deadlines.order_no = listed.order_no and band is not null
        order by state, due_at
        limit 1
    ) as urgent
"""
STATE_TOTALS = """
    select stage, refund, sum(orders)::bigint as orders from order_totals
    where shop_id = any(%(shop_ids)s) group by stage, refund order by stage, refund
"""
DAY_TOTALS = """
    select day, sum(orders)::bigint as orders, sum(paid)::bigint as paid from order_totals
    where shop_id = any(%(shop_ids)s) and day between %(first)s and %(last)s group by day order by day
"""


def page(tx: Tx, wanted: OrdersWanted) -> list[ListedOrder]:
    """A page of orders, newest first."""
    after_at, after_no, after_shop = wanted.after or FIRST
    slots = {
        "stage": wanted.stage,
        "refund": wanted.refund,
        "since": wanted.since or EVER,
        "after_at": after_at,
        "after_no": after_no,
        "after_shop": after_shop,
        "limit": wanted.limit,
    }
    statement = PAGE_AT_STAGE if wanted.stage else PAGE_IN_REFUND if wanted.refund and wanted.refund != "none" else PAGE
    with tx.cursor(row_factory=class_row(ListedOrder)) as cursor:
        return merged(cursor, statement, slots, wanted.shop_ids, lambda row: (row.listed_at, row.order_no, row.shop_id), wanted.limit)


def by_number(tx: Tx, shop_ids: Sequence[int], number: str, limit: int) -> list[ListedOrder]:
    """The orders with this order number, parcel number or case number."""
    with tx.cursor(row_factory=class_row(ListedOrder)) as cursor:
        return cursor.execute(BY_NUMBER, {"shop_ids": list(shop_ids), "number": number, "limit": limit}).fetchall()


def find(tx: Tx, shop_ids: Sequence[int], number: str, limit: int) -> list[Found]:
    """Whatever bears this number."""
    with tx.cursor(row_factory=class_row(Found)) as cursor:
        return cursor.execute(FIND, {"shop_ids": list(shop_ids), "number": number, "limit": limit}).fetchall()


def most_urgent(tx: Tx, orders: Sequence[tuple[int, str]]) -> dict[tuple[int, str], StoredDeadline]:
    """The running deadline of each order that is due first; those nobody can verify come last."""
    with tx.cursor(row_factory=class_row(StoredDeadline)) as cursor:
        return {(row.shop_id, str(row.order_no)): row for row in of_numbers(cursor, MOST_URGENT, orders)}


def state_totals(tx: Tx, shop_ids: Sequence[int]) -> list[StateTotal]:
    """How many orders stand in each stage and refund state."""
    with tx.cursor(row_factory=class_row(StateTotal)) as cursor:
        return cursor.execute(STATE_TOTALS, {"shop_ids": list(shop_ids)}).fetchall()


def day_totals(tx: Tx, shop_ids: Sequence[int], first: date, last: date) -> list[DayTotal]:
    """How many orders belong to each day, and what was paid for them."""
    with tx.cursor(row_factory=class_row(DayTotal)) as cursor:
        return cursor.execute(DAY_TOTALS, {"shop_ids": list(shop_ids), "first": first, "last": last}).fetchall()
