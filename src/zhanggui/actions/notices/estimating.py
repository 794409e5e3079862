"""By when orders of a shop leave and how long their parcels take, by its own plan and past; read once for many orders."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from zhanggui.actions.carrier_choice.naming import carrier_code
from zhanggui.actions.planning.seat import Seat
from zhanggui.core.carriers.prices import short_province
from zhanggui.core.dispatch.moves import DispatchState
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.notices.estimating import ready_at, ship_estimate, transit_of
from zhanggui.core.notices.shapes import ShipEstimate, Transit
from zhanggui.core.rules import Rulebook
from zhanggui.people.permissions import ShopId
from zhanggui.records import dispatches, planning
from zhanggui.records.db import Tx

DAYS_AHEAD = 8
_OVERDUE_BACK = timedelta(days=30)
_IN_THE_HOUSE = (DispatchState.PRINTED,)


class Estimator:
    """One shop's ground for promises: its hours, pace, pickups, the orders that go before, and its parcels' past."""

    def __init__(self, tx: Tx, shop_id: ShopId, rulebook: Rulebook, now: datetime) -> None:
        self.now, self._seat = now, Seat(tx, shop_id, rulebook, now)
        self._line = self._seat.line(DAYS_AHEAD)
        self._due = sorted((each.due_at, each.orders) for each in planning.due_counts(tx, shop_id, now - _OVERDUE_BACK, now + timedelta(days=DAYS_AHEAD)))
        self._to_pack = sum(dispatches.counts(tx, shop_id, _IN_THE_HOUSE).values())
        self._transits: dict[tuple[str, str], Transit | None] = {}
        self._advised: Mapping[str, str] = {}
        self._tx, self._shop_id = tx, shop_id

    def look_at(self, order_nos: Sequence[str]) -> None:
        """Has the carriers of these orders advised; whatever is not looked at is taken to go with the shop's first one."""
        waiting = planning.waiting_among(self._tx, self._shop_id, list(order_nos))
        self._advised = {order.order_no: order.carrier for order in self._seat.to_ship(waiting)} if waiting else {}

    def ship(self, known: OrderKnowledge, ship_by: datetime | None) -> ShipEstimate | None:
        """By when the order leaves; None where it has left, or where no pickup is known to come."""
        order, dispatch = known.order, known.dispatch
        if dispatch is not None and dispatch.state not in (None, DispatchState.PRINTED, DispatchState.PACKED):
            return None
        state = None if dispatch is None else dispatch.state
        own = order.carrier or (dispatch.carrier if dispatch is not None and state is not None else None)
        carrier = carrier_code(own, self._seat.chooser.known) if own else self._advised.get(order.order_no, self._seat.carriers[0])
        visits = self._seat.visits.get(carrier) or self._seat.visits[self._seat.carriers[0]]
        if state is DispatchState.PACKED:
            return ship_estimate(self.now, visits, carrier, ship_by, ahead=0)
        if state is DispatchState.PRINTED:
            ahead, is_set_up = self._to_pack, True
        else:
            ahead, is_set_up = self._ahead(ship_by) + self._to_pack, False
        ready = ready_at(self._line, self._seat.terms, self.now, ahead=ahead, is_set_up=is_set_up)
        return None if ready is None else ship_estimate(ready, visits, carrier, ship_by, ahead=ahead)

    def transit(self, known: OrderKnowledge, carrier: str | None = None) -> Transit | None:
        """How long its parcel takes to where it goes; None where too few were seen."""
        order = known.order
        used = carrier or order.carrier or (known.dispatch.carrier if known.dispatch is not None else None)
        if not order.province or not used:
            return None
        key = carrier_code(used, self._seat.chooser.known), short_province(order.province)
        if key not in self._transits:
            routes = self._seat.chooser.routes
            seen = next((sum(count for _, ended, count in route.transit if ended) for route in routes.provinces(key[0]) if route.province == key[1]), 0)
            minutes = routes.transit(*key).quantile(0.9)
            self._transits[key] = transit_of(None if minutes is None else minutes / 60, seen, key[1])
        return self._transits[key]

    def without_goods(self) -> frozenset[str]:
        """The orders whose goods are not on the shelves."""
        return self._seat.without_goods()

    def _ahead(self, ship_by: datetime | None) -> int:
        """How many orders are due no later, itself among them."""
        return max(1, sum(orders for due_at, orders in self._due if ship_by is None or due_at <= ship_by))
