"""Balances read in the back office, withdrawals, sums that are bound, goods' costs; and what tells when money comes."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.facts import OrderFacts
from zhanggui.records.db import Tx


class BalanceMark(msgspec.Struct, frozen=True):
    """The balance as the back office showed it at a moment."""

    at: datetime
    fen: int


class Withdrawal(msgspec.Struct, frozen=True):
    """One withdrawal."""

    withdrawal_no: int
    fen: int
    asked_at: datetime
    due_at: datetime
    account: str
    state: str
    ended_at: datetime | None
    version: int


class Hold(msgspec.Struct, frozen=True):
    """One sum that is bound, or was."""

    hold_no: int
    kind: str
    fen: int
    reason: str
    from_at: datetime
    free_at: datetime | None
    state: str
    lost: int
    ended_at: datetime | None
    version: int


class GoodsCost(msgspec.Struct, frozen=True):
    """What a piece of a SKU costs from a day on."""

    sku: str
    from_day: date
    fen: int


class DayMoney(msgspec.Struct, frozen=True):
    """What buyers paid for the orders of one day at one stage."""

    day: date
    stage: str
    orders: int
    paid: int


class OpenCases(msgspec.Struct, frozen=True):
    """Cases in one state, and what they ask for."""

    state: str
    cases: int
    fen: int


PUT_MARK = """
    insert into balance_marks (shop_id, at, fen, made_by, made_at) values (%(shop_id)s, %(at)s, %(fen)s, %(by)s, %(now)s)
    on conflict (shop_id, at) do update set fen = excluded.fen, made_by = excluded.made_by, made_at = excluded.made_at
"""
MARKS = "select at, fen from balance_marks where shop_id = %(shop_id)s order by at desc limit %(limit)s"
PUT_WITHDRAWAL = """
    insert into withdrawals (shop_id, fen, asked_at, due_at, account, state, made_by, made_at)
    values (%(shop_id)s, %(fen)s, %(asked_at)s, %(due_at)s, %(account)s, %(state)s, %(by)s, %(now)s)
    returning withdrawal_no
"""
# those under way whatever their age, the oldest first where they are too many; of those that ended the newest
WITHDRAWALS = """
    select * from (
        (
            select withdrawal_no, fen, asked_at, due_at, account, state, ended_at, version from withdrawals
            where shop_id = %(shop_id)s and state = 'withdrawal_asked'
            order by withdrawal_no
            limit %(limit)s
        )
        union all
        (
            select withdrawal_no, fen, asked_at, due_at, account, state, ended_at, version from withdrawals
            where shop_id = %(shop_id)s and state <> 'withdrawal_asked'
            order by withdrawal_no desc
            limit %(limit)s
        )
    ) as listed
    order by withdrawal_no desc
"""
WITHDRAWALS_SINCE = """
    select withdrawal_no, fen, asked_at, due_at, account, state, ended_at, version from withdrawals
    where shop_id = %(shop_id)s and asked_at >= %(since)s
    order by withdrawal_no desc
    limit %(limit)s
"""
WITHDRAWALS_UNDER_WAY = """
    select withdrawal_no, fen, asked_at, due_at, account, state, ended_at, version from withdrawals
    where shop_id = %(shop_id)s and state = 'withdrawal_asked'
    order by withdrawal_no
    limit %(limit)s
"""
END_WITHDRAWAL = """
    update withdrawals set state = %(state)s, ended_at = %(at)s, version = version + 1
    where shop_id = %(shop_id)s and withdrawal_no = %(no)s and state = 'withdrawal_asked'
    returning fen
"""
REOPEN_WITHDRAWAL = """
    update withdrawals set state = 'withdrawal_asked', ended_at = null, version = version + 1
    where shop_id = %(shop_id)s and withdrawal_no = %(no)s and state <> 'withdrawal_asked'
    returning fen
"""
PUT_HOLD = """
    insert into holds (shop_id, kind, fen, reason, from_at, free_at, state, made_by, made_at)
    values (%(shop_id)s, %(kind)s, %(fen)s, %(reason)s, %(from_at)s, %(free_at)s, %(state)s, %(by)s, %(now)s)
    returning hold_no
"""
HOLDS = """
    select * from (
        (
            select hold_no, kind, fen, reason, from_at, free_at, state, lost, ended_at, version from holds
            where shop_id = %(shop_id)s and state = 'hold_held'
            order by hold_no
            limit %(limit)s
        )
        union all
        (
            select hold_no, kind, fen, reason, from_at, free_at, state, lost, ended_at, version from holds
            where shop_id = %(shop_id)s and state <> 'hold_held'
            order by hold_no desc
            limit %(limit)s
        )
    ) as listed
    order by hold_no desc
"""
END_HOLD = """
    update holds set state = %(state)s, lost = coalesce(%(lost)s, fen), ended_at = %(at)s, version = version + 1
    where shop_id = %(shop_id)s and hold_no = %(no)s and state = 'hold_held' and fen >= coalesce(%(lost)s, fen)
    returning kind, fen
