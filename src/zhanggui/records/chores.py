"""When each chore of the house was last begun, and what it stumbled over. Moments are the wall clock's."""

from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class ChoreState(msgspec.Struct, frozen=True):
    """One chore: its last run, and its trouble where the last one failed."""

    name: str
    began_at: datetime
    failures: int
    problem: str | None
    problem_at: datetime | None


TRY_LOCK = "select pg_try_advisory_lock(hashtext('chore'), hashtext(%(name)s))"
UNLOCK = "select pg_advisory_unlock(hashtext('chore'), hashtext(%(name)s))"
# a stored moment in the future comes from a clock that was wrong; it must not stop the chore for good
BEGIN = """
    insert into chores as c (name, began_at) values (%(name)s, %(now)s)
    on conflict (name) do update set began_at = excluded.began_at
    where c.began_at <= %(before)s or c.began_at > %(now)s
    returning name
"""
END = "update chores set failures = 0, problem = null, problem_at = null where name = %(name)s and failures > 0"
# a failed one may be begun again before its time
FAIL = """
    insert into chores as c (name, began_at, failures, problem, problem_at) values (%(name)s, %(began_at)s, 1, %(problem)s::json, %(now)s)
    on conflict (name) do update set
        began_at = excluded.began_at, failures = c.failures + 1, problem = excluded.problem, problem_at = excluded.problem_at
"""
EVERY = "select name, began_at, failures, problem::text as problem, problem_at from chores"


def try_lock(tx: Tx, name: str) -> bool:
    """Whether nobody else is at this chore; if so nobody will be until `unlock` or the end of the connection."""
    row = tx.execute(TRY_LOCK, {"name": name}).fetchone()
    return row is not None and row[0] is True


def unlock(tx: Tx, name: str) -> None:
    """Lets others begin the chore."""
    tx.execute(UNLOCK, {"name": name})


def begin(tx: Tx, name: str, now: datetime, before: datetime) -> bool:
    """Whether the chore was last begun before then; if so it is begun now."""
    return tx.execute(BEGIN, {"name": name, "now": now, "before": before}).fetchone() is not None


def end(tx: Tx, name: str) -> None:
    """Notes that it went well."""
    tx.execute(END, {"name": name})


def fail(tx: Tx, name: str, began_at: datetime, problem: str, now: datetime) -> None:
    """Notes what it stumbled over; `began_at` is so far back that it is begun again when it should be."""
    tx.execute(FAIL, {"name": name, "began_at": began_at, "problem": problem, "now": now})


def every(tx: Tx) -> dict[str, ChoreState]:
    """Every chore that was ever begun, by name."""
    with tx.cursor(row_factory=class_row(ChoreState)) as cursor:
        return {row.name: row for row in cursor.execute(EVERY)}
