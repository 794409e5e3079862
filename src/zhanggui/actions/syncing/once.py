"""Brings shops in step with the platform: once and whole for the command line, a step at a time for the worker."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic, sleep

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.syncing.asking import Asking
from zhanggui.actions.syncing.beginning import begin_sync
from zhanggui.actions.syncing.platform_clock import measure_anew
from zhanggui.actions.syncing.working import Step, step
from zhanggui.connectors.pdd.errors import Trouble
from zhanggui.core.say import Say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import sync_sources, sync_windows

PATIENCE = timedelta(seconds=15)
"""So long the command line waits for the next window to fall due."""
MOST_FAILURES = 8
_STOPS = frozenset({Trouble.TOKEN, Trouble.PERSON, Trouble.FOREVER})


class SyncReport(msgspec.Struct, frozen=True, kw_only=True):
    """What bringing a shop in step did."""

    shop_id: ShopId
    windows: int
    """How many windows were read."""
    calls: int
    things: int
    """How many orders and cases the platform told of, those told twice counted twice."""
    new: int
    changed: int
    healed: int
    """How many orders the re-check found that should have been known otherwise."""
    seconds: float
    left: int
    """How many windows are still to be read."""
    complete: bool
    trouble: Say | None = None


Progress = Callable[[SyncReport], None]


def sync_once(
    house: House, by: Person, shop_id: ShopId, now: datetime, wall: datetime, *, progress: Progress | None = None, patience: timedelta = PATIENCE
) -> SyncReport:
    """Reads until nothing is due any more, or until trouble stops it. Raises NotConnected where the shop has no access.

    A window that falls due within the `patience` is waited for.
    """
    by.need(Permission.IMPORTS_WRITE, shop_id)
    measure_anew(Asking(house, shop_id, now, wall))
    with house.pool.connection() as tx:
        begin_sync(tx, shop_id, now, wall)
    return _Run(house, shop_id, now, wall, progress, patience).work()


def sync_some(house: House, shop_id: ShopId, now: datetime, wall: datetime, holder: str) -> bool:
    """Whether something was due in the shop: windows were planned, or one window was read. Troubles with the platform stay in the ledger."""
    return step(house, shop_id, now, wall, holder) is not None


def shops_to_sync(house: House, wall: datetime) -> list[ShopId]:
    """The shops in which something is due, the longest waiting first."""
    with house.pool.connection() as tx:
        return [ShopId(shop_id) for shop_id in sync_sources.shops_due(tx, wall)]


class _Run:
    """One run of the command line."""

    def __init__(self, house: House, shop_id: ShopId, now: datetime, wall: datetime, progress: Progress | None, patience: timedelta) -> None:
        self._house, self._shop_id = house, shop_id
        self._now, self._wall, self._began = now, wall, monotonic()
        self._progress, self._patience = progress, patience
        self._holder = f"once-{secrets.token_hex(4)}"
        self._windows = self._calls = self._things = self._new = self._changed = self._healed = 0
        self._failures = 0

    def work(self) -> SyncReport:
        """Step after step."""
        while True:
            passed = timedelta(seconds=monotonic() - self._began)
            done = step(self._house, self._shop_id, self._now + passed, self._wall + passed, self._holder)
            if done is None:
                if not self._wait(passed):
                    return self._report(None)
                continue
            self._count(done)
            if done.trouble is not None and (done.kind in _STOPS or self._failures >= MOST_FAILURES):
                return self._report(done.trouble)

    def _count(self, done: Step) -> None:
        self._windows += done.sort == "read"
        self._failures = self._failures + 1 if done.sort == "failed" else self._failures if done.sort == "waits" else 0
        self._calls += done.calls
        self._things += done.things
        self._new += done.stored.new
        self._changed += done.stored.changed
        self._healed += done.stored.healed
        if self._progress is not None:
            self._progress(self._report(done.trouble))

    def _wait(self, passed: timedelta) -> bool:
        """Whether a window falls due within our patience; it is due then."""
        with self._house.pool.connection() as tx:
            due = sync_windows.next_due(tx, self._shop_id)
        if due is None:
            return False
        wait = due - (self._wall + passed)
        if wait > self._patience:
            return False
        sleep(max(0.01, wait.total_seconds()))
        return True

    def _report(self, trouble: Say | None) -> SyncReport:
        with self._house.pool.connection() as tx:
            counts = sync_windows.counts(tx, self._shop_id).values()
        left = sum(one.planned + one.running + one.failed for one in counts)
        return SyncReport(
            shop_id=self._shop_id,
            windows=self._windows,
            calls=self._calls,
            things=self._things,
            new=self._new,
            changed=self._changed,
            healed=self._healed,
            seconds=round(monotonic() - self._began, 3),
            left=left,
            complete=left == 0 and trouble is None,
            trouble=trouble,
        )
