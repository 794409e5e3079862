"""The shop's measures, over all imported history up to a moment."""

from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.views import Measure
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import measures as records

DEFINED = "2026-11-21"
"""The day from which these definitions hold; a changed definition gets a new day."""


def measures(house: House, by: Person, shop_id: ShopId, at: datetime) -> dict[str, Measure]:
    """Each measure by its id, counting only what had happened by `at`.

    on_time_shipment_rate: one count per order that has both a hand-over moment and a ship-by (its latest line's; its own where no line has one), in every
    state; a hand-over at the very moment is on time. on_time_delivery_rate: likewise, received against promised. mean_score: each review row counts.
    """
    by.need(Permission.ORDERS_READ, shop_id)
    with house.pool.connection() as tx:
        counts = {
            "on_time_shipment_rate": records.on_time_shipment(tx, shop_id, at),
            "on_time_delivery_rate": records.on_time_delivery(tx, shop_id, at),
            "mean_score": records.mean_score(tx, shop_id, at),
        }
    return {
        name: Measure(numerator, denominator, numerator / denominator if denominator else None, f"zhanggui.{name}@{DEFINED}")
        for name, (numerator, denominator) in counts.items()
    }
