"""What was talked and promised about one order, for the order's own page."""

import msgspec

from zhanggui.actions.house import House
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import inbox as records
from zhanggui.records import promises
from zhanggui.records.inbox import ListedThread
from zhanggui.records.promises import PromiseRecord

_MOST = 10


class Talked(msgspec.Struct, frozen=True):
    """The talks about an order, the latest first, and what was promised in them, the latest first."""

    threads: tuple[ListedThread, ...]
    """None of them for those who may not read conversations."""
    promises: tuple[PromiseRecord, ...]


def talked_about(house: House, by: Person, shop_id: ShopId, order_no: str) -> Talked:
    """What was talked and promised about the order."""
    by.need(Permission.ORDERS_READ, shop_id)
    may_read = by.may(Permission.CONVERSATIONS_READ, shop_id)
    with house.pool.connection() as tx:
        threads = records.of_orders(tx, shop_id, [order_no], _MOST) if may_read else []
        promised = promises.of_order(tx, shop_id, order_no)
    return Talked(tuple(threads), tuple(reversed(promised)))
