"""Rules tried on the last month: what they would have fired on, what would have become of it, and what really did. Nothing is kept.

Each thing is seen as it stood when its to-do began, as far as its own moments tell; from there the clock is moved on by the hour until it really ended.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec

from zhanggui.actions.advice.trying import as_asked
from zhanggui.actions.automation.measuring import Decided, MeasureMoved, measures_moved
from zhanggui.actions.automation.seeing import Around, around_with, seen_case, seen_order, seen_review
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.refused import Refused
from zhanggui.core.acts import ActKind
from zhanggui.core.acts.proposing import proposals
from zhanggui.core.automation.conditions import judge
from zhanggui.core.automation.deeds import DEEDS
from zhanggui.core.automation.facts import FACTS, facts_of, moving_facts_of
from zhanggui.core.automation.firing import fired
from zhanggui.core.automation.rewinding import as_returned, rewound
from zhanggui.core.automation.rules import AutoRule, DeedKind
from zhanggui.core.automation.seen import Seen
from zhanggui.core.automation.values import Value
from zhanggui.core.clocks import case_deadlines, order_deadlines, review_deadlines
from zhanggui.core.deadlines import Deadline, DeadlineKind
from zhanggui.core.facts import AftersaleFacts, AftersaleState, ReviewFacts
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.moments import shanghai_day
from zhanggui.core.money import Fen
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import advice, around, automation, locks, rule_notices
from zhanggui.records.db import Tx
from zhanggui.rulebook.acts import act_terms
from zhanggui.rulebook.automation import automation_terms

TRIED_ON = frozenset({DeadlineKind.ANSWER_REFUND, DeadlineKind.INSPECT_RETURN, DeadlineKind.SHIP_BY, DeadlineKind.PICKUP_BY, DeadlineKind.ANSWER_REVIEW})
"""The to-dos of which facts tell when they began and ended; the others are not tried."""
PAYS = frozenset({DeedKind.REFUND_AGREE, DeedKind.SENDING_CANCEL})
MOST_SHOWN = 200
_AT_ONCE = 200
_STEP = timedelta(hours=1)
_MOST_STEPS = 24 * 14
_SETTLED = frozenset({AftersaleState.REFUNDED, AftersaleState.CLOSED, AftersaleState.DONE, AftersaleState.REJECTED})


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A thing of the last month on which a rule would have fired."""

    rule: str
    on: DeadlineKind
    no: str
    order_no: str | None
    at: datetime
    facts: Mapping[str, Value | None]
    """What it would have seen of the facts that the rule asks."""
    money: Fen
    ended: str
    """The state the thing came to."""
    ended_at: datetime | None
    barred: tuple[DeedKind, ...]
    """The deeds that would not have been open: barred by law or the shop's terms, or not for this state of the thing."""


