"""Where a measure of the shop goes in the next days, with the error of the very same reckoning over the shop's own past.

A measure is a sum over the days of a window. What of it is known today and stays in the window is exact; only the days to come are guessed. They are guessed by
what stretches of as many days in a row brought before, the newer ones weighing more, so that weekdays, good and bad spells stay together as they were. Bounds
are never narrower than chance alone would make them, and wider where the past fell outside of them more often than one time in ten.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property, partial
from math import sqrt
from typing import Protocol

import msgspec

from zhanggui.estimates.product_limit import Z90

HALVES_AFTER = 28
"""A stretch of so many days ago weighs half of today's."""
LEAST_DAYS = 28
"""Below so many known days nothing is said."""
STRETCHES = 2
"""A stretch to come is guessed only where the past holds at least so many of its length, one after the other."""
NARROW, WIDE = 0.05, 0.95
"""The bounds hold nine times in ten."""
LATELY = 60
"""So many days of the past are shown before what is to come."""
ORIGINS = 40
"""From so many days of the past, at most, the back-test looks ahead."""
LEAST_TRIED = 5
"""Below so many tries no error is stated."""


class Kind(StrEnum):
    """What is told of the window: the numerator over the denominator, or the numerator alone."""

    RATIO = "ratio"
    COUNT = "count"


class DayLike(Protocol):
    """What one day brought. Days without anything may be left out."""

    @property
    def day(self) -> date: ...
    @property
    def num(self) -> int: ...
    @property
    def den(self) -> int: ...


class DayBrought(msgspec.Struct, frozen=True, gc=False):
    """What one day brought."""

    day: date
    num: int
    den: int


class Point(msgspec.Struct, frozen=True, gc=False):
    """The measure on a day to come. Nothing is told of it where the window may be empty then."""

    day: date
    ahead: int
    value: float | None
    low: float | None
    high: float | None
    if_nothing: tuple[int, int]
    """Numerator and denominator if nothing more came: what leaves the window is known exactly."""


class Was(msgspec.Struct, frozen=True, gc=False):
    """The measure on a day of the past."""

    day: date
    num: int
    den: int


class Tried(msgspec.Struct, frozen=True, gc=False):
    """How the same reckoning would have done in the past, so many days ahead."""

    ahead: int
    tried: int
    error: float
    """How far off it was, on the mean, to either side."""
    naive: float
    """How far off it would have been to say that nothing changes."""
    lean: float
    """What was forecast less what came, on the mean."""
    inside: int
    """How many of the tried fell within the bounds, these widened by what was known then."""


class Forecast(msgspec.Struct, frozen=True):
    """Where a measure goes; without points where the past is too short."""

    today: date
    window: int
    kind: Kind
    now: tuple[int, int]
    """Numerator and denominator of today's window, which ends with yesterday."""
    points: tuple[Point, ...]
    backtest: tuple[Tried, ...]
    widened: float
    """By how much the bounds were widened at most since the past fell outside of them."""
    known_days: int
    asked_days: int
    """How far ahead was asked for; `points` may end before."""
    past: tuple[Was, ...] = ()
    """The measure of the last days, today's the last."""

    @property
    def low(self) -> tuple[float | None, ...]:
        """The lower bounds, day by day."""
        return tuple(point.low for point in self.points)

    @property
    def high(self) -> tuple[float | None, ...]:
        """The upper bounds, day by day."""
        return tuple(point.high for point in self.points)

    @property
    def error(self) -> float | None:
        """How far off the farthest look ahead that could be tried was, on the mean. None where none could."""
        return self.backtest[-1].error if self.backtest else None

    @property
    def is_short(self) -> bool:
        """Whether the past is too short to say anything."""
        return not self.points

    @property
    def value(self) -> float | None:
        """The measure today."""
        return told(*self.now, self.kind)

    def at(self, ahead: int) -> Point | None:
        """The point so many days ahead, None where it is not told."""
        return self.points[ahead - 1] if 0 < ahead <= len(self.points) else None


