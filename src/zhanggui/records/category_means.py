"""The mean of the shop's category as a person read it in the back office, each from a day on."""

from datetime import date, datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class MeanRecord(msgspec.Struct, frozen=True):
    """One mean as it was entered."""

    from_day: date
    share_ppm: int
    orders: int | None
    made_at: datetime


IN_FORCE = """
    select from_day, share_ppm, orders, made_at from category_means
    where shop_id = %(shop_id)s and from_day <= %(day)s order by from_day desc limit 1
"""
PUT = """
    insert into category_means (shop_id, from_day, share_ppm, orders, made_by, made_at)
    values (%(shop_id)s, %(from_day)s, %(share_ppm)s, %(orders)s, %(made_by)s, %(made_at)s)
    on conflict (shop_id, from_day) do update set
        share_ppm = excluded.share_ppm, orders = excluded.orders, made_by = excluded.made_by, made_at = excluded.made_at
"""


def in_force(tx: Tx, shop_id: int, day: date) -> MeanRecord | None:
    """The mean that holds on this day: the newest that began by then."""
    with tx.cursor(row_factory=class_row(MeanRecord)) as cursor:
        return cursor.execute(IN_FORCE, {"shop_id": shop_id, "day": day}).fetchone()


def put(tx: Tx, shop_id: int, from_day: date, share_ppm: int, orders: int | None, made_by: int | None, made_at: datetime) -> None:
    """Keeps the mean from that day on."""
    tx.execute(PUT, {"shop_id": shop_id, "from_day": from_day, "share_ppm": share_ppm, "orders": orders, "made_by": made_by, "made_at": made_at})
