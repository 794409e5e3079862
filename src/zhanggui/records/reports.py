"""Where the report of the week is sent."""

from datetime import datetime

from zhanggui.records.db import Tx

CHOSEN = "select channel_no, made_at from report_channels where shop_id = %(shop_id)s order by channel_no"
CHOOSE = """
    insert into report_channels (shop_id, channel_no, made_by, made_at) values (%(shop_id)s, %(channel_no)s, %(by)s, %(now)s)
    on conflict (shop_id, channel_no) do nothing
"""
LEAVE_OUT = "delete from report_channels where shop_id = %(shop_id)s and channel_no = %(channel_no)s"


def chosen(tx: Tx, shop_id: int) -> dict[int, datetime]:
    """The channels that carry the report, each with since when."""
    return dict(tx.execute(CHOSEN, {"shop_id": shop_id}).fetchall())


def choose(tx: Tx, shop_id: int, channel_no: int, by: int | None, now: datetime) -> bool:
    """Has the channel carry it; whether it did not before."""
    return tx.execute(CHOOSE, {"shop_id": shop_id, "channel_no": channel_no, "by": by, "now": now}).rowcount == 1


def leave_out(tx: Tx, shop_id: int, channel_no: int) -> bool:
    """Has the channel carry it no more; whether it did before."""
    return tx.execute(LEAVE_OUT, {"shop_id": shop_id, "channel_no": channel_no}).rowcount == 1
