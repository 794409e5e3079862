"""The days before today of every measure, read at once."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from zhanggui.actions.measures.told import began, is_told, kinds_known
from zhanggui.core.facts import FactKind
from zhanggui.core.measures.book import Formula
from zhanggui.core.measures.marks import DaySum, weighed
from zhanggui.core.whatif.predicting import Figure, Past, figure, known_on
from zhanggui.people.permissions import ShopId
from zhanggui.records import open_things
from zhanggui.records.db import Tx
from zhanggui.records.measures import days

_LONGEST = 90


def pasts_of(tx: Tx, shop_id: ShopId, formulas: Sequence[Formula], today: date) -> dict[str, Past]:
    """The days of each measure as far back as any window reaches, read at once."""
    whats = frozenset(what for formula in formulas for what in formula.whats)
    since = today - timedelta(days=_LONGEST + max((formula.lag_days for formula in formulas), default=0))
    sums = days.by_day(tx, shop_id, whats, since, today - timedelta(days=1)) if whats else {}
    first = began(tx, shop_id, formulas, open_things.first_day(tx, shop_id) or today, today)
    known = kinds_known(tx, shop_id)
    return {formula.id: _past(Past(formula, _of_formula(formula, sums), first[formula.id]), known, today) for formula in formulas}


def _past(held: Past, known: Collection[FactKind], today: date) -> Past:
    """The past, or that there is none: nothing counted of what nobody told is not nought."""
    return held if is_told(held.formula, known_on(held, today), known) else Past(held.formula, {}, today, is_told=False)


def _of_formula(formula: Formula, sums: days.Sums) -> dict[date, DaySum]:
    found: dict[date, DaySum] = {}
    for (what, day), (many, amount) in sums.items():
        if what in formula.whats:
            num, den = weighed(what in formula.numerator, what in formula.denominator, many, amount, formula)
            before = found.get(day, DaySum(day, 0, 0))
            found[day] = DaySum(day, before.num + num, before.den + den)
    return found


def known_figure(held: Past, day: date) -> Figure:
    """The measure of a day by what is counted already."""
    if not held.is_told:
        return Figure(day=day, num=0, den=0, value=None)
    counted = known_on(held, day)
    return figure(held.formula, day, counted.num, counted.den)