class Crossing(msgspec.Struct, frozen=True):
    """When a threshold is crossed: the likely day, and the bounds between which it lies nine times in ten. None: not within the days looked at."""

    day: date | None
    early: date | None
    late: date | None
    is_there: bool
    """Whether it holds today."""
    looked_to: date | None
    """The last day looked at."""


def forecast(
    series: Iterable[DayLike], horizon: int, *, today: date, window: int, kind: Kind = Kind.RATIO, first: date | None = None, most: float | None = None
) -> Forecast:
    """The measure of each of the next days, with bounds, and how the same would have done before.

    The window of a day is the `window` days before it. `first` is the first day of which the shop's data tell; the first of the series where it is not named.
    `most` is what the measure cannot pass.
    """
    past = _Past(series, today, window, kind, first)
    reach = min(horizon, past.reach(past.days))
    tried, widened = _backtest(past, reach)
    points = _points(past, past.days, reach, widened, most)
    widest = max(widened.values(), default=1.0)
    return Forecast(today, window, kind, past.window_at(past.days), points, tried, widest, past.days, horizon, past.lately())


def crossing(found: Forecast, threshold: float, *, at_least: bool = True, is_strict: bool = False) -> Crossing:
    """From when on the measure is at least (at most; strictly: above, below) the threshold, likely, at the earliest and at the latest.

    The last day of it being otherwise decides.
    """
    value = found.value
    holds = partial(_holds, threshold=threshold, at_least=at_least, is_strict=is_strict)
    hopeful = [point.high if at_least else point.low for point in found.points]
    cautious = [point.low if at_least else point.high for point in found.points]
    likely = [point.value for point in found.points]
    return Crossing(
        day=_since(found, likely, holds),
        early=_since(found, hopeful, holds),
        late=_since(found, cautious, holds),
        is_there=holds(value),
        looked_to=found.points[-1].day if found.points else None,
    )


def fallen_below(found: Forecast, threshold: float) -> date | None:
    """The day on which a count falls below the threshold if nothing more comes: exact. None where it does not within the days looked at."""
    return next((point.day for point in found.points if point.if_nothing[0] < threshold), None)


def told(num: int, den: int, kind: Kind) -> float | None:
    """What the window tells; None for a share of nothing."""
    if kind is Kind.COUNT:
        return float(num)
    return num / den if den else None


