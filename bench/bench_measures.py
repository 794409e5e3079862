"""What the shop's measures cost with a million orders: counting them whole, a page of all of them with their lines of thirty days, a list down to the
order, and what one event adds.
"""

import time
from datetime import UTC, datetime, timedelta

from bench.support import QUICK, fresh_database, measured, passing_home, report, say_progress
from zhanggui import rulebook
from zhanggui.actions.house import House
from zhanggui.actions.measures import Side, catch_up, members, recount
from zhanggui.actions.measures.reading import counted_all, series_all
from zhanggui.core.moments import shanghai_day
from zhanggui.people.permissions import ShopId, operator
from zhanggui.records import shops
from zhanggui.records.db import Pool, Tx, open_pool
from zhanggui.records.measures import touched
from zhanggui.rulebook.measures import measure_book

ORDERS = 3_000 if QUICK else 1_000_000
NOW = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
REPEATS = 3 if QUICK else 15

# a year's orders: one in fifty late, one in forty abnormal, one in sixty refunded for quality, one in five reviewed
ORDER_ROWS = """
    insert into orders (shop_id, order_no, stage, refund, listed_at, group_formed_at, ship_by, shipped_at, received_at, goods_id, tracking_no, teaches_hours,
        as_of, facts)
    select %(shop_id)s, no, 'received', 'none', formed, formed, formed + interval '48 hours', sent, sent + interval '70 hours', '901', 'YT' || n, true, %(now)s,
        json_build_object('order_no', no, 'stage', 'received', 'group_formed_at', formed, 'receiver_masked', '王* 138' || lpad((n %% 400000)::text, 8, '0'),
            'province', '浙江省', 'tracking_no', 'YT' || n)
    from (
        select n, '26' || lpad((n / 100000)::text, 4, '0') || '-' || lpad(n::text, 15, '0') as no, formed,
            formed + case when n %% 50 = 0 then interval '60 hours' else interval '20 hours' end as sent
        from (select n, %(now)s::timestamptz - (%(count)s - n) * (interval '360 days' / %(count)s) as formed from generate_series(1, %(count)s) as n) as formed
    ) as made
"""
DEADLINE_ROWS = """
    insert into deadlines (shop_id, subject_kind, subject_no, kind, state, counts_from, started_at, due_at, due_source, rule, basis, at_risk, closed_at,
        order_no, data_as_of, made_at)
    select shop_id, 'order', order_no, kind, case when kind = 'ship_by' and shipped_at > ship_by then 'missed' else 'met' end, 'group_formed_at',
        group_formed_at, case kind when 'ship_by' then ship_by else shipped_at + interval '24 hours' end, 'platform', 'pdd.ship_by.spot@2023-04-01',
        'published', 300, case kind when 'ship_by' then shipped_at else shipped_at + interval '5 hours' end, order_no, %(now)s, %(now)s
    from orders cross join (values ('ship_by'), ('pickup_by')) as kinds (kind) where shop_id = %(shop_id)s
"""
PARCEL_ROWS = """
    insert into parcels (shop_id, order_no, tracking_no, carrier, province, shipped_at, day, state, place, delivered_at, abnormal_at, facts)
    select shop_id, order_no, tracking_no, '圆通速递', '浙江省', shipped_at, (shipped_at at time zone 'Asia/Shanghai')::date, 'arrived_home', '',
        received_at, case when right(order_no, 6)::integer %% 40 = 0 then shipped_at + interval '30 hours' end, '{}'::json
    from orders where shop_id = %(shop_id)s
"""
CASE_ROWS = """
    insert into aftersales (shop_id, case_no, order_no, kind, state, listed_at, as_of, facts)
    select shop_id, 'C' || order_no, order_no, 'refund_only', 'refunded', received_at, %(now)s,
        json_build_object('case_no', 'C' || order_no, 'order_no', order_no, 'kind', 'refund_only', 'state', 'refunded', 'reason', '商品质量问题',
            'shipped', true, 'applied_at', received_at + interval '5 hours', 'agreed_at', received_at + interval '9 hours')
    from orders where shop_id = %(shop_id)s and right(order_no, 6)::integer %% 60 = 0
"""
REVIEW_ROWS = """
    insert into reviews (shop_id, review_no, order_no, score, created_at, as_of, facts)
    select shop_id, 'R' || order_no, order_no, 1 + right(order_no, 4)::integer %% 5, received_at + interval '30 hours', %(now)s,
        json_build_object('review_no', 'R' || order_no, 'order_no', order_no, 'score', 1 + right(order_no, 4)::integer %% 5,
            'created_at', received_at + interval '30 hours')
    from orders where shop_id = %(shop_id)s and right(order_no, 6)::integer %% 5 = 0
"""
ANALYZE = "analyze orders, deadlines, parcels, aftersales, reviews"
SOME = "select order_no from orders where shop_id = %(shop_id)s order by order_no limit 1 offset %(number)s"
SHIP_LATER = "update orders set shipped_at = shipped_at + interval '1 hour' where shop_id = %(shop_id)s and order_no = %(no)s"