class RuleTried(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule comes to."""

    rule: str
    fires: int
    barred: int
    busiest_day: int
    over_cap: int
    """Firings beyond what it may do in a day."""
    money: Fen
    paid_anyway: Fen
    """Of that, what was really paid back for the same cases."""
    not_paid: Fen
    """Of that, what the cases ended without."""
    sooner_hours: float | None
    """By how much sooner those that were paid anyway would have been, on average."""


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What rules would have done in the last month."""

    since: datetime
    until: datetime
    cases: int
    orders: int
    reviews: int
    left_off: bool
    untried: tuple[DeadlineKind, ...]
    """To-dos that the rules look at, and that no past tells enough of."""
    rules: tuple[RuleTried, ...]
    hits: tuple[Hit, ...]
    more_hits: int
    measures: tuple[MeasureMoved, ...]


class _Past(msgspec.Struct, frozen=True, kw_only=True):
    """A thing as it stood when its to-do began, and how it went on."""

    seen: Seen
    no: str
    order_no: str | None
    end: datetime
    ended: str
    ended_at: datetime | None
    amount: Fen


def try_rules(house: House, by: Person, shop_id: ShopId, rules: Sequence[AutoRule], now: datetime) -> Tried:
    """What these rules would have done in the last month, all of them on. One trial of a shop at a time; raises Refused while another is under way."""
    by.need(Permission.ACTS_READ, shop_id)
    by.need(Permission.AFTERSALES_READ, shop_id)
    with house.pool.connection() as tx:
        if not locks.try_trial(tx, shop_id):
            raise Refused(say("Rules of this shop are being tried at this moment. Try again once that is done."))
        looked = _Looked(tx, house, shop_id, rules, now)
        hits = list(looked.hits())
        decided = {(hit.no, hit.order_no): _decided(hit, rules) for hit in hits}
        measures = measures_moved(tx, house, shop_id, [each for each in decided.values() if each is not None], now)
    return Tried(
        since=looked.since,
        until=now,
        cases=looked.cases,
        orders=looked.orders,
        reviews=looked.reviews,
        left_off=looked.left_off,
        untried=tuple(sorted({kind for rule in rules for kind in rule.on} - TRIED_ON)),
        rules=tuple(_summed(rule, [hit for hit in hits if hit.rule == rule.id]) for rule in rules),
        hits=tuple(hits[:MOST_SHOWN]),
        more_hits=max(0, len(hits) - MOST_SHOWN),
        measures=measures,
    )


def busiest_day(house: House, shop_id: ShopId, rule_no: int, now: datetime) -> int:
    """How often the rule of this number would have fired on the busiest day of the last month."""
    with house.pool.connection() as tx:
        row = next((each for each in automation.of_shop(tx, shop_id) if each.rule_no == rule_no), None)
        if row is None:
            return 0
        hits = list(_Looked(tx, house, shop_id, [row.rule], now).hits())
    return _busiest(hits)


class _Looked:
    """The last month of a shop, looked over by some rules."""

    def __init__(self, tx: Tx, house: House, shop_id: ShopId, rules: Sequence[AutoRule], now: datetime) -> None:
        self._tx, self._house, self._shop_id, self._rules, self._now = tx, house, shop_id, rules, now
        self._terms = automation_terms()
        self._on = {kind for rule in rules for kind in rule.on}
        self.since = now - timedelta(days=self._terms.tried_days)
        self.cases = self.orders = self.reviews = 0
        self.left_off = False

    def hits(self) -> Iterator[Hit]:
        """Every thing on which one of them fires."""
        for past in (*self._past_cases(), *self._past_orders(), *self._past_reviews()):
            yield from self._fired(past)

    def _past_cases(self) -> Iterator[_Past]:
        if not self._on & {DeadlineKind.ANSWER_REFUND, DeadlineKind.INSPECT_RETURN}:
            return
        rows = advice.cases_since(self._tx, self._shop_id, self.since, self._terms.most_tried + 1)
        self.left_off |= len(rows) > self._terms.most_tried
        rows = rows[: self._terms.most_tried]
        self.cases = len(rows)
        for start in range(0, len(rows), _AT_ONCE):
            told = [row.case for row in rows[start : start + _AT_ONCE]]
            held = self._held(sorted({case.order_no for case in told if case.order_no}), {case.case_no: case for case in told}, {})
            for case in told:
                yield from _of_case(case, held, self._now)

    def _past_orders(self) -> Iterator[_Past]:
        if not self._on & {DeadlineKind.SHIP_BY, DeadlineKind.PICKUP_BY}:
            return
        nos = self._orders()
        self.orders = len(nos)
        for start in range(0, len(nos), _AT_ONCE):
            held = self._held(nos[start : start + _AT_ONCE], {}, {})
            for known in held.orders.values():
                yield from _of_order(known, held, self._now)

    def _past_reviews(self) -> Iterator[_Past]:
        if DeadlineKind.ANSWER_REVIEW not in self._on:
            return
        nos = self._orders()
        told = [known.facts for listed in around.reviews(self._tx, self._shop_id, nos).values() for known in listed]
        told = [review for review in told if review.created_at is not None and self.since <= review.created_at <= self._now]
        self.reviews = len(told)
        held = self._held(sorted({review.order_no for review in told}), {}, {})
        for review in told:
            yield from _of_review(review, held, self._now)

    def _orders(self) -> list[str]:
        nos = rule_notices.orders_between(self._tx, self._shop_id, self.since, self._now, self._terms.most_tried + 1)
        self.left_off |= len(nos) > self._terms.most_tried
        return nos[: self._terms.most_tried]

    def _held(self, order_nos: Sequence[str], cases: Mapping[str, AftersaleFacts], reviews: Mapping[str, ReviewFacts]) -> Around:
        orders = orders_known(self._tx, self._shop_id, order_nos) if order_nos else {}
        return around_with(self._tx, self._house, self._shop_id, orders, cases, reviews, self._now)

    def _fired(self, past: _Past) -> Iterator[Hit]:
        looking = [rule for rule in self._rules if past.seen.todo in rule.on]
        if not looking:
            return
        facts = facts_of(past.seen)
        hopeful = [rule for rule in looking if all(each.holds for each in judge(rule, past.seen.todo, facts).looked if not FACTS[each.fact].moves)]
        done: set[str] = set()
        for seen in _as_time_goes(past, hopeful):
            now_facts = {**facts, **moving_facts_of(seen)}
            for each in fired(looking, seen.todo, now_facts):
                if each.rule.id not in done:
                    done.add(each.rule.id)
                    yield _hit(each.rule, past, seen, now_facts)
            if len(done) == len(hopeful):
                return


def _as_time_goes(past: _Past, rules: Sequence[AutoRule]) -> Iterator[Seen]:
    """The thing at its beginning, and from hour to hour until it ended, where one of the rules asks what time changes."""
    if not rules:
        return
    yield past.seen
    if not any(FACTS[name].moves for rule in rules for name in rule.when):
        return
    at = past.seen.now
    for _ in range(_MOST_STEPS):
        at += _STEP
        if at > past.end:
            return
        yield msgspec.structs.replace(past.seen, now=at)


def _of_case(case: AftersaleFacts, held: Around, now: datetime) -> Iterator[_Past]:
    ended_at = case.agreed_at or (case.updated_at if case.state in _SETTLED else None)
    for told, kind, start in (
        (as_asked(case), DeadlineKind.ANSWER_REFUND, case.applied_at),
        (as_returned(case), DeadlineKind.INSPECT_RETURN, case.return_delivered_at),
    ):
        if told is None or start is None or start > now:
            continue
        known = held.orders.get(case.order_no or "")
        then = None if known is None else _with_case(rewound(known, start), told)
        deadline = next((each for each in case_deadlines(told, then, held.book) if each.kind is kind), None)
        if deadline is None:
            continue
        end = ended_at if kind is DeadlineKind.ANSWER_REFUND else (case.updated_at if case.state in _SETTLED else None)
        yield _Past(
            seen=seen_case(told, then, deadline, held, start),
            no=case.case_no,
            order_no=case.order_no,
            end=_end(end, deadline, now),
            ended="" if case.state is None else case.state.value,
            ended_at=end,
            amount=case.refund_amount or Fen(0),
        )


def _of_order(known: OrderKnowledge, held: Around, now: datetime) -> Iterator[_Past]:
    order = known.order
    spans = ((DeadlineKind.SHIP_BY, order.group_formed_at, order.shipped_at), (DeadlineKind.PICKUP_BY, order.shipped_at, order.picked_up_at))
    for kind, start, ended_at in spans:
        if start is None or start > now:
            continue
        then = rewound(known, start)
        deadline = next((each for each in order_deadlines(then, held.book) if each.kind is kind), None)
        if deadline is None:
            continue
        yield _Past(
            seen=seen_order(then, deadline, held, start),
            no=order.order_no,
            order_no=order.order_no,
            end=_end(ended_at, deadline, now),
            ended="" if order.stage is None else order.stage.value,
            ended_at=ended_at,
            amount=Fen(0),
        )


def _of_review(review: ReviewFacts, held: Around, now: datetime) -> Iterator[_Past]:
    then = msgspec.structs.replace(review, answered_at=None, reply=None)
    for deadline in review_deadlines(then, held.book):
        known = held.orders.get(review.order_no)
        yield _Past(
            seen=seen_review(then, known, deadline, held, review.created_at or now),
            no=deadline.subject.no,
            order_no=review.order_no,
            end=_end(review.answered_at, deadline, now),
            ended="" if review.reply is None and review.answered_at is None else "answered",
            ended_at=review.answered_at,
            amount=Fen(0),
        )


def _with_case(known: OrderKnowledge, case: AftersaleFacts) -> OrderKnowledge:
    return msgspec.structs.replace(known, cases=(*(each for each in known.cases if each.case_no != case.case_no), case))


def _end(ended_at: datetime | None, deadline: Deadline, now: datetime) -> datetime:
    return min(each for each in (ended_at, deadline.due_at, now) if each is not None)


def _hit(rule: AutoRule, past: _Past, seen: Seen, facts: Mapping[str, Value | None]) -> Hit:
    open_acts: set[ActKind] = set() if seen.verdict is None else {each.kind for each in proposals(seen.verdict, seen.known, seen.case, act_terms())}
    barred = tuple(deed.act for deed in rule.do if DEEDS[deed.act].act not in (None, ActKind.ORDER_NOTE) and DEEDS[deed.act].act not in open_acts)
    pays = any(deed.act in PAYS and deed.act not in barred for deed in rule.do)
    return Hit(
        rule=rule.id,
        on=seen.todo,
        no=past.no,
        order_no=past.order_no,
        at=seen.now,
        facts={name: facts.get(name) for name in rule.when},
        money=past.amount if pays else Fen(0),
        ended=past.ended,
        ended_at=past.ended_at,
        barred=barred,
    )


def _decided(hit: Hit, rules: Sequence[AutoRule]) -> Decided | None:
    """The hit as what-if knows decisions; None where it decides nothing that a measure sees."""
    rule = next(rule for rule in rules if rule.id == hit.rule)
    deeds = {deed.act for deed in rule.do if deed.act not in hit.barred}
    if deeds & {*PAYS, DeedKind.RETURN_AGREE} and hit.on in (DeadlineKind.ANSWER_REFUND, DeadlineKind.INSPECT_RETURN):
        return Decided(case_no=hit.no, order_no=hit.order_no, at=hit.at, ships=False)
    if DeedKind.SHIP_UPLOAD in deeds:
        return Decided(case_no=None, order_no=hit.order_no, at=hit.at, ships=True)
    return None


def _summed(rule: AutoRule, hits: Sequence[Hit]) -> RuleTried:
    days: Counter[date] = Counter(shanghai_day(hit.at) for hit in hits)
    paying = [hit for hit in hits if hit.money]
    paid = [hit for hit in paying if hit.ended == AftersaleState.REFUNDED]
    ended = [hit for hit in paying if hit.ended in _SETTLED and hit.ended != AftersaleState.REFUNDED]
    sooner = [(hit.ended_at - hit.at).total_seconds() / 3600 for hit in paid if hit.ended_at is not None and hit.ended_at > hit.at]
    return RuleTried(
        rule=rule.id,
        fires=len(hits),
        barred=sum(bool(hit.barred) for hit in hits),
        busiest_day=_busiest(hits),
        over_cap=sum(max(0, many - rule.a_day) for many in days.values()),
        money=Fen(sum(hit.money for hit in paying)),
        paid_anyway=Fen(sum(hit.money for hit in paid)),
        not_paid=Fen(sum(hit.money for hit in ended)),
        sooner_hours=sum(sooner) / len(sooner) if sooner else None,
    )


def _busiest(hits: Sequence[Hit]) -> int:
    return max(Counter(shanghai_day(hit.at) for hit in hits).values(), default=0)
