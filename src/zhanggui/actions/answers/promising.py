"""By when an order can be promised to leave: by its place in the queue, the pace of the packing and the pickups of its carrier."""

from datetime import datetime, timedelta

from zhanggui.actions.planning.seat import Seat
from zhanggui.core.answers.ground import Ground
from zhanggui.core.answers.hours import Hour, leaves_with, ship_hour
from zhanggui.core.dispatch.moves import DispatchState
from zhanggui.core.money import Fen
from zhanggui.core.planning.work import ToShip
from zhanggui.core.promises.keeping import PromiseState
from zhanggui.core.promises.shapes import Exactness, PromiseKind
from zhanggui.people.permissions import ShopId
from zhanggui.records import dispatches, planning, promises
from zhanggui.records.db import Tx

DAYS_AHEAD = 8
_OVERDUE = timedelta(days=60)
"""Orders overdue for longer stand in nobody's way any more."""


def hour_for(tx: Tx, shop_id: ShopId, ground: Ground) -> Hour:
    """By when this order of the shop can be promised to leave. Whatever is due before it, and whatever is printed already, is packed before it."""
    assert ground.known is not None
    now, due, order_no = ground.now, ground.due, ground.known.order.order_no
    due_at = None if due is None else due.due_at
    seat = Seat(tx, shop_id, ground.rulebook, now)
    waiting = seat.to_ship(planning.waiting_among(tx, shop_id, [order_no]))
    order = waiting[0] if waiting else _without_term(order_no, seat, due_at)
    dispatch = ground.known.dispatch
    leaves_at = leaves_with(
        order,
        seat.ground(seat.line(DAYS_AHEAD)),
        ahead=_ahead(tx, shop_id, due_at, now),
        busy=dispatches.counts(tx, shop_id, [DispatchState.PRINTED]).get(DispatchState.PRINTED, 0),
        is_packed=dispatch is not None and dispatch.state is DispatchState.PACKED,
    )
    return ship_hour(leaves_at, due_at, now, promised=_promised(tx, shop_id, order_no))


def _promised(tx: Tx, shop_id: ShopId, order_no: str) -> datetime | None:
    """The hour of shipping that this buyer was promised last and that still stands."""
    standing = [each for each in promises.of_order(tx, shop_id, order_no) if each.kind == PromiseKind.SHIP.value and each.state == PromiseState.OPEN.value]
    return next((each.due_at for each in reversed(standing) if each.due_at is not None and each.exactness == Exactness.EXACT.value), None)


def _without_term(order_no: str, seat: Seat, due_at: datetime | None) -> ToShip:
    """An order whose term is not known goes with the usual carrier."""
    return ToShip(order_no=order_no, ready_at=seat.now, due_at=due_at or seat.now + timedelta(days=DAYS_AHEAD), at_risk=Fen(0), carrier=seat.carriers[0])


def _ahead(tx: Tx, shop_id: ShopId, due_at: datetime | None, now: datetime) -> int:
    """How many orders are due in the same hour or before it; all of them where its own term is not known."""
    until = due_at + timedelta(hours=1) if due_at is not None else now + timedelta(days=DAYS_AHEAD)
    return max(0, sum(each.orders for each in planning.due_counts(tx, shop_id, now - _OVERDUE, until)) - 1)
