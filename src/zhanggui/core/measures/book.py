"""How each measure is counted, version by version. Loaded from data."""

from datetime import date
from enum import StrEnum
from functools import cached_property

import msgspec

from zhanggui.core.advice.book import Grievance
from zhanggui.core.measures.what import What
from zhanggui.core.rules import Basis, Grade, Title


class Unit(StrEnum):
    """What a measure is told in."""

    RATE = "rate"
    MEAN_HOURS = "mean_hours"
    SCORE = "stars"
    COUNT = "count"


class Better(StrEnum):
    """In which direction a measure is better."""

    LOW = "better_low"
    HIGH = "better_high"


class Formula(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """One version of how a measure is counted."""

    id: str
    title: Title
    effective_from: date
    effective_until: date | None = None
    """The first day on which it no longer holds."""
    from_is_approximate: bool = False
    window_days: int = 30
    lag_days: int = 2
    """How far behind the platform shows it: what it shows today ends so many days ago."""
    unit: Unit = Unit.RATE
    better: Better
    numerator: tuple[What, ...] = ()
    denominator: tuple[What, ...] = ()
    """Of means and scores the amounts of these are added up above and their number below; a count has the numerator alone."""
    per_hit: int = 0
    """By how much every hit above adds to the count below."""
    least: int = 0
    """With fewer below than this the platform shows none."""
    is_unknown: bool = False
    """Whether nobody published how it is counted, so that it is not counted here."""
    source: str
    checked: date
    basis: Basis
    grade: Grade
    note: Title | None = None

    @property
    def cite(self) -> str:
        """The formula and version as everything else refers to it."""
        return f"pdd.{self.id}@{self.effective_from.isoformat()}"

    @property
    def sums_amounts(self) -> bool:
        """Whether the amounts of the hits are added up, not their number."""
        return self.unit in (Unit.MEAN_HOURS, Unit.SCORE)

    @cached_property
    def whats(self) -> frozenset[What]:
        """Everything it counts."""
        return frozenset((*self.numerator, *self.denominator))

    def holds_on(self, day: date) -> bool:
        """Whether it is the version of this day."""
        return self.effective_from <= day and (self.effective_until is None or day < self.effective_until)


class Versions(msgspec.Struct, frozen=True):
    """One measure with all versions of its formula, the oldest first."""

    id: str
    versions: tuple[Formula, ...]

    def in_force(self, day: date) -> Formula | None:
        """The formula by which the measure of this day is counted. None where nobody knows of one."""
        return next((one for one in self.versions if one.holds_on(day)), None)


class MeasureBook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """All measures, and what their hits are told by."""

    quality: tuple[Grievance, ...]
    """The grievances that make a refund one for quality."""
    serious: tuple[Grievance, ...]
    """Those that make it a serious one."""
    out_of_stock_hours: int
    """After so many hours past its term an order that has not left counts as out of stock."""
    positive_stars: int
    """From so many stars on a review is a positive one."""
    formula: tuple[Formula, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The measures, in the order of the book."""
        return tuple(self._by_id)

    def measure(self, measure: str) -> Versions:
        """One measure. Raises KeyError for one that is not in the book."""
        return self._by_id[measure]

    def in_force(self, day: date) -> tuple[Formula, ...]:
        """The formula of every measure on this day, unknown ones included."""
        return tuple(one for versions in self._by_id.values() if (one := versions.in_force(day)) is not None)

    @cached_property
    def _by_id(self) -> dict[str, Versions]:
        ids = dict.fromkeys(one.id for one in self.formula)
        return {each: Versions(each, tuple(sorted((one for one in self.formula if one.id == each), key=lambda one: one.effective_from))) for each in ids}
