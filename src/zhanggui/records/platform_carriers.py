"""The carriers as the platform listed them last: one list for the whole house, put in the place of the one before."""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class CarrierRecord(msgspec.Struct, frozen=True):
    """One carrier of the list."""

    carrier_id: str
    code: str
    name: str
    is_available: bool


EVERY = "select carrier_id, code, name, is_available from platform_carriers order by carrier_id"
READ_AT = "select max(read_at) from platform_carriers"
AVAILABLE = "select count(*) from platform_carriers where gateway = %(gateway)s and is_available"
FORGET = "delete from platform_carriers"
KEEP = """
    insert into platform_carriers (carrier_id, code, name, is_available, gateway, read_at)
    values (%(carrier_id)s, %(code)s, %(name)s, %(is_available)s, %(gateway)s, %(read_at)s)
"""


def every(tx: Tx) -> list[CarrierRecord]:
    """The list; empty where none was ever read."""
    with tx.cursor(row_factory=class_row(CarrierRecord)) as cursor:
        return cursor.execute(EVERY).fetchall()


def read_at(tx: Tx) -> datetime | None:
    """When the list was read; None where none ever was."""
    row = tx.execute(READ_AT).fetchone()
    return row[0] if row else None


def available(tx: Tx, gateway: str) -> int:
    """How many carriers of the kept list are available, where this gateway told it."""
    row = tx.execute(AVAILABLE, {"gateway": gateway}).fetchone()
    return int(row[0]) if row else 0


def keep(tx: Tx, told: Iterable[CarrierRecord], gateway: str, now: datetime) -> None:
    """Keeps the list in the place of the one before."""
    tx.execute(FORGET)
    with tx.cursor() as cursor:
        cursor.executemany(KEEP, [msgspec.structs.asdict(each) | {"gateway": gateway, "read_at": now} for each in told])
