"""How the worker fares with each kind of work in each shop. Moments are the wall clock's."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class LaneState(msgspec.Struct, frozen=True):
    """One lane in one shop."""

    shop_id: int
    lane: str
    last_at: datetime | None
    failures: int
    paused_until: datetime | None
    problem: str | None
    problem_at: datetime | None


OF_LANE = """
    select shop_id, lane, last_at, failures, paused_until, problem::text as problem, problem_at
    from lanes where shop_id = any(%(shop_ids)s) and lane = %(lane)s
"""
OF_SHOPS = """
    select shop_id, lane, last_at, failures, paused_until, problem::text as problem, problem_at
    from lanes where shop_id = any(%(shop_ids)s) order by shop_id, lane
"""
WELL = """
    insert into lanes (shop_id, lane, last_at) values (%(shop_id)s, %(lane)s, %(wall)s)
    on conflict (shop_id, lane) do update set last_at = excluded.last_at, failures = 0, paused_until = null, problem = null, problem_at = null
"""
REST = """
    insert into lanes as l (shop_id, lane, failures, paused_until, problem, problem_at)
    values (%(shop_id)s, %(lane)s, %(failures)s, %(until)s, %(problem)s::json, %(wall)s)
    on conflict (shop_id, lane) do update set
        failures = excluded.failures, paused_until = excluded.paused_until, problem = coalesce(excluded.problem, l.problem),
        problem_at = case when excluded.problem is null then l.problem_at else excluded.problem_at end
"""
RESUME = "update lanes set paused_until = null where shop_id = %(shop_id)s and paused_until is not null"
# a rest that lies farther ahead than any is ever given comes from a clock that was wrong
MEND = "update lanes set paused_until = null where shop_id = %(shop_id)s and paused_until > %(beyond)s"


def of_lane(tx: Tx, shop_ids: Sequence[int], lane: str) -> dict[int, LaneState]:
    """How this lane fares in these shops; shops it never was in are left out."""
    with tx.cursor(row_factory=class_row(LaneState)) as cursor:
        return {row.shop_id: row for row in cursor.execute(OF_LANE, {"shop_ids": list(shop_ids), "lane": lane})}


def of_shops(tx: Tx, shop_ids: Sequence[int]) -> list[LaneState]:
    """How every lane fares in these shops."""
    with tx.cursor(row_factory=class_row(LaneState)) as cursor:
        return cursor.execute(OF_SHOPS, {"shop_ids": list(shop_ids)}).fetchall()


def well(tx: Tx, shop_id: int, lane: str, wall: datetime) -> None:
    """Notes that something was done there, which ends its troubles."""
    tx.execute(WELL, {"shop_id": shop_id, "lane": lane, "wall": wall})


def rest(tx: Tx, shop_id: int, lane: str, failures: int, until: datetime, problem: str | None, wall: datetime) -> None:
    """Lets the shop alone in this lane until then."""
    tx.execute(REST, {"shop_id": shop_id, "lane": lane, "failures": failures, "until": until, "problem": problem, "wall": wall})


def resume(tx: Tx, shop_id: int) -> None:
    """Ends every rest of the shop."""
    tx.execute(RESUME, {"shop_id": shop_id})


def mend(tx: Tx, shop_id: int, beyond: datetime) -> None:
    """Ends rests that last longer than any is given."""
    tx.execute(MEND, {"shop_id": shop_id, "beyond": beyond})
