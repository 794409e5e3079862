"""How many complaints of a kind are left this month, and how the shop has fared with them."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from zhanggui.core.complaints.chances import Chance, Record, chance_of
from zhanggui.core.complaints.states import ComplaintKind
from zhanggui.core.complaints.terms import Quota, quota_of
from zhanggui.core.moments import shanghai_day, start_of_day
from zhanggui.people.permissions import ShopId
from zhanggui.records import complaints
from zhanggui.records.db import Tx
from zhanggui.rulebook.complaints import complaint_terms

PAST = timedelta(days=365)
"""How far back the shop's own wins and losses count."""


def quota_now(tx: Tx, shop_id: ShopId, kind: ComplaintKind, now: datetime) -> Quota | None:
    """What is left of the Shanghai month; None for what may be filed without end."""
    terms = complaint_terms(kind, now)
    if terms.a_month is None:
        return None
    first = shanghai_day(now).replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return quota_of(terms, *complaints.filed(tx, shop_id, kind.value, start_of_day(first), start_of_day(following)))


def chances_now(tx: Tx, shop_id: ShopId, now: datetime) -> Mapping[ComplaintKind, Chance]:
    """The chance to win, by kind."""
    past = {row.kind: Record(row.won, row.won + row.lost) for row in complaints.decided(tx, shop_id, now - PAST)}
    found = {}
    for kind in ComplaintKind:
        terms = complaint_terms(kind, now)
        found[kind] = chance_of(past.get(kind.value, Record(0, 0)), terms.chance, terms.chance_weight)
    return found
