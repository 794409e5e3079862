"""What a measure will be: the part of its window that is past is known, what is to come is drawn from the shop's own last weeks, decisions add what may follow.

Bounds come from many draws. The weeks themselves are drawn anew each time, so that a short history gives wide bounds. The same question gives the same
answer: the draws are seeded by what is asked.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from random import Random

import msgspec

from zhanggui.core.measures.book import Formula, MeasureBook, Unit
from zhanggui.core.measures.marks import Counted, DaySum, order_marks
from zhanggui.core.whatif.deciding import Branch
from zhanggui.core.whatif.terms import WhatIfTerms

Adds = Mapping[tuple[str, date], tuple[float, float]]
"""What is added above and below, by measure and day."""
_MOST = {Unit.RATE: 1.0, Unit.SCORE: 5.0}
"""The largest value of each unit, where what stands above is part of what stands below."""
_SEED = 20261122


class Course(msgspec.Struct, frozen=True):
    """One way something may go: how likely, and what it adds to the measures beyond what is counted already."""

    chance: float
    adds: Adds


class Effect(msgspec.Struct, frozen=True):
    """What one decision does: the ways it may go, and what would have been expected by habit."""

    courses: tuple[Course, ...]
    usual: Adds

    def expected(self) -> Adds:
        """What is to be expected of it beyond habit."""
        return added((each.chance, each.adds) for each in (*self.courses, Course(-1.0, self.usual)))

    def touches(self, measure: str, until: date) -> bool:
        """Whether it adds anything to this measure before that day."""
        return any(name == measure and day < until for each in (*(course.adds for course in self.courses), self.usual) for name, day in each)


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A measure of one day, with what stands above and below. Parts of a case are expectations. No bounds: all of it is known, or too little is."""

    day: date
    num: float
    den: float
    value: float | None
    low: float | None = None
    high: float | None = None


class Past(msgspec.Struct, frozen=True):
    """The days of one measure before today; what is counted of today and later may still change, and is left out."""

    formula: Formula
    days: Mapping[date, DaySum]
    day_one: date
    """The first day the shop has data of it from; days before are not taken for quiet ones."""
    is_told: bool = True
    """False where nobody has ever told the facts it is made of, so that nothing of it is known and nothing foretold."""


def effect_of(branches: Iterable[Branch], usual: Iterable[Branch], now: Branch, book: MeasureBook) -> Effect:
    """The branches as what they add beyond how the order is counted now."""
    stands = _of(now, book)
    courses = tuple(Course(each.chance, _less(_of(each, book), stands)) for each in branches)
    return Effect(courses, added((each.chance, _less(_of(each, book), stands)) for each in usual))


