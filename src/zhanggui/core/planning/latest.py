"""The latest safe moment to print an order: so that it is packed for a visit whose scan comes in time, with the others that must be."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.core.planning.chances import Chance
from zhanggui.core.planning.rounds import Shop
from zhanggui.core.planning.saying import clock_at
from zhanggui.core.planning.work import Ground, ToShip, chance_of
from zhanggui.core.say import Say, say

NO_VISIT = say("No pickup before {due_at} is safe any more; print it at once. The best that is left comes at {at}, with a chance of {percent} %.")
NO_VISIT_AT_ALL = say("No pickup comes before {due_at}. Print it at once and hand it over yourself.")


class Latest(msgspec.Struct, frozen=True):
    """Until when an order may wait to be printed. `at` None: no moment is safe any more."""

    at: datetime | None
    because: Say
    leaves_at: datetime | None = None
    """The visit it is to be ready for."""
    chance: Chance | None = None
    """The chance to be on time with that visit."""
    carrier: str = ""
    ahead: int = 0
    """How many orders, this one among them, must be packed for the same visit or an earlier one."""


class Queue:
    """Everything that must be packed, by the place by which it must be; and how early the packing has to begin so that all of it can be."""

    def __init__(self, counts: Mapping[int, int], shop: Shop) -> None:
        self._places = sorted(counts)
        self._starts: dict[int, int] = {}
        self._ahead: dict[int, int] = {}
        self._shop = shop
        begins: int | None = None
        for place in reversed(self._places):
            begins = (place if begins is None else min(place, begins)) - counts[place] * shop.each
            self._starts[place] = begins
        total = 0
        for place in self._places:
            total += counts[place]
            self._ahead[place] = total

    def start(self, place: int) -> int:
        """From where on packing must go on without pause so that what is due by this place, and by every later one, gets packed."""
        at = bisect_left(self._places, place)
        alone = place - self._shop.each
        return alone if at == len(self._places) else min(alone, self._starts[self._places[at]])

    def ahead(self, place: int) -> int:
        """How many must be packed by this place."""
        at = bisect_left(self._places, place + 1) - 1
        return self._ahead[self._places[at]] if at >= 0 else 0


def latest(order: ToShip, ground: Ground, queue: Queue) -> Latest:
    """Until when this order may wait to be printed, and why."""
    visits = [at for at in ground.visits.get(order.carrier, ()) if at >= ground.now]
    tried = [(at, chance_of(order, at, ground.on_time)) for at in visits if at <= order.due_at]
    safe = [(at, chance) for at, chance in tried if chance.p >= ground.terms.safe]
    for at, chance in reversed(safe):
        place = ground.line.place(at)
        begins = queue.start(place) - ground.terms.shop.setup
        moment = ground.line.moment(begins) if begins >= 0 else None
        if moment is not None and moment >= ground.now and begins >= ground.line.place(ground.now):
            return Latest(moment, _because(order, at, chance, ground), at, chance, order.carrier, queue.ahead(place))
    return _too_late(order, tried, safe, ground)


def _too_late(order: ToShip, tried: Sequence[tuple[datetime, Chance]], safe: Sequence[tuple[datetime, Chance]], ground: Ground) -> Latest:
    due = clock_at(order.due_at, ground.now)
    if safe:
        at, chance = safe[-1]
        sentence = say(
            "It has to be ready by {at} for a scan before {due_at}, and what must be packed before then already takes longer. Print it now, before the others.",
            at=clock_at(at, ground.now),
            due_at=due,
        )
        return Latest(ground.now, sentence, at, chance, order.carrier)
    if not tried:
        return Latest(None, Say(NO_VISIT_AT_ALL.text, {"due_at": due}), None, None, order.carrier)
    at, chance = max(tried, key=lambda each: (each[1].p, each[0]))
    return Latest(None, Say(NO_VISIT.text, {"due_at": due, "at": clock_at(at, ground.now), "percent": percent(chance.p)}), at, chance, order.carrier)


def _because(order: ToShip, at: datetime, chance: Chance, ground: Ground) -> Say:
    if not order.needs_pickup:
        return say(
            "The number has to be uploaded by {due_at}; the pickup at {at} is the last before that.",
            due_at=clock_at(order.due_at, ground.now),
            at=clock_at(at, ground.now),
        )
    return say(
        "Due {due_at}. Taken at {at}, it is scanned in time with {percent} % ({low} to {high} %, {seen} parcels of that hour); packing takes {minutes} min.",
        due_at=clock_at(order.due_at, ground.now),
        at=clock_at(at, ground.now),
        percent=percent(chance.p),
        low=percent(chance.low),
        high=percent(chance.high),
        seen=chance.seen,
        minutes=-(-(ground.terms.shop.setup + ground.terms.each) // 60_000),
    )


def percent(share: float) -> int:
    """The share in whole percent, never 100 for what is not certain."""
    return 100 if share >= 1 else min(99, round(share * 100))


def soonest_due(due_at: datetime, step: timedelta = timedelta(hours=1)) -> datetime:
    """The due moment brought forward to an even one, so that orders can be counted together without any being taken as due later than it is."""
    day = due_at.replace(hour=0, minute=0, second=0, microsecond=0)
    return day + (due_at - day) // step * step
