"""Which workers are at work: each says so now and then, and takes itself off when it ends."""

from contextlib import suppress
from datetime import datetime, timedelta

from zhanggui.actions.house import House
from zhanggui.records import workers
from zhanggui.records.db import AWAY, may_be_lost

SAID_EVERY = timedelta(seconds=10)
MISSED_AFTER = timedelta(seconds=40)
"""A worker that said nothing for so long is not at work."""


def say_alive(house: House, name: str, wall: datetime) -> None:
    """Note that this worker is alive; while the database is away nobody would read it."""
    with suppress(*AWAY), house.pool.connection() as tx:
        may_be_lost(tx)
        workers.seen(tx, name, wall)


def say_gone(house: House, name: str) -> None:
    """Note that this worker has ended in order."""
    with suppress(*AWAY), house.pool.connection() as tx:
        workers.gone(tx, name)


def at_work(house: House, wall: datetime) -> tuple[workers.WorkerState, ...]:
    """The workers that said lately that they are alive."""
    with house.pool.connection() as tx:
        return tuple(state for state in workers.every(tx) if abs(wall - state.seen_at) < MISSED_AFTER)
