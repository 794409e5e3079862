"""What becomes of the measures if open things are decided this way or that: tomorrow, in a week, and last month had it been done so all along."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.measures.counting import FOR_A_PAGE, catch_up
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.whatif.consequences import Consequence, consequence
from zhanggui.actions.whatif.pasts import known_figure, pasts_of
from zhanggui.actions.whatif.targets import habit_of, targets_of_cases, targets_of_orders, targets_of_past, usual_ends
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState
from zhanggui.core.measures.book import Formula
from zhanggui.core.moments import shanghai_day
from zhanggui.core.rules import Rulebook
from zhanggui.core.say import say
from zhanggui.core.whatif.deciding import (
    MOST_DECISIONS,
    OF_ORDERS,
    Branch,
    Decision,
    Do,
    Every,
    Target,
    as_asked,
    branches_of,
    had_left_in_time,
    left_late,
    usual_of,
)
from zhanggui.core.whatif.predicting import Course, Effect, Figure, Past, added, effect_of, excess, foretold, known_on, then
from zhanggui.core.whatif.terms import WhatIfTerms
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import advice, around, open_things, rule_notices
from zhanggui.records.db import Tx
from zhanggui.rulebook.measures import measure_book
from zhanggui.rulebook.whatif import whatif_terms

WEEK = 7
MOST_EACH = 1000
"""So many things one `every` takes at most, the oldest first; the answer says when there were more."""
MONTH = timedelta(days=30)
PAST_CASES, PAST_ORDERS = 2000, 5000
"""So many cases and orders of the last month are decided anew at most, the newest; the answer says when there were more."""
_WAITING = (AftersaleState.SELLER_TO_ANSWER,)
_ANSWERS = (Do.AGREE, Do.REFUSE, Do.LAPSE)
_ANSWERED = timedelta(hours=2)
_ON_TIME, _RETURNED = "pdd_on_time_shipment_rate", "returned_refund_hours"


class Weighed(msgspec.Struct, frozen=True, kw_only=True):
    """One thing with what was decided of it, and what that adds to each measure within a week beyond the shop's habit, as far as can be expected."""

    do: Do
    case_no: str | None
    order_no: str
    adds: Mapping[str, tuple[float, float]]


class Ahead(msgspec.Struct, frozen=True):
    """A measure of a day to come: as it goes on, and with the decisions."""

    as_is: Figure
    decided: Figure


class MeasureAhead(msgspec.Struct, frozen=True, kw_only=True):
    """One measure: now, tomorrow, in a week, and had the last month been decided so."""

    formula: Formula
    shown: Figure
    """What the platform should show today, with its lag."""
    now: Figure
    tomorrow: Ahead | None
    """None where the shop's history is too short to tell, or nobody has told the facts."""
    week: Ahead | None
    month: Figure | None
    """None where nothing of the last month is like what is decided."""

    @property
    def is_touched(self) -> bool:
        """Whether a decision moves it."""
        return self.month is not None or any(each is not None and each.decided is not each.as_is for each in (self.tomorrow, self.week))


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """What decisions come to."""

    day: date
    weighed: tuple[Weighed, ...]
    left_off: bool
    """Whether there were things beyond the most that one `every` takes."""
    missing: tuple[str, ...]
    """Numbers that nobody told of, or of which nothing is to be decided."""
    replayed: int
    """So many cases and orders of the last month were decided anew."""
    month_left_off: bool
    """Whether the last month had more than is looked at; the newest were."""
    history_days: int
    """From so many days of the shop's own the days to come are drawn."""
    is_whole: bool
    """Whether everything known was counted when this was read."""
    measures: tuple[MeasureAhead, ...]
    tomorrow: Consequence | None
    """None where the shop's history is too short to tell."""
    week: Consequence | None


def what_if(house: House, by: Person, shop_id: ShopId, decisions: Sequence[Decision], now: datetime, *, waits: bool = False) -> Outlook:
    """What the measures become if these decisions are taken. Nothing is kept. Raises Refused for decisions that name nothing, or too many things.

    `waits` has everything counted first, however much that is; pages do not wait, and say where something is missing.
    """
    by.need(Permission.ORDERS_READ, shop_id)
    by.need(Permission.AFTERSALES_READ, shop_id)
    _check(decisions)
    state = catch_up(house, shop_id, now, most=None if waits else FOR_A_PAGE)
    with house.pool.connection() as tx:
        return _Trial(tx, house, shop_id, now).of(decisions, is_whole=state.is_whole and not state.waiting)


