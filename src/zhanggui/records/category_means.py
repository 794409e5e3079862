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
    source: str = ""
    """Where it was read, as a person or a list tells."""
    made_by_name: str | None = None


IN_FORCE = """
    select from_day, share_ppm, orders, made_at, source from category_means
    where shop_id = %(shop_id)s and from_day <= %(day)s order by from_day desc limit 1
"""
HISTORY = """
    select means.from_day, means.share_ppm, means.orders, means.made_at, means.source, people.display_name as made_by_name
    from (
        select from_day, share_ppm, orders, made_at, source, made_by from category_means
        where shop_id = %(shop_id)s order by from_day desc limit %(limit)s
    ) as means
    left join people on people.person_id = means.made_by
    order by means.from_day desc
"""
PUT = """
    insert into category_means (shop_id, from_day, share_ppm, orders, made_by, made_at, source)
    values (%(shop_id)s, %(from_day)s, %(share_ppm)s, %(orders)s, %(made_by)s, %(made_at)s, %(source)s)
    on conflict (shop_id, from_day) do update set
        share_ppm = excluded.share_ppm, orders = excluded.orders, made_by = excluded.made_by, made_at = excluded.made_at,
        source = excluded.source
"""


def in_force(tx: Tx, shop_id: int, day: date) -> MeanRecord | None:
    """The mean that holds on this day: the newest that began by then."""
    with tx.cursor(row_factory=class_row(MeanRecord)) as cursor:
        return cursor.execute(IN_FORCE, {"shop_id": shop_id, "day": day}).fetchone()


def history(tx: Tx, shop_id: int, limit: int) -> list[MeanRecord]:
    """The means that were entered, the newest day first."""
    with tx.cursor(row_factory=class_row(MeanRecord)) as cursor:
        return cursor.execute(HISTORY, {"shop_id": shop_id, "limit": limit}).fetchall()


def put(tx: Tx, shop_id: int, from_day: date, share_ppm: int, orders: int | None, made_by: int | None, made_at: datetime, *, source: str = "") -> None:
    """Keeps the mean from that day on."""
    slots = {"shop_id": shop_id, "from_day": from_day, "share_ppm": share_ppm, "orders": orders, "made_by": made_by, "made_at": made_at, "source": source}
    tx.execute(PUT, slots)