class _Past:
    """What every known day brought, and sums over stretches of days by running totals."""

    def __init__(self, series: Iterable[DayLike], today: date, window: int, kind: Kind, first: date | None) -> None:
        by_day: dict[date, tuple[int, int]] = {}
        for each in series:
            num, den = by_day.get(each.day, (0, 0))
            by_day[each.day] = (num + each.num, den + each.den)
        known = [day for day in by_day if day < today]
        self.first = first or min(known, default=today)
        self.days = max(0, (today - self.first).days)
        self.today, self.window, self.kind = today, window, kind
        self.nums, self.dens = [0], [0]
        self._squares = [(0, 0, 0)]
        """Running sums of num², num·den and den² of the days."""
        for number in range(self.days):
            num, den = by_day.get(self.first + timedelta(days=number), (0, 0))
            self.nums.append(self.nums[-1] + num)
            self.dens.append(self.dens[-1] + den)
            nn, nd, dd = self._squares[-1]
            self._squares.append((nn + num * num, nd + num * den, dd + den * den))

    def reach(self, origin: int) -> int:
        """How far ahead something can be said from there."""
        return origin // STRETCHES if origin >= LEAST_DAYS else 0

    def between(self, since: int, until: int) -> tuple[int, int]:
        """What the days from one number up to, not including, another brought."""
        since, until = max(0, since), max(0, until)
        return self.nums[until] - self.nums[since], self.dens[until] - self.dens[since]

    def window_at(self, origin: int) -> tuple[int, int]:
        """The window of the day with that number."""
        return self.between(origin - self.window, origin)

    def lately(self) -> tuple[Was, ...]:
        """The windows of the last days."""
        first = max(0, self.days - LATELY + 1)
        return tuple(Was(self.first + timedelta(days=origin), *self.window_at(origin)) for origin in range(first, self.days + 1))

    def stays(self, origin: int, ahead: int) -> tuple[int, int]:
        """What of the known days is still in the window so many days later."""
        return self.between(min(origin, origin + ahead - self.window), origin)

    def guessed(self, origin: int, ahead: int) -> "_Guess":
        """The measure so many days after the day with that number, by what was known before it."""
        kept_num, kept_den = self.stays(origin, ahead)
        length = min(ahead, self.window)
        weighed: list[tuple[float, float]] = []
        nums = dens = weights = 0.0
        for end in range(length, origin + 1):
            weight = 0.5 ** ((origin - end) / HALVES_AFTER)
            num, den = self.between(end - length, end)
            nums, dens, weights = nums + weight * num, dens + weight * den, weights + weight
            value = told(kept_num + num, kept_den + den, self.kind)
            if value is not None:
                weighed.append((value, weight))
        if not weights:
            return _Guess(None, (), (kept_num, kept_den))
        mean_num, mean_den = kept_num + nums / weights, kept_den + dens / weights
        likely = mean_num if self.kind is Kind.COUNT else mean_num / mean_den if mean_den else None
        chance = self._chance(origin, length, nums / weights, dens / weights, mean_den)
        return _Guess(likely, tuple(sorted(weighed)), (kept_num, kept_den), chance)

    def _chance(self, origin: int, length: int, new_num: float, new_den: float, whole_den: float) -> float:
        """How far chance alone takes it to either side, nine times in ten, if days came independently of each other."""
        nn, nd, dd = self._squares[origin]
        if self.kind is Kind.COUNT:
            mean = self.nums[origin] / origin
            a_day = max(nn / origin - mean * mean, new_num / length)
            return Z90 * sqrt(max(0.0, a_day * length))
        num, den = self.nums[origin], self.dens[origin]
        if not den or not whole_den:
            return 0.0
        ratio = num / den
        each = max(0.0, nn - 2 * ratio * nd + ratio * ratio * dd) / den
        if num <= den:
            share = (num + 0.5) / (den + 1)
            each = max(each, share * (1 - share))
        return Z90 * sqrt(each * new_den) / whole_den


class _Guess(msgspec.Struct, frozen=True, dict=True):
    """The mean of what may come, and all that it was drawn from."""

    likely: float | None
    weighed: tuple[tuple[float, float], ...]
    kept: tuple[int, int]
    chance: float = 0.0

    def bounds(self, widened: float) -> tuple[float, float] | None:
        """Between which it lies nine times in ten."""
        if self.likely is None or not self.weighed:
            return None
        low, high = min(self._part(NARROW), self.likely - self.chance), max(self._part(WIDE), self.likely + self.chance)
        return self.likely - widened * (self.likely - low), self.likely + widened * (high - self.likely)

    def outside(self, came: float) -> float:
        """By how much the bounds would have to be widened to hold what came; at most 1 where they hold it."""
        bounds = self.bounds(1.0)
        if bounds is None or self.likely is None or abs(came - self.likely) < _NOTHING:
            return 0.0
        half = self.likely - bounds[0] if came < self.likely else bounds[1] - self.likely
        return abs(came - self.likely) / half if half > 0 else _NEVER

    def _part(self, share: float) -> float:
        sums = self._sums
        return self.weighed[min(bisect_left(sums, share * sums[-1]), len(self.weighed) - 1)][0]

    @cached_property
    def _sums(self) -> list[float]:
        total, sums = 0.0, []
        for _, weight in self.weighed:
            total += weight
            sums.append(total)
        return sums


_NOTHING = 1e-9
_NEVER = 3.0
"""Where the past never moved, bounds have no width to be widened; what moves then is counted as this far outside."""


