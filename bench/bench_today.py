"""The Today page at 1,000, 100,000 and 1,000,000 open deadlines: the whole action, from asking what the person may see to the verdict of every item shown.

Deadlines and their orders are planted by SQL, since how they came there is no part of this; each deadline hangs on an order of its own, and a
quarter of them stands in each band, so that every size shows the same number of items.
"""

import statistics
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.support import QUICK, fresh_database, report, say_progress
from zhanggui import rulebook
from zhanggui.actions.house import House
from zhanggui.actions.today import today
from zhanggui.people.permissions import ShopId, operator
from zhanggui.records import shops
from zhanggui.records.db import Tx, connect, open_pool

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SIZES = (1_000, 5_000) if QUICK else (1_000, 100_000, 1_000_000)
PAGES = 20 if QUICK else 100

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


def main() -> None:
    """Print the figures as JSON lines."""
    medians = [measured(size) for size in SIZES]
    for size, seconds in zip(SIZES, medians, strict=True):
        report(f"Today at {size:,} open deadlines, median of {PAGES}", value=seconds * 1000, unit="ms")
    ratio = medians[-1] / medians[0]
    report(
        f"Today at {SIZES[-1]:,} open deadlines",
        against=f"at {SIZES[0]:,}",
        ratio=ratio,
        target="<= 1.5",
        ok=ratio <= 1.5 or QUICK,
        note="latency of the action",
    )


def measured(size: int) -> float:
    """The median seconds of one call at this many open deadlines."""
    with fresh_database() as conninfo:
        with connect(conninfo) as tx:
            shop_id = planted(tx, size)
        with connect(conninfo, autocommit=True) as tx:
            tx.execute("vacuum analyze")
        with open_pool(conninfo) as pool:
            house = House(pool=pool, home=Path(), rulebook=rulebook.load())
            return statistics.median(_timed(house, shop_id) for _ in range(PAGES))


def planted(tx: Tx, size: int) -> ShopId:
    """The shop in which so many deadlines stand open."""
    say_progress(f"planting {size:,} deadlines")
    shop = shops.insert(tx, "bench", NOW)
    assert shop is not None
    slots = {"shop_id": shop.shop_id, "now": NOW, "count": size}
    for statement in (ORDERS, DEADLINES, TOTALS):
        tx.execute(statement, slots)
    return ShopId(shop.shop_id)


def _timed(house: House, shop_id: ShopId) -> float:
    began = time.perf_counter()
    listed = today(house, operator(), NOW, shop_ids=[shop_id])
    assert [len(group) for _, group in listed.groups] == [50, 50, 50, 50]
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