class _Policy(msgspec.Struct, frozen=True):
    """What is decided of all cases of a kind."""

    do: Do
    most_fen: int | None
    """Of those that ask for no more than this; None: of any."""

    def takes_in(self, case: AftersaleFacts) -> bool:
        """Whether the case is one of them; one whose sum nobody told is known to be within none."""
        return self.most_fen is None or (case.refund_amount is not None and case.refund_amount <= self.most_fen)


class _Trial:
    """One trial of decisions in a shop."""

    def __init__(self, tx: Tx, house: House, shop_id: ShopId, now: datetime) -> None:
        self.tx, self.house, self.shop_id, self.now = tx, house, shop_id, now
        self.today = shanghai_day(now)
        self.rulebook: Rulebook = rulebook_in(tx, house, shop_id)
        self.book = measure_book()
        self.formulas = tuple(each for each in self.book.in_force(self.today) if not each.is_unknown)
        self.pasts = pasts_of(tx, shop_id, self.formulas, self.today)
        self.habit = habit_of(tx, shop_id, in_time_of(self.pasts, self.today), _own(whatif_terms(), self.pasts, self.today), now)
        self.terms: WhatIfTerms = self.habit.terms
        self.ends = usual_ends(tx, shop_id, self.terms, now)
        self.waiting = self._waiting()
        self.missing: list[str] = []
        self.left_off = self.month_left_off = False

    def of(self, decisions: Sequence[Decision], *, is_whole: bool) -> Outlook:
        """Everything they come to."""
        chosen = self._chosen(decisions)
        effects = [self._effect(decision, target) for decision, target in chosen]
        past = self._past_effects(decisions, chosen)
        measures = tuple(self._ahead(formula, effects, past) for formula in self.formulas)
        return Outlook(
            day=self.today,
            weighed=tuple(self._weighed(decision, target, effect) for (decision, target), effect in zip(chosen, effects, strict=True)),
            left_off=self.left_off,
            missing=tuple(self.missing),
            replayed=len(past),
            month_left_off=self.month_left_off,
            history_days=_history(self.pasts, self.today, self.terms),
            is_whole=is_whole,
            measures=measures,
            tomorrow=self._consequence(1, {each.formula.id: (each.formula, each.tomorrow) for each in measures}),
            week=self._consequence(WEEK, {each.formula.id: (each.formula, each.week) for each in measures}),
        )

    def _consequence(self, ahead: int, told: Mapping[str, tuple[Formula, Ahead | None]]) -> Consequence | None:
        foretold = {name: (formula, both.as_is, both.decided) for name, (formula, both) in told.items() if both is not None}
        return consequence(self.tx, self.house, self.shop_id, foretold, self.today, ahead, self.now) if foretold else None

    def _chosen(self, decisions: Sequence[Decision]) -> list[tuple[Decision, Target]]:
        """Each thing once; where two decisions name it, the one that names it by its number, else the first."""
        cases = around.cases_by_no(self.tx, self.shop_id, sorted({each.case for each in decisions if each.case}))
        held: dict[str, tuple[Decision, AftersaleFacts]] = {}
        orders: dict[str, Decision] = {}
        for decision in sorted(decisions, key=lambda each: each.every is not None):
            if decision.case is not None and decision.case in cases:
                held.setdefault(decision.case, (decision, cases[decision.case].facts))
            elif decision.case is not None:
                self.missing.append(decision.case)
            elif decision.order is not None:
                orders.setdefault(decision.order, decision)
            elif decision.every is Every.CASES:
                for case in self._every_case(decision):
                    held.setdefault(case.case_no, (decision, case))
            else:
                for no in self._every_order():
                    orders.setdefault(no, decision)
        found = targets_of_cases(self.tx, self.shop_id, [case for _, case in held.values()], self.rulebook, self.now, self.habit)
        named = targets_of_orders(self.tx, self.shop_id, list(orders), self.rulebook, self.now, self.habit)
        self.missing += [no for no in held if no not in found]
        self.missing += [no for no in orders if no not in named or named[no].seen.shipped_at is not None]
        return [
            *((decision, found[no]) for no, (decision, _) in held.items() if no in found),
            *((decision, named[no]) for no, decision in orders.items() if no in named and named[no].seen.shipped_at is None),
        ]

    def _every_case(self, decision: Decision) -> list[AftersaleFacts]:
        kind, states = None if decision.kind is None else decision.kind.value, [state.value for state in _WAITING]
        found = open_things.cases(self.tx, self.shop_id, states, MOST_EACH + 1, kind=kind, most_fen=decision.most_fen)
        self.left_off |= len(found) > MOST_EACH
        return found[:MOST_EACH]

    def _every_order(self) -> list[str]:
        found = open_things.orders(self.tx, self.shop_id, MOST_EACH + 1)
        self.left_off |= len(found) > MOST_EACH
        return [order.order_no for order in found[:MOST_EACH]]

    def _effect(self, decision: Decision, target: Target) -> Effect:
        at = max(decision.at or self.now, self.now)
        usual = usual_of(target, self.now, self.ends[target.kind], self.terms)
        return effect_of(branches_of(decision.do, target, at, self.terms), usual, Branch(1.0, target.seen), self.book)

    def _waiting(self) -> Effect:
        """What has waited for long already, decided or not, and will be paid by habit: the hours it brings beyond the usual ones."""
        states = (AftersaleState.SELLER_TO_ANSWER.value, AftersaleState.SELLER_TO_RECEIVE.value)
        open_now = open_things.cases(self.tx, self.shop_id, states, MOST_EACH)
        parts = []
        for target in targets_of_cases(self.tx, self.shop_id, open_now, self.rulebook, self.now, self.habit).values():
            if target.case is not None and (target.state in _WAITING or target.case.return_delivered_at is not None):
                usual = usual_of(target, self.now, self.ends[target.kind], self.terms)
                parts.append((1.0, effect_of(usual, (), Branch(1.0, target.seen), self.book).expected()))
        return Effect((Course(1.0, excess(added(parts), self.pasts, self.today)),), {})

    def _weighed(self, decision: Decision, target: Target, effect: Effect) -> Weighed:
        adds: dict[str, tuple[float, float]] = {}
        for (measure, day), (num, den) in effect.expected().items():
            if day < self.today + timedelta(days=WEEK):
                before = adds.get(measure, (0.0, 0.0))
                adds[measure] = (before[0] + num, before[1] + den)
        return Weighed(do=decision.do, case_no=target.case_no, order_no=target.seen.order_no, adds=adds)

    def _past_effects(self, decisions: Sequence[Decision], chosen: Sequence[tuple[Decision, Target]]) -> list[Effect]:
        """What last month would have had beyond what it had, had everything of the same sort been decided the same way."""
        policies = _policies(decisions, chosen)
        effects = list(self._past_cases(policies)) if policies else []
        if any(decision.do is Do.SHIP for decision, _ in chosen):
            effects += self._past_orders()
        return effects

    def _past_cases(self, policies: Mapping[AftersaleKind, _Policy]) -> Iterator[Effect]:
        rows = advice.cases_since(self.tx, self.shop_id, self.now - MONTH - timedelta(days=WEEK), PAST_CASES + 1)
        self.month_left_off |= len(rows) > PAST_CASES
        cases = {row.case.case_no: row.case for row in rows[:PAST_CASES]}
        for no, target in targets_of_past(self.tx, self.shop_id, cases.values(), self.rulebook, self.now).items():
            case, policy = cases[no], policies.get(target.kind)
            if policy is not None and policy.takes_in(case) and case.applied_at is not None and case.state not in _WAITING:
                yield self._replayed(branches_of(policy.do, as_asked(target), case.applied_at + _ANSWERED, self.terms), target)

    def _past_orders(self) -> Iterator[Effect]:
        nos = rule_notices.orders_between(self.tx, self.shop_id, self.now - MONTH - timedelta(days=WEEK), self.now, PAST_ORDERS + 1)
        self.month_left_off |= len(nos) > PAST_ORDERS
        for target in targets_of_orders(self.tx, self.shop_id, nos[:PAST_ORDERS], self.rulebook, self.now).values():
            if left_late(target.seen, self.now):
                yield self._replayed(had_left_in_time(target, self.terms), target)

    def _replayed(self, branches: Iterable[Branch], target: Target) -> Effect:
        stands = Branch(1.0, target.seen)
        return effect_of(branches, (stands,), stands, self.book)

    def _ahead(self, formula: Formula, effects: Sequence[Effect], past: Sequence[Effect]) -> MeasureAhead:
        held, today = self.pasts[formula.id], self.today
        shown_on = today - timedelta(days=formula.lag_days - 1)
        month = then(held, today, past) if past and held.is_told else None
        now = known_figure(held, today)
        return MeasureAhead(
            formula=formula,
            shown=known_figure(held, shown_on),
            now=now,
            tomorrow=self._both(held, 1, effects),
            week=self._both(held, WEEK, effects),
            month=None if month is None or (month.num, month.den) == (now.num, now.den) else month,
        )

    def _both(self, held: Past, ahead: int, effects: Sequence[Effect]) -> Ahead | None:
        as_is = foretold(held, self.today, ahead, (self.waiting,), self.terms) if held.is_told else None
        if as_is is None:
            return None
        until = self.today + timedelta(days=ahead)
        touching = [each for each in effects if each.touches(held.formula.id, until)]
        decided = foretold(held, self.today, ahead, (self.waiting, *touching), self.terms) if touching else as_is
        return None if decided is None else Ahead(as_is, decided)


