"""The cases of one order counted together: what went back already, what it counts for already, and who else asks."""

from collections.abc import Iterable
from datetime import datetime

from zhanggui.core.advice.book import AdviceBook, Counts
from zhanggui.core.advice.case import CaseToAdvise, Goods, Indicator
from zhanggui.core.advice.indicators import quality_guard
from zhanggui.core.advice.reading import grievance_of
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen

_MONEY = frozenset({AftersaleKind.REFUND_ONLY, AftersaleKind.RETURN_AND_REFUND})
_ASKS = frozenset({AftersaleState.SELLER_TO_ANSWER, AftersaleState.SELLER_TO_RECEIVE, AftersaleState.BUYER_TO_SEND, AftersaleState.PLATFORM_HANDLES})


def others_of(case: AftersaleFacts, known: OrderKnowledge | None) -> tuple[AftersaleFacts, ...]:
    """The other cases of the same order."""
    return () if known is None else tuple(each for each in known.cases if each.case_no != case.case_no)


def gone_back(others: Iterable[AftersaleFacts]) -> Fen:
    """What went back in these cases, as far as their sums are told."""
    return Fen(sum(each.refund_amount or 0 for each in others if each.state is AftersaleState.REFUNDED))


def ask_for_money(others: Iterable[AftersaleFacts]) -> int:
    """How many of these cases ask for money and are not over."""
    return sum(each.kind in _MONEY and each.state in _ASKS for each in others)


def counts_already(case: AftersaleFacts, others: Iterable[AftersaleFacts], book: AdviceBook, now: datetime) -> tuple[Indicator, ...]:
    """The indicators that the order counts for already: refunds and disputes by its other cases, interventions by this one, too."""
    others = tuple(others)
    refunded = [each for each in others if each.state is AftersaleState.REFUNDED]
    found = {
        Indicator.QUALITY: any(is_of_quality(each, book, now) for each in refunded),
        Indicator.DISPUTE: any(each.is_disputed for each in refunded),
        Indicator.INTERVENTION: any(has_joined(each) for each in (case, *others)),
    }
    return tuple(indicator for indicator, holds in found.items() if holds)


def has_joined(case: AftersaleFacts) -> bool:
    """Whether the platform has stepped in, now or before."""
    return bool(case.has_joined) or case.state is AftersaleState.PLATFORM_HANDLES


def is_of_quality(case: AftersaleFacts, book: AdviceBook, now: datetime) -> bool:
    """Whether the refund counts for sure; what is doubtful is left out, since the platform's own page is the judge."""
    kind = case.kind or AftersaleKind.UNKNOWN
    goods = Goods.NOT_PRINTED if case.shipped is False else Goods.DELIVERED
    facts = CaseToAdvise(kind=kind, refund_amount=case.refund_amount or Fen(0), goods=goods, reason=case.reason or "", applied_at=case.applied_at)
    guard = quality_guard(facts, grievance_of(facts.reason, kind, book).kind, book, now)
    return guard is not None and guard.counts is Counts.YES
