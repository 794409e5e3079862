"""Refunds held against the bill, one row each, and what they come to by month; kept with every write that bears on one."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.moments import shanghai_day
from zhanggui.records.db import Tx
from zhanggui.records.streams import copy_rows

ORDER, CASE, LINE = "order", "case", "line"


class MatchRow(msgspec.Struct, frozen=True):
    """One refund. Money in fen; `told` is None where nobody tells the sum."""

    subject: str
    no: str
    state: str
    reason: str
    since: datetime
    told: int | None
    billed: int
    booked: int
    fee: int
    fee_back: int
    fee_state: str
    fee_due: int


class MatchTotal(msgspec.Struct, frozen=True):
    """What the refunds of one sort come to."""

    state: str
    reason: str
    fee_state: str
    refunds: int
    told: int
    billed: int
    fee_due: int


HELD = """
    select subject, no, state, reason, since, told, billed, booked, fee, fee_back, fee_state, fee_due from refund_matches
    where shop_id = %(shop_id)s and subject = %(subject)s and no = any(%(nos)s)
"""
AMONG = "select no from refund_matches where shop_id = %(shop_id)s and subject = 'order' and no = any(%(nos)s)"
COPY_NEW = "copy refund_matches (shop_id, subject, no, state, reason, since, told, billed, booked, fee, fee_back, fee_state, fee_due) from stdin"
REMOVE = "delete from refund_matches where shop_id = %(shop_id)s and subject = %(subject)s and no = any(%(nos)s)"
ADD = """
    insert into refund_match_totals (shop_id, month, state, reason, fee_state, refunds, told, billed, fee_due)
    select %(shop_id)s, month, state, reason, fee_state, refunds, told, billed, fee_due
    from unnest(%(months)s::date[], %(states)s::text[], %(reasons)s::text[], %(fee_states)s::text[], %(refunds)s::bigint[], %(tolds)s::bigint[],
        %(billeds)s::bigint[], %(dues)s::bigint[]) as delta (month, state, reason, fee_state, refunds, told, billed, fee_due)
    order by month, state, reason, fee_state
    on conflict (shop_id, month, state, reason, fee_state) do update set refunds = refund_match_totals.refunds + excluded.refunds,
        told = refund_match_totals.told + excluded.told, billed = refund_match_totals.billed + excluded.billed,
        fee_due = refund_match_totals.fee_due + excluded.fee_due
"""
DROP_EMPTY = "delete from refund_match_totals where shop_id = %(shop_id)s and refunds = 0 and month = any(%(months)s)"
TOTALS = """
    select state, reason, fee_state, sum(refunds)::bigint as refunds, sum(told)::bigint as told, sum(billed)::bigint as billed, sum(fee_due)::bigint as fee_due
    from refund_match_totals where shop_id = %(shop_id)s and month between %(first)s and %(last)s
    group by state, reason, fee_state
    order by state, reason, fee_state
"""
# oldest first: what has waited longest is what somebody should ask about
PAGE = """
    select subject, no, state, reason, since, told, billed, booked, fee, fee_back, fee_state, fee_due from refund_matches
    where shop_id = %(shop_id)s and state = %(state)s and (since, subject, no) > (%(after_at)s, %(after_subject)s, %(after_no)s)
    order by since, subject, no
    limit %(limit)s
"""
# those that differ otherwise, such as those whose sum nobody tells, may be far more
OVERBILLED = """
    select subject, no, state, reason, since, told, billed, booked, fee, fee_back, fee_state, fee_due from refund_matches
    where shop_id = %(shop_id)s and state = 'match_differs' and subject = %(subject)s and billed > told
    order by since, no
    limit %(limit)s
"""
FEE_PAGE = """
    select subject, no, state, reason, since, told, billed, booked, fee, fee_back, fee_state, fee_due from refund_matches
    where shop_id = %(shop_id)s and fee_state = %(state)s and fee_state not in ('no_fee', 'fee_back')
        and (since, subject, no) > (%(after_at)s, %(after_subject)s, %(after_no)s)
    order by since, subject, no
    limit %(limit)s
"""

# orders that a case, or they themselves, tell a refund of, and those that have a row, be it by the bill alone; lines of another class find theirs by themselves
NEXT_ORDERS = """
    select order_no from (
        (select order_no from orders where shop_id = %(shop_id)s and order_no > %(after)s
            and (refund = 'refunded' or coalesce((facts ->> 'refund_amount')::bigint, 0) <> 0)
        order by order_no limit %(limit)s)
        union
        (select order_no from aftersales where shop_id = %(shop_id)s and state = 'refunded' and order_no > %(after)s order by order_no limit %(limit)s)
        union
        (select no as order_no from refund_matches where shop_id = %(shop_id)s and subject = 'order' and no > %(after)s order by no limit %(limit)s)
    ) as told
    order by order_no
    limit %(limit)s
