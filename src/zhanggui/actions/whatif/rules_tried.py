"""A changed rule laid over the last month of a shop: its clocks, its money, its measures."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.measures.counting import seen_of
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.whatif.pasts import known_figure, pasts_of
from zhanggui.core.deadlines import DeadlineKind, DeadlineState
from zhanggui.core.measures.book import Formula
from zhanggui.core.measures.seen import OrderSeen
from zhanggui.core.moments import shanghai_day
from zhanggui.core.rules import Rule, Rulebook
from zhanggui.core.whatif.deciding import Branch
from zhanggui.core.whatif.predicting import Effect, Figure, effect_of, then
from zhanggui.core.whatif.replaying import Changed, RuleTrial, as_if_always, changed_clocks, trial_of
from zhanggui.people.permissions import ShopId
from zhanggui.records import rule_notices
from zhanggui.records.db import Tx
from zhanggui.rulebook.measures import measure_book

MONTH = timedelta(days=30)
MOST_ORDERS = 5000
"""So many orders of the last month a rule is tried on at most; the newest, and the page says so."""
_AT_ONCE = 500


class MeasureThen(msgspec.Struct, frozen=True):
    """A measure of today, and what it would be had the rule held."""

    formula: Formula
    now: Figure
    then: Figure


class RuleTried(msgspec.Struct, frozen=True, kw_only=True):
    """What a changed rule would have done to the last month."""

    rule: Rule
    since: datetime
    trial: RuleTrial
    measures: tuple[MeasureThen, ...]
    """Those that it moves."""


def try_rule(tx: Tx, house: House, shop_id: ShopId, rule: Rule, now: datetime) -> RuleTried:
    """The clocks and measures of the orders of the last month, as they were and as they would have been. Nothing is kept."""
    before = _without(rulebook_in(tx, house, shop_id), rule)
    always = as_if_always(rule, now - 12 * MONTH)
    after = _before_it(before, rule).with_overrides([always])
    nos = rule_notices.orders_between(tx, shop_id, now - MONTH, now, MOST_ORDERS + 1)
    changed: list[Changed] = []
    effects: list[Effect] = []
    for start in range(0, min(len(nos), MOST_ORDERS), _AT_ONCE):
        some = nos[start : min(start + _AT_ONCE, MOST_ORDERS)]
        seen = seen_of(tx, shop_id, some, before.advice, now)
        for no, known in orders_known(tx, shop_id, some).items():
            clocks = changed_clocks(known, before, after, always, now)
            changed += clocks
            if clocks and no in seen and (would := _as_seen_then(seen[no], clocks)) is not seen[no]:
                stands = Branch(1.0, seen[no])
                effects.append(effect_of((Branch(1.0, would),), (stands,), stands, measure_book()))
    trial = trial_of(changed, orders=min(len(nos), MOST_ORDERS), left_off=len(nos) > MOST_ORDERS)
    return RuleTried(rule=rule, since=now - MONTH, trial=trial, measures=_measures(tx, shop_id, effects, now))


def _measures(tx: Tx, shop_id: ShopId, effects: Sequence[Effect], now: datetime) -> tuple[MeasureThen, ...]:
    if not effects:
        return ()
    today = shanghai_day(now)
    formulas = tuple(each for each in measure_book().in_force(today) if not each.is_unknown)
    found = []
    for formula_id, held in pasts_of(tx, shop_id, formulas, today).items():
        if held.is_told and any(each.touches(formula_id, today) for each in effects):
            found.append(MeasureThen(held.formula, known_figure(held, today), then(held, today, effects)))
    return tuple(found)


def _as_seen_then(seen: OrderSeen, clocks: Sequence[Changed]) -> OrderSeen:
    """The order as the measures would see it by the clocks of the changed rule."""
    for each in clocks:
        if each.then.kind is DeadlineKind.SHIP_BY and seen.ship_due is not None and each.then.due_at != seen.ship_due:
            seen = msgspec.structs.replace(seen, ship_due=each.then.due_at, ship_state=each.then.state)
        elif each.then.kind is DeadlineKind.PICKUP_BY and seen.pickup_due is not None and each.then.due_at != seen.pickup_due:
            is_late = each.missed_then or each.then.state is DeadlineState.MISSED
            seen = msgspec.structs.replace(seen, pickup_due=each.then.due_at, pickup_state=DeadlineState.MISSED if is_late else each.then.state)
    return seen


def _without(rulebook: Rulebook, rule: Rule) -> Rulebook:
    """The rules without this one, where it is adopted already."""
    return _kept(rulebook, [each for each in rulebook.all if each.cite != rule.cite])


def _before_it(rulebook: Rulebook, rule: Rule) -> Rulebook:
    """The rules without those of the shop's own that it will go before as the younger one: tried as if it had always held, it would be the older."""

    def goes_before(own: Rule) -> bool:
        return own.is_override and own.question is rule.question and len(own.scope) == len(rule.scope) and own.effective_from <= rule.effective_from

    return _kept(rulebook, [each for each in rulebook.all if not goes_before(each)])


def _kept(rulebook: Rulebook, rules: Sequence[Rule]) -> Rulebook:
    return rulebook if len(rules) == len(rulebook.all) else Rulebook(rules, rulebook.weights, rulebook.calendar, rulebook.advice)
