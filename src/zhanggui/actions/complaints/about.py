"""What the platform decides about one order, and what is filed about it: for the order's page."""

import msgspec

from zhanggui.actions.house import House
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import complaints, disputes
from zhanggui.records.complaints import ComplaintRecord
from zhanggui.records.disputes import DisputeRecord


class FiledAbout(msgspec.Struct, frozen=True):
    """The disputes and complaints of one order, the oldest first."""

    disputes: tuple[DisputeRecord, ...]
    complaints: tuple[ComplaintRecord, ...]


def filed_about(house: House, by: Person, shop_id: ShopId, order_no: str) -> FiledAbout | None:
    """What there is; None for whoever sees no after-sales."""
    if not by.may(Permission.AFTERSALES_READ, shop_id):
        return None
    with house.pool.connection() as tx:
        return FiledAbout(tuple(disputes.of_orders(tx, shop_id, [order_no])), tuple(complaints.of_orders(tx, shop_id, [order_no])))
