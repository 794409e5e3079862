"""How far a shop is from what an activity asks: each threshold with the value, the gap and what would close it."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

import msgspec

from zhanggui.core.activities.book import Activity, Need, Told, Unit


class Value(msgspec.Struct, frozen=True):
    """A figure as it stands: numerator and denominator. A count has the denominator 1."""

    num: int
    den: int = 1

    @property
    def exact(self) -> Fraction | None:
        """The value; None for a share of nothing."""
        return Fraction(self.num, self.den) if self.den else None


class NeedNow(msgspec.Struct, frozen=True, kw_only=True):
    """One threshold beside the shop's value."""

    need: Need
    threshold: Fraction | None
    is_own: bool = False
    """Whether the shop typed the threshold, since none is published or another one shows."""
    value: Value | None = None
    is_met: bool | None = None
    """None where the value or the threshold is not known."""
    gap: Fraction | None = None
    """How much is missing, or too much; 0 where it is met."""
    best_ratings: int | None = None
    """How many ratings of five stars, and none other, would lift the score so far."""
    clean: int | None = None
    """How many more that count in the denominator alone would bring a share down so far."""


class Eligibility(msgspec.Struct, frozen=True):
    """One activity: what it asks, beside what the shop has."""

    activity: Activity
    needs: tuple[NeedNow, ...]

    @property
    def is_met(self) -> bool | None:
        """Whether everything is met; None where something is not known and nothing known is missing."""
        if any(each.is_met is False for each in self.needs):
            return False
        return None if any(each.is_met is None for each in self.needs) else True

    @property
    def missing(self) -> tuple[NeedNow, ...]:
        """What is known to be missing."""
        return tuple(each for each in self.needs if each.is_met is False)

    @property
    def unknown(self) -> tuple[NeedNow, ...]:
        """What nobody can tell from here."""
        return tuple(each for each in self.needs if each.is_met is None)


BEST = 5
"""The stars of the best rating."""

Names = tuple[str, int]
"""A figure and over how many days it is counted; 0 where it knows that itself."""


def named(need: Need) -> Names:
    """The name under which the value of a need stands."""
    return need.figure, need.days


def eligible(
    activities: Iterable[Activity], values: Mapping[Names, Value], targets: Mapping[tuple[str, str], Fraction] | None = None
) -> tuple[Eligibility, ...]:
    """How the shop stands towards each activity, by its figures and by the thresholds it typed (by activity and figure), which go before published ones."""
    own = targets or {}
    return tuple(Eligibility(each, tuple(need_now(each.id, need, values, own) for need in each.need)) for each in activities)


def need_now(activity_id: str, need: Need, values: Mapping[Names, Value], own: Mapping[tuple[str, str], Fraction]) -> NeedNow:
    """One threshold beside the value."""
    typed = own.get((activity_id, need.figure))
    threshold = need.threshold if typed is None else typed
    value = values.get(named(need))
    exact = None if value is None else value.exact
    if value is None or exact is None or threshold is None:
        return NeedNow(need=need, threshold=threshold, is_own=typed is not None, value=value)
    is_met = need.holds(exact, threshold)
    gap = Fraction(0) if is_met else abs(threshold - exact)
    # a score that somebody typed says nothing of how many ratings it rests on
    counts = not is_met and need.told is not Told.TYPED
    return NeedNow(
        need=need,
        threshold=threshold,
        is_own=typed is not None,
        value=value,
        is_met=is_met,
        gap=gap,
        best_ratings=_best_ratings(value, threshold, above=need.above is not None) if counts and need.unit is Unit.SCORE else None,
        clean=_clean(value, threshold) if counts and need.unit is Unit.RATE and need.is_upper else None,
    )


def _best_ratings(value: Value, threshold: Fraction, *, above: bool) -> int | None:
    """The least number of five-star ratings that lifts the mean to the threshold, or above it. None where no number does."""
    lacking, each = threshold * value.den - value.num, BEST - threshold
    if each < 0 or (each == 0 and (above or lacking > 0)):
        return None
    if each == 0:
        return 0
    needed = lacking / each
    whole = -(-needed.numerator // needed.denominator)
    return max(0, whole + 1 if above and whole == needed else whole)


def _clean(value: Value, threshold: Fraction) -> int | None:
    """The least number of further cases without a hit that brings the share down to the threshold."""
    if threshold <= 0:
        return None
    needed = Fraction(value.num) / threshold - value.den
    return max(0, -(-needed.numerator // needed.denominator))
