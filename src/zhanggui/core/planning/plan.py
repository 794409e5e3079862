"""The plan of a day: when to print, why each round is worth it, who leaves with which visit, and who is late all the same."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

import msgspec

from zhanggui.core.moments import shanghai_day, start_of_day
from zhanggui.core.money import Fen
from zhanggui.core.planning.chances import Chance, OnTime
from zhanggui.core.planning.hours import WorkLine
from zhanggui.core.planning.rounds import MILLI, Lot, Rounds, Slot, packing_runs
from zhanggui.core.planning.terms import PlanTerms
from zhanggui.core.planning.work import Ground, Stairs, ToShip, Visits, lots_of

DAYS = 2
"""So many worked days are looked at: what is put off has to find its place in the next one."""
DAYS_AHEAD = 14
NEXT_DAYS_SLOT_MINUTES = 120
"""The later day only shows what putting off costs; its moments need not be as fine."""


class Fate(msgspec.Struct, frozen=True, gc=False):
    """What the plan means for one order (or so many expected ones)."""

    number: int
    """Its place among the orders handed in."""
    count: int
    round: int | None
    """The round it is printed in; None where no round prints it."""
    packed_at: datetime | None
    leaves_at: datetime | None
    chance: Chance
    """The chance that it is on time."""


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """One time of printing."""

    print_at: datetime
    packing_from: datetime
    done_at: datetime | None
    """None where the packing does not end within what is looked at."""
    orders: int
    expected: int
    """How many of them have not been placed yet."""
    saves: Fen
    """What would be lost besides if this round were left out, money and waiting together."""


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """The rounds that lose the least among all there are on the grid, and what they mean."""

    rounds: tuple[Round, ...]
    fates: tuple[Fate, ...]
    loss: Fen
    """The money expected to be lost to lateness, of the orders that are there."""
    least: Fen
    most: Fen
    """The same where every chance stands at its upper, or its lower bound."""
    nothing: Fen
    """What would be lost if nothing were printed within these days."""
    one_round: Fen | None
    """What would be lost with the best single round of the day."""
    line: WorkLine
    slots: tuple[datetime, ...]


def propose(
    orders: Sequence[ToShip], visits: Visits, on_time: OnTime, terms: PlanTerms, now: datetime, *, day: date | None = None, busy: int = 0
) -> Proposal | None:
    """The best rounds for the day and the one after. `busy` counts orders that are printed and still to be packed. None where no day is worked."""
    windows = _windows(terms, now, day or shanghai_day(now))
    if not windows:
        return None
    line = WorkLine(windows)
    ground = Ground(line, visits, on_time, terms, now)
    slots = tuple(_slots(terms, line))
    lots, every = lots_of(orders, ground)
    first_day = shanghai_day(windows[0][0])
    places = [Slot(line.place(slot), (shanghai_day(slot) - first_day).days) for slot in slots]
    search = Rounds(lots, places, terms.shop, line.place(now) + busy * terms.each)
    best = search.best()
    fates = tuple(_fates(search, best.slots, lots, every, orders, line))
    return Proposal(
        rounds=tuple(_rounds(search, best.slots, best.cost, slots, lots, orders, line)),
        fates=fates,
        loss=_lost(fates, orders, lambda chance: chance.p),
        least=_lost(fates, orders, lambda chance: chance.high),
        most=_lost(fates, orders, lambda chance: chance.low),
        nothing=_lost_without(every, orders),
        one_round=_lost_with_one(search, lots, every, orders, line),
        line=line,
        slots=slots,
    )


def worked_day(terms: PlanTerms, now: datetime, day: date) -> date | None:
    """The day that `propose` plans: the first from that one on with worked hours left. None where no day is worked."""
    windows = _windows(terms, now, day)
    return shanghai_day(windows[0][0]) if windows else None


def worth(cost: int) -> Fen:
    """A cost of the search in fen."""
    return Fen(round(cost / MILLI))


def _windows(terms: PlanTerms, now: datetime, day: date) -> list[tuple[datetime, datetime]]:
    """The first worked periods from that day on that are not over, from now on."""
    coming = [(max(start, now), end) for start, end in terms.hours.windows(day, DAYS_AHEAD) if end > now and end > start]
    return coming[:DAYS]


def _slots(terms: PlanTerms, line: WorkLine) -> Iterator[datetime]:
    """The moments tried: now where people are at work, then the even moments of each period."""
    for number, (start, end) in enumerate(line.windows):
        step = timedelta(minutes=terms.slot_minutes if number == 0 else max(NEXT_DAYS_SLOT_MINUTES, terms.slot_minutes))
        at = start
        while at < end:
            yield at
            since = at - start_of_day(shanghai_day(at))
            at = start_of_day(shanghai_day(at)) + (since // step + 1) * step


def _rounds(
    search: Rounds, chosen: Sequence[int], cost: int, slots: Sequence[datetime], lots: dict[Lot, list[int]], orders: Sequence[ToShip], line: WorkLine
) -> Iterator[Round]:
    last, busy = -1, search.busy
    for number in chosen:
        start = max(busy, search.slots[number].at)
        printed, _ = search.among(last, number)
        busy = search.ends(last, number, start)
        there = sum(orders[each].count for lot in printed for each in lots[lot] if orders[each].order_no)
        yield Round(
            print_at=slots[number],
            packing_from=line.moment(start + search.shop.setup) or slots[number],
            done_at=line.moment(busy),
            orders=there,
            expected=sum(lot.count for lot in printed) - there,
            saves=worth(search.cost_of([each for each in chosen if each != number]) - cost),
        )
        last = number


def _fates(
    search: Rounds, chosen: Sequence[int], lots: dict[Lot, list[int]], every: Sequence[Stairs], orders: Sequence[ToShip], line: WorkLine
) -> Iterator[Fate]:
    """Every order followed to the visit it leaves with."""
    last, busy = -1, search.busy
    waiting = dict.fromkeys(lots)
    for place, number in enumerate(chosen):
        start = max(busy, search.slots[number].at)
        printed, _ = search.among(last, number)
        taken: dict[Lot, list[tuple[int, int]]] = {}
        for lot, count, at in packing_runs(printed, start + search.shop.setup, search.shop.each):
            members = taken.setdefault(lot, [(each, orders[each].count) for each in lots[lot]])
            yield from _packed(members, count, at, search.shop.each, place, every, line)
        for lot in printed:
            waiting.pop(lot)
        busy, last = search.ends(last, number, start), number
    for lot in waiting:
        yield from (Fate(each, orders[each].count, None, None, None, every[each].left_chance) for each in lots[lot])


def _packed(members: list[tuple[int, int]], count: int, at: int, each: int, place: int, every: Sequence[Stairs], line: WorkLine) -> Iterator[Fate]:
    """So many orders taken off the list in turn; expected ones that are packed together share the fate of the last of them."""
    while count:
        number, left = members[0]
        taken = min(left, count)
        at += taken * each
        count -= taken
        if taken == left:
            members.pop(0)
        else:
            members[0] = (number, left - taken)
        leaving = every[number].leaving(at)
        chance = every[number].left_chance if leaving is None else leaving.chance
        yield Fate(number, taken, place, line.moment(at), leaving and leaving.at, chance)


def _lost(fates: Iterable[Fate], orders: Sequence[ToShip], p: Callable[[Chance], float]) -> Fen:
    """The money expected to be lost of the orders that are there."""
    return Fen(round(sum(orders[fate.number].at_risk * fate.count * (1 - p(fate.chance)) for fate in fates if orders[fate.number].order_no)))


def _lost_without(every: Sequence[Stairs], orders: Sequence[ToShip]) -> Fen:
    return Fen(round(sum(order.at_risk * order.count * (1 - own.left_chance.p) for order, own in zip(orders, every, strict=True) if order.order_no)))


def _lost_with_one(search: Rounds, lots: dict[Lot, list[int]], every: Sequence[Stairs], orders: Sequence[ToShip], line: WorkLine) -> Fen | None:
    """What the best single round of the first day would lose."""
    first = [number for number, slot in enumerate(search.slots) if slot.day == 0]
    alone = [(search.cost_of([number]), number) for number in first if search.among(-1, number)[1]]
    if not alone:
        return None
    fates = _fates(search, [min(alone)[1]], lots, every, orders, line)
    return _lost(fates, orders, lambda chance: chance.p)
