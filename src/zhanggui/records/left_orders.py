"""When the newest orders of a shop left and arrived, beside the end of their term to leave."""

from datetime import datetime

import msgspec

from zhanggui.records.db import Tx

NEWEST = """
    select ship.due_at, coalesce(orders.shipped_at, parcel.shipped_at), pickup.closed_at, coalesce(parcel.delivered_at, orders.received_at),
        ship.state <> 'waived'
    from (
        select order_no, shipped_at, received_at from orders
        where shop_id = %(shop_id)s and listed_at >= %(since)s and listed_at < %(until)s order by listed_at desc limit %(limit)s
    ) as orders
    join deadlines as ship on ship.shop_id = %(shop_id)s and ship.subject_kind = 'order' and ship.subject_no = orders.order_no and ship.kind = 'ship_by'
    left join deadlines as pickup on pickup.shop_id = %(shop_id)s and pickup.subject_kind = 'order' and pickup.subject_no = orders.order_no
        and pickup.kind = 'pickup_by' and pickup.state <> 'waived'
    left join lateral (
        select min(parcels.shipped_at) as shipped_at, min(parcels.delivered_at) as delivered_at from parcels
        where parcels.shop_id = %(shop_id)s and parcels.order_no = orders.order_no
    ) as parcel on true
"""


class LeftOrder(msgspec.Struct, frozen=True):
    """One order on its way out."""

    due_at: datetime
    shipped_at: datetime | None
    picked_up_at: datetime | None
    signed_at: datetime | None
    is_owed: bool
    """Whether it had to leave at all: one that was refunded before had not."""


def newest(tx: Tx, shop_id: int, since: datetime, until: datetime, limit: int) -> list[LeftOrder]:
    """The newest orders with a term to leave."""
    slots = {"shop_id": shop_id, "since": since, "until": until, "limit": limit}
    return [LeftOrder(*row) for row in tx.execute(NEWEST, slots)]
