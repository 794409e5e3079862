"""What is done again and again without anybody asking: who may do it now, and the sweeping up."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from zhanggui.actions.house import House
from zhanggui.actions.importing import drop, resume_interrupted
from zhanggui.actions.today import settle
from zhanggui.people import sign_ins, throttle
from zhanggui.people.permissions import ShopId, operator
from zhanggui.records import shops

TRY_LOCK = "select pg_try_advisory_lock(hashtext('chore'), hashtext(%(name)s))"
UNLOCK = "select pg_advisory_unlock(hashtext('chore'), hashtext(%(name)s))"
CLAIM = """
    insert into house_settings as s (name, value) values (%(setting)s, to_jsonb(%(now)s::timestamptz))
    on conflict (name) do update set value = excluded.value
    where (s.value #>> '{}')::timestamptz <= %(before)s or (s.value #>> '{}')::timestamptz > %(now)s
    returning name
"""

PREVIEWS_KEPT = timedelta(days=7)
OLD_PREVIEWS = "select batch_id from batches where shop_id = %(shop_id)s and state = 'previewed' and made_at < %(before)s order by batch_id"


@contextmanager
def claimed(house: House, chore: str, *, every: timedelta, now: datetime) -> Iterator[bool]:
    """Whether this worker may do the chore now: nobody else is at it, and nobody did it within its time.

    The lock is the database's and ends with the connection, so a worker that dies leaves nothing locked.
    """
    with house.pool.connection() as tx:
        tx.autocommit = True
        try:
            if not _true(tx.execute(TRY_LOCK, {"name": chore}).fetchone()):
                yield False
                return
            try:
                # A stored moment in the future comes from a clock that was wrong; it must not stop the chore for good.
                slots = {"setting": f"chore.{chore}", "now": now, "before": now - every}
                yield tx.execute(CLAIM, slots).fetchone() is not None
            finally:
                if not tx.broken:
                    tx.execute(UNLOCK, {"name": chore})
        finally:
            if not tx.broken:
                tx.autocommit = False


def settle_bands(house: House, now: datetime) -> None:
    """Move every to-do whose time has come into its next band, shop by shop."""
    for shop_id in every_shop(house):
        settle(house, [shop_id], now)


def finish_imports(house: House, now: datetime) -> None:
    """Finish what a crash cut off."""
    resume_interrupted(house, now)


def drop_old_previews(house: House, now: datetime) -> None:
    """Throw away previews nobody confirmed, with the copies of their files: those hold what the stored facts mask."""
    for shop_id in every_shop(house):
        with house.pool.connection() as tx:
            left = tx.execute(OLD_PREVIEWS, {"shop_id": shop_id, "before": now - PREVIEWS_KEPT}).fetchall()
        for (batch_id,) in left:
            drop(house, operator("worker"), shop_id, batch_id, now)


def sweep_sign_ins(house: House, now: datetime) -> None:
    """Forget sign-ins that have ended."""
    with house.pool.connection() as tx:
        sign_ins.sweep(tx, now)


def sweep_throttle(house: House, now: datetime) -> None:
    """Forget lock-outs that are over."""
    with house.pool.connection() as tx:
        throttle.sweep(tx, now)


def every_shop(house: House) -> tuple[ShopId, ...]:
    """The shops of the house."""
    with house.pool.connection() as tx:
        return tuple(ShopId(shop.shop_id) for shop in shops.every(tx))


def _true(row: tuple[object, ...] | None) -> bool:
    return row is not None and row[0] is True