def main() -> None:
    """Plants the orders and measures."""
    with fresh_database() as conninfo, open_pool(conninfo) as pool:
        house = House(pool=pool, home=passing_home(), rulebook=rulebook.load())
        with pool.connection() as tx:
            shop_id = planted(tx)
        began = time.perf_counter()
        recount(house, shop_id, NOW)
        spent = time.perf_counter() - began
        report(f"counting {ORDERS:,} orders whole", value=round(spent, 1), unit="s", note=f"{round(ORDERS / spent):,} orders a second")
        day = shanghai_day(NOW)
        measured("a page of all measures with their lines of thirty days", REPEATS, lambda: page(house, shop_id))
        by, since = operator(), day - timedelta(days=30)
        measured(
            "the first fifty orders behind a rate",
            REPEATS,
            lambda: members(house, by, shop_id, "logistics_abnormal_rate", Side.NUMERATOR, since, day, None, 50, NOW),
        )
        measured("the first fifty of all orders formed", REPEATS, lambda: members(house, by, shop_id, "help_rate", Side.DENOMINATOR, since, day, None, 50, NOW))
        events = iter(range(1, 10_000))
        measured("what one event costs, storing left out", REPEATS, lambda: one_event(house, pool, shop_id, next(events)))


def page(house: House, shop_id: ShopId) -> None:
    """Everything that a page of all measures reads."""
    day = shanghai_day(NOW)
    formulas = measure_book().in_force(day)
    catch_up(house, shop_id, NOW, most=5000)
    with house.pool.connection() as tx:
        counted_all(tx, shop_id, formulas, day)
        series_all(tx, shop_id, formulas, day - timedelta(days=30), day)


def one_event(house: House, pool: Pool, shop_id: ShopId, number: int) -> None:
    """An order changes and is counted again."""
    with pool.connection() as tx:
        row = tx.execute(SOME, {"shop_id": shop_id, "number": number * 31}).fetchone()
        assert row is not None
        tx.execute(SHIP_LATER, {"shop_id": shop_id, "no": row[0]})
        touched.note(tx, shop_id, [row[0]])
    catch_up(house, shop_id, NOW)


def planted(tx: Tx) -> ShopId:
    """A shop with so many orders, planted by SQL since how they came there is not what is measured."""
    say_progress(f"planting {ORDERS:,} orders")
    shop = shops.insert(tx, "bench", NOW)
    assert shop is not None
    slots = {"shop_id": shop.shop_id, "now": NOW, "count": ORDERS}
    for statement in (ORDER_ROWS, DEADLINE_ROWS, PARCEL_ROWS, CASE_ROWS, REVIEW_ROWS):
        tx.execute(statement, slots)
    tx.execute(ANALYZE)
    return ShopId(shop.shop_id)


if __name__ == "__main__":
    main()
