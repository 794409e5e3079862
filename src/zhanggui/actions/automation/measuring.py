"""What decisions of last month would have made of each measure: what if reckons it, and nothing is written twice."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.whatif.pasts import known_figure, pasts_of
from zhanggui.actions.whatif.targets import targets_of_orders, targets_of_past
from zhanggui.core.measures.book import Formula
from zhanggui.core.moments import shanghai_day
from zhanggui.core.whatif.deciding import Branch, Do, Target, as_asked, branches_of
from zhanggui.core.whatif.predicting import Effect, Figure, effect_of, then
from zhanggui.people.permissions import ShopId
from zhanggui.records import around
from zhanggui.records.db import Tx
from zhanggui.rulebook.measures import measure_book
from zhanggui.rulebook.whatif import whatif_terms


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """One thing of the past, and when it would have been decided: its case agreed to, or the order shipped."""

    case_no: str | None
    order_no: str | None
    at: datetime
    ships: bool


class MeasureMoved(msgspec.Struct, frozen=True, kw_only=True):
    """A measure of today, and what it would be had the last month been decided so."""

    formula: Formula
    now: Figure
    then: Figure


def measures_moved(tx: Tx, house: House, shop_id: ShopId, decided: Sequence[Decided], now: datetime) -> tuple[MeasureMoved, ...]:
    """The measures that these decisions would have moved."""
    if not decided:
        return ()
    book, today, rulebook = measure_book(), shanghai_day(now), rulebook_in(tx, house, shop_id)
    formulas = tuple(each for each in book.in_force(today) if not each.is_unknown)
    pasts = pasts_of(tx, shop_id, formulas, today)
    case_nos = [each.case_no for each in decided if each.case_no is not None]
    cases = [known.facts for known in around.cases_by_no(tx, shop_id, case_nos).values()] if case_nos else []
    of_cases = targets_of_past(tx, shop_id, cases, rulebook, now)
    order_nos = sorted({each.order_no for each in decided if each.ships and each.order_no is not None})
    of_orders = targets_of_orders(tx, shop_id, order_nos, rulebook, now) if order_nos else {}
    effects = []
    for each in decided:
        target = of_orders.get(each.order_no or "") if each.ships else of_cases.get(each.case_no or "")
        if target is not None:
            effects.append(_replayed(Do.SHIP if each.ships else Do.AGREE, target, each.at))
    found = []
    for formula in formulas:
        moved = MeasureMoved(formula=formula, now=known_figure(pasts[formula.id], today), then=then(pasts[formula.id], today, effects))
        if (moved.now.num, moved.now.den) != (moved.then.num, moved.then.den):
            found.append(moved)
    return tuple(found)


def _replayed(do: Do, target: Target, at: datetime) -> Effect:
    """The decision at that moment instead of what came about."""
    stands = Branch(1.0, target.seen)
    return effect_of(branches_of(do, as_asked(target), at, whatif_terms()), (stands,), stands, measure_book())
