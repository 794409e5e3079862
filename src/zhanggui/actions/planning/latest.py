"""Until when orders may wait to be printed."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from zhanggui.actions.house import House
from zhanggui.actions.planning.seat import Seat
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.money import Fen
from zhanggui.core.planning.latest import Latest, Queue, latest
from zhanggui.core.planning.work import Ground, ToShip, stairs
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import planning as records
from zhanggui.records.planning import DueCount

DAYS_AHEAD = 8


def latest_print(house: House, by: Person, shop_id: ShopId, order_nos: Sequence[str], now: datetime) -> dict[str, Latest]:
    """By order, the latest moment at which it can be printed and still be scanned in time with the certainty asked for; what else is due before is counted in.

    Orders that wait for no shipment are left out.
    """
    by.need(Permission.ORDERS_READ, shop_id)
    with house.pool.connection() as tx:
        seat = Seat(tx, shop_id, rulebook_in(tx, house, shop_id), now)
        orders = seat.to_ship(records.waiting_among(tx, shop_id, list(order_nos)))
        counts = records.due_counts(tx, shop_id, now, now + timedelta(days=DAYS_AHEAD))
    ground = seat.ground(seat.line(DAYS_AHEAD))
    queue = _queue(seat, ground, counts)
    return {order.order_no: latest(order, ground, queue) for order in orders}


def _queue(seat: Seat, ground: Ground, counts: Sequence[DueCount]) -> Queue:
    """Everybody's orders by the place by which they must be packed, all taken to go with the shop's first carrier."""
    by_place: dict[int, int] = defaultdict(int)
    for each in counts:
        order = ToShip(ready_at=seat.now, due_at=each.due_at, at_risk=Fen(0), carrier=seat.carriers[0], count=each.orders)
        safe = stairs(order, ground).safe_until
        if safe is not None:
            by_place[safe] += each.orders
    return Queue(by_place, ground.terms.shop)
