"""Orders to be shipped, what it costs when each of them leaves, and how alike ones are put together."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from zhanggui.core.money import Fen
from zhanggui.core.planning.chances import CERTAIN, NONE, Chance, OnTime
from zhanggui.core.planning.hours import WorkLine
from zhanggui.core.planning.rounds import MILLI, Lot
from zhanggui.core.planning.terms import PlanTerms

Visits = Mapping[str, Sequence[datetime]]
"""By carrier, when it takes parcels, rising, some beyond the last worked period."""

_DAY = timedelta(days=1)


class ToShip(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An order to be shipped, or so many expected ones that are alike."""

    order_no: str = ""
    """Empty for expected ones."""
    ready_at: datetime
    """From when on it can be printed."""
    due_at: datetime
    at_risk: Fen
    """What being late costs."""
    carrier: str
    needs_pickup: bool = True
    """Whether the carrier's scan must have come by the due moment too, not the upload alone."""
    count: int = 1


class Leaving(NamedTuple):
    """One way an order may leave: packed by this place it goes with that visit, and is on time with this chance."""

    until: int
    at: datetime
    chance: Chance
    cost: int


class Stairs(msgspec.Struct, frozen=True, gc=False):
    """When an order may leave, the soonest first, and what it costs never to be packed within what is looked at."""

    leavings: tuple[Leaving, ...]
    left: int
    left_chance: Chance
    safe_until: int | None

    def leaving(self, packed: int) -> Leaving | None:
        """With which visit an order packed at this place leaves; None where it misses all that are looked at."""
        return next((each for each in self.leavings if packed <= each.until), None)


class Ground(msgspec.Struct, frozen=True):
    """What all orders of a plan share."""

    line: WorkLine
    visits: Visits
    on_time: OnTime
    terms: PlanTerms
    now: datetime


def stairs(order: ToShip, ground: Ground) -> Stairs:
    """What it costs to pack the order by when. An order goes with the visit that is best from then on, so that packing later never costs less."""
    line, base = ground.line, max(order.ready_at, ground.now)
    visits = ground.visits.get(order.carrier, ())
    end = line.windows[-1][1] if line.windows else ground.now
    first, last = bisect_left(visits, base), bisect_right(visits, end)
    within = visits[first:last]
    beyond = visits[last] if last < len(visits) else end + _DAY
    left_chance = chance_of(order, beyond, ground.on_time)
    left = best = _cost(order, left_chance, beyond - base, ground.terms)
    leavings: list[Leaving] = []
    safe_until = None
    for at in reversed(within):
        chance = chance_of(order, at, ground.on_time)
        cost = _cost(order, chance, at - base, ground.terms)
        place = line.place(at)
        if cost <= best and not (leavings and leavings[-1].until == place and cost == best):
            best = cost
            leavings.append(Leaving(place, at, chance, cost))
        if safe_until is None and chance.p >= ground.terms.safe:
            safe_until = place
    return Stairs(tuple(reversed(leavings)), left, left_chance, safe_until)


def chance_of(order: ToShip, at: datetime, on_time: OnTime) -> Chance:
    """The chance that the order is on time when it is handed over at this moment."""
    if order.needs_pickup:
        return on_time(order.carrier, at, order.due_at) if at <= order.due_at else NONE
    return CERTAIN if at <= order.due_at else NONE


def lots_of(orders: Sequence[ToShip], ground: Ground) -> tuple[dict[Lot, list[int]], list[Stairs]]:
    """Alike orders put together (each lot with the numbers of its orders), and the stairs of each order."""
    alike: dict[tuple[int, tuple[tuple[int, int], ...], int, int | None], list[int]] = {}
    made: dict[tuple[datetime, datetime, int, str, bool], Stairs] = {}
    every: list[Stairs] = []
    for number, order in enumerate(orders):
        # to the minute, and never later than it is: lags are known to a quarter of an hour, and orders by the thousand are alike then
        due_at = order.due_at.replace(second=0, microsecond=0)
        key = (max(order.ready_at, ground.now), due_at, order.at_risk, order.carrier, order.needs_pickup)
        if key not in made:
            made[key] = stairs(msgspec.structs.replace(order, due_at=due_at), ground)
        own = made[key]
        every.append(own)
        ready = ground.line.place(order.ready_at)
        steps = tuple((each.until, each.cost) for each in own.leavings)
        alike.setdefault((ready, steps, own.left, own.safe_until), []).append(number)
    lots = {Lot(ready, sum(orders[number].count for number in numbers), steps, left, safe): numbers for (ready, steps, left, safe), numbers in alike.items()}
    return lots, every


def _cost(order: ToShip, chance: Chance, waits: timedelta, terms: PlanTerms) -> int:
    """In thousandths of a fen: the money at risk times the chance of being late, and what waiting is worth."""
    # waits are counted from now on: what an order has waited already nobody can change
    return round(order.at_risk * MILLI * (1 - chance.p)) + terms.day_fen * MILLI * (waits // timedelta(minutes=1)) // 1440
