"""What the platform told and nobody could read, until it is read after all."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class LeftOut(msgspec.Struct, frozen=True):
    """One thing that could not be taken. `reason` is a Say as JSON."""

    kind: str
    no: str
    reason: str
    seen_at: datetime


PUT = """
    insert into sync_left_out (shop_id, kind, no, reason, seen_at) values (%(shop_id)s, %(kind)s, %(no)s, %(reason)s, %(seen_at)s)
    on conflict (shop_id, kind, no) do update set reason = excluded.reason, seen_at = excluded.seen_at
"""
REMOVE = "delete from sync_left_out where shop_id = %(shop_id)s and kind = %(kind)s and no = any(%(nos)s)"
AMONG = "select no from sync_left_out where shop_id = %(shop_id)s and kind = %(kind)s and no = any(%(nos)s)"
ANY_IN_SHOP = "select exists (select 1 from sync_left_out where shop_id = %(shop_id)s)"
# products last: one that is gone from the platform is refused anew each day
NEWEST = """
    select kind, no, reason::text as reason, seen_at from sync_left_out
    where shop_id = %(shop_id)s
    order by kind = 'sku', seen_at desc, kind, no
    limit %(limit)s
"""


def put(tx: Tx, shop_id: int, kind: str, no: str, reason: str, seen_at: datetime) -> None:
    """Keeps that a thing could not be taken."""
    tx.execute(PUT, {"shop_id": shop_id, "kind": kind, "no": no, "reason": reason, "seen_at": seen_at})


def remove(tx: Tx, shop_id: int, kind: str, nos: Sequence[str]) -> None:
    """Forgets it of things that were taken after all."""
    if nos:
        tx.execute(REMOVE, {"shop_id": shop_id, "kind": kind, "nos": list(nos)})


def among(tx: Tx, shop_id: int, kind: str, nos: Sequence[str]) -> set[str]:
    """Those of these things that were left out and not read since."""
    return {no for (no,) in tx.execute(AMONG, {"shop_id": shop_id, "kind": kind, "nos": list(nos)})}


def any_in_shop(tx: Tx, shop_id: int) -> bool:
    """Whether anything of the shop was left out and not read since."""
    row = tx.execute(ANY_IN_SHOP, {"shop_id": shop_id}).fetchone()
    return bool(row and row[0])


def newest(tx: Tx, shop_id: int, limit: int) -> list[LeftOut]:
    """What was left out lately; products after everything else."""
    with tx.cursor(row_factory=class_row(LeftOut)) as cursor:
        return cursor.execute(NEWEST, {"shop_id": shop_id, "limit": limit}).fetchall()
