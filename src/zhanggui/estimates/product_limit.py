"""How long something takes, learned from what was seen: a weighted product-limit (Kaplan-Meier) estimate, with the error it must be read with.

What has not happened yet counts as lasting at least so long, so that slow parcels are not left out. Thin data lean on wider ones by weight: samples of
the case in hand count whole, those of its relatives share a fixed weight, and a few made-up ones stand in where nothing was seen at all.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from math import sqrt

import msgspec

from zhanggui.core.planning.chances import Chance

Z90 = 1.645
"""The half width of an interval that holds nine times in ten, in standard errors."""


class Sample(msgspec.Struct, frozen=True, gc=False):
    """So many things seen: each took so many minutes, or had not happened after so many."""

    minutes: int
    count: float = 1.0
    happened: bool = True
    weight: float = 1.0
    """How much each of them counts."""


class Curve(msgspec.Struct, frozen=True, gc=False):
    """How large a share takes longer than so many minutes, falling step by step."""

    minutes: tuple[int, ...]
    """The moments of the steps, rising."""
    over: tuple[float, ...]
    """The share that takes longer than each of them."""
    weight: float
    """How many samples this is worth."""
    seen: int
    """How many samples of the case in hand it rests on."""

    def within(self, minutes: float) -> Chance:
        """The chance that it takes at most so long."""
        at = bisect_right(self.minutes, minutes)
        p = 0.0 if minutes < 0 else 1.0 - (self.over[at - 1] if at else 1.0)
        low, high = interval(p, self.weight)
        return Chance(p, low, high, self.seen)

    def quantile(self, share: float) -> int | None:
        """After how many minutes that share is done; None where it never was within what was seen."""
        for minutes, over in zip(self.minutes, self.over, strict=True):
            if 1.0 - over >= share - 1e-12:
                return minutes
        return None


def product_limit(samples: Iterable[Sample], seen: int) -> Curve:
    """The curve of these samples. What had not happened by the last of them stays open."""
    ended: dict[int, float] = {}
    left: dict[int, float] = {}
    total = 0.0
    for sample in samples:
        side = ended if sample.happened else left
        side[sample.minutes] = side.get(sample.minutes, 0.0) + sample.count * sample.weight
        total += sample.count * sample.weight
    steps: list[int] = []
    over: list[float] = []
    share, waiting = 1.0, total
    for minutes in sorted({*ended, *left}):
        if minutes in ended and waiting > 0:
            share *= max(0.0, 1.0 - ended[minutes] / waiting)
            steps.append(minutes)
            over.append(share)
        waiting -= ended.get(minutes, 0.0) + left.get(minutes, 0.0)
    return Curve(tuple(steps), tuple(over), total, seen)


def leaning(own: Sequence[Sample], *wider: tuple[Sequence[Sample], float]) -> Curve:
    """The curve of one's own samples, each counted whole, leaning on wider groups, each of which weighs at most what is named beside it."""
    pooled = list(own)
    for group, most in wider:
        whole = sum(sample.count for sample in group)
        part = min(1.0, most / whole) if whole else 0.0
        pooled.extend(Sample(sample.minutes, sample.count, sample.happened, part) for sample in group)
    return product_limit(pooled, round(sum(sample.count for sample in own)))


def interval(p: float, weight: float) -> tuple[float, float]:
    """Where a share seen in so many samples lies nine times in ten (Wilson)."""
    if weight <= 0:
        return 0.0, 1.0
    square = Z90 * Z90 / weight
    middle = (p + square / 2) / (1 + square)
    half = Z90 * sqrt(max(0.0, p * (1 - p) / weight + square / (4 * weight))) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)
