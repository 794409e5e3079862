"""The shop's share of abnormal parcels, how far it is from a restriction, and which carrier or route brings it there."""

from collections.abc import Iterable, Mapping
from math import sqrt

import msgspec

from zhanggui.core.rules import Rule

MILLION = 1_000_000
_Z = 1.645
_LEAST_TO_STOP = 5
"""Fewer abnormal parcels than this are no reason to stop anything."""


class CategoryMean(msgspec.Struct, frozen=True):
    """The mean of the shop's category: the share in millionths, and the number of abnormal orders where the back office shows one."""

    share_ppm: int
    orders: int | None


class Tally(msgspec.Struct, frozen=True):
    """So many parcels, and so many of them abnormal."""

    parcels: int = 0
    abnormal: int = 0

    @property
    def share(self) -> float:
        """The share of abnormal ones; 0 where there are none at all."""
        return self.abnormal / self.parcels if self.parcels else 0.0

    @property
    def bounds(self) -> tuple[float, float]:
        """Between what the true share lies, nine times in ten (Wilson)."""
        if not self.parcels:
            return 0.0, 1.0
        n, share = self.parcels, self.share
        middle, side = share + _Z * _Z / (2 * n), _Z * sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n))
        return max(0.0, (middle - side) / (1 + _Z * _Z / n)), min(1.0, (middle + side) / (1 + _Z * _Z / n))

    def plus(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(self.parcels + other.parcels, self.abnormal + other.abnormal)

    def minus(self, other: "Tally") -> "Tally":
        """What is left without the other."""
        return Tally(self.parcels - other.parcels, self.abnormal - other.abnormal)


class Reach(msgspec.Struct, frozen=True):
    """How far the shop is from the restriction: both limits, and how many more abnormal parcels bring it there."""

    limit_share: float
    limit_orders: int | None
    """None: the category's mean number is not known, so the share alone is judged."""
    is_restricted: bool
    left: int
    """How many more; 0 once it is restricted."""
    good_needed: int
    """How many more parcels without trouble bring the share back to the limit, where it is above."""


class Stop(msgspec.Struct, frozen=True):
    """A carrier or route that is certainly worse than the rest of the shop, and what the shop's share would be without it."""

    sort: str
    name: str
    tally: Tally
    rest: Tally


def factor_of(rule: Rule) -> int:
    """How many times the mean the restriction begins at, in percent: 500 for five times. 0 where the rule names none."""
    return (rule.amount.brackets[0].percent or 0) if rule.amount is not None else 0


def reach(tally: Tally, mean: CategoryMean, percent: int) -> Reach:
    """How far it is, counted in whole parcels: the share must lie above the limit, and the number too where its mean is known."""
    # a parcel that becomes abnormal is in the count already, so only the upper number rises
    over_share = mean.share_ppm * percent * tally.parcels // (100 * MILLION) + 1
    limit_orders = None if mean.orders is None else mean.orders * percent // 100
    least = max(over_share, 0 if limit_orders is None else limit_orders + 1)
    limit = mean.share_ppm * percent / 100 / MILLION
    is_over_share = tally.abnormal >= over_share
    needed = -(-tally.abnormal * 100 * MILLION // (mean.share_ppm * percent)) - tally.parcels if is_over_share else 0
    return Reach(limit, limit_orders, tally.abnormal >= least, max(least - tally.abnormal, 0), max(needed, 0))


def to_stop(all_of_it: Tally, by_sort: Mapping[str, Mapping[str, Tally]]) -> tuple[Stop, ...]:
    """The carriers and routes whose share is certainly above that of all others together, those that bring the most first."""
    found: list[Stop] = []
    for sort, tallies in by_sort.items():
        for name, tally in tallies.items():
            rest = all_of_it.minus(tally)
            if name and rest.parcels and tally.abnormal >= _LEAST_TO_STOP and tally.bounds[0] > rest.bounds[1]:
                found.append(Stop(sort, name, tally, rest))
    return tuple(sorted(found, key=lambda stop: stop.rest.share - stop.tally.abnormal / max(all_of_it.parcels, 1)))


def summed(tallies: Iterable[Tally]) -> Tally:
    """All of them together."""
    total = Tally()
    for tally in tallies:
        total = total.plus(tally)
    return total
