"""The ledger of windows: each planned, running, done or failed; the done ones are what is covered."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.coverage import Span
from zhanggui.records.db import Tx


class Window(msgspec.Struct, frozen=True):
    """A window that somebody holds."""

    window_id: int
    source: str
    starts_at: datetime
    ends_at: datetime
    rank: int
    attempts: int

    @property
    def span(self) -> Span:
        """The stretch of the platform's time it asks for."""
        return Span(self.starts_at, self.ends_at)


class DoneWindow(msgspec.Struct, frozen=True):
    """A window that was read."""

    window_id: int
    starts_at: datetime
    ends_at: datetime
    settled_to: datetime
    read_at: datetime
    things: int = 0


class Counts(msgspec.Struct, frozen=True):
    """How many windows of a source stand where."""

    source: str
    planned: int
    running: int
    failed: int


PUT = """
    insert into sync_windows (shop_id, source, starts_at, ends_at, rank, state, look_at, made_at)
    select %(shop_id)s, %(source)s, starts_at, ends_at, rank, 'planned', %(wall)s, %(wall)s
    from unnest(%(begins)s::timestamptz[], %(ends)s::timestamptz[], %(ranks)s::smallint[]) as given (starts_at, ends_at, rank)
"""
# the claim itself is the second statement; between the two the row is held
NEXT = """
    select w.window_id, w.source, w.starts_at, w.ends_at, w.rank, w.attempts
    from sync_windows w
    join sync_sources s on s.shop_id = w.shop_id and s.source = w.source
    where w.shop_id = %(shop_id)s and w.state <> 'done' and w.look_at <= %(wall)s
        and s.look_at is not null and (s.rests_until is null or s.rests_until <= %(wall)s)
    order by w.rank, w.ends_at desc, w.source
    limit 1
    for update of w skip locked
"""
CLAIM = """
    update sync_windows set state = 'running', holder = %(holder)s, look_at = %(until)s, attempts = attempts + 1
    where shop_id = %(shop_id)s and window_id = %(window_id)s
"""
HOLD = """
    select window_id, source, starts_at, ends_at, rank, attempts from sync_windows
    where shop_id = %(shop_id)s and window_id = %(window_id)s and state = 'running' and holder = %(holder)s
    for update
"""
DONE = """
    update sync_windows
    set state = 'done', look_at = null, holder = null, read_at = %(read_at)s, settled_to = %(settled_to)s, calls = %(calls)s, things = %(things)s,
        changed = %(changed)s, problem = null, done_at = %(wall)s
    where shop_id = %(shop_id)s and window_id = %(window_id)s
"""
FAIL = """
    update sync_windows set state = 'failed', holder = null, look_at = %(look_at)s, problem = %(problem)s
    where shop_id = %(shop_id)s and window_id = %(window_id)s and state = 'running' and holder = %(holder)s
    returning window_id
"""
# who has to wait for the platform's pace did not fail
RELEASE = """
    update sync_windows set state = 'planned', holder = null, look_at = %(look_at)s, attempts = attempts - 1
    where shop_id = %(shop_id)s and window_id = %(window_id)s and state = 'running' and holder = %(holder)s
    returning window_id
"""
# a lease or a wait that lies farther ahead than any is ever given comes from a clock that was wrong
MEND = "update sync_windows set look_at = %(wall)s where shop_id = %(shop_id)s and state <> 'done' and look_at > %(beyond)s"
REMOVE = "delete from sync_windows where shop_id = %(shop_id)s and window_id = any(%(window_ids)s)"
# one that somebody reads just now is left to them
REMOVE_WAITING = "delete from sync_windows where shop_id = %(shop_id)s and window_id = any(%(window_ids)s) and state in ('planned', 'failed')"
PENDING = "select window_id, starts_at, ends_at from sync_windows where shop_id = %(shop_id)s and source = %(source)s and state <> 'done'"
READ = """
    select window_id, starts_at, ends_at, settled_to, read_at, things from sync_windows
    where shop_id = %(shop_id)s and source = %(source)s and state = 'done'
    order by starts_at, window_id
"""
PUT_DONE = """
    insert into sync_windows (shop_id, source, starts_at, ends_at, rank, state, read_at, settled_to, calls, things, changed, made_at, done_at)
    select %(shop_id)s, %(source)s, starts_at, ends_at, 0, 'done', read_at, ends_at, 0, 0, 0, %(wall)s, %(wall)s
    from unnest(%(begins)s::timestamptz[], %(ends)s::timestamptz[], %(read)s::timestamptz[]) as given (starts_at, ends_at, read_at)
"""
NEXT_DUE = """
    select min(greatest(w.look_at, s.rests_until))
    from sync_windows w
    join sync_sources s on s.shop_id = w.shop_id and s.source = w.source
    where w.shop_id = %(shop_id)s and w.state <> 'done' and s.look_at is not null
"""
COUNTS = """
    select source, count(*) filter (where state = 'planned') as planned, count(*) filter (where state = 'running') as running,
        count(*) filter (where state = 'failed') as failed
    from sync_windows where shop_id = %(shop_id)s and state <> 'done' group by source
"""


