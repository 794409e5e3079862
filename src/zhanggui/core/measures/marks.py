"""Marks: what a hit adds to which measure. A measure of a day is the sum of the marks of its window, the day itself left out."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import msgspec

from zhanggui.core.measures.book import Formula, MeasureBook, Unit
from zhanggui.core.measures.hits import order_hits
from zhanggui.core.measures.seen import OrderSeen
from zhanggui.core.measures.what import Hit


class Mark(msgspec.Struct, frozen=True, gc=False):
    """One addition to one measure on the Shanghai day it belongs to: to what stands above (a number, seconds, stars), and below."""

    measure: str
    day: date
    num: int
    den: int


class Counted(msgspec.Struct, frozen=True):
    """A measure as it was counted."""

    num: int
    den: int

    def value(self, unit: Unit = Unit.RATE) -> float | None:
        """The figure; hours where it is told in hours, the number itself of a count. None where nothing stands below."""
        if unit is Unit.COUNT:
            return float(self.num)
        if not self.den:
            return None
        return self.num / self.den / 3600 if unit is Unit.MEAN_HOURS else self.num / self.den

    def plus(self, other: "Counted") -> "Counted":
        """Both together."""
        return Counted(self.num + other.num, self.den + other.den)


class DaySum(msgspec.Struct, frozen=True):
    """What one day adds to a measure."""

    day: date
    num: int
    den: int


def order_marks(seen: OrderSeen, book: MeasureBook, *, on: date | None = None) -> tuple[Mark, ...]:
    """What the order adds to the measures: by the formulas of the day `on`, else by those in force on each mark's own day. Ratings and replies are apart."""
    return marks_of(order_hits(seen, book), book, on=on)


def marks_of(hits: Iterable[Hit], book: MeasureBook, *, on: date | None = None) -> tuple[Mark, ...]:
    """What these hits add to the measures."""
    return tuple(mark for hit in hits for mark in _of(hit, book, on))


def _of(hit: Hit, book: MeasureBook, on: date | None) -> Iterator[Mark]:
    for formula in book.in_force(on or hit.day):
        if hit.what in formula.whats:
            num, den = added(hit, formula)
            yield Mark(formula.id, hit.day, num, den)


def added(hit: Hit, formula: Formula) -> tuple[int, int]:
    """What the hit adds above and below by this formula."""
    return weighed(hit.what in formula.numerator, hit.what in formula.denominator, 1, hit.amount, formula)


def weighed(is_above: bool, is_below: bool, many: int, amount: int, formula: Formula) -> tuple[int, int]:
    """What so many hits with this amount add above and below."""
    if formula.sums_amounts:
        return (amount, many) if is_below else (0, 0)
    above = many if is_above else 0
    return above, (many if is_below else 0) + formula.per_hit * above


def window(formula: Formula, day: date) -> tuple[date, date]:
    """The first and the last day that count on this day."""
    return day - timedelta(days=formula.window_days), day - timedelta(days=1)
