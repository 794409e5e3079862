"""Applications: what the house calls the platform as. Their secrets stand here sealed."""

from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class AppRecord(msgspec.Struct, frozen=True):
    """One application as it stands in the table."""

    app_id: int
    client_id: str
    for_shop: int | None
    secret: bytes
    doors: str


PUT = """
    insert into apps (client_id, for_shop, secret, doors, made_by, made_at, changed_at)
    values (%(client_id)s, %(for_shop)s, %(secret)s, %(doors)s::jsonb, %(made_by)s, %(now)s, %(now)s)
    on conflict (client_id, for_shop) do update set secret = excluded.secret, doors = excluded.doors, changed_at = excluded.changed_at
    returning app_id
"""
ONE = "select app_id, client_id, for_shop, secret, doors::text as doors from apps where app_id = %(app_id)s"
OPEN_TO = "select app_id, client_id, for_shop, secret, doors::text as doors from apps where for_shop is null or for_shop = %(for_shop)s order by app_id"
WIPE_OWN = "delete from apps where app_id = %(app_id)s and for_shop = %(for_shop)s"


def put(tx: Tx, client_id: str, for_shop: int | None, secret: bytes, doors: str, made_by: int | None, now: datetime) -> int:
    """The number of the application, new or changed."""
    slots = {"client_id": client_id, "for_shop": for_shop, "secret": secret, "doors": doors, "made_by": made_by, "now": now}
    row = tx.execute(PUT, slots).fetchone()
    assert row is not None
    return int(row[0])


def one(tx: Tx, app_id: int) -> AppRecord | None:
    """The application of this number."""
    return _first(tx, ONE, app_id=app_id)


def open_to(tx: Tx, for_shop: int) -> list[AppRecord]:
    """The applications this shop may be connected through: its own and those of the whole house."""
    with tx.cursor(row_factory=class_row(AppRecord)) as cursor:
        return cursor.execute(OPEN_TO, {"for_shop": for_shop}).fetchall()


def wipe_own(tx: Tx, app_id: int, for_shop: int) -> None:
    """Forgets an application of the shop's own, its secret with it; one of the whole house stays."""
    tx.execute(WIPE_OWN, {"app_id": app_id, "for_shop": for_shop})


def _first(tx: Tx, statement: str, **slots: object) -> AppRecord | None:
    with tx.cursor(row_factory=class_row(AppRecord)) as cursor:
        return cursor.execute(statement, slots).fetchone()