"""
NEXT_LOOSE_CASES = """
    select case_no from aftersales where shop_id = %(shop_id)s and (order_no is null or order_no = '') and case_no > %(after)s
    order by case_no
    limit %(limit)s
"""


def held(tx: Tx, shop_id: int, subject: str, nos: Sequence[str]) -> dict[str, MatchRow]:
    """The rows of these, by number."""
    if not nos:
        return {}
    with tx.cursor(row_factory=class_row(MatchRow)) as cursor:
        return {row.no: row for row in cursor.execute(HELD, {"shop_id": shop_id, "subject": subject, "nos": list(nos)})}


def among(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> set[str]:
    """Those of these orders that have a row."""
    return {no for (no,) in tx.execute(AMONG, {"shop_id": shop_id, "nos": list(order_nos)})} if order_nos else set()


def replace(tx: Tx, shop_id: int, gone: Sequence[MatchRow], new: Sequence[MatchRow]) -> None:
    """Takes rows away and stores others, and lets the totals follow."""
    for subject in sorted({row.subject for row in gone}):
        tx.execute(REMOVE, {"shop_id": shop_id, "subject": subject, "nos": [row.no for row in gone if row.subject == subject]})
    if new:
        copy_rows(tx, COPY_NEW, ((shop_id, *msgspec.structs.astuple(row)) for row in new))
    _total(tx, shop_id, gone, new)


def totals(tx: Tx, shop_id: int, first: date, last: date) -> list[MatchTotal]:
    """What the refunds of these months come to, by sort."""
    with tx.cursor(row_factory=class_row(MatchTotal)) as cursor:
        return cursor.execute(TOTALS, {"shop_id": shop_id, "first": first, "last": last}).fetchall()


def page(tx: Tx, shop_id: int, state: str, after: tuple[datetime, str, str], limit: int, *, by_fee: bool = False) -> list[MatchRow]:
    """The refunds in this state, or those whose fee is, oldest first, after one of them."""
    slots = {"shop_id": shop_id, "state": state, "after_at": after[0], "after_subject": after[1], "after_no": after[2], "limit": limit}
    with tx.cursor(row_factory=class_row(MatchRow)) as cursor:
        return cursor.execute(FEE_PAGE if by_fee else PAGE, slots).fetchall()


def overbilled(tx: Tx, shop_id: int, limit: int) -> list[MatchRow]:
    """The orders for whose refund the bill took more than somebody tells of, oldest first."""
    with tx.cursor(row_factory=class_row(MatchRow)) as cursor:
        return cursor.execute(OVERBILLED, {"shop_id": shop_id, "subject": ORDER, "limit": limit}).fetchall()


def next_orders(tx: Tx, shop_id: int, after: str, limit: int) -> list[str]:
    """The next orders that somebody tells a refund of, or the bill alone."""
    return [no for (no,) in tx.execute(NEXT_ORDERS, {"shop_id": shop_id, "after": after, "limit": limit})]


def next_loose_cases(tx: Tx, shop_id: int, after: str, limit: int) -> list[str]:
    """The next cases that name no order."""
    return [no for (no,) in tx.execute(NEXT_LOOSE_CASES, {"shop_id": shop_id, "after": after, "limit": limit})]


def _total(tx: Tx, shop_id: int, gone: Sequence[MatchRow], come: Sequence[MatchRow]) -> None:
    sums: dict[tuple[date, str, str, str], list[int]] = {}
    for sign, rows in ((-1, gone), (1, come)):
        for row in rows:
            place = (shanghai_day(row.since).replace(day=1), row.state, row.reason, row.fee_state)
            total = sums.setdefault(place, [0, 0, 0, 0])
            total[0] += sign
            total[1] += sign * (row.told or 0)
            total[2] += sign * row.billed
            total[3] += sign * row.fee_due
    changed = [(place, total) for place, total in sums.items() if any(total)]
    if not changed:
        return
    slots = {
        "shop_id": shop_id,
        "months": [place[0] for place, _ in changed],
        "states": [place[1] for place, _ in changed],
        "reasons": [place[2] for place, _ in changed],
        "fee_states": [place[3] for place, _ in changed],
        "refunds": [total[0] for _, total in changed],
        "tolds": [total[1] for _, total in changed],
        "billeds": [total[2] for _, total in changed],
        "dues": [total[3] for _, total in changed],
    }
    tx.execute(ADD, slots)
    if gone:
        tx.execute(DROP_EMPTY, {"shop_id": shop_id, "months": sorted({place[0] for place, _ in changed})})
