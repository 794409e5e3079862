"""What is done again and again without anybody asking: who may do it now, and the sweeping up."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from zhanggui.actions.asking_first import BY_PARCEL
from zhanggui.actions.house import House
from zhanggui.actions.importing import drop, resume_interrupted
from zhanggui.actions.intake.files import unspool
from zhanggui.actions.lanes import FARTHEST
from zhanggui.actions.platform import connected_shops
from zhanggui.actions.tracing import shops_with_tracker
from zhanggui.core.deadlines import Band
from zhanggui.core.say import Say
from zhanggui.people import entries, factors, sign_ins, throttle
from zhanggui.people.permissions import ShopId, operator
from zhanggui.records import (
    act_limits,
    automation,
    batches,
    case_pictures,
    connections,
    goods_readings,
    hints,
    lanes,
    outbox,
    shops,
    sync_sources,
    sync_windows,
    texts,
    waybills,
    workers,
)
from zhanggui.records import chores as records
from zhanggui.records.says import packed

GIVEN_UP_KEPT = timedelta(days=14)
SILENCE_WAITS = timedelta(days=1)
"""Longer than a silent parcel ever waits to be asked about: that is a plan, not a wrong clock."""
SILENT_BANDS = (Band.OVERDUE, Band.UNVERIFIED)
MOST_WATCHED = 20_000
A_ROUND = timedelta(minutes=1)
"""Longer than a shop ever waits for its next round of rules and acts."""
WORKERS_KEPT = timedelta(minutes=10)
PREVIEWS_KEPT = timedelta(days=7)
TEXTS_WAIT = timedelta(days=2)
"""A text may wait a day for a provider that is full, and as long for the record to be asked once more."""
GOODS_WAIT = timedelta(hours=6)
"""Between two readings of all products."""
PICTURES_WAIT = timedelta(hours=9)
"""Before the last time that a picture is tried."""


@contextmanager
def claimed(house: House, chore: str, *, every: timedelta, now: datetime) -> Iterator[bool]:
    """Whether this worker may do the chore now: nobody else is at it, and nobody did it within its time.

    The lock is the database's and ends with the connection, so a worker that dies leaves nothing locked.
    """
    with house.pool.connection() as tx:
        tx.autocommit = True
        try:
            if not records.try_lock(tx, chore):
                yield False
                return
            try:
                ours = records.begin(tx, chore, now, now - every)
                yield ours
                if ours:
                    records.end(tx, chore)
            finally:
                if not tx.broken:
                    records.unlock(tx, chore)
        finally:
            if not tx.broken:
                tx.autocommit = False


def stumbled(house: House, chore: str, problem: Say, *, every: timedelta, wait: timedelta, now: datetime) -> None:
    """Note what the chore stumbled over, for people to see; it may be begun again after the wait."""
    with house.pool.connection() as tx:
        records.fail(tx, chore, now - every + wait, packed(problem), now)


def finish_imports(house: House, now: datetime) -> None:
    """Finish what a crash cut off."""
    resume_interrupted(house, now)


def drop_old_previews(house: House, now: datetime) -> None:
    """Throw away previews nobody confirmed and imports that failed, with the copies of their files: those hold what the stored facts mask.

    So go copies that a crash left behind.
    """
    for shop_id in every_shop(house):
        with house.pool.connection() as tx:
            left = batches.left(tx, shop_id, now - PREVIEWS_KEPT)
        for batch_id in left:
            drop(house, operator("worker"), shop_id, batch_id, now)
    for folder in (house.home / "spool").glob("*"):
        if folder.name.isdecimal():
            _sweep_copies(house, int(folder.name), folder)


def _sweep_copies(house: House, shop_id: int, folder: Path) -> None:
    """Throw away copies of files whose import is over, or is none: it is written down before its files are copied, and its copies go after it is stored."""
    found = [int(copies.name) for copies in folder.glob("*") if copies.name.isdecimal()]
    with house.pool.connection() as tx:
        kept = batches.with_files(tx, shop_id, found)
    for batch_id in found:
        if batch_id not in kept:
            unspool(house.home, shop_id, batch_id)


def sweep_sign_ins(house: House, now: datetime) -> None:
    """Forget sign-ins that have ended, what was begun of others, and what happened at the door long ago."""
    with house.pool.connection() as tx:
        sign_ins.sweep(tx, now)
        factors.sweep(tx, now)
        entries.sweep(tx, now)


def sweep_throttle(house: House, now: datetime) -> None:
    """Forget lock-outs that are over."""
    with house.pool.connection() as tx:
        throttle.sweep(tx, now)


def mend_moments(house: House, wall: datetime) -> None:
    """Make due what waits for a moment that no wait is ever given: the clock was wrong when it was set. Forget workers that are gone."""
    beyond = wall + FARTHEST
    for shop_id in every_shop(house):
        with house.pool.connection() as tx:
            hints.mend(tx, shop_id, wall, beyond, beyond + SILENCE_WAITS)
            hints.forget_old(tx, shop_id, wall - GIVEN_UP_KEPT)
            lanes.mend(tx, shop_id, beyond)
            sync_windows.mend(tx, shop_id, wall, beyond + FARTHEST)
            sync_sources.mend(tx, shop_id, wall, beyond + FARTHEST)  # a source is planned up to an hour ahead
            connections.mend(tx, shop_id, beyond + FARTHEST)
            outbox.mend(tx, shop_id, wall, beyond)
            waybills.mend(tx, shop_id, wall, beyond)
            texts.mend(tx, shop_id, wall, beyond + TEXTS_WAIT)
            act_limits.mend_round(tx, shop_id, wall, wall + A_ROUND)
            automation.mend_round(tx, shop_id, wall, wall + A_ROUND)
            goods_readings.mend(tx, shop_id, wall, beyond + GOODS_WAIT)
            case_pictures.mend(tx, shop_id, wall, beyond + PICTURES_WAIT)
    with house.pool.connection() as tx:
        workers.sweep(tx, wall - WORKERS_KEPT, wall + WORKERS_KEPT)


def watch_parcels(house: House, now: datetime, wall: datetime) -> None:
    """Where the platform or a tracking service can be asked, have the tracking events read of parcels that show no sign of moving, and of awaited returns."""
    for shop_id in dict.fromkeys((*connected_shops(house), *shops_with_tracker(house))):
        with house.pool.connection() as tx:
            hints.watch_parcels(tx, shop_id, sorted(BY_PARCEL), SILENT_BANDS, now, wall, MOST_WATCHED)
            hints.watch_returns(tx, shop_id, [int(band) for band in Band], wall, MOST_WATCHED)


def every_shop(house: House) -> tuple[ShopId, ...]:
    """The shops of the house."""
    with house.pool.connection() as tx:
        return tuple(ShopId(shop.shop_id) for shop in shops.every(tx))
