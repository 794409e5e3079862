"""How many orders are to be expected in each hour of a day, learned from the shop's own last weeks."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from math import sqrt

import msgspec

from zhanggui.estimates.product_limit import Z90

FADES = 0.8
"""Each week back counts this much less than the one after it."""
LEAN = 1.5
"""How many days of the same weekday the mean of all days weighs."""
WEEKS = 6


class Expected(msgspec.Struct, frozen=True, gc=False):
    """So many orders in an hour, and the bounds that hold nine times in ten."""

    mean: float
    low: float
    high: float


class Arrivals(msgspec.Struct, frozen=True):
    """What an hour of each weekday brings, how much days differ from it, and from how many days that was learned."""

    by_hour: Mapping[int, tuple[float, ...]]
    """By weekday (Monday 1), the 24 hours."""
    spread: float
    """The variance of an hour's orders divided by their mean; 1 where they come independently."""
    days: int

    def at(self, day: date, hour: int) -> Expected:
        """What that hour of that day brings."""
        mean = self.by_hour.get(day.isoweekday(), (0.0,) * 24)[hour]
        return _bounded(mean, self.spread)

    def together(self, means: Iterable[float]) -> Expected:
        """What hours that bring so many each bring together."""
        return _bounded(sum(means), self.spread)


def learn_arrivals(counts: Mapping[tuple[date, int], int], first: date, today: date) -> Arrivals:
    """Arrivals learned from the orders of whole days, from the first day up to, not including, today. No days, nothing expected."""
    days = [first + timedelta(days=number) for number in range((today - first).days)]
    weights = {day: FADES ** ((today - day).days // 7) for day in days}
    whole = sum(weights.values())
    by_hour: dict[int, tuple[float, ...]] = {}
    overall = [_mean([(weights[day], counts.get((day, hour), 0)) for day in days]) for hour in range(24)]
    for weekday in range(1, 8):
        own = [day for day in days if day.isoweekday() == weekday]
        weight = sum(weights[day] for day in own)
        sums = [sum(weights[day] * counts.get((day, hour), 0) for day in own) for hour in range(24)]
        by_hour[weekday] = tuple((sums[hour] + LEAN * overall[hour]) / (weight + LEAN) if whole else 0.0 for hour in range(24))
    return Arrivals(by_hour, _spread(counts, days, by_hour), len(days))


def _mean(weighted: list[tuple[float, int]]) -> float:
    weight = sum(each for each, _ in weighted)
    return sum(each * count for each, count in weighted) / weight if weight else 0.0


def _spread(counts: Mapping[tuple[date, int], int], days: list[date], by_hour: Mapping[int, tuple[float, ...]]) -> float:
    """By whole days, since it is days that differ: sales begin, weather turns."""
    if len(days) < 4:
        return 4.0
    parts = []
    for day in days:
        mean = sum(by_hour[day.isoweekday()])
        seen = sum(counts.get((day, hour), 0) for hour in range(24))
        if mean > 0:
            parts.append((seen - mean) ** 2 / mean)
    return max(1.0, sum(parts) / len(parts)) if parts else 1.0


def _bounded(mean: float, spread: float) -> Expected:
    half = Z90 * sqrt(spread * mean)
    return Expected(mean, max(0.0, mean - half), mean + half)
