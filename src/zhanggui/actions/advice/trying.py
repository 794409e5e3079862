"""Terms tried before they are kept: what each would have advised on the cases of last month, what that would have cost, and what it does to the indicators."""

from collections import Counter
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.advice.seats import seat_for
from zhanggui.actions.advice.terms import Own, checked, laid_over, terms_in
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.advice.advising import advise
from zhanggui.core.advice.book import Aim, Counts, ShopTerms
from zhanggui.core.advice.case import CaseToAdvise
from zhanggui.core.advice.indicators import quality_guard
from zhanggui.core.advice.reading import complaint_of
from zhanggui.core.advice.seat import Seat, case_to_advise
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState
from zhanggui.core.money import Fen
from zhanggui.core.rules import Rulebook
from zhanggui.core.say import say
from zhanggui.core.verdicts import Act, Verdict
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import advice, locks

MONTH = timedelta(days=30)
MOST_TRIED = 1000
_AFTER = timedelta(hours=2)
"""So long after it was asked a case is taken as being answered."""
_PAYS = frozenset({Act.AGREE_REFUND, Act.GIVE_AWAY})
_AT_ONCE = 200


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What one set of terms comes to over the cases of a month."""

    cost: Fen
    """By money and indicators, whatever the terms aim for, so that two sets of terms can be held against each other."""
    money: Fen
    """The same by bare money."""
    alone: int
    """Cases the house could have answered without a person."""
    given_away: Fen
    """Money paid without the goods."""
    quality: int
    """Refunds without the goods that count for the quality refund rate."""
    acts: tuple[tuple[Act, int], ...]


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """The terms in force beside others, over the same cases."""

    cases: int
    left_off: bool
    now: Tried
    then: Tried
    changed: int
    """Cases that would be answered otherwise."""


def try_terms(house: House, by: Person, shop_id: ShopId, own: Own, now: datetime) -> Trial:
    """Weighs the cases of last month anew, by the terms in force and by these; nothing is kept. Each case is seen as it stood when it was asked for.

    For whoever may change the terms, one trial of a shop at a time. Raises Refused while another is under way.
    """
    by.need(Permission.SETTINGS_WRITE, shop_id)
    told = checked(own)
    with house.pool.connection() as tx:
        if not locks.try_trial(tx, shop_id):
            raise Refused(say("Terms of this shop are being tried at this moment. Try again once that is done."))
        book = rulebook_in(tx, house, shop_id)
        before = terms_in(tx, shop_id, book, now)
        after = laid_over(book.advice.terms, told)
        rows = advice.cases_since(tx, shop_id, now - MONTH, MOST_TRIED + 1)
        first: list[_Judged] = []
        second: list[_Judged] = []
        for start in range(0, min(len(rows), MOST_TRIED), _AT_ONCE):
            cases = [row.case for row in rows[start : min(start + _AT_ONCE, MOST_TRIED)]]
            asked = [case for case in (as_asked(case) for case in cases) if case is not None]
            orders = orders_known(tx, shop_id, sorted({case.order_no for case in asked if case.order_no}))
            seat = seat_for(tx, shop_id, asked, orders, book, now)
            for case in asked:
                at = (case.applied_at or now) + _AFTER
                facts = case_to_advise(case, orders.get(case.order_no or ""), seat, None, at, book)
                if facts.refund_amount > 0:
                    first.append(_judged(facts, before, seat, book, at))
                    second.append(_judged(facts, after, seat, book, at))
    changed = sum(one.act is not other.act for one, other in zip(first, second, strict=True))
    return Trial(cases=len(first), left_off=len(rows) > MOST_TRIED, now=_tried(first), then=_tried(second), changed=changed)


class _Judged(msgspec.Struct, frozen=True):
    act: Act
    cost: Fen
    money: Fen
    alone: bool
    given: Fen
    counts: bool


def as_asked(case: AftersaleFacts) -> AftersaleFacts | None:
    """The case as it stood when the buyer asked, as far as its facts still tell."""
    if case.applied_at is None or case.kind in (None, AftersaleKind.UNKNOWN):
        return None
    return msgspec.structs.replace(
        case, state=AftersaleState.SELLER_TO_ANSWER, agreed_at=None, expire_at=None, return_tracking_no=None, return_sent_at=None, return_delivered_at=None
    )


def _judged(facts: CaseToAdvise, terms: ShopTerms, seat: Seat, book: Rulebook, at: datetime) -> _Judged:
    asked = msgspec.structs.replace(facts, standing=seat.standing, return_grade=None, counted=None, stopping=None)
    verdict = advise(asked, terms, book, at)
    pays = verdict.act in _PAYS
    guard = quality_guard(asked, complaint_of(asked, book.advice).kind, book.advice, at) if pays else None
    counts = guard is not None and guard.counts is Counts.YES
    cost, money = (_cost_of(verdict.act, asked, terms, aim, verdict, book, at) for aim in (Aim.INDICATORS, Aim.MONEY))
    given = asked.refund_amount if pays else Fen(0)
    return _Judged(verdict.act, cost, money, alone=bool(verdict.alone), given=given, counts=counts)


def _cost_of(act: Act, facts: CaseToAdvise, terms: ShopTerms, aim: Aim, verdict: Verdict, book: Rulebook, at: datetime) -> Fen:
    """What the answer costs by this aim, whichever it was chosen by; the first of the list where the verdict is none of the answers."""
    weighed = verdict.weighed if terms.aim is aim else advise(facts, msgspec.structs.replace(terms, aim=aim), book, at).weighed
    return next((each.cost for each in weighed if each.act is act), weighed[0].cost if weighed else Fen(0))


def _tried(judged: list[_Judged]) -> Tried:
    acts = Counter(each.act for each in judged)
    return Tried(
        cost=Fen(sum(each.cost for each in judged)),
        money=Fen(sum(each.money for each in judged)),
        alone=sum(each.alone for each in judged),
        given_away=Fen(sum(each.given for each in judged)),
        quality=sum(each.counts for each in judged),
        acts=tuple(sorted(acts.items(), key=lambda pair: (-pair[1], pair[0].value))),
    )
