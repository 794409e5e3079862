"""Where a shop stands: every indicator against its standard, the stars that fit what is known, what costs the next one, and what restricts the shop."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Protocol

import msgspec

from zhanggui.core.standing.book import Better, Figure, IndicatorRule, NavigatorRule, RestrictionRule, StandingBook, StarRule, Unit
from zhanggui.core.standing.percentiles import percentile_of
from zhanggui.core.standing.room import Room, room

NAVIGATOR_RANK, SPECIAL_SERVICE, STAR_RATING = "navigator_rank", "special_service", "star_rating"


class HasCounted(Protocol):
    """What was counted: above and below the line of the fraction."""

    @property
    def num(self) -> int:
        """Hits, seconds or stars."""

    @property
    def den(self) -> int:
        """Orders, cases, ratings."""


class Reading(msgspec.Struct, frozen=True):
    """What the back office showed, as it was typed or pasted."""

    figure: str
    day: date
    """The day up to which the platform had counted."""
    value: Fraction
    is_met: bool | None = None
    """What the page said of it."""
    standard: Fraction | None = None
    """What the page asks for the next star."""
    percentile: Fraction | None = None
    """The share of peers it exceeds, where the page says so."""


class Line(msgspec.Struct, frozen=True):
    """A standard or a limit, and where it is from."""

    value: Fraction
    from_day: date | None = None
    """Since when the shop has it so; None where it comes with the house."""
    source: str = ""
    least: int | None = None
    """So many must count as well: with no more than these nothing is crossed."""

    @property
    def is_own(self) -> bool:
        """Whether the shop has entered it."""
        return self.from_day is not None


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that standing is judged by."""

    values: Mapping[str, HasCounted]
    """What the house counts, by measure."""
    readings: Mapping[str, Sequence[Reading]] = {}
    """What the back office showed, by figure, the newest first."""
    targets: Mapping[str, Line] = {}
    limits: Mapping[str, Line] = {}
    """By restriction: those of the shop's own, and that of the category's mean."""
    differs: frozenset[str] = frozenset()
    """Figures of which the back office has lately shown something else than we count: those are judged by what it showed."""

    def reading(self, figure: str) -> Reading | None:
        """The newest one."""
        return next(iter(self.readings.get(figure, ())), None)


class Indicator(msgspec.Struct, frozen=True, kw_only=True):
    """One indicator, where it stands."""

    rule: IndicatorRule
    figure: Figure
    measure: str | None
    """The measure of ours that is counted: the figure's own, or the one beside it."""
    value: Fraction | None
    """By our count; by the newest reading where only the platform counts it."""
    is_ours: bool
    differs: bool
    """Whether it is judged by the reading, since what we count differs from it."""
    counted: HasCounted | None
    reading: Reading | None
    target: Line | None
    met: bool | None
    gap: Fraction | None
    """How far the value is on the good side of the target: below nought where it is not met."""
    is_hidden: bool
    """Whether too few count, by what we know, for the platform to show it."""
    percentile: Fraction | None
    room: Room | None


class DimensionStanding(msgspec.Struct, frozen=True):
    """One dimension: whether all of it is met, and the mean of the percentiles that are known."""

    id: str
    met: bool | None
    indicators: tuple[Indicator, ...]
    percentile: Fraction | None
    percentiles_known: int

    @property
    def missed(self) -> tuple[Indicator, ...]:
        """The indicators that do not meet their target."""
        return tuple(each for each in self.indicators if each.met is False)

    @property
    def unknown(self) -> tuple[Indicator, ...]:
        """Those of which that cannot be told."""
        return tuple(each for each in self.indicators if each.met is None)


class Cost(msgspec.Struct, frozen=True):
    """What stands between the shop and a level of stars: a dimension, or the whole score (without one)."""

    level: float
    dimension: str | None
    figures: tuple[str, ...]
    is_sure: bool
    """False where it only may stand between: it cannot be told."""


class Stars(msgspec.Struct, frozen=True):
    """Which levels fit what is known. `low` is None where even the lowest cannot be told."""

    low: float | None
    high: float | None
    shown: Reading | None

    @property
    def is_exact(self) -> bool:
        """Whether only one level fits."""
        return self.low is not None and self.low == self.high


