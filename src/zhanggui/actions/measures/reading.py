"""Measures of a day, read from the sums of its window. Nothing here counts rows of orders."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from zhanggui.core.measures.book import Formula, MeasureBook, Unit
from zhanggui.core.measures.marks import Counted, DaySum, Mark, weighed, window
from zhanggui.core.measures.what import What
from zhanggui.people.permissions import ShopId
from zhanggui.records.db import Tx
from zhanggui.records.measures import days
from zhanggui.rulebook.measures import measure_book

_NOTHING = Counted(0, 0)


def formula_on(measure: str, day: date, book: MeasureBook | None = None) -> Formula | None:
    """The formula by which a measure of this day is counted; None where none is known to be in force. Raises KeyError for an id that is none."""
    return (book or measure_book()).measure(measure).in_force(day)


def shown_day(formula: Formula, today: date) -> date:
    """The day as which `counted` gives what the platform shows today: its data lag."""
    return today - timedelta(days=formula.lag_days - 1)


def counted(tx: Tx, shop_id: ShopId, measure: str, day: date, *, book: MeasureBook | None = None) -> Counted:
    """The measure over its window, which ends the day before `day`. Nothing above nothing where no formula counts it."""
    formula = formula_on(measure, day, book)
    return _NOTHING if formula is None or formula.is_unknown else counted_by(tx, shop_id, formula, day)


def counted_by(tx: Tx, shop_id: ShopId, formula: Formula, day: date) -> Counted:
    """The same by a formula that is at hand."""
    return _put_together(days.over(tx, shop_id, formula.whats, *window(formula, day)), formula)


def counted_all(tx: Tx, shop_id: ShopId, formulas: Sequence[Formula], day: date) -> dict[str, Counted]:
    """Many measures of one day by their ids; formulas of one window are read at once."""
    found: dict[str, Counted] = {}
    for span in sorted({formula.window_days for formula in formulas}):
        some = [formula for formula in formulas if formula.window_days == span]
        whats = frozenset(what for formula in some for what in formula.whats)
        sums = days.over(tx, shop_id, whats, *window(some[0], day)) if whats else {}
        found.update((formula.id, _put_together(sums, formula)) for formula in some)
    return found


def series(tx: Tx, shop_id: ShopId, measure: str, since: date, until: date, *, book: MeasureBook | None = None) -> tuple[DaySum, ...]:
    """What each day from `since` to `until`, both included, adds to the measure, by the formula of the day after the last; quiet days are there, too."""
    formula = formula_on(measure, until + timedelta(days=1), book)
    if formula is None:
        return tuple(DaySum(since + timedelta(days=number), 0, 0) for number in range((until - since).days + 1))
    return series_all(tx, shop_id, (formula,), since, until)[measure]


def series_all(tx: Tx, shop_id: ShopId, formulas: Sequence[Formula], since: date, until: date) -> dict[str, tuple[DaySum, ...]]:
    """The same of many measures by their ids, by these formulas, read at once."""
    whats = frozenset(what for formula in formulas if not formula.is_unknown for what in formula.whats)
    told: dict[date, dict[What, tuple[int, int]]] = {}
    for (what, day), sums in (days.by_day(tx, shop_id, whats, since, until) if whats else {}).items():
        told.setdefault(day, {})[what] = sums
    every = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    return {formula.id: tuple(_day_sum(day, told.get(day, {}), formula) for day in every) for formula in formulas}


def _day_sum(day: date, sums: Mapping[What, tuple[int, int]], formula: Formula) -> DaySum:
    one = _NOTHING if formula.is_unknown else _added_up(sums, formula)
    return DaySum(day, one.num, one.den)


def projected(tx: Tx, shop_id: ShopId, measure: str, day: date, extra: Iterable[Mark], *, book: MeasureBook | None = None) -> Counted:
    """The measure of a day as it would be with these marks beside what is known; those of other measures and outside its window add nothing."""
    formula = formula_on(measure, day, book)
    if formula is None or formula.is_unknown:
        return _NOTHING
    first, last = window(formula, day)
    added = [mark for mark in extra if mark.measure == measure and first <= mark.day <= last]
    before = counted_by(tx, shop_id, formula, day)
    below = 0 if formula.unit is Unit.COUNT else sum(mark.den for mark in added)
    return before.plus(Counted(sum(mark.num for mark in added), below))


def _put_together(sums: Mapping[What, tuple[int, int]], formula: Formula) -> Counted:
    """Above and below of the fraction; of a count 1 stands below."""
    found = _added_up(sums, formula)
    return Counted(found.num, 1) if formula.unit is Unit.COUNT else found


def _added_up(sums: Mapping[What, tuple[int, int]], formula: Formula) -> Counted:
    total = _NOTHING
    for what in formula.whats:
        many, amount = sums.get(what, (0, 0))
        total = total.plus(Counted(*weighed(what in formula.numerator, what in formula.denominator, many, amount, formula)))
    return total
