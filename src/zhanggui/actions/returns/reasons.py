"""Reasons and goods: what buyers complain of, of which goods, at what cost, month by month."""

from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.advice.book import Grievance
from zhanggui.core.advice.reading import grievance_of
from zhanggui.core.facts import AftersaleKind
from zhanggui.core.moments import shanghai_day, start_of_day
from zhanggui.core.returns.reasons import Reasons, ranked
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import reasons

PERIODS = (30, 90, 180)
MOST_ROWS = 40


class ReasonsSeen(msgspec.Struct, frozen=True):
    """The reasons of the orders since a moment."""

    found: Reasons
    since: datetime
    days: int


def reasons_seen(house: House, by: Person, shop_id: ShopId, now: datetime, *, days: int = 90, grievance: Grievance | None = None) -> ReasonsSeen:
    """The goods and reasons of the orders of so many days, the dearest first; of one kind of complaint where one is named."""
    by.need(Permission.AFTERSALES_READ, shop_id)
    today = shanghai_day(now)
    first = today - timedelta(days=days)
    since = start_of_day(first)
    with house.pool.connection() as tx:
        asked, sold = reasons.asked(tx, shop_id, since, now), reasons.sold(tx, shop_id, first, today)
        book = rulebook_in(tx, house, shop_id).advice
    meant = {one.reason: grievance_of(one.reason, AftersaleKind.UNKNOWN, book).kind for one in asked}
    wanted = [one for one in asked if grievance is None or meant[one.reason] is grievance]
    return ReasonsSeen(ranked(wanted, sold, meant, MOST_ROWS), since, days)
