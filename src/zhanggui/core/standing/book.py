"""What is known of how the platform judges a shop: figures, the navigator, stars, restrictions and signals, each dated and sourced. Loaded from data."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Protocol, TypeVar

import msgspec

from zhanggui.core.rules import Basis, Grade, Title

MILLION = 1_000_000


class Unit(StrEnum):
    """In what a figure is shown."""

    PERCENT = "percent"
    HOURS = "hours"
    DAYS = "days"
    SCORE = "score"
    """Stars of one to five, and scores of nought to five."""
    STARS = "stars"
    """Of the whole shop, in halves."""
    COUNT = "count"
    RANK = "rank"
    """The share of peers that the shop exceeds, in percent."""
    YES_NO = "yes_no"


class Better(StrEnum):
    """Which way a figure is good."""

    LOW = "low"
    HIGH = "high"


class Dated(Protocol):
    """What holds from a day to another."""

    @property
    def effective_from(self) -> date:
        """The first day."""

    @property
    def effective_until(self) -> date | None:
        """The first day on which it no longer holds."""


D = TypeVar("D", bound=Dated)


class Figure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A figure as the back office shows it."""

    id: str
    """That of the measure, where the house counts it by itself."""
    unit: Unit
    better: Better
    label: tuple[str, ...]
    """What the pages of the back office call it, the longest first."""
    ours: bool = True
    title: Title | None = None
    """None where it is a measure, which bears its own."""
    source: str

    def read(self, num: int, den: int) -> Fraction | None:
        """What counting shows in the unit of the figure. None where there is nothing to divide by."""
        if self.unit is Unit.COUNT:
            return Fraction(num)
        if den <= 0:
            return None
        value = Fraction(num, den)
        return value * 100 if self.unit is Unit.PERCENT else value / _SECONDS.get(self.unit, 1)


_SECONDS = {Unit.HOURS: 3600, Unit.DAYS: 86400}


class Dimension(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A group of indicators."""

    id: str
    title: Title


class IndicatorRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One indicator of the navigator."""

    place: int
    figure: str
    dimension: str
    beside: str | None = None
    """The measure of ours that it follows, where the platform shows a rank that only it knows."""
    least: int = 0
    """Below so many that count the platform shows none."""


class NavigatorRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of the navigator."""

    id: str
    title: Title
    effective_from: date
    effective_until: date | None = None
    from_is_approximate: bool = False
    indicators: tuple[IndicatorRule, ...]
    good_beyond: int
    """The share of peers from which a shop is called good, in percent."""
    source: str
    checked: date
    basis: Basis
    grade: Grade
    note: Title | None = None

    @property
    def cite(self) -> str:
        """The version as everything else refers to it."""
        return f"{self.id}@{self.effective_from.isoformat()}"


class StarRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one level of stars asks for."""

    level: float
    effective_from: date
    effective_until: date | None = None
    from_is_approximate: bool = False
    beyond: int | None = None
    """The share of peers that the whole score must exceed, in percent; None where nobody has published it."""
    every_dimension: bool = False
    special: bool = False
    source: str
    checked: date
    basis: Basis
    grade: Grade


class RestrictionRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What restricts a shop, and from which figure on."""

    id: str
    figure: str
    level: Title
    cause: Title
    effective_from: date
    effective_until: date | None = None
    from_is_approximate: bool = False
    limit: float | None = None
    """In the unit of the figure; None where nobody has published it."""
    by_category_mean: bool = False
    """Whether the limit is a multiple of the category's mean, which another rule and the shop's own entry tell."""
    source: str
    checked: date
    basis: Basis
    grade: Grade

    @property
    def cite(self) -> str:
        """The version as everything else refers to it."""
        return f"{self.id}@{self.effective_from.isoformat()}"

    @property
    def exact_limit(self) -> Fraction | None:
        """The limit as it is written, not as a machine stores it."""
        return None if self.limit is None else Fraction(str(self.limit))


class Signal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that search ranking weighs."""

    id: str
    title: Title
    figures: tuple[str, ...]
    unseen: Title | None = None
    """What of it the house cannot see."""
    source: str
    checked: date
    basis: Basis
    grade: Grade


class StandingBook(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """All of it."""

    figure: tuple[Figure, ...]
    dimension: tuple[Dimension, ...]
    navigator: tuple[NavigatorRule, ...]
    star: tuple[StarRule, ...]
    restriction: tuple[RestrictionRule, ...]
    signal: tuple[Signal, ...]

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """The figures by their names."""
        return {figure.id: figure for figure in self.figure}

    def navigator_on(self, day: date) -> NavigatorRule | None:
        """The navigator as it holds on a day; None where nobody knows."""
        return next(iter(in_force(self.navigator, day)), None)

    def stars_on(self, day: date) -> tuple[StarRule, ...]:
        """The levels of stars that hold on a day, the highest first."""
        return tuple(sorted(in_force(self.star, day), key=lambda rule: -rule.level))

    def restrictions_on(self, day: date) -> tuple[RestrictionRule, ...]:
        """What restricts a shop on a day."""
        return in_force(self.restriction, day)


def in_force(rules: Iterable[D], day: date) -> tuple[D, ...]:
    """Those that hold on the day."""
    return tuple(rule for rule in rules if rule.effective_from <= day and (rule.effective_until is None or day < rule.effective_until))
