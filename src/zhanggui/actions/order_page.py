"""Everything known of one order."""

from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.views import OrderView
from zhanggui.people.permissions import Permission, Person, ShopId


def order(house: House, by: Person, shop_id: ShopId, order_no: str, now: datetime) -> OrderView | None:
    """One order with its lines, parcels, cases, deadlines and their explanations, to-dos, notes and journal; None where there is no such."""
    by.need(Permission.ORDERS_READ, shop_id)
    return None