class Distance(msgspec.Struct, frozen=True, kw_only=True):
    """One restriction: how the shop stands to it."""

    rule: RestrictionRule
    figure: Figure
    value: Fraction | None
    counted: HasCounted | None
    reading: Reading | None
    limit: Line | None
    is_beyond: bool | None
    room: Room | None

    @property
    def orders_left(self) -> int | None:
        """How many more until it holds."""
        return None if self.room is None else self.room.left

    @property
    def is_near(self) -> bool:
        """Whether the very next one crosses the line, or four fifths of the way are gone."""
        if self.is_beyond is not False or self.counted is None or self.orders_left is None:
            return False
        return self.orders_left <= 1 or 4 * self.orders_left <= self.counted.num


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where the shop stands on a day."""

    day: date
    navigator: NavigatorRule | None
    indicators: tuple[Indicator, ...]
    dimensions: tuple[DimensionStanding, ...]
    stars: Stars
    costs_the_star: tuple[Cost, ...]
    restrictions: tuple[Distance, ...]


def standing(known: Known, book: StandingBook, day: date) -> Standing:
    """Where a shop stands of which this is known."""
    navigator = book.navigator_on(day)
    indicators = tuple(_indicator(rule, known, book) for rule in navigator.indicators) if navigator else ()
    dimensions = tuple(_dimensions(indicators, book))
    levels = book.stars_on(day)
    stars = _stars(levels, dimensions, known, known.reading(STAR_RATING))
    return Standing(
        day=day,
        navigator=navigator,
        indicators=indicators,
        dimensions=dimensions,
        stars=stars,
        costs_the_star=_costs(levels, dimensions, known, stars),
        restrictions=tuple(_distance(rule, known, book) for rule in book.restrictions_on(day)),
    )


def is_met(figure: Figure, value: Fraction, target: Fraction) -> bool:
    """Whether the value is on the good side of the target, or on it."""
    return value <= target if figure.better is Better.LOW else value >= target


def _indicator(rule: IndicatorRule, known: Known, book: StandingBook) -> Indicator:
    figure = book.figures[rule.figure]
    measure = rule.figure if figure.ours else rule.beside
    counted = known.values.get(measure) if measure else None
    reading = known.reading(rule.figure)
    differs = reading is not None and rule.figure in known.differs
    is_counted = figure.ours and counted is not None and not differs
    value = figure.read(counted.num, counted.den) if is_counted and counted is not None else (reading.value if reading else None)
    is_hidden = rule.least > 0 and counted is not None and counted.den < rule.least
    target = known.targets.get(rule.figure)
    met = None if is_hidden and reading is None else _met(figure, value, target, reading)
    away = None if value is None or target is None else value - target.value
    return Indicator(
        rule=rule,
        figure=figure,
        measure=measure,
        value=value,
        is_ours=figure.ours,
        differs=differs,
        counted=counted,
        reading=reading,
        target=target,
        met=met,
        gap=None if away is None else (-away if figure.better is Better.LOW else away),
        is_hidden=is_hidden,
        percentile=_percentile(figure, value, known),
        room=room(figure, counted.num, counted.den, target.value) if is_counted and counted is not None and target is not None else None,
    )


def _met(figure: Figure, value: Fraction | None, target: Line | None, reading: Reading | None) -> bool | None:
    """By the target where there is one; a service by whether it is on; else by what the back office said."""
    if value is not None and target is not None:
        return is_met(figure, value, target.value)
    if value is not None and figure.unit is Unit.YES_NO:
        return value > 0
    return None if reading is None else reading.is_met


def _percentile(figure: Figure, value: Fraction | None, known: Known) -> Fraction | None:
    if value is None:
        return None
    if figure.unit is Unit.RANK:
        return value
    pairs = [(reading.value, reading.percentile) for reading in known.readings.get(figure.id, ()) if reading.percentile is not None]
    return percentile_of(value, pairs, figure.better)


def _dimensions(indicators: Sequence[Indicator], book: StandingBook) -> Iterable[DimensionStanding]:
    for dimension in book.dimension:
        own = tuple(each for each in indicators if each.rule.dimension == dimension.id)
        if not own:
            continue
        told = [each.percentile for each in own if each.percentile is not None]
        mean = sum(told, Fraction(0)) / len(told) if told else None
        yield DimensionStanding(dimension.id, _all(each.met for each in own), own, mean, len(told))


def _all(told: Iterable[bool | None]) -> bool | None:
    """Whether all hold; None where none fails, but one cannot be told."""
    answers = list(told)
    if any(answer is False for answer in answers):
        return False
    return None if any(answer is None for answer in answers) else True


def _asked(rule: StarRule, dimensions: Sequence[DimensionStanding], known: Known) -> list[tuple[str | None, bool | None]]:
    """What the level asks for, each with whether it is so: the whole score (None), and dimensions."""
    rank = known.reading(NAVIGATOR_RANK)
    asked: list[tuple[str | None, bool | None]] = [(None, None if rank is None or rule.beyond is None else rank.value >= rule.beyond)]
    for dimension in dimensions:
        special = any(each.rule.figure == SPECIAL_SERVICE for each in dimension.indicators)
        if rule.special if special else rule.every_dimension:
            asked.append((dimension.id, dimension.met))
    if rule.special and not any(each.rule.figure == SPECIAL_SERVICE for dimension in dimensions for each in dimension.indicators):
        # before it became a row of the page it was asked for all the same
        reading = known.reading(SPECIAL_SERVICE)
        asked.append((SPECIAL_SERVICE, None if reading is None else reading.value > 0))
    return asked


def _stars(levels: Sequence[StarRule], dimensions: Sequence[DimensionStanding], known: Known, shown: Reading | None) -> Stars:
    """Between the highest level of which all is known to hold, and the highest of which nothing is known to fail."""
    found = {rule.level: _all(so for _, so in _asked(rule, dimensions, known)) for rule in levels}
    low = max((level for level, so in found.items() if so), default=None)
    high = max((level for level, so in found.items() if so is not False), default=None)
    return Stars(low, high, shown)


def _costs(levels: Sequence[StarRule], dimensions: Sequence[DimensionStanding], known: Known, stars: Stars) -> tuple[Cost, ...]:
    """What stands between the shop and the next level: that above the one the platform shows, or above the one that is sure."""
    at = float(stars.shown.value) if stars.shown is not None else (stars.low or 0.0)
    above = [rule for rule in levels if rule.level > at]
    if not above:
        return ()
    rule = min(above, key=lambda each: each.level)
    by_id = {dimension.id: dimension for dimension in dimensions}
    costs = []
    for name, so in _asked(rule, dimensions, known):
        if so:
            continue
        standing_of = by_id.get(name or "")
        listed = () if standing_of is None else (standing_of.missed if so is False else standing_of.unknown)
        figures = tuple(each.rule.figure for each in listed) or ((SPECIAL_SERVICE,) if name == SPECIAL_SERVICE else () if name else (NAVIGATOR_RANK,))
        costs.append(Cost(rule.level, None if name == SPECIAL_SERVICE else name, figures, so is False))
    return tuple(sorted(costs, key=lambda cost: not cost.is_sure))


def _distance(rule: RestrictionRule, known: Known, book: StandingBook) -> Distance:
    figure = book.figures[rule.figure]
    reading = known.reading(rule.figure)
    differs = reading is not None and rule.figure in known.differs
    counted = known.values.get(rule.figure) if figure.ours and not differs else None
    value = figure.read(counted.num, counted.den) if counted is not None else (None if reading is None or (figure.ours and not differs) else reading.value)
    limit = known.limits.get(rule.id) or (None if rule.exact_limit is None else Line(rule.exact_limit))
    is_beyond = None if value is None or limit is None else not is_met(figure, value, limit.value)
    left = None if counted is None or limit is None else room(figure, counted.num, counted.den, limit.value)
    if counted is not None and limit is not None and limit.least is not None and left is not None and counted.num <= limit.least:
        # both have to be crossed: where no number of bad ones crosses the rate, none does
        is_beyond, left = False, Room(False, None if left.left is None else max(left.left, limit.least + 1 - counted.num), 0)
    return Distance(rule=rule, figure=figure, value=value, counted=counted, reading=reading, limit=limit, is_beyond=is_beyond, room=left)