def _points(past: _Past, origin: int, reach: int, widened: Mapping[int, float], most: float | None) -> tuple[Point, ...]:
    found = []
    for ahead in range(1, reach + 1):
        guess = past.guessed(origin, ahead)
        low, high = _held(guess.bounds(_wide(widened, ahead)), guess.kept, past.kind, most)
        found.append(Point(past.first + timedelta(days=origin + ahead), ahead, guess.likely, low, high, guess.kept))
    return tuple(found)


def _held(bounds: tuple[float, float] | None, kept: tuple[int, int], kind: Kind, most: float | None) -> tuple[float | None, float | None]:
    """Bounds that can be: a count never falls below what stays, nothing falls below zero or passes the most."""
    if bounds is None:
        return None, None
    least = float(kept[0]) if kind is Kind.COUNT else 0.0
    low, high = max(least, bounds[0]), max(least, bounds[1])
    return (low, high) if most is None else (min(most, low), min(most, high))


def _wide(widened: Mapping[int, float], ahead: int) -> float:
    """By how much to widen so many days ahead: as at the next look ahead that was tried, the farthest one beyond it."""
    return next((widened[tried] for tried in sorted(widened) if tried >= ahead), widened[max(widened)] if widened else 1.0)


def _backtest(past: _Past, reach: int) -> tuple[tuple[Tried, ...], dict[int, float]]:
    """The same reckoning from days of the past, each with what was known before it alone, widened by what had come true or not until then."""
    tried: list[Tried] = []
    widened: dict[int, float] = {}
    for ahead in dict.fromkeys(each for each in (7, 14, 30, reach) if 0 < each <= reach):
        origins = _origins(past, ahead)
        if len(origins) < LEAST_TRIED:
            continue
        found, factor = _tried(past, ahead, origins)
        if found is not None:
            tried.append(found)
            widened[ahead] = factor
    return tuple(sorted(tried, key=lambda each: each.ahead)), widened


def _origins(past: _Past, ahead: int) -> list[int]:
    """The days of the past from which so far a look ahead can be tried and judged, spread evenly, the newest among them."""
    able = [origin for origin in range(LEAST_DAYS, past.days - ahead + 1) if past.reach(origin) >= ahead]
    step = max(1, -(-len(able) // ORIGINS))
    return sorted(able[::-1][::step])


def _tried(past: _Past, ahead: int, origins: Sequence[int]) -> tuple[Tried | None, float]:
    errors: list[float] = []
    naive: list[float] = []
    outside: list[tuple[int, float]] = []
    inside = 0
    for origin in origins:
        guess = past.guessed(origin, ahead)
        came = told(*past.window_at(origin + ahead), past.kind)
        stood = told(*past.window_at(origin), past.kind)
        if guess.likely is None or came is None or stood is None:
            continue
        over = guess.outside(came)
        inside += over <= _widening([each for known, each in outside if known <= origin])
        outside.append((origin + ahead, over))
        errors.append(guess.likely - came)
        naive.append(abs(stood - came))
    widened = _widening([each for _, each in outside])
    if len(errors) < LEAST_TRIED:
        return None, widened
    count = len(errors)
    return Tried(ahead, count, sum(map(abs, errors)) / count, sum(naive) / count, sum(errors) / count, inside), widened


def _widening(outside: Sequence[float]) -> float:
    """By how much bounds must be widened to have held nine in ten of these; never narrowed."""
    if len(outside) < LEAST_TRIED:
        return 1.0
    ordered = sorted(outside)
    return max(1.0, ordered[min(len(ordered) - 1, -(-9 * (len(ordered) + 1) // 10) - 1)])


def _holds(value: float | None, *, threshold: float, at_least: bool, is_strict: bool) -> bool:
    if value is None or (is_strict and value == threshold):
        return False
    return value >= threshold if at_least else value <= threshold


def _since(found: Forecast, values: Sequence[float | None], holds: Callable[[float | None], bool]) -> date | None:
    """The first day from which on it holds until the last day looked at."""
    held: date | None = None
    for point, value in zip(found.points, values, strict=True):
        held = (held or point.day) if holds(value) else None
    return held
