"""What the database says of itself: its version and clock, and which migrations it has seen."""

from datetime import datetime

import msgspec

from zhanggui.records.db import Tx

# the one statement that may ask the server for its time: to compare it with ours
SERVER = "select current_setting('server_version'), clock_timestamp()"
HAS_LEDGER = "select to_regclass('public.schema_migrations') is not null"
APPLIED = "select name from schema_migrations"
FIRST_APPLIED = "select min(applied_at) from schema_migrations"


class Vitals(msgspec.Struct, frozen=True):
    """The server's version, its clock, and the names of the migrations applied to this database."""

    version: str
    clock: datetime
    applied: frozenset[str]


def vitals(tx: Tx) -> Vitals:
    """How the database is; a database never migrated has seen no migration."""
    told = tx.execute(SERVER).fetchone()
    ledger = tx.execute(HAS_LEDGER).fetchone()
    assert told is not None
    assert ledger is not None
    applied = frozenset(name for (name,) in tx.execute(APPLIED)) if ledger[0] else frozenset()
    return Vitals(str(told[0]), told[1], applied)


def first_applied(tx: Tx) -> datetime | None:
    """Since when there is this database."""
    row = tx.execute(FIRST_APPLIED).fetchone()
    return None if row is None else row[0]
