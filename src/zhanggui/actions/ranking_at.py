"""The ranking as of another moment than now: the stored bands and scores do not hold there, so every running deadline is weighed afresh."""

from collections.abc import Iterator
from datetime import datetime
from heapq import nsmallest

from zhanggui.actions.access import shops_with
from zhanggui.actions.house import House
from zhanggui.actions.items import items
from zhanggui.actions.placing import by_loss, by_time
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.today import SHOWN_BANDS
from zhanggui.actions.views import TodoItem
from zhanggui.core.deadlines import Band
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import today_lists
from zhanggui.records.db import Tx
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.records.today_lists import After, Wanted, place_of

_AT_ONCE = 1000


def todo_at(house: House, by: Person, shop_id: ShopId, at: datetime, limit: int) -> tuple[TodoItem, ...]:
    """What is running in the shop now, ranked as it will stand (or would have stood) at the moment."""
    by.need(Permission.TODO_READ, shop_id)
    with house.pool.connection() as tx:
        shops = shops_with(tx, by, Permission.TODO_READ, [shop_id])
        weights = rulebook_in(tx, house, shop_id).weights
        then = (by_time(row, at, weights) for row in _running(tx, shop_id))
        first = nsmallest(limit, (row for row in then if row.band in SHOWN_BANDS), key=lambda row: by_loss(row, at, weights))
        return items(tx, house, by, shops, first, at)


def _running(tx: Tx, shop_id: ShopId) -> Iterator[StoredDeadline]:
    """Every to-do that time alone moves, a page after the other."""
    for band in (*SHOWN_BANDS, Band.WATCHED):
        after: After | None = None
        while True:
            rows = today_lists.page(tx, Wanted(shop_ids=[shop_id], band=int(band), kinds=[], assignee=None, after=after, limit=_AT_ONCE))
            yield from rows
            if len(rows) < _AT_ONCE:
                break
            after = place_of(rows[-1])