def added(parts: Iterable[tuple[float, Adds]]) -> dict[tuple[str, date], tuple[float, float]]:
    """All of them together, each as often as its chance says."""
    whole: defaultdict[tuple[str, date], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for chance, adds in parts:
        for key, (num, den) in adds.items():
            whole[key][0] += chance * num
            whole[key][1] += chance * den
    return {key: (num, den) for key, (num, den) in whole.items() if abs(num) > 1e-12 or abs(den) > 1e-12}


def known_on(past: Past, day: date) -> Counted:
    """The measure of a day by what is counted already, whatever of its window lies ahead left out."""
    days = [past.days[each] for each in _window(past.formula, day) if each in past.days]
    return Counted(sum(each.num for each in days), sum(each.den for each in days))


def figure(formula: Formula, day: date, num: float, den: float, bounds: tuple[float, float] | None = None) -> Figure:
    """The figure, in the unit it is told in."""
    low, high = bounds or (None, None)
    return Figure(day=day, num=num, den=den, value=value_of(formula, num, den), low=low, high=high)


def value_of(formula: Formula, num: float, den: float) -> float | None:
    """The value; None where too little stands below for the platform to show it."""
    if formula.unit is Unit.COUNT:
        return num
    if den <= 1e-9 or den < formula.least - 1e-9:
        return None
    return num / den / 3600 if formula.unit is Unit.MEAN_HOURS else num / den


def foretold(past: Past, today: date, ahead: int, effects: Sequence[Effect], terms: WhatIfTerms) -> Figure | None:
    """The measure so many days from today, with its bounds. Today counts as a day to come. None where the shop's history is too short."""
    pool = _pool(past, today, terms)
    if len(pool) < terms.least_history:
        return None
    formula, day = past.formula, today + timedelta(days=ahead)
    window = set(_window(formula, day))
    base = known_on(past, day)
    hits = [each for effect in effects if (each := _mine(effect, formula.id, window)) is not None]
    weeks, lots = _draws(formula, day, "weeks"), _draws(formula, day, "lots")
    coming = min(ahead, formula.window_days)
    drawn: list[float] = []
    for _ in range(terms.draws):
        num, den = _drawn(weeks, pool, base, coming)
        shared = lots.random()
        for courses, usual in hits:
            more = _one_of(shared if lots.random() * 100 < terms.together_percent else lots.random(), courses)
            num, den = num + more[0] - usual[0], den + more[1] - usual[1]
        value = value_of(formula, _possible(formula, num, den, base), den)
        if value is not None:
            drawn.append(value)
    num, den = _expected(pool, base, coming)
    for courses, usual in hits:
        num += sum(part * adds[0] for part, adds in courses) - usual[0]
        den += sum(part * adds[1] for part, adds in courses) - usual[1]
    return figure(formula, day, _possible(formula, num, den, base), den, _bounds(sorted(drawn), terms))


def excess(adds: Adds, pasts: Mapping[str, Past], today: date) -> Adds:
    """Of what is to be expected the hours beyond what is usual: whoever has waited for long already lifts the mean once they are paid."""
    found: dict[tuple[str, date], tuple[float, float]] = {}
    for (measure, day), (num, den) in adds.items():
        past = pasts.get(measure)
        if past is None or past.formula.unit is not Unit.MEAN_HOURS:
            continue
        known = known_on(past, today)
        if known.den:
            found[measure, day] = (num - den * known.num / known.den, 0.0)
    return found


def then(past: Past, today: date, effects: Sequence[Effect]) -> Figure:
    """The measure of today as it would be had the decisions been taken in the past already."""
    base, window = known_on(past, today), set(_window(past.formula, today))
    num, den = float(base.num), float(base.den)
    for effect in effects:
        for (measure, day), (above, below) in effect.expected().items():
            if measure == past.formula.id and day in window:
                num, den = num + above, den + below
    return figure(past.formula, today, _possible(past.formula, num, den, base), den)


def _possible(formula: Formula, num: float, den: float, base: Counted) -> float:
    """What stands above, no less than nothing and no more than all: habit that is taken off is an expectation, and may take off more than was drawn."""
    most = _MOST.get(formula.unit)
    if most is not None and base.num <= most * base.den:
        num = min(num, most * den)
    return max(num, 0.0)


def _draws(formula: Formula, day: date, what: str) -> Random:
    """The same draws each time, and the same weeks with a decision as without it, so that only the decision makes the difference."""
    return Random(f"{_SEED}/{formula.id}/{day}/{what}")  # noqa: S311 - nothing secret rests on them


def _of(branch: Branch, book: MeasureBook) -> Adds:
    return added((1.0, {(mark.measure, mark.day): (mark.num, mark.den)}) for mark in order_marks(branch.seen, book))


def _less(adds: Adds, stands: Adds) -> Adds:
    return added(((1.0, adds), (-1.0, stands)))


def _window(formula: Formula, day: date) -> list[date]:
    return [day - timedelta(days=back) for back in range(1, formula.window_days + 1)]


def _pool(past: Past, today: date, terms: WhatIfTerms) -> list[tuple[int, int]]:
    """What the last weeks added day by day; quiet days too."""
    days = (today - timedelta(days=back) for back in range(1, terms.history_days + 1))
    none = DaySum(today, 0, 0)
    return [(found.num, found.den) for day in days if day >= past.day_one for found in (past.days.get(day, none),)]


def _drawn(chance: Random, pool: Sequence[tuple[int, int]], base: Counted, coming: int) -> tuple[float, float]:
    weeks = chance.choices(pool, k=len(pool))
    num, den = float(base.num), float(base.den)
    for above, below in chance.choices(weeks, k=coming):
        num, den = num + above, den + below
    return num, den


def _expected(pool: Sequence[tuple[int, int]], base: Counted, coming: int) -> tuple[float, float]:
    return base.num + coming * sum(above for above, _ in pool) / len(pool), base.den + coming * sum(below for _, below in pool) / len(pool)


_Hit = tuple[list[tuple[float, tuple[float, float]]], tuple[float, float]]


def _mine(effect: Effect, measure: str, window: set[date]) -> _Hit | None:
    """What the effect does to this measure within the window: its courses, and what habit would have done; None where neither touches it."""
    courses = [(course.chance, _summed(course.adds, measure, window)) for course in effect.courses]
    usual = _summed(effect.usual, measure, window)
    return (courses, usual) if usual != (0.0, 0.0) or any(adds != (0.0, 0.0) for _, adds in courses) else None


def _summed(adds: Adds, measure: str, window: set[date]) -> tuple[float, float]:
    mine = [each for (name, day), each in adds.items() if name == measure and day in window]
    return sum(above for above, _ in mine), sum(below for _, below in mine)


def _one_of(lot: float, courses: Sequence[tuple[float, tuple[float, float]]]) -> tuple[float, float]:
    for part, adds in courses:
        lot -= part
        if lot < 0:
            return adds
    return courses[-1][1] if courses else (0.0, 0.0)


def _bounds(drawn: Sequence[float], terms: WhatIfTerms) -> tuple[float, float] | None:
    if len(drawn) < terms.draws / 2:
        return None
    outside = (100 - terms.within_percent) / 200
    low, high = (drawn[round(part * (len(drawn) - 1))] for part in (outside, 1 - outside))
    return low, high
