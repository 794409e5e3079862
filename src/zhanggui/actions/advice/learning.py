"""What the shop's last thirty days come to, and how its own attempts went: learnt now and then, never by a page."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from zhanggui.actions.advice.buyers import KEPT, count_buyers
from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.advice.book import AdviceBook, Counts
from zhanggui.core.advice.case import CaseToAdvise, Goods, Standing, Tried
from zhanggui.core.advice.indicators import quality_guard
from zhanggui.core.advice.reading import grievance_of
from zhanggui.core.claims.states import ClaimState
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState
from zhanggui.core.money import Fen
from zhanggui.people.permissions import ShopId
from zhanggui.records import advice, claims
from zhanggui.records.db import Tx, transact

MONTH = timedelta(days=30)
SENT_BY = timedelta(days=10)
"""After so long a buyer who has not sent anything will not."""
MOST_CASES = 100_000


def learn_advice(house: House, now: datetime) -> None:
    """Learn in every shop what advice on its cases rests on."""
    for shop_id in every_shop(house):
        transact(house.pool, lambda tx, shop_id=shop_id: learn_in(tx, house, shop_id, now))  # type: ignore[misc]  # bound now, not later


def learn_in(tx: Tx, house: House, shop_id: ShopId, now: datetime) -> Standing:
    """Learn it in one shop, and keep it."""
    cases = [row.case for row in advice.cases_since(tx, shop_id, now - KEPT, MOST_CASES)]
    count_buyers(tx, shop_id, cases, now)
    month = [case for case in cases if case.applied_at is not None and case.applied_at >= now - MONTH]
    book = rulebook_in(tx, house, shop_id).advice
    standing = standing_of(month, advice.formed(tx, shop_id, now - MONTH, now), book, now, past=_past(tx, shop_id, cases, now))
    advice.keep_standing(tx, shop_id, standing, now)
    return standing


def standing_of(cases: Sequence[AftersaleFacts], formed: int, book: AdviceBook, now: datetime, *, past: dict[str, Tried] | None = None) -> Standing:
    """The counts of these cases, by the version of each indicator in force now."""
    joined = [case for case in cases if case.has_joined or case.state is AftersaleState.PLATFORM_HANDLES]
    return Standing(
        formed=formed,
        quality=len({case.order_no or case.case_no for case in cases if case.state is AftersaleState.REFUNDED and _is_of_quality(case, book, now)}),
        disputes=len({case.order_no or case.case_no for case in cases if case.is_disputed and case.state is AftersaleState.REFUNDED}),
        interventions=len({case.order_no or case.case_no for case in joined}),
        helps=len({case.order_no or case.case_no for case in joined}),
        past=past or {},
    )


def _is_of_quality(case: AftersaleFacts, book: AdviceBook, now: datetime) -> bool:
    """Whether the refund counts for sure; what is doubtful is left out, since the platform's own page is the judge."""
    kind = case.kind or AftersaleKind.UNKNOWN
    goods = Goods.NOT_PRINTED if case.shipped is False else Goods.DELIVERED
    facts = CaseToAdvise(kind=kind, refund_amount=case.refund_amount or Fen(0), goods=goods, reason=case.reason or "", applied_at=case.applied_at)
    guard = quality_guard(facts, grievance_of(facts.reason, kind, book).kind, book, now)
    return guard is not None and guard.counts is Counts.YES


def _past(tx: Tx, shop_id: ShopId, cases: Iterable[AftersaleFacts], now: datetime) -> dict[str, Tried]:
    """How the shop's own attempts went, by the name of the chance they bear on."""
    agreed = [case for case in cases if case.kind is AftersaleKind.RETURN_AND_REFUND and case.agreed_at is not None and case.agreed_at <= now - SENT_BY]
    sent = sum(case.return_tracking_no is not None or case.return_sent_at is not None for case in agreed)
    totals = {ClaimState(row.state): row.claims for row in claims.totals(tx, shop_id, now - 4 * KEPT)}
    paid, refused = totals.get(ClaimState.PAID, 0), totals.get(ClaimState.REFUSED, 0) + totals.get(ClaimState.COMPLAINED, 0)
    return {
        "sends_back": Tried(len(agreed), sent),
        "carrier_pays": Tried(paid + refused, paid),
    }