def put(tx: Tx, shop_id: int, source: str, windows: Sequence[tuple[Span, int]], wall: datetime) -> None:
    """Plans windows, each with its rank, to be read from now on."""
    if windows:
        spans, ranks = [span for span, _ in windows], [rank for _, rank in windows]
        begins, ends = [span.begins for span in spans], [span.ends for span in spans]
        tx.execute(PUT, {"shop_id": shop_id, "source": source, "begins": begins, "ends": ends, "ranks": ranks, "wall": wall})


def claim(tx: Tx, shop_id: int, holder: str, wall: datetime, until: datetime) -> Window | None:
    """The next window that may be read, now held by this holder until its lease ends; None where nothing is due."""
    with tx.cursor(row_factory=class_row(Window)) as cursor:
        window = cursor.execute(NEXT, {"shop_id": shop_id, "wall": wall}).fetchone()
    if window is not None:
        tx.execute(CLAIM, {"shop_id": shop_id, "window_id": window.window_id, "holder": holder, "until": until})
    return window


def hold(tx: Tx, shop_id: int, window_id: int, holder: str) -> Window | None:
    """The window while it is still this holder's, kept so until the transaction ends; None where the lease ran out and somebody else took it."""
    with tx.cursor(row_factory=class_row(Window)) as cursor:
        return cursor.execute(HOLD, {"shop_id": shop_id, "window_id": window_id, "holder": holder}).fetchone()


def done(tx: Tx, shop_id: int, window_id: int, *, read_at: datetime, settled_to: datetime, calls: int, things: int, changed: int, wall: datetime) -> None:
    """Notes that a window was read, and how much of it can be relied upon."""
    slots = {"read_at": read_at, "settled_to": settled_to, "calls": calls, "things": things, "changed": changed, "wall": wall}
    tx.execute(DONE, {"shop_id": shop_id, "window_id": window_id, **slots})


def fail(tx: Tx, shop_id: int, window_id: int, holder: str, problem: str, look_at: datetime) -> bool:
    """Whether the window was this holder's; it failed, and is tried again at that moment."""
    slots = {"shop_id": shop_id, "window_id": window_id, "holder": holder, "problem": problem, "look_at": look_at}
    return tx.execute(FAIL, slots).fetchone() is not None


def release(tx: Tx, shop_id: int, window_id: int, holder: str, look_at: datetime) -> bool:
    """Whether the window was this holder's; it goes back among the planned ones."""
    return tx.execute(RELEASE, {"shop_id": shop_id, "window_id": window_id, "holder": holder, "look_at": look_at}).fetchone() is not None


def remove(tx: Tx, shop_id: int, window_ids: Sequence[int]) -> None:
    """Takes windows out of the ledger: what they stood for was planned otherwise."""
    if window_ids:
        tx.execute(REMOVE, {"shop_id": shop_id, "window_ids": list(window_ids)})


def remove_waiting(tx: Tx, shop_id: int, window_ids: Sequence[int]) -> None:
    """Takes those of these windows out of the ledger that nobody reads."""
    tx.execute(REMOVE_WAITING, {"shop_id": shop_id, "window_ids": list(window_ids)})


def pending(tx: Tx, shop_id: int, source: str) -> dict[int, Span]:
    """The windows of a source that are still to be read."""
    return {row[0]: Span(row[1], row[2]) for row in tx.execute(PENDING, {"shop_id": shop_id, "source": source})}


def read(tx: Tx, shop_id: int, source: str) -> list[DoneWindow]:
    """The windows of a source that were read, oldest first."""
    with tx.cursor(row_factory=class_row(DoneWindow)) as cursor:
        return cursor.execute(READ, {"shop_id": shop_id, "source": source}).fetchall()


def put_done(tx: Tx, shop_id: int, source: str, spans: Sequence[tuple[Span, datetime]], wall: datetime) -> None:
    """Writes stretches that were read, in place of the windows they were read by; each with the moment of its oldest reading."""
    begins, ends, read_at = [span.begins for span, _ in spans], [span.ends for span, _ in spans], [moment for _, moment in spans]
    tx.execute(PUT_DONE, {"shop_id": shop_id, "source": source, "begins": begins, "ends": ends, "read": read_at, "wall": wall})


def counts(tx: Tx, shop_id: int) -> dict[str, Counts]:
    """How many windows of each source wait, run or failed."""
    with tx.cursor(row_factory=class_row(Counts)) as cursor:
        return {row.source: row for row in cursor.execute(COUNTS, {"shop_id": shop_id})}


def next_due(tx: Tx, shop_id: int) -> datetime | None:
    """When the next window may be claimed; None where none is left."""
    row = tx.execute(NEXT_DUE, {"shop_id": shop_id}).fetchone()
    return row[0] if row else None


def mend(tx: Tx, shop_id: int, wall: datetime, beyond: datetime) -> None:
    """Lets windows be claimed now whose moment lies farther ahead than any is given."""
    tx.execute(MEND, {"shop_id": shop_id, "wall": wall, "beyond": beyond})
