"""The rates of replies of a shop, replayed from its messages."""

from datetime import datetime, timedelta

from zhanggui.actions.house import House
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.clocks.replies import Answer, Replay, Uttered, replay
from zhanggui.core.facts import Speaker
from zhanggui.core.moments import shanghai_day, start_of_day
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import replies

MOST_DAYS = 90
_ANSWERED_LATER = timedelta(days=1)
"""An answer may come after the last day that is counted."""


def reply_rate(house: House, by: Person, shop_id: ShopId, answer: Answer, now: datetime, *, days: int = 30) -> Replay:
    """The days of buyers over so many days, today included. A thread is its buyer; of messages that files tell of an order stands for its buyer."""
    by.need(Permission.ORDERS_READ, shop_id)
    last = shanghai_day(now)
    since = start_of_day(last - timedelta(days=min(days, MOST_DAYS) - 1))
    with house.pool.connection() as tx:
        told = replies.between(tx, shop_id, since, start_of_day(last) + 2 * _ANSWERED_LATER)
        rulebook = rulebook_in(tx, house, shop_id)
    return replay((Uttered(buyer, Speaker(speaker), at) for buyer, speaker, at in told), answer, rulebook, now)
