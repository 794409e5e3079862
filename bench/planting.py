"""A shop with very many open deadlines, planted by SQL since how they came there is not what is measured."""

from datetime import datetime

from bench.support import say_progress
from zhanggui.people.permissions import ShopId
from zhanggui.records import shops
from zhanggui.records.db import Tx

ORDERS = """
    insert into orders (shop_id, order_no, stage, refund, listed_at, group_formed_at, ship_by, goods_id, teaches_hours, as_of, facts)
    select %(shop_id)s, no, 'to_ship', 'none', formed, formed, formed + interval '48 hours', '901', true, %(now)s,
        json_build_object('order_no', no, 'stage', 'to_ship', 'refund', 'none', 'group_formed_at', formed, 'ship_by', formed + interval '48 hours',
            'pay_amount', 2990, 'receive_amount', 2990, 'quantity', 1, 'title', '每日坚果混合装750g独立小包装', 'goods_id', '901', 'province', '浙江省')
    from (
        select '260301-' || lpad(number::text, 15, '0') as no, %(now)s::timestamptz - interval '48 hours'
            + (array[interval '-30 hours', interval '0', interval '1 hour', interval '12 hours'])[number %% 4 + 1]
            + number * (interval '1 hour' / %(count)s) as formed
        from generate_series(1, %(count)s) as number
    ) as made
"""
DEADLINES = """
    insert into deadlines (shop_id, subject_kind, subject_no, kind, state, counts_from, started_at, due_at, due_source, look_at, band, score, rule, basis,
        at_risk, worth, order_no, data_as_of, made_at)
    select shop_id, 'order', order_no, 'ship_by', 'open', 'group_formed_at', group_formed_at, ship_by, 'platform', null,
        case when ship_by < %(now)s then 0 when ship_by <= %(now)s + interval '1 hour' then 1 when ship_by < %(now)s + interval '12 hours' then 2 else 3 end,
        10 - extract(epoch from ship_by - timestamptz '2020-01-01') / 86400, 'pdd.ship_by.spot@2023-04-01', 'published', 300, 150, order_no, %(now)s, %(now)s
    from orders where shop_id = %(shop_id)s
"""
TOTALS = """
    insert into deadline_totals (shop_id, band, kind, deadlines, at_risk, worth)
    select shop_id, band, kind, count(*), sum(at_risk), sum(worth) from deadlines where shop_id = %(shop_id)s group by shop_id, band, kind
"""


def planted(tx: Tx, size: int, now: datetime) -> ShopId:
    """A new shop in which so many deadlines stand open at this moment, each on an order of its own, a quarter of them in each band."""
    say_progress(f"planting {size:,} deadlines")
    shop = shops.insert(tx, "bench", now)
    assert shop is not None
    slots = {"shop_id": shop.shop_id, "now": now, "count": size}
    for statement in (ORDERS, DEADLINES, TOTALS):
        tx.execute(statement, slots)
    return ShopId(shop.shop_id)
