"""How old what we know is, by kind of fact."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class AgeRecord(msgspec.Struct, frozen=True):
    """How old one kind of fact is in one shop."""

    shop_id: int
    kind: str
    as_of: datetime


OF_SHOPS = "select shop_id, kind, as_of from data_ages where shop_id = any(%(shop_ids)s) order by shop_id, kind"
FORGET_ALL = "delete from data_ages where shop_id = %(shop_id)s"
SET_ALL = """
    insert into data_ages (shop_id, kind, as_of, seen_at)
    select %(shop_id)s, kind, as_of, %(seen_at)s from unnest(%(kinds)s::text[], %(ages)s::timestamptz[]) as given (kind, as_of)
"""
RAISE = """
    insert into data_ages as a (shop_id, kind, as_of, seen_at) values (%(shop_id)s, %(kind)s, %(as_of)s, %(seen_at)s)
    on conflict (shop_id, kind) do update set as_of = excluded.as_of, seen_at = excluded.seen_at where a.as_of < excluded.as_of
    returning kind
"""


def of_shops(tx: Tx, shop_ids: Sequence[int]) -> list[AgeRecord]:
    """How old each kind of fact is in these shops."""
    with tx.cursor(row_factory=class_row(AgeRecord)) as cursor:
        return cursor.execute(OF_SHOPS, {"shop_ids": list(shop_ids)}).fetchall()


def set_all(tx: Tx, shop_id: int, ages: Mapping[str, datetime], seen_at: datetime) -> None:
    """Makes these the ages of the shop's data, and no others."""
    tx.execute(FORGET_ALL, {"shop_id": shop_id})
    if ages:
        tx.execute(SET_ALL, {"shop_id": shop_id, "kinds": list(ages), "ages": list(ages.values()), "seen_at": seen_at})


def raise_to(tx: Tx, shop_id: int, kind: str, as_of: datetime, seen_at: datetime) -> bool:
    """Whether the shop's data of this kind were older than this; they are not any more."""
    return tx.execute(RAISE, {"shop_id": shop_id, "kind": kind, "as_of": as_of, "seen_at": seen_at}).fetchone() is not None
