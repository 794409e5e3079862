"""At which moments to print: the rounds that lose the least, found exactly among a grid of moments.

A round prints whatever can be printed and is not printed yet. Packing takes one order after the other, in one line, without pause while there is work;
each round costs some time to set up. Where an order leaves is decided by when it is packed: what that costs is a staircase that only climbs.

Everything is whole numbers: places on the line of working time in milliseconds, money in thousandths of a fen. So the plan can be compared with every
other plan there is, to the last digit; tests/core/planning does.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

MILLI = 1000
"""So many units of cost are a fen."""

Steps = tuple[tuple[int, int], ...]
"""(packed by this place, costs so much), both rising."""


class Lot(msgspec.Struct, frozen=True, gc=False):
    """Orders that are alike: printable from the same place, and costing the same wherever they come to be packed."""

    ready: int
    count: int
    steps: Steps
    left: int
    """What each costs that is packed after the last step, or never."""
    safe_until: int | None
    """Packed by here each is on time with the certainty asked for; None where it no longer can be."""

    def cost(self, packed: int) -> int:
        """What one order packed at this place costs."""
        return next((cost for until, cost in self.steps if packed <= until), self.left)


class Slot(NamedTuple):
    """A moment at which a round may be printed: its place, and the day it belongs to."""

    at: int
    day: int


class Shop(msgspec.Struct, frozen=True):
    """How the work goes: the set-up of a round, each order after it, what a round costs beside time, and how many rounds a day there may be."""

    setup: int
    each: int
    round_cost: int
    most_a_day: int


class Chosen(msgspec.Struct, frozen=True):
    """The rounds (as numbers of slots), and what everything costs together: orders, rounds, and what is never printed."""

    slots: tuple[int, ...]
    cost: int


class _State(NamedTuple):
    """Where a partial plan stands: the last slot, until where packing is busy, and how many rounds that day has had."""

    slot: int
    busy: int
    used: int


class _Best(NamedTuple):
    cost: int
    slots: tuple[int, ...]

    @property
    def rank(self) -> tuple[int, int, tuple[int, ...]]:
        return self.cost, len(self.slots), self.slots


class Rounds:
    """One shop's orders before one grid of moments."""

    def __init__(self, lots: Iterable[Lot], slots: Sequence[Slot], shop: Shop, busy: int) -> None:
        """`busy`: the place until which packing is taken up by what is printed already."""
        self.slots = tuple(slots)
        self.shop = shop
        self.busy = busy
        self._lots = sorted((lot for lot in lots if lot.count), key=packing_order)
        self._first = [next((number for number, slot in enumerate(self.slots) if slot.at >= lot.ready), len(self.slots)) for lot in self._lots]
        self._between: dict[tuple[int, int], tuple[list[Lot], int]] = {}
        self._costs: dict[tuple[int, int, int], int] = {}

    def best(self) -> Chosen:
        """The rounds that cost the least; of equal ones the fewest, then the earliest."""
        reached: dict[_State, _Best] = {_State(-1, self.busy, 0): _Best(0, ())}
        whole: _Best | None = None
        for number in range(-1, len(self.slots)):
            here = [(state, best) for state, best in reached.items() if state.slot == number]
            for state, best in here:
                ended = _Best(best.cost + self.never(state.slot), best.slots)
                whole = ended if whole is None or ended.rank < whole.rank else whole
                self._onwards(state, best, reached)
        assert whole is not None
        return Chosen(whole.slots, whole.cost)

    def cost_of(self, slots: Sequence[int]) -> int:
        """What these rounds cost, with everything they leave."""
        cost, last, busy = 0, -1, self.busy
        for number in slots:
            start = max(busy, self.slots[number].at)
            cost += self.shop.round_cost + self.packed(last, number, start)
            busy, last = self.ends(last, number, start), number
        return cost + self.never(last)

    def packed(self, last: int, number: int, start: int) -> int:
        """What the orders of a round cost that is printed at this slot after that one, its set-up beginning at `start`."""
        key = (last, number, start)
        if key not in self._costs:
            lots, _ = self.among(last, number)
            self._costs[key] = cost_of_packing(lots, start + self.shop.setup, self.shop.each)
        return self._costs[key]

    def ends(self, last: int, number: int, start: int) -> int:
        """Where the packing of that round ends."""
        return start + self.shop.setup + self.among(last, number)[1] * self.shop.each

    def among(self, last: int, number: int) -> tuple[list[Lot], int]:
        """What a round at this slot prints that comes after a round at that slot, and how many orders it is."""
        key = (last, number)
        if key not in self._between:
            lots = [lot for lot, first in zip(self._lots, self._first, strict=True) if last < first <= number]
            self._between[key] = lots, sum(lot.count for lot in lots)
        return self._between[key]

    def never(self, last: int) -> int:
        """What the orders cost that no round prints after this slot."""
        return sum(lot.left * lot.count for lot, first in zip(self._lots, self._first, strict=True) if first > last)

    def _onwards(self, state: _State, best: _Best, reached: dict[_State, _Best]) -> None:
        """Every plan with one round more after this one."""
        day = self.slots[state.slot].day if state.slot >= 0 else None
        for number in range(state.slot + 1, len(self.slots)):
            slot = self.slots[number]
            used = state.used + 1 if slot.day == day else 1
            if used > self.shop.most_a_day or not self.among(state.slot, number)[1]:
                continue
            start = max(state.busy, slot.at)
            cost = best.cost + self.shop.round_cost + self.packed(state.slot, number, start)
            made, after = _State(number, self.ends(state.slot, number, start), used), _Best(cost, (*best.slots, number))
            if made not in reached or after.rank < reached[made].rank:
                reached[made] = after


def packing_order(lot: Lot) -> tuple[bool, int, int]:
    """The order in which a round is packed: what must be packed soonest to be on time first, of those what costs most; what cannot be saved last."""
    return (lot.safe_until is None, lot.safe_until or 0, -lot.left)


def cost_of_packing(lots: Iterable[Lot], begins: int, each: int) -> int:
    """What these lots cost, packed one order after the other from here on in the order given."""
    return sum(_cost_of_run(lot, count, at, each) for lot, count, at in packing_runs(lots, begins, each))


def packing_runs(lots: Iterable[Lot], begins: int, each: int) -> Iterator[tuple[Lot, int, int]]:
    """The packing as runs: so many orders of a lot, the first packed one order's time after this place. What would come too late makes way for the rest."""
    at = begins
    late: list[tuple[Lot, int]] = []
    for lot in lots:
        fits = 0 if lot.safe_until is None else min(lot.count, max(0, (lot.safe_until - at) // each))
        if fits:
            yield lot, fits, at
        at += fits * each
        if fits < lot.count:
            late.append((lot, lot.count - fits))
    for lot, count in late:
        yield lot, count, at
        at += count * each


def _cost_of_run(lot: Lot, count: int, at: int, each: int) -> int:
    cost = done = 0
    for until, price in lot.steps:
        if done == count:
            return cost
        upto = min(count, max(done, (until - at) // each))
        cost += (upto - done) * price
        done = upto
    return cost + (count - done) * lot.left