"""
REOPEN_HOLD = """
    update holds set state = 'hold_held', lost = 0, ended_at = null, version = version + 1
    where shop_id = %(shop_id)s and hold_no = %(no)s and state <> 'hold_held'
    returning kind, fen
"""
# what was paid for orders that have left or wait to, with no refund about; by the day lists put them at
UNDER_WAY = """
    select day, stage, sum(orders)::bigint as orders, sum(paid)::bigint as paid from order_totals
    where shop_id = %(shop_id)s and stage in ('shipped', 'to_ship') and refund = 'none' and day >= %(since)s
    group by day, stage
    order by day, stage
"""
# the newest credits whose order is known: how long after the group formed
CREDITED_AFTER = """
    select percentile_disc(0.5) within group (order by days)::bigint, count(*)::bigint from (
        select greatest(0, extract(epoch from credited.at - orders.listed_at) / 86400)::bigint as days
        from (
            select order_no, at from bill_entries
            where shop_id = %(shop_id)s and class = 'income' and income > 0 and order_no is not null
            order by at desc, line_no desc
            limit %(limit)s
        ) as credited
        join orders on orders.shop_id = %(shop_id)s and orders.order_no = credited.order_no
        where orders.listed_at > %(undated)s
    ) as waited
"""
OPEN_CASES = """
    select state, count(*)::bigint as cases, coalesce(sum((facts ->> 'refund_amount')::bigint), 0)::bigint as fen from aftersales
    where shop_id = %(shop_id)s and state in ('seller_to_answer', 'buyer_to_send', 'seller_to_receive', 'platform_handles')
    group by state order by state
"""
AT_RISK = "select coalesce(sum(worth), 0)::bigint, coalesce(sum(at_risk), 0)::bigint from deadline_totals where shop_id = %(shop_id)s"
COSTS_OF = "select sku, from_day, fen from goods_costs where shop_id = %(shop_id)s and sku = any(%(skus)s) order by sku, from_day"
HAS_COSTS = "select 1 from goods_costs where shop_id = %(shop_id)s limit 1"
PUT_COSTS = """
    insert into goods_costs (shop_id, sku, from_day, fen, made_by, made_at)
    select %(shop_id)s, sku, from_day, fen, %(by)s, %(now)s
    from unnest(%(skus)s::text[], %(days)s::date[], %(fens)s::bigint[]) as told (sku, from_day, fen)
    order by sku, from_day
    on conflict (shop_id, sku, from_day) do update set fen = excluded.fen, made_by = excluded.made_by, made_at = excluded.made_at
"""
NEWEST_ORDERS = """
    select order_no, listed_at, facts::text as facts from orders
    where shop_id = %(shop_id)s and (listed_at, order_no) < (%(before_at)s, %(before_no)s)
    order by listed_at desc, order_no desc
    limit %(limit)s
