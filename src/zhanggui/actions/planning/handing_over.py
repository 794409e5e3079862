"""What happens if everything packed by then is handed over at a given moment."""

from collections import Counter
from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.planning.planning import MOST_LATE_SHOWN
from zhanggui.actions.planning.seat import MOST_ORDERS, Seat, sorted_out
from zhanggui.actions.planning.views import HandingOver, LateOrder
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.money import Fen
from zhanggui.core.planning.latest import percent
from zhanggui.core.planning.missing import Missing, Why, missing_at
from zhanggui.core.planning.saying import clock_at
from zhanggui.core.planning.work import ToShip
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import planning as records

DAYS_AHEAD = 3


def hand_over(house: House, by: Person, shop_id: ShopId, at: datetime, now: datetime) -> HandingOver:
    """Which of the orders there are miss their deadline if what is packed by `at` is handed over then; those overdue already are no news and left out."""
    by.need(Permission.ORDERS_READ, shop_id)
    with house.pool.connection() as tx:
        seat = Seat(tx, shop_id, rulebook_in(tx, house, shop_id), now)
        waiting = sorted_out(records.waiting(tx, shop_id, MOST_ORDERS), seat.without_goods())
        orders = seat.to_ship(waiting.to_print)
    told = missing_at(orders, at, seat.ground(seat.line(DAYS_AHEAD)), busy=len(waiting.to_pack))
    still = [each for each in told.missing if orders[each.number].due_at > now]
    found = sorted(still, key=lambda each: (-each.expected_loss, orders[each.number].due_at))
    return HandingOver(
        at=at,
        ready=told.ready,
        of=len(orders),
        missing=tuple(_late(orders[each.number], each, at, now) for each in found[:MOST_LATE_SHOWN]),
        missing_count=len(found),
        loss=Fen(sum(each.expected_loss for each in found)),
        by_why=dict(Counter(each.why for each in found)),
    )


def _late(order: ToShip, missing: Missing, at: datetime, now: datetime) -> LateOrder:
    return LateOrder(
        order_no=order.order_no,
        due_at=order.due_at,
        at_risk=order.at_risk,
        carrier=order.carrier,
        expected_loss=missing.expected_loss,
        chance=missing.chance,
        why=_why(order, missing, at, now),
    )


def _why(order: ToShip, missing: Missing, at: datetime, now: datetime) -> Say:
    if missing.why is Why.NOT_PACKED:
        return say("It cannot be packed by then at your pace, and no later pickup is safe.")
    if order.due_at <= at:
        return say("Its deadline comes before this hand-over.")
    return say(
        "Taken at {at}, it is scanned by {due_at} with {percent} % only.",
        at=clock_at(at, now),
        due_at=clock_at(order.due_at, now),
        percent=percent(missing.chance.p),
    )
