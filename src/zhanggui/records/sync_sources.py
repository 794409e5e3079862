"""The sources a shop is read from: how far back, how far on, when there is something to do next, and the last trouble."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class SourceRecord(msgspec.Struct, frozen=True):
    """A source of a shop as it stands. `problem` is a Say as JSON."""

    shop_id: int
    source: str
    goal: datetime | None
    floor: datetime | None
    horizon: datetime | None
    seen_to: datetime | None
    plan_at: datetime
    look_at: datetime | None
    rests_until: datetime | None
    failures: int
    windows: int
    calls: int
    things: int
    healed: int
    problem: str | None
    problem_at: datetime | None
    begun_at: datetime


class Horizon(msgspec.Struct, frozen=True):
    """Up to which moment a source of a shop was read without a hole, and the kind of fact it watches."""

    shop_id: int
    kind: str
    source: str
    horizon: datetime | None


# what is begun again wakes up at once, and forgets what it rested for
BEGIN = """
    insert into sync_sources (shop_id, source, plan_at, look_at, begun_at)
    select %(shop_id)s, source, %(wall)s, %(wall)s, %(now)s from unnest(%(sources)s::text[]) as given (source)
    on conflict (shop_id, source) do update set plan_at = excluded.plan_at, look_at = excluded.look_at, rests_until = null, failures = 0
"""
WAKE = """
    update sync_sources set rests_until = null, look_at = least(look_at, %(wall)s)
    where shop_id = %(shop_id)s and rests_until > %(wall)s and look_at is not null
"""
PAUSE = "update sync_sources set look_at = null where shop_id = %(shop_id)s"
# a few rows a shop: small enough to be asked every second
DUE = "select shop_id from sync_sources where look_at <= %(wall)s group by shop_id order by min(look_at)"
OF_SHOP = """
    select shop_id, source, goal, floor, horizon, seen_to, plan_at, look_at, rests_until, failures, windows, calls, things, healed,
        problem::text as problem, problem_at, begun_at
    from sync_sources where shop_id = %(shop_id)s order by source
"""
HORIZONS = "select shop_id, source, seen_to from sync_sources where shop_id = any(%(shop_ids)s) order by shop_id, source"
# whoever plans holds the row, so that no window is planned twice
LOCK_TO_PLAN = """
    select shop_id, source, goal, floor, horizon, seen_to, plan_at, look_at, rests_until, failures, windows, calls, things, healed,
        problem::text as problem, problem_at, begun_at
    from sync_sources
    where shop_id = %(shop_id)s and look_at is not null and plan_at <= %(wall)s and (rests_until is null or rests_until <= %(wall)s)
    order by source
    for update skip locked
"""
MUST_PLAN = """
    select exists (
        select 1 from sync_sources
        where shop_id = %(shop_id)s and look_at is not null and plan_at <= %(wall)s and (rests_until is null or rests_until <= %(wall)s)
    )
"""
LOCK = """
    select shop_id, source, goal, floor, horizon, seen_to, plan_at, look_at, rests_until, failures, windows, calls, things, healed,
        problem::text as problem, problem_at, begun_at
    from sync_sources where shop_id = %(shop_id)s and source = %(source)s
    for update
"""
PLANNED = "update sync_sources set plan_at = %(plan_at)s, goal = %(goal)s, floor = %(floor)s where shop_id = %(shop_id)s and source = %(source)s"
PLAN_NOW = """
    update sync_sources set plan_at = %(wall)s, look_at = %(wall)s, rests_until = null
    where shop_id = %(shop_id)s and source = any(%(sources)s) and look_at is not null
"""
LOOK_NEXT = """
    update sync_sources
    set look_at = greatest(
        rests_until,
        least(
            plan_at,
            (select min(w.look_at) from sync_windows w where w.shop_id = %(shop_id)s and w.source = sync_sources.source and w.state <> 'done')
        )
    )
    where sync_sources.shop_id = %(shop_id)s and source = any(%(sources)s) and look_at is not null
"""
READ = """
    update sync_sources
    set floor = %(floor)s, horizon = %(horizon)s, seen_to = %(seen_to)s, windows = windows + 1, calls = calls + %(calls)s, things = things + %(things)s,
        healed = healed + %(healed)s, problem = null, problem_at = null, rests_until = null, failures = 0
    where shop_id = %(shop_id)s and source = %(source)s
"""
TROUBLE = """
    update sync_sources
    set problem = %(problem)s, problem_at = %(at)s, calls = calls + %(calls)s, failures = failures + 1
    where shop_id = %(shop_id)s and source = %(source)s
    returning failures
"""
SPENT = "update sync_sources set calls = calls + %(calls)s where shop_id = %(shop_id)s and source = %(source)s"
REST = "update sync_sources set rests_until = %(until)s where shop_id = %(shop_id)s and source = any(%(sources)s)"
# a moment that lies farther ahead than any is ever given comes from a clock that was wrong
MEND = """
    update sync_sources
    set plan_at = least(plan_at, %(wall)s), rests_until = case when rests_until > %(beyond)s then null else rests_until end,
        look_at = case when look_at is null then null else %(wall)s end
    where shop_id = %(shop_id)s and (plan_at > %(beyond)s or rests_until > %(beyond)s or look_at > %(beyond)s)