def _own(terms: WhatIfTerms, pasts: Mapping[str, Past], today: date) -> WhatIfTerms:
    """The terms, with the shop's own mean where it tells how soon returns are paid."""
    held = pasts.get(_RETURNED)
    counted = None if held is None else known_on(held, today)
    if counted is None or counted.den < terms.prior_cases:
        return terms
    return msgspec.structs.replace(terms, hours=msgspec.structs.replace(terms.hours, return_pays=((counted.num / counted.den / 3600, 100.0),)))


def in_time_of(pasts: Mapping[str, Past], today: date) -> float:
    """Which share of the shop's orders left in time, by the measure of that."""
    held = pasts.get(_ON_TIME)
    counted = None if held is None else known_on(held, today)
    return 0.9 if counted is None or not counted.den else counted.num / counted.den


def _history(pasts: Mapping[str, Past], today: date, terms: WhatIfTerms) -> int:
    first = min((each.day_one for each in pasts.values()), default=today)
    return max(0, min((today - first).days, terms.history_days))


def _policies(decisions: Sequence[Decision], chosen: Sequence[tuple[Decision, Target]]) -> dict[AftersaleKind, _Policy]:
    """By kind of case what was decided of all of them alike; kinds that were decided this way and that have none."""
    found: dict[AftersaleKind, list[Decision]] = {}
    for decision, target in chosen:
        if target.case_no is not None and decision.do in _ANSWERS:
            found.setdefault(target.kind, []).append(decision)
    for decision in decisions:
        if decision.every is Every.CASES and decision.kind is not None and decision.do in _ANSWERS:
            found.setdefault(decision.kind, []).append(decision)
    return {kind: _Policy(told[0].do, _most_fen(told)) for kind, told in found.items() if len({each.do for each in told}) == 1}


def _most_fen(decisions: Iterable[Decision]) -> int | None:
    """Up to which sum they decide of all cases; None: of any. Cases that are named say nothing of sums."""
    sums = [each.most_fen for each in decisions if each.every is not None]
    known = [each for each in sums if each is not None]
    return max(known) if known and len(known) == len(sums) else None


def _check(decisions: Sequence[Decision]) -> None:
    if not decisions:
        raise Refused(say("Nothing is decided: name at least one case or order."))
    if len(decisions) > MOST_DECISIONS:
        raise Refused(say("At most {most} decisions are tried at once; these are {n}. Use `every` for all of one sort.", most=MOST_DECISIONS, n=len(decisions)))
    for number, decision in enumerate(decisions, 1):
        if not decision.is_whole:
            what = "order" if decision.do in OF_ORDERS else "case"
            raise Refused(say('Decision {n}: name one {what}, or every = "{what}s", and nothing else beside it.', n=number, what=what))
        if decision.at is not None and decision.at.tzinfo is None:
            raise Refused(say("Decision {n}: a moment needs its offset, such as 2026-11-20T10:00:00+08:00.", n=number))
