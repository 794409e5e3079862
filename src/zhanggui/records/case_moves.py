"""The steps that were seen of after-sales cases. Where a case stands is what its last step led to."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx
from zhanggui.records.streams import copy_rows


class CaseMoveRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One step as it stands in the table. Money in fen."""

    shop_id: int
    case_no: str
    move_no: int
    order_no: str | None
    kind: str
    before: str | None
    event: str
    after: str
    who: str
    steps: int
    is_sure: bool
    amount: int | None
    at: datetime
    seen_at: datetime
    source: str
    batch_id: int | None


class NewCaseMove(msgspec.Struct, frozen=True, kw_only=True):
    """One step as it is written."""

    case_no: str
    order_no: str | None
    kind: str
    before: str | None
    event: str
    after: str
    who: str
    steps: int
    is_sure: bool
    amount: int | None
    at: datetime
    seen_at: datetime
    source: str
    batch_id: int | None


class Interventions(msgspec.Struct, frozen=True):
    """How often the platform stepped into a case, and when the case was last seen without it before it did so the last time."""

    times: int
    without_at: datetime | None


COPY_NEW = """
    copy case_moves (shop_id, case_no, order_no, kind, before, event, after, who, steps, is_sure, amount, at, seen_at, source, batch_id) from stdin
"""
LAST = """
    select distinct on (case_no) case_no, kind, after, amount from case_moves
    where shop_id = %(shop_id)s and case_no = any(%(case_nos)s)
    order by case_no, move_no desc
"""
OF_CASES = """
    select shop_id, case_no, move_no, order_no, kind, before, event, after, who, steps, is_sure, amount, at, seen_at, source, batch_id from case_moves
    where shop_id = %(shop_id)s and case_no = any(%(case_nos)s)
    order by case_no, move_no
"""
TURNS = "select case_no, after, at, source from case_moves where shop_id = %(shop_id)s and case_no = any(%(case_nos)s) order by case_no, move_no"
REJECTIONS = """
    select case_no, count(*) from case_moves
    where shop_id = %(shop_id)s and case_no = any(%(case_nos)s) and after = 'request_rejected'
    group by case_no
"""
# what was not understood in between is no time without the platform; an undone import may have taken the step between two others along
INTERVENTIONS = """
    select case_no, count(*), max(left_at) from (
        select case_no, after, lag(after, 1, '') over steps as before, lag(at) over steps as left_at
        from case_moves as known
        where known.shop_id = %(shop_id)s and case_no = any(%(case_nos)s) and after <> 'unknown'
        window steps as (partition by case_no order by move_no)
    ) as steps
    where after = 'with_platform' and before <> 'with_platform'
    group by case_no
"""
# whoever was refused, when first, and whether the platform was called in after that; a case first seen with the platform is taken for one that was refused
# before anybody looked, since else only slow buyers would be counted
REFUSED = """
    select refused.case_no, refused.at, exists (
        select 1 from case_moves as later
        where later.shop_id = %(shop_id)s and later.case_no = refused.case_no and later.after = 'with_platform' and later.at >= refused.at
    ) as is_called
    from (
        select case_no, min(at) as at from case_moves
        where shop_id = %(shop_id)s and at >= %(since)s and (after = 'request_rejected' or (after = 'with_platform' and before is null))
        group by case_no
    ) as refused
    where refused.at <= %(until)s
"""
AGREED_WITHOUT_PLATFORM = """
    select exists (
        select 1 from case_moves as agreed
        where agreed.shop_id = %(shop_id)s and agreed.case_no = %(case_no)s and agreed.after = 'refund_agreed' and agreed.move_no > (
            select max(move_no) from case_moves as taken where taken.shop_id = %(shop_id)s and taken.case_no = %(case_no)s and taken.after = 'with_platform'
        )
    )
"""
REMOVE_OF_BATCH = "delete from case_moves where shop_id = %(shop_id)s and batch_id = %(batch_id)s returning case_no, order_no"
REMOVE_OF_CASES = "delete from case_moves where shop_id = %(shop_id)s and case_no = any(%(case_nos)s)"


def copy_new(tx: Tx, shop_id: int, moves: Iterable[NewCaseMove]) -> None:
    """Writes many steps in one stream."""
    copy_rows(tx, COPY_NEW, ((shop_id, *(getattr(move, name) for name in move.__struct_fields__)) for move in moves))


def last(tx: Tx, shop_id: int, case_nos: Sequence[str]) -> dict[str, tuple[str, str, int | None]]:
    """Kind, state and sum of each case after its last step."""
    return {no: (kind, after, amount) for no, kind, after, amount in tx.execute(LAST, {"shop_id": shop_id, "case_nos": list(case_nos)})}


def of_cases(tx: Tx, shop_id: int, case_nos: Sequence[str]) -> dict[str, list[CaseMoveRecord]]:
    """The steps of each case, the oldest first."""
    found: dict[str, list[CaseMoveRecord]] = {}
    with tx.cursor(row_factory=class_row(CaseMoveRecord)) as cursor:
        for move in cursor.execute(OF_CASES, {"shop_id": shop_id, "case_nos": list(case_nos)}):
            found.setdefault(move.case_no, []).append(move)
    return found


def turns(tx: Tx, shop_id: int, case_nos: Sequence[str]) -> dict[str, list[tuple[str, datetime, str]]]:
    """The state each step of a case led to, when, and by which source it is known; the oldest first."""
    found: dict[str, list[tuple[str, datetime, str]]] = {}
    for no, after, at, source in tx.execute(TURNS, {"shop_id": shop_id, "case_nos": list(case_nos)}):
        found.setdefault(no, []).append((after, at, source))
    return found


def rejections(tx: Tx, shop_id: int, case_nos: Sequence[str]) -> dict[str, int]:
    """How often each case was seen to be rejected; cases that never were are left out."""
    return dict(tx.execute(REJECTIONS, {"shop_id": shop_id, "case_nos": list(case_nos)}).fetchall())


def interventions(tx: Tx, shop_id: int, case_nos: Sequence[str]) -> dict[str, Interventions]:
    """How often the platform was seen to step into each case; cases that it never did are left out."""
    rows = tx.execute(INTERVENTIONS, {"shop_id": shop_id, "case_nos": list(case_nos)}).fetchall() if case_nos else []
    return {no: Interventions(times, without_at) for no, times, without_at in rows}


def refused(tx: Tx, shop_id: int, since: datetime, until: datetime) -> dict[str, bool]:
    """The cases first refused in this time, and whether the platform was called in after that."""
    return {no: bool(is_called) for no, _, is_called in tx.execute(REFUSED, {"shop_id": shop_id, "since": since, "until": until})}


def agreed_without_platform(tx: Tx, shop_id: int, case_no: str) -> bool:
    """Whether the shop was seen to agree to the refund after the platform stepped in the last time."""
    row = tx.execute(AGREED_WITHOUT_PLATFORM, {"shop_id": shop_id, "case_no": case_no}).fetchone()
    return bool(row and row[0])


def remove_of_batch(tx: Tx, shop_id: int, batch_id: int) -> list[tuple[str, str | None]]:
    """Takes away what an undone import told; the cases it told it of, with their orders."""
    return tx.execute(REMOVE_OF_BATCH, {"shop_id": shop_id, "batch_id": batch_id}).fetchall()


def remove_of_cases(tx: Tx, shop_id: int, case_nos: Sequence[str]) -> None:
    """Takes away the steps of cases that nobody tells of any more."""
    if case_nos:
        tx.execute(REMOVE_OF_CASES, {"shop_id": shop_id, "case_nos": list(case_nos)})
