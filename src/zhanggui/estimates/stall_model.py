"""What was learnt of how parcels stall, as numbers, and the chance they give. Asking needs no library: a page opens where nothing can be learnt.

The question is asked anew at every age of a leg ("landmarks"): of the legs that have lasted so long without an event, how many lasted beyond their limit? The
odds are a product of what holds for all legs of that age and of what tells parcels apart: the carrier, the province, the two together, the hour of the day.
Where little was seen, every part is drawn towards telling nothing (ridge penalty, a normal prior), so a carrier with three parcels is judged almost as all are.
That the parts multiply is what follows where most parcels move in the same way and some stand still for good: who is more often among those is as much
more often so at every age.
"""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from math import exp, log, sqrt

import msgspec

from zhanggui.core.parcels.legs import DELIVERY, FIRST_HOP, HANDED_IN, TRANSIT, Leg

LANDMARKS: Mapping[str, tuple[float, ...]] = {
    HANDED_IN: (0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 23.5),
    FIRST_HOP: (0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 23.5),
    TRANSIT: (0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 36, 40, 44, 47.5),
    DELIVERY: (0, 1, 2, 3, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 23.5),
}
"""The ages of a leg, in hours without an event, at which the question is asked; between two of them the answer lies between theirs."""
LANDMARK_SCALE = 12.0
"""What holds for all legs of an age is drawn towards nothing less than what tells parcels apart."""
BAND_HOURS = 4
SURE = 1.645
"""Nine times in ten the true chance lies between low and high, as far as the model is right."""
_FARTHEST = 30.0
_TINY = 1e-12


class Chance(msgspec.Struct, frozen=True):
    """A chance, and between which bounds it lies."""

    p: float
    low: float
    high: float


class StallModel(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The learnt numbers. `spread` is the covariance of the weights, row by row, as 32-bit floats."""

    names: tuple[str, ...]
    weights: tuple[float, ...]
    spread: bytes
    stretch: float = 1.0
    """By how much the logarithm of the odds is stretched, and then shifted, so that what was foreseen meets what came."""
    shift: float = 0.0

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Where each name stands."""
        return {name: number for number, name in enumerate(self.names)}

    @cached_property
    def covariance(self) -> "array[float]":
        """The spread as numbers."""
        numbers: array[float] = array("f")
        numbers.frombytes(self.spread)
        return numbers

    def chance(self, leg: Leg) -> Chance:
        """The chance that the leg, which has lasted as long as it has, lasts beyond its limit."""
        if leg.waited >= leg.limit:
            return Chance(1.0, 1.0, 1.0)
        terms = [(self.place[name], value) for name, value in terms_of(leg) if name in self.place]
        level = self.stretch * sum(self.weights[place] * value for place, value in terms) + self.shift
        error = SURE * self.stretch * sqrt(max(self._quadratic(terms), 0.0) + self._unseen(leg))
        return Chance(odds_share(level), odds_share(level - error), odds_share(level + error))

    def at_any(self, legs: Sequence[tuple[Leg, float]]) -> Chance:
        """The chance that any of these legs lasts beyond its limit, each taken as often as is said; the bounds heed that the legs share what is not known."""
        risk, slope = 0.0, dict[int, float]()
        for leg, often in legs:
            p = self.likely(leg)
            risk -= often * log(max(1 - p, _TINY))
            for name, value in terms_of(leg):
                if name in self.place:
                    slope[self.place[name]] = slope.get(self.place[name], 0.0) + often * p * value * self.stretch
        unseen = max((self._unseen(leg) for leg, _ in legs), default=0.0)
        error = SURE * sqrt(max(self._quadratic(list(slope.items())), 0.0) / max(risk, _TINY) ** 2 + unseen * self.stretch**2)
        low, middle, high = (1 - exp(-risk * exp(side * min(error, 5.0))) for side in (-1, 0, 1))
        return Chance(middle, low, high)

    def likely(self, leg: Leg) -> float:
        """The same chance without its bounds, which take most of the time."""
        if leg.waited >= leg.limit:
            return 1.0
        place, weights = self.place, self.weights
        return odds_share(self.stretch * sum(weights[place[name]] * value for name, value in terms_of(leg) if name in place) + self.shift)

    def _quadratic(self, terms: list[tuple[int, float]]) -> float:
        width, spread = len(self.names), self.covariance
        return sum(one * other * spread[row * width + column] for row, one in terms for column, other in terms)

    def _unseen(self, leg: Leg) -> float:
        """The variance of what was never seen, such as a new carrier: that of the prior, learnt as the largest the table holds for its like."""
        missing = sum(name not in self.place for name in common_names(leg))
        return missing * max((self.covariance[place * len(self.names) + place] for place in range(len(self.names))), default=0.0)


def common_names(leg: Leg) -> tuple[str, ...]:
    """The names of the weights that hold for the leg at every age."""
    band = leg.hour // BAND_HOURS
    return (
        f"carrier/{leg.carrier}",
        f"carrier/{leg.carrier}/{leg.step}",
        f"province/{leg.province}",
        f"route/{leg.carrier}/{leg.province}",
        f"hour/{leg.step}/{band}",
        f"carrier-hour/{leg.carrier}/{band}",
    )


def landmark_name(step: str, number: int) -> str:
    """The name of the weight of one age."""
    return f"age/{step}/{number}"


def terms_of(leg: Leg) -> Iterator[tuple[str, float]]:
    """The names that bear on the leg at its age, and how much."""
    for name in common_names(leg):
        yield name, 1.0
    ages = LANDMARKS[leg.step]
    after = next((number for number, age in enumerate(ages) if age > leg.waited), len(ages))
    before = after - 1
    part = 0.0 if after == len(ages) else (leg.waited - ages[before]) / (ages[after] - ages[before])
    yield landmark_name(leg.step, before), (1 - part) * LANDMARK_SCALE
    if part:
        yield landmark_name(leg.step, after), part * LANDMARK_SCALE


def odds_share(level: float) -> float:
    """The share whose odds have this logarithm."""
    return 1 / (1 + exp(-max(min(level, _FARTHEST), -_FARTHEST)))


def odds_level(share: float) -> float:
    """The logarithm of a share's odds."""
    kept = min(max(share, 1e-9), 1 - 1e-9)
    return log(kept / (1 - kept))
