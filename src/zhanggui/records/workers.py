"""The worker processes that are alive, as they tell themselves. Moments are the wall clock's."""

from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class WorkerState(msgspec.Struct, frozen=True):
    """One worker process, since when it works and when it last said so."""

    name: str
    began_at: datetime
    seen_at: datetime


SEEN = """
    insert into workers (name, began_at, seen_at) values (%(name)s, %(wall)s, %(wall)s)
    on conflict (name) do update set seen_at = excluded.seen_at
"""
GONE = "delete from workers where name = %(name)s"
SWEEP = "delete from workers where seen_at < %(before)s or seen_at > %(beyond)s"
EVERY = "select name, began_at, seen_at from workers order by began_at, name"


def seen(tx: Tx, name: str, wall: datetime) -> None:
    """Notes that this worker is alive."""
    tx.execute(SEEN, {"name": name, "wall": wall})


def gone(tx: Tx, name: str) -> None:
    """Notes that this worker has ended in order."""
    tx.execute(GONE, {"name": name})


def sweep(tx: Tx, before: datetime, beyond: datetime) -> None:
    """Forgets workers that were not seen for long, and those that a wrong clock has put into the future."""
    tx.execute(SWEEP, {"before": before, "beyond": beyond})


def every(tx: Tx) -> list[WorkerState]:
    """Every worker that was lately alive."""
    with tx.cursor(row_factory=class_row(WorkerState)) as cursor:
        return cursor.execute(EVERY).fetchall()
