"""What decisions are about, as it stands: the order as the measures see it, the case, its clock, how a refused buyer and the platform are likely to answer."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.advice.seats import seat_for
from zhanggui.actions.advice.trying import as_asked as case_as_asked
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.measures.counting import seen_of
from zhanggui.core.advice.answers import ruling_under_way
from zhanggui.core.advice.seat import Seat, case_to_advise
from zhanggui.core.advice.together import has_joined
from zhanggui.core.advice.weighing import Weighing
from zhanggui.core.clocks.cases import answer_due
from zhanggui.core.deadlines import DeadlineState
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.measures.seen import CaseSeen, OrderSeen
from zhanggui.core.rules import Rulebook
from zhanggui.core.whatif.deciding import Target
from zhanggui.core.whatif.leaving import Lain, Leaves, leaves_of, own_spread
from zhanggui.core.whatif.terms import Ends, Spread, WhatIfTerms
from zhanggui.people.permissions import ShopId
from zhanggui.records import advice, left_orders
from zhanggui.records.db import Tx

_SETTLED = frozenset({AftersaleState.REFUNDED, AftersaleState.CLOSED, AftersaleState.DONE, AftersaleState.REJECTED})
_ENDS = ("paid", "called", "nothing")
_SETTLES_IN = timedelta(days=7)
_MOST_CASES = 3000
_AT_ONCE = 400
_AFTER = timedelta(hours=2)
_HOUR = timedelta(hours=1)
_ARRIVES_IN = timedelta(days=7)
_MOST_LEFT = 3000
"""So many of the newest orders tell how orders leave and how long parcels are under way."""


class Habit(msgspec.Struct, frozen=True):
    """How the shop's orders leave when nobody decides anything about them."""

    lain: tuple[Lain, ...]
    in_time: float
    terms: WhatIfTerms

    def leaves(self, seen: OrderSeen, now: datetime) -> Leaves:
        """When this order leaves, if it is still here and has to."""
        if seen.shipped_at is not None or seen.ship_due is None or seen.ship_state is DeadlineState.WAIVED:
            return ()
        return leaves_of(self.lain, (now - seen.ship_due) / _HOUR, self.in_time, self.terms)


def habit_of(tx: Tx, shop_id: ShopId, in_time: float, terms: WhatIfTerms, now: datetime) -> Habit:
    """How its newest orders left and how long their parcels were under way, which the terms then tell."""
    left = left_orders.newest(tx, shop_id, now - timedelta(days=terms.history_days), now, _MOST_LEFT)
    lain = tuple(
        Lain(((each.shipped_at or now) - each.due_at) / _HOUR, each.shipped_at is not None) for each in left if each.is_owed or each.shipped_at is not None
    )
    gone = [(each, each.shipped_at) for each in left if each.shipped_at is not None and each.shipped_at <= now - _ARRIVES_IN]
    picks_up = _took([(shipped_at, each.picked_up_at) for each, shipped_at in gone], terms.hours.picks_up, terms)
    arrives = _took([(shipped_at, each.signed_at) for each, shipped_at in gone], terms.hours.arrives, terms)
    return Habit(lain, in_time, msgspec.structs.replace(terms, hours=msgspec.structs.replace(terms.hours, picks_up=picks_up, arrives=arrives)))


def _took(pairs: Sequence[tuple[datetime, datetime | None]], assumed: Spread, terms: WhatIfTerms) -> Spread:
    """How long it took from the first of each pair to the second."""
    hours = [(until - since) / _HOUR for since, until in pairs if until is not None and until >= since]
    return own_spread(hours, sum(until is None for _, until in pairs), assumed, terms)


class Asked(msgspec.Struct, frozen=True):
    """A case, and the moment as of which it is looked at."""

    case: AftersaleFacts
    at: datetime


def targets_of_cases(tx: Tx, shop_id: ShopId, cases: Sequence[AftersaleFacts], rulebook: Rulebook, now: datetime, habit: Habit) -> dict[str, Target]:
    """The cases by their number, as they stand; those of orders nobody told of are left out."""
    return _leaving(_targets(tx, shop_id, [Asked(case, now) for case in cases], rulebook, now), habit, now)


def targets_of_past(tx: Tx, shop_id: ShopId, cases: Iterable[AftersaleFacts], rulebook: Rulebook, now: datetime) -> dict[str, Target]:
    """The cases of the past, with the chances as they were when each was asked for; what the measures see of them is what came about."""
    asked = [told for case in cases if (told := case_as_asked(case)) is not None]
    found: dict[str, Target] = {}
    for start in range(0, len(asked), _AT_ONCE):
        some = [Asked(case, (case.applied_at or now) + _AFTER) for case in asked[start : start + _AT_ONCE]]
        found |= _targets(tx, shop_id, some, rulebook, now)
    return found


