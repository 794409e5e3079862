"""What was asked for, by goods, reason and month: the orders of a period, each counted in the month its group formed, with the cases opened for it."""

from datetime import date, datetime

from psycopg.rows import args_row

from zhanggui.core.returns.reasons import Asked, Sold
from zhanggui.records.db import Tx
from zhanggui.records.order_totals import LONGEST_SPEC

# an order counts once for a reason, however many cases it has; money is that which was paid back
ASKED = """
    select told.month, told.goods, max(told.title), told.spec, told.reason, count(distinct told.order_no)::bigint, sum(told.paid_back)::bigint
    from (
        select date_trunc('month', orders.listed_at at time zone 'Asia/Shanghai')::date as month, coalesce(orders.goods_id, '') as goods,
            coalesce(orders.facts ->> 'title', '') as title, left(coalesce(orders.facts ->> 'spec', ''), %(longest_spec)s) as spec,
            coalesce(aftersales.facts ->> 'reason', '') as reason, orders.order_no,
            case when aftersales.state = 'refunded' then coalesce((aftersales.facts ->> 'refund_amount')::bigint, 0) else 0 end as paid_back
        from orders
        join aftersales on aftersales.shop_id = orders.shop_id and aftersales.order_no = orders.order_no
        where orders.shop_id = %(shop_id)s and orders.listed_at >= %(since)s and orders.listed_at < %(until)s
    ) as told
    group by told.month, told.goods, told.spec, told.reason
"""
SOLD = """
    select date_trunc('month', day)::date as month, goods_id as goods, spec, sum(orders)::bigint
    from goods_totals
    where shop_id = %(shop_id)s and day between %(first)s and %(last)s
    group by 1, 2, 3
"""


def asked(tx: Tx, shop_id: int, since: datetime, until: datetime) -> list[Asked]:
    """How many orders of which goods had a case for which reason."""
    with tx.cursor(row_factory=args_row(Asked)) as cursor:
        return cursor.execute(ASKED, {"shop_id": shop_id, "since": since, "until": until, "longest_spec": LONGEST_SPEC}).fetchall()


def sold(tx: Tx, shop_id: int, first: date, last: date) -> list[Sold]:
    """How many orders of these days there were of which goods, without counting them."""
    with tx.cursor(row_factory=args_row(Sold)) as cursor:
        return cursor.execute(SOLD, {"shop_id": shop_id, "first": first, "last": last}).fetchall()
