"""What parcels with the same goods weighed."""

from collections.abc import Sequence
from datetime import datetime

from zhanggui.records.db import Tx

PUT = """
    insert into parcel_weights (shop_id, goods, order_no, weight_g, at)
    values (%(shop_id)s, %(goods)s, %(order_no)s, %(weight_g)s, %(at)s)
    on conflict (shop_id, goods, order_no) do update set weight_g = excluded.weight_g, at = excluded.at
"""
FORGET_ORDER = "delete from parcel_weights where shop_id = %(shop_id)s and order_no = %(order_no)s"
NEWEST = """
    select wanted.goods, array_agg(newest.weight_g) from unnest(%(goods)s::text[]) as wanted (goods)
    cross join lateral (
        select weight_g from parcel_weights
        where parcel_weights.shop_id = %(shop_id)s and parcel_weights.goods = wanted.goods
        order by at desc
        limit %(most)s
    ) as newest
    group by wanted.goods
"""


def put(tx: Tx, shop_id: int, goods: str, order_no: str, weight_g: int, at: datetime) -> None:
    """Keeps what an order's parcel weighed; what it weighed before goes."""
    tx.execute(FORGET_ORDER, {"shop_id": shop_id, "order_no": order_no})
    tx.execute(PUT, {"shop_id": shop_id, "goods": goods, "order_no": order_no, "weight_g": weight_g, "at": at})


def forget_order(tx: Tx, shop_id: int, order_no: str) -> None:
    """Forgets what an order's parcel weighed."""
    tx.execute(FORGET_ORDER, {"shop_id": shop_id, "order_no": order_no})


def newest(tx: Tx, shop_id: int, goods: Sequence[str], most: int) -> dict[str, list[int]]:
    """The newest weights of parcels with these goods."""
    return dict(tx.execute(NEWEST, {"shop_id": shop_id, "goods": list(dict.fromkeys(goods)), "most": most}).fetchall()) if goods else {}