def targets_of_orders(tx: Tx, shop_id: ShopId, order_nos: Sequence[str], rulebook: Rulebook, now: datetime, habit: Habit | None = None) -> dict[str, Target]:
    """The orders by their number, as they stand."""
    found: dict[str, Target] = {}
    for start in range(0, len(order_nos), _AT_ONCE):
        for no, seen in seen_of(tx, shop_id, order_nos[start : start + _AT_ONCE], rulebook.advice, now).items():
            found[no] = Target(seen=seen, due_at=seen.ship_due)
    return found if habit is None else _leaving(found, habit, now)


def _leaving(targets: Mapping[str, Target], habit: Habit, now: datetime) -> dict[str, Target]:
    return {no: msgspec.structs.replace(target, leaves=habit.leaves(target.seen, now)) for no, target in targets.items()}


def usual_ends(tx: Tx, shop_id: ShopId, terms: WhatIfTerms, now: datetime) -> Mapping[AftersaleKind, Ends]:
    """How the shop's cases of each kind used to end: a kind with few moved towards all of them, and these, where they are few, towards what is assumed."""
    counts: Counter[tuple[AftersaleKind, str]] = Counter()
    for row in advice.cases_since(tx, shop_id, now - timedelta(days=terms.usual_days), _MOST_CASES):
        case = row.case
        if case.applied_at is None or case.applied_at > now - _SETTLES_IN or case.state not in _SETTLED:
            continue
        end = "called" if has_joined(case) else "paid" if case.state is AftersaleState.REFUNDED else "nothing"
        counts[case.kind or AftersaleKind.UNKNOWN, end] += 1
    of_all = {end: sum(many for (_, each), many in counts.items() if each == end) for end in _ENDS}
    usual = _moved(terms.ends, of_all, terms.prior_cases)
    return {kind: _moved(usual, {end: counts[kind, end] for end in _ENDS}, terms.prior_cases) for kind in AftersaleKind}


def _moved(usual: Ends, counts: Mapping[str, int], prior_cases: float) -> Ends:
    """What was counted, with so many cases beside it that ended as usual."""
    prior = prior_cases / (usual.paid + usual.called + usual.nothing)
    return Ends(paid=counts["paid"] + prior * usual.paid, called=counts["called"] + prior * usual.called, nothing=counts["nothing"] + prior * usual.nothing)


def _targets(tx: Tx, shop_id: ShopId, asked: Sequence[Asked], rulebook: Rulebook, now: datetime) -> dict[str, Target]:
    cases = [each.case for each in asked]
    nos = sorted({case.order_no for case in cases if case.order_no})
    if not nos:
        return {}
    orders, seen = orders_known(tx, shop_id, nos), seen_of(tx, shop_id, nos, rulebook.advice, now)
    seat = seat_for(tx, shop_id, cases, orders, rulebook, now)
    found = {}
    for each in asked:
        held = seen.get(each.case.order_no or "")
        if held is not None:
            found[each.case.case_no] = _target(each, held, orders.get(each.case.order_no or ""), seat, rulebook)
    return found


def _target(asked: Asked, seen: OrderSeen, known: OrderKnowledge | None, seat: Seat, rulebook: Rulebook) -> Target:
    case = asked.case
    due = answer_due(case, known, rulebook)
    facts = case_to_advise(case, known, seat, None if due is None else due.due_at, asked.at, rulebook)
    weighed = Weighing.begin(facts, seat.terms, rulebook.advice, asked.at, facts.due_at)
    called, lost = ruling_under_way(weighed)
    if all(each.case_no != case.case_no for each in seen.cases):
        seen = msgspec.structs.replace(seen, cases=(*seen.cases, _bare(case, weighed)))
    return Target(
        seen=seen,
        case_no=case.case_no,
        state=case.state,
        kind=case.kind or AftersaleKind.UNKNOWN,
        has_return=case.return_tracking_no is not None or case.return_delivered_at is not None,
        due_at=facts.due_at,
        calls=min(1.0, called),
        loses=min(1.0, lost / called) if called else 0.0,
        sends_back=weighed.chance("sends_back"),
        gives_all=_gives_all(case, known),
    )


def _gives_all(case: AftersaleFacts, known: OrderKnowledge | None) -> bool:
    """Whether the case asks for all that was paid; a part paid back leaves the rest to be shipped."""
    paid = None if known is None else known.order.pay_amount
    return case.refund_amount is None or paid is None or case.refund_amount >= paid


def _bare(case: AftersaleFacts, weighed: Weighing) -> CaseSeen:
    """The case as the measures would see it, where nothing of it counts yet."""
    return CaseSeen(
        case_no=case.case_no, grievance=weighed.grievance, kind=case.kind or AftersaleKind.UNKNOWN, was_shipped=case.shipped, applied_at=case.applied_at
    )