"""


def put_mark(tx: Tx, shop_id: int, at: datetime, fen: int, by: int | None, now: datetime) -> None:
    """Keeps a balance that was read."""
    tx.execute(PUT_MARK, {"shop_id": shop_id, "at": at, "fen": fen, "by": by, "now": now})


def marks(tx: Tx, shop_id: int, limit: int) -> list[BalanceMark]:
    """The balances that were read, newest first."""
    with tx.cursor(row_factory=class_row(BalanceMark)) as cursor:
        return cursor.execute(MARKS, {"shop_id": shop_id, "limit": limit}).fetchall()


def put_withdrawal(tx: Tx, shop_id: int, slots: dict[str, object]) -> int:
    """The number of a new withdrawal."""
    row = tx.execute(PUT_WITHDRAWAL, {"shop_id": shop_id, **slots}).fetchone()
    assert row is not None
    return int(row[0])


def withdrawals(tx: Tx, shop_id: int, limit: int) -> list[Withdrawal]:
    """The withdrawals, newest first: all that are under way, up to so many, and so many of those that ended."""
    with tx.cursor(row_factory=class_row(Withdrawal)) as cursor:
        return cursor.execute(WITHDRAWALS, {"shop_id": shop_id, "limit": limit}).fetchall()


def withdrawals_since(tx: Tx, shop_id: int, since: datetime, limit: int) -> list[Withdrawal]:
    """The withdrawals asked for from this moment on, newest first."""
    with tx.cursor(row_factory=class_row(Withdrawal)) as cursor:
        return cursor.execute(WITHDRAWALS_SINCE, {"shop_id": shop_id, "since": since, "limit": limit}).fetchall()


def withdrawals_under_way(tx: Tx, shop_id: int, limit: int) -> list[Withdrawal]:
    """The withdrawals of which nobody said yet that they arrived, oldest first."""
    with tx.cursor(row_factory=class_row(Withdrawal)) as cursor:
        return cursor.execute(WITHDRAWALS_UNDER_WAY, {"shop_id": shop_id, "limit": limit}).fetchall()


def end_withdrawal(tx: Tx, shop_id: int, no: int, state: str, at: datetime) -> int | None:
    """Ends one that is under way: its sum; None where there is none."""
    row = tx.execute(END_WITHDRAWAL, {"shop_id": shop_id, "no": no, "state": state, "at": at}).fetchone()
    return None if row is None else int(row[0])


def reopen_withdrawal(tx: Tx, shop_id: int, no: int) -> int | None:
    """Takes the end back: its sum; None where it had not ended."""
    row = tx.execute(REOPEN_WITHDRAWAL, {"shop_id": shop_id, "no": no}).fetchone()
    return None if row is None else int(row[0])


def put_hold(tx: Tx, shop_id: int, slots: dict[str, object]) -> int:
    """The number of a new bound sum."""
    row = tx.execute(PUT_HOLD, {"shop_id": shop_id, **slots}).fetchone()
    assert row is not None
    return int(row[0])


def holds(tx: Tx, shop_id: int, limit: int) -> list[Hold]:
    """The bound sums, newest first: all that are still bound, up to so many, and so many of those that ended."""
    with tx.cursor(row_factory=class_row(Hold)) as cursor:
        return cursor.execute(HOLDS, {"shop_id": shop_id, "limit": limit}).fetchall()


def end_hold(tx: Tx, shop_id: int, no: int, state: str, lost: int | None, at: datetime) -> tuple[str, int] | None:
    """Ends one that is bound, all of it lost where `lost` is None: its kind and sum; None where there is none, or less than what is said to be lost."""
    return tx.execute(END_HOLD, {"shop_id": shop_id, "no": no, "state": state, "lost": lost, "at": at}).fetchone()


def reopen_hold(tx: Tx, shop_id: int, no: int) -> tuple[str, int] | None:
    """Takes the end back: its kind and sum; None where it had not ended."""
    return tx.execute(REOPEN_HOLD, {"shop_id": shop_id, "no": no}).fetchone()


def under_way(tx: Tx, shop_id: int, since: date) -> list[DayMoney]:
    """What was paid for orders under way, by day and stage."""
    with tx.cursor(row_factory=class_row(DayMoney)) as cursor:
        return cursor.execute(UNDER_WAY, {"shop_id": shop_id, "since": since}).fetchall()


def credited_after(tx: Tx, shop_id: int, limit: int, undated: datetime) -> tuple[int | None, int]:
    """After how many days half of the newest orders' money was credited, and how many orders tell."""
    row = tx.execute(CREDITED_AFTER, {"shop_id": shop_id, "limit": limit, "undated": undated}).fetchone()
    return row or (None, 0)


def open_cases(tx: Tx, shop_id: int) -> list[OpenCases]:
    """What open cases ask for, by state."""
    with tx.cursor(row_factory=class_row(OpenCases)) as cursor:
        return cursor.execute(OPEN_CASES, {"shop_id": shop_id}).fetchall()


def at_risk(tx: Tx, shop_id: int) -> tuple[int, int]:
    """What running deadlines are expected to cost, and what they can cost."""
    row = tx.execute(AT_RISK, {"shop_id": shop_id}).fetchone()
    return row or (0, 0)


def has_costs(tx: Tx, shop_id: int) -> bool:
    """Whether the shop has said of any goods what they cost."""
    return tx.execute(HAS_COSTS, {"shop_id": shop_id}).fetchone() is not None


def costs_of(tx: Tx, shop_id: int, skus: Sequence[str]) -> dict[str, list[GoodsCost]]:
    """What each of these SKUs costs, the oldest first."""
    found: dict[str, list[GoodsCost]] = {}
    with tx.cursor(row_factory=class_row(GoodsCost)) as cursor:
        for cost in cursor.execute(COSTS_OF, {"shop_id": shop_id, "skus": list(skus)}):
            found.setdefault(cost.sku, []).append(cost)
    return found


def put_costs(tx: Tx, shop_id: int, told: Sequence[GoodsCost], by: int | None, now: datetime) -> None:
    """Keeps what SKUs cost."""
    slots = {"skus": [one.sku for one in told], "days": [one.from_day for one in told], "fens": [one.fen for one in told]}
    tx.execute(PUT_COSTS, {"shop_id": shop_id, "by": by, "now": now, **slots})


def newest_orders(tx: Tx, shop_id: int, before: tuple[datetime, str], limit: int) -> list[tuple[datetime, OrderFacts]]:
    """The orders in the order of lists, before one of them, with where lists put them."""
    slots = {"shop_id": shop_id, "before_at": before[0], "before_no": before[1], "limit": limit}
    return [(at, msgspec.json.decode(text, type=OrderFacts)) for _, at, text in tx.execute(NEWEST_ORDERS, slots)]
