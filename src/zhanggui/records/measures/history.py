"""The counts behind the measures over all history: everything imported up to a moment."""

from datetime import datetime

from zhanggui.records.db import Tx

# one count per order that has both a hand-over moment and a ship-by, in every state; its latest line's ship-by, its own where no line has one
ON_TIME_SHIPMENT = """
    select count(*) filter (where orders.shipped_at <= coalesce(lines.ship_by, orders.ship_by)), count(*)
    from orders
    left join (
        select shop_id, order_no, max(ship_by) as ship_by from order_lines where shop_id = %(shop_id)s and ship_by is not null group by shop_id, order_no
    ) as lines on lines.shop_id = orders.shop_id and lines.order_no = orders.order_no
    where orders.shop_id = %(shop_id)s and orders.shipped_at <= %(at)s and coalesce(lines.ship_by, orders.ship_by) is not null
"""
ON_TIME_DELIVERY = """
    select count(*) filter (where received_at <= deliver_by), count(*)
    from orders
    where shop_id = %(shop_id)s and received_at <= %(at)s and deliver_by is not null
"""
MEAN_SCORE = """
    select coalesce(sum(score), 0), count(*)
    from reviews
    where shop_id = %(shop_id)s and score is not null and (created_at is null or created_at <= %(at)s)
"""


def on_time_shipment(tx: Tx, shop_id: int, at: datetime) -> tuple[int, int]:
    """How many orders left in time, of how many that left and had a ship-by."""
    return _pair(tx.execute(ON_TIME_SHIPMENT, {"shop_id": shop_id, "at": at}).fetchone())


def on_time_delivery(tx: Tx, shop_id: int, at: datetime) -> tuple[int, int]:
    """How many orders arrived in time, of how many that arrived and had a promised delivery."""
    return _pair(tx.execute(ON_TIME_DELIVERY, {"shop_id": shop_id, "at": at}).fetchone())


def mean_score(tx: Tx, shop_id: int, at: datetime) -> tuple[int, int]:
    """The sum of the scores of all reviews, and how many reviews have one."""
    return _pair(tx.execute(MEAN_SCORE, {"shop_id": shop_id, "at": at}).fetchone())


def _pair(row: tuple[int, int] | None) -> tuple[int, int]:
    return (int(row[0]), int(row[1])) if row else (0, 0)
