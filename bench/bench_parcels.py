"""What the pages of parcels cost with a million parcels: a page of the list, a page of those in trouble, the tabs, and the anomaly rate over thirty days."""

from datetime import UTC, datetime

from bench.support import QUICK, fresh_database, measured, passing_home, say_progress
from zhanggui import rulebook
from zhanggui.actions.house import House
from zhanggui.actions.parcels.lists import overview, parcels_page
from zhanggui.actions.parcels.rates import anomaly_rate
from zhanggui.people.permissions import ShopId, operator
from zhanggui.records import shops
from zhanggui.records.db import Tx, open_pool

PARCELS = 3_000 if QUICK else 1_000_000
NOW = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
REPEATS = 3 if QUICK else 9

# a month's parcels of eight carriers to thirty provinces: one in twenty-five has become abnormal, one in ten is under way with a clock that runs
PARCEL_ROWS = """
    insert into parcels (shop_id, order_no, tracking_no, carrier, province, shipped_at, day, state, place, last_at, abnormal_at, troubled_at, facts)
    select %(shop_id)s, no, 'YT' || n, carrier, province, sent, (sent at time zone 'Asia/Shanghai')::date, state, place,
        sent + interval '20 hours', abnormal_at,
        case when n %% 100 = 0 or n %% 10 = 1 then abnormal_at end,
        json_build_object('order_no', no, 'tracking_no', 'YT' || n, 'carrier', carrier, 'province', province, 'city', '', 'shipped_at', sent, 'state', state,
            'stage', 'in_transit', 'place', place, 'picked_up_at', null, 'last_at', sent + interval '20 hours', 'delivered_at', null,
            'abnormal_at', abnormal_at, 'worth', 5990, 'is_over', false, 'anomalies', '[]'::json)
    from (
        select n, '260301-' || lpad(n::text, 15, '0') as no, 'carrier ' || n %% 8 as carrier, 'province ' || n %% 30 as province,
            'branch ' || n %% 400 as place,
            sent, case when n %% 10 = 1 then 'moving' else 'arrived_home' end as state,
            case when n %% 25 = 0 then least(sent + interval '2 days', %(now)s::timestamptz)
                when n %% 10 = 1 then %(now)s + interval '20 hours' end as abnormal_at
        from (select n, %(now)s::timestamptz - n * (interval '29 days' / %(count)s) as sent from generate_series(1, %(count)s) as n) as sent
    ) as made
"""
ANOMALY_ROWS = """
    insert into parcel_anomalies (shop_id, order_no, tracking_no, kind, at, is_open, carrier, province, place, at_risk)
    select shop_id, order_no, tracking_no, 'stalled', abnormal_at, troubled_at is not null, carrier, province, place, 5990
    from parcels where shop_id = %(shop_id)s and abnormal_at is not null
"""
TOTAL_ROWS = """
    insert into parcel_totals (shop_id, day, carrier, province, state, parcels)
    select shop_id, day, carrier, province, state, count(*) from parcels where shop_id = %(shop_id)s group by 1, 2, 3, 4, 5
"""
ANALYZE = "analyze parcels, parcel_anomalies, parcel_totals"


def main() -> None:
    """Plants the parcels and measures each read."""
    with fresh_database() as conninfo, open_pool(conninfo) as pool:
        house, by = House(pool=pool, home=passing_home(), rulebook=rulebook.load()), operator()
        with pool.connection() as tx:
            shop_id = planted(tx)
        measured(f"the first page of {PARCELS:,} parcels", REPEATS, lambda: parcels_page(house, by, NOW, shop_ids=[shop_id]))
        measured("the first page of those in trouble", REPEATS, lambda: parcels_page(house, by, NOW, shop_ids=[shop_id], is_troubled=True))
        measured("what is wrong by kind, carrier and branch", REPEATS, lambda: overview(house, by, [shop_id], NOW))
        measured("the anomaly rate over thirty days", REPEATS, lambda: anomaly_rate(house, by, shop_id, NOW))


def planted(tx: Tx) -> ShopId:
    """A shop with so many parcels, planted by SQL since how they came there is not what is measured."""
    say_progress(f"planting {PARCELS:,} parcels")
    shop = shops.insert(tx, "bench", NOW)
    assert shop is not None
    slots = {"shop_id": shop.shop_id, "now": NOW, "count": PARCELS}
    for statement in (PARCEL_ROWS, ANOMALY_ROWS, TOTAL_ROWS):
        tx.execute(statement, slots)
    tx.execute(ANALYZE)
    return ShopId(shop.shop_id)


if __name__ == "__main__":
    main()
