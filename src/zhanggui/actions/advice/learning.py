"""What the shop's last thirty days come to, and how its own attempts went: learnt now and then, never by a page."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.advice.buyers import KEPT, count_buyers
from zhanggui.actions.advice.goods import as_grades
from zhanggui.actions.advice.past import past_of
from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.advice.book import AdviceBook
from zhanggui.core.advice.case import Standing, Tried
from zhanggui.core.advice.together import has_joined, is_of_quality
from zhanggui.core.facts import AftersaleFacts, AftersaleState
from zhanggui.people.permissions import ShopId
from zhanggui.records import advice, advice_goods
from zhanggui.records.db import Tx, transact

MONTH = timedelta(days=30)
GRADED = timedelta(days=180)
"""How far back the states of returned goods are counted."""
MOST_CASES = 100_000


def learn_advice(house: House, now: datetime) -> None:
    """Learn in every shop what advice on its cases rests on."""
    for shop_id in every_shop(house):
        transact(house.pool, lambda tx, shop_id=shop_id: learn_in(tx, house, shop_id, now))  # type: ignore[misc]  # bound now, not later


def learn_in(tx: Tx, house: House, shop_id: ShopId, now: datetime) -> Standing:
    """Learn it in one shop, and keep it."""
    cases = [row.case for row in advice.cases_since(tx, shop_id, now - KEPT, MOST_CASES)]
    month = [case for case in cases if case.applied_at is not None and case.applied_at >= now - MONTH]
    book = rulebook_in(tx, house, shop_id).advice
    count_buyers(tx, shop_id, cases, book, now)
    advice_goods.count_goods(tx, shop_id, now - GRADED)
    standing = standing_of(month, advice.formed(tx, shop_id, now - MONTH, now), book, now, past=past_of(tx, shop_id, cases, book, now))
    standing = msgspec.structs.replace(standing, graded=as_grades(advice_goods.graded(tx, shop_id)))
    advice.keep_standing(tx, shop_id, standing, now)
    return standing


def standing_of(cases: Sequence[AftersaleFacts], formed: int, book: AdviceBook, now: datetime, *, past: dict[str, Tried] | None = None) -> Standing:
    """The counts of these cases, by the version of each indicator in force now."""
    joined = [case for case in cases if has_joined(case)]
    return Standing(
        formed=formed,
        quality=len({case.order_no or case.case_no for case in cases if case.state is AftersaleState.REFUNDED and is_of_quality(case, book, now)}),
        disputes=len({case.order_no or case.case_no for case in cases if case.is_disputed and case.state is AftersaleState.REFUNDED}),
        interventions=len({case.order_no or case.case_no for case in joined}),
        helps=len({case.order_no or case.case_no for case in joined}),
        past=past or {},
    )