"""

WATCHES = {"orders": "order", "refunds": "aftersale"}
"""The kind of fact that each source's horizon speaks for."""


def begin(tx: Tx, shop_id: int, sources: Sequence[str], now: datetime, wall: datetime) -> None:
    """Lets these sources be read, from now on or again."""
    tx.execute(BEGIN, {"shop_id": shop_id, "sources": list(sources), "now": now, "wall": wall})


def wake(tx: Tx, shop_id: int, wall: datetime) -> None:
    """Ends the rest of the shop's sources: what every window would have met is mended."""
    tx.execute(WAKE, {"shop_id": shop_id, "wall": wall})


def pause(tx: Tx, shop_id: int) -> None:
    """Lets the shop's sources rest until they are begun again."""
    tx.execute(PAUSE, {"shop_id": shop_id})


def shops_due(tx: Tx, wall: datetime) -> list[int]:
    """The shops in which there is something to do, the longest waiting first."""
    return [shop_id for (shop_id,) in tx.execute(DUE, {"wall": wall})]


def of_shop(tx: Tx, shop_id: int) -> list[SourceRecord]:
    """The sources of a shop."""
    with tx.cursor(row_factory=class_row(SourceRecord)) as cursor:
        return cursor.execute(OF_SHOP, {"shop_id": shop_id}).fetchall()


def horizons(tx: Tx, shop_ids: Sequence[int]) -> list[Horizon]:
    """Up to which moment each kind of fact that a source watches was read without a hole."""
    rows = tx.execute(HORIZONS, {"shop_ids": list(shop_ids)})
    return [Horizon(shop_id, WATCHES[source], source, seen_to) for shop_id, source, seen_to in rows if source in WATCHES]


def lock_to_plan(tx: Tx, shop_id: int, wall: datetime) -> list[SourceRecord]:
    """The sources whose windows are to be planned now, held until the transaction ends; those that somebody else plans are left out."""
    with tx.cursor(row_factory=class_row(SourceRecord)) as cursor:
        return cursor.execute(LOCK_TO_PLAN, {"shop_id": shop_id, "wall": wall}).fetchall()


def must_plan(tx: Tx, shop_id: int, wall: datetime) -> bool:
    """Whether windows of any source of the shop are to be planned now."""
    row = tx.execute(MUST_PLAN, {"shop_id": shop_id, "wall": wall}).fetchone()
    return bool(row and row[0])


def lock(tx: Tx, shop_id: int, source: str) -> SourceRecord | None:
    """One source, held until the transaction ends."""
    with tx.cursor(row_factory=class_row(SourceRecord)) as cursor:
        return cursor.execute(LOCK, {"shop_id": shop_id, "source": source}).fetchone()


def planned(tx: Tx, shop_id: int, source: str, *, plan_at: datetime, goal: datetime | None, floor: datetime | None) -> None:
    """Notes when windows are planned next."""
    tx.execute(PLANNED, {"shop_id": shop_id, "source": source, "plan_at": plan_at, "goal": goal, "floor": floor})


def plan_now(tx: Tx, shop_id: int, sources: Sequence[str], wall: datetime) -> None:
    """Lets these sources be planned at once, whatever they rested for."""
    tx.execute(PLAN_NOW, {"shop_id": shop_id, "sources": list(sources), "wall": wall})


def look_next(tx: Tx, shop_id: int, sources: Sequence[str]) -> None:
    """Works out when there is something to do next."""
    tx.execute(LOOK_NEXT, {"shop_id": shop_id, "sources": list(sources)})


def read(
    tx: Tx,
    shop_id: int,
    source: str,
    *,
    floor: datetime | None,
    horizon: datetime | None,
    seen_to: datetime | None,
    calls: int,
    things: int,
    healed: int,
) -> None:
    """Notes that a window was read, and how far that brings the source."""
    slots = {"floor": floor, "horizon": horizon, "seen_to": seen_to, "calls": calls, "things": things, "healed": healed}
    tx.execute(READ, {"shop_id": shop_id, "source": source, **slots})


def trouble(tx: Tx, shop_id: int, source: str, problem: str | None, at: datetime, calls: int) -> int:
    """Notes why a window could not be read; the number of such failures in a row."""
    row = tx.execute(TROUBLE, {"shop_id": shop_id, "source": source, "problem": problem, "at": at, "calls": calls}).fetchone()
    return int(row[0]) if row else 0


def spent(tx: Tx, shop_id: int, source: str, calls: int) -> None:
    """Counts calls that brought no window to its end."""
    tx.execute(SPENT, {"shop_id": shop_id, "source": source, "calls": calls})


def rest(tx: Tx, shop_id: int, sources: Sequence[str], until: datetime) -> None:
    """Lets these sources rest: the trouble is one that each of their windows would meet."""
    tx.execute(REST, {"shop_id": shop_id, "sources": list(sources), "until": until})


def mend(tx: Tx, shop_id: int, wall: datetime, beyond: datetime) -> None:
    """Lets sources be looked at now whose next moment lies farther ahead than any is given."""
    tx.execute(MEND, {"shop_id": shop_id, "wall": wall, "beyond": beyond})
