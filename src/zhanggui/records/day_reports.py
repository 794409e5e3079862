"""Who is sent the report of the day over all their shops: by which channel of their own, and when in the morning."""

from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class DayReport(msgspec.Struct, frozen=True):
    """One such wish."""

    channel_no: int
    person_id: int
    hour: int
    made_at: datetime


OF_SHOP = "select channel_no, person_id, hour, made_at from day_reports where shop_id = %(shop_id)s order by channel_no"
PUT = """
    insert into day_reports (shop_id, channel_no, person_id, hour, made_at) values (%(shop_id)s, %(channel_no)s, %(person_id)s, %(hour)s, %(now)s)
    on conflict (shop_id, channel_no) do update set hour = excluded.hour, made_at = excluded.made_at
"""
LEAVE_OUT = "delete from day_reports where shop_id = %(shop_id)s and channel_no = %(channel_no)s"


def of_shop(tx: Tx, shop_id: int) -> tuple[DayReport, ...]:
    """The wishes that go through channels of this shop."""
    with tx.cursor(row_factory=class_row(DayReport)) as cursor:
        return tuple(cursor.execute(OF_SHOP, {"shop_id": shop_id}).fetchall())


def put(tx: Tx, shop_id: int, channel_no: int, person_id: int, hour: int, now: datetime) -> None:
    """Has the channel carry it at this hour."""
    tx.execute(PUT, {"shop_id": shop_id, "channel_no": channel_no, "person_id": person_id, "hour": hour, "now": now})


def leave_out(tx: Tx, shop_id: int, channel_no: int) -> bool:
    """Has the channel carry it no more; whether it did before."""
    return tx.execute(LEAVE_OUT, {"shop_id": shop_id, "channel_no": channel_no}).rowcount == 1
