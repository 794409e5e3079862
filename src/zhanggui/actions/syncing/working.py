"""Works through the ledger: plans what is due, claims the next window, reads it, stores it. A transaction before the reading and one after, none during."""

from datetime import datetime, timedelta
from threading import Lock
from typing import Literal
from weakref import WeakKeyDictionary

import msgspec
from psycopg import errors

from zhanggui.actions.backing_off import wait_after
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.syncing.asking import Asking
from zhanggui.actions.syncing.finishing import Moments, Stored, finish, split
from zhanggui.actions.syncing.found import Found, Held, Split
from zhanggui.actions.syncing.paging import Unsteady
from zhanggui.actions.syncing.planning import plan_due
from zhanggui.actions.syncing.platform_clock import platform_now
from zhanggui.actions.syncing.reading import Partly, TooLong, WindowReader
from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.connectors.pdd.windows import sources
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import ShopId
from zhanggui.records import sync_sources, sync_windows
from zhanggui.records.db import Pool, Tx, transact
from zhanggui.records.says import packed
from zhanggui.records.sync_windows import Window

LEASE = timedelta(minutes=5)
"""Longer than any reading takes: one that lasts is given back half read, and no call lasts longer than some seconds."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=10)
PERSONS_WAIT = timedelta(minutes=5)
"""So long a source rests when a person has to do something; connecting anew wakes it at once."""
PACES_WAIT = timedelta(seconds=3)
LOCKS_WAIT = timedelta(seconds=5)
HICCUPS = 3
"""Failures in a row before a source rests as a whole."""
_MOST_PARTLY = 500

Sort = Literal["planned", "read", "split", "waits", "failed", "lost"]


class Step(msgspec.Struct, frozen=True):
    """What one step did. `trouble` is why it could not go on."""

    sort: Sort
    source: str = ""
    calls: int = 0
    things: int = 0
    stored: Stored = Stored()
    trouble: Say | None = None
    kind: Trouble | None = None


class _HalfRead:
    """Windows half read in this process: whoever takes them up here goes on from there, so that a window of many calls ends even when every third fails.

    They go with the pool whose database holds the window.
    """

    lock = Lock()
    held: WeakKeyDictionary[Pool, dict[tuple[ShopId, int], Partly]] = WeakKeyDictionary()  # noqa: RUF012  # one for the whole process is what is meant

    @classmethod
    def take(cls, pool: Pool, key: tuple[ShopId, int]) -> Partly | None:
        with cls.lock:
            return cls.held.get(pool, {}).pop(key, None)

    @classmethod
    def keep(cls, pool: Pool, key: tuple[ShopId, int], partly: Partly) -> None:
        with cls.lock:
            held = cls.held.setdefault(pool, {})
            if len(held) >= _MOST_PARTLY:
                held.clear()
            held[key] = partly


def step(house: House, shop_id: ShopId, now: datetime, wall: datetime, holder: str) -> Step | None:
    """One step on: windows planned, or one window read whole; None where nothing is due."""
    asking = Asking(house, shop_id, now, wall)
    with house.pool.connection() as tx:
        must_plan = sync_sources.must_plan(tx, shop_id, wall)
    try:
        if must_plan:
            moment = platform_now(asking, now, wall)
            transact(house.pool, lambda tx: plan_due(tx, shop_id, moment, wall))
            return Step("planned", calls=asking.calls)
    except (PlatformError, Refused) as problem:
        return _cannot_plan(house, shop_id, problem, wall, asking.calls)
    window = transact(house.pool, lambda tx: _claim(tx, shop_id, holder, wall))
    return None if window is None else _read(house, shop_id, window, asking, now, wall, holder)


def _claim(tx: Tx, shop_id: ShopId, holder: str, wall: datetime) -> Window | None:
    window = sync_windows.claim(tx, shop_id, holder, wall, wall + LEASE)
    if window is not None:
        sync_sources.look_next(tx, shop_id, [window.source])
    return window


def _read(house: House, shop_id: ShopId, window: Window, asking: Asking, now: datetime, wall: datetime, holder: str) -> Step:
    """Reads a claimed window and stores it, or notes why not."""
    try:
        moment = platform_now(asking, now, wall)
        reader = WindowReader(asking, sources()[window.source], window.span, moment, Held(house.pool, shop_id))
        reader.partly = _HalfRead.take(house.pool, (shop_id, window.window_id)) or reader.partly
        return _read_on(house, shop_id, window, reader, asking, Moments(now, wall, reader.partly.read_at), holder)
    except Split as too_much:
        parts = too_much.parts
        transact(house.pool, lambda tx: split(tx, shop_id, holder, window, parts, asking.calls, wall))
        return Step("split", window.source, asking.calls)
    except TooLong:
        return _lets_go(house, shop_id, window, holder, timedelta(0), asking, wall, None)
    except errors.LockNotAvailable:
        # an import holds the shop; what was read is let go, since it would be old when that ends
        return _lets_go(house, shop_id, window, holder, LOCKS_WAIT, asking, wall, None)
    except PlatformError as problem:
        if problem.trouble is Trouble.SLOW_DOWN:
            return _lets_go(house, shop_id, window, holder, max(problem.wait, PACES_WAIT), asking, wall, problem)
        return _failed(house, shop_id, window, holder, problem.say, problem.trouble, asking, wall)
    except Unsteady as unsteady:
        told = say(
            "What the platform listed from {begins} to {ends} did not fit together ({told}). It is read again by itself; there is nothing to do.",
            begins=window.starts_at,
            ends=window.ends_at,
            told=str(unsteady),
        )
        return _failed(house, shop_id, window, holder, told, Trouble.RETRY, asking, wall)
    except Refused as problem:
        return _failed(house, shop_id, window, holder, problem.say, Trouble.PERSON, asking, wall)


def _read_on(house: House, shop_id: ShopId, window: Window, reader: WindowReader, asking: Asking, at: Moments, holder: str) -> Step:
    """Reads the window to its end and stores it. What was read is kept where it does not come to that, or somebody else has taken the window meanwhile."""
    key = (shop_id, window.window_id)
    try:
        found = reader.read()
    except (PlatformError, TooLong):
        _HalfRead.keep(house.pool, key, reader.partly)
        raise
    done = _store(house, shop_id, window, found, asking, at, holder)
    if done.sort == "lost":
        _HalfRead.keep(house.pool, key, reader.partly)
    return done


def _store(house: House, shop_id: ShopId, window: Window, found: Found, asking: Asking, at: Moments, holder: str) -> Step:
    stored = transact(house.pool, lambda tx: finish(house, tx, shop_id, holder, window, found, asking.calls, at))
    if stored is None:
        return Step("lost", window.source, asking.calls)
    return Step("read", window.source, asking.calls, found.things, stored)


def _lets_go(
    house: House, shop_id: ShopId, window: Window, holder: str, wait: timedelta, asking: Asking, wall: datetime, problem: PlatformError | None
) -> Step:
    """Gives the window back until there is room for it; its source rests as long, so that the other windows need not find out one by one."""
    until = wall + asking.passed + wait

    def work(tx: Tx) -> None:
        sync_windows.release(tx, shop_id, window.window_id, holder, until)
        sync_sources.spent(tx, shop_id, window.source, asking.calls)
        sync_sources.rest(tx, shop_id, [window.source], until)
        sync_sources.look_next(tx, shop_id, [window.source])

    transact(house.pool, work)
    return Step("waits", window.source, asking.calls, kind=problem.trouble if problem else None)


def _failed(house: House, shop_id: ShopId, window: Window, holder: str, told: Say, trouble: Trouble, asking: Asking, wall: datetime) -> Step:
    """Notes that the window could not be read, and when it is tried again."""
    at = wall + asking.passed

    def work(tx: Tx) -> None:
        problem = packed(told)
        wait = LONGEST_WAIT if trouble is Trouble.FOREVER else wait_after(window.attempts + 1, FIRST_WAIT, LONGEST_WAIT)
        sync_windows.fail(tx, shop_id, window.window_id, holder, problem or "", at + wait)
        failures = sync_sources.trouble(tx, shop_id, window.source, problem, at, asking.calls)
        _rest(tx, shop_id, window.source, trouble, failures, at)
        sync_sources.look_next(tx, shop_id, tuple(sources()))

    transact(house.pool, work)
    return Step("failed", window.source, asking.calls, trouble=told, kind=trouble)


def _rest(tx: Tx, shop_id: ShopId, source: str, trouble: Trouble, failures: int, at: datetime) -> None:
    """Lets what would meet the same trouble rest: the whole shop where its token does not hold, the source where a person has to act or it fails and fails."""
    if trouble is Trouble.TOKEN:
        sync_sources.rest(tx, shop_id, tuple(sources()), at + PERSONS_WAIT)
    elif trouble is Trouble.PERSON:
        sync_sources.rest(tx, shop_id, [source], at + PERSONS_WAIT)
    elif trouble is Trouble.RETRY and failures >= HICCUPS:
        sync_sources.rest(tx, shop_id, [source], at + wait_after(failures - HICCUPS + 1, FIRST_WAIT, LONGEST_WAIT))


def _cannot_plan(house: House, shop_id: ShopId, problem: PlatformError | Refused, wall: datetime, calls: int) -> Step:
    """Notes that not even the platform's time could be had; every source waits."""
    waits = isinstance(problem, PlatformError) and problem.trouble is Trouble.SLOW_DOWN
    kind = problem.trouble if isinstance(problem, PlatformError) else Trouble.PERSON

    def work(tx: Tx) -> None:
        failures = 1
        for name in () if waits else sources():
            failures = max(failures, sync_sources.trouble(tx, shop_id, name, packed(problem.say), wall, 0))
        wait = PERSONS_WAIT if kind in (Trouble.TOKEN, Trouble.PERSON, Trouble.FOREVER) else wait_after(failures, FIRST_WAIT, LONGEST_WAIT)
        sync_sources.rest(tx, shop_id, tuple(sources()), wall + wait)
        sync_sources.look_next(tx, shop_id, tuple(sources()))

    transact(house.pool, work)
    return Step("waits" if waits else "failed", calls=calls, trouble=None if waits else problem.say, kind=kind)
