"""The ledger of promises: each with where it stands, and how many each rep has kept."""

from datetime import datetime, timedelta

import msgspec

from zhanggui.actions import cursors
from zhanggui.actions.house import House
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import promises
from zhanggui.records.promises import PromiseRecord, RepRecord

COUNTED = timedelta(days=30)
"""How far back the promises of a rep are counted."""
_FIRST = 2**62


class Ledger(msgspec.Struct, frozen=True):
    """Promises, newest first, and the counts of each rep over the last thirty days."""

    rows: tuple[PromiseRecord, ...]
    next_cursor: str | None
    reps: tuple[RepRecord, ...]


def promise_ledger(house: House, by: Person, shop_id: ShopId, now: datetime, *, cursor: str | None = None, limit: int = 100) -> Ledger:
    """The promises of a shop."""
    by.need(Permission.ORDERS_READ, shop_id)
    (before,) = cursors.read(cursor, tuple[int]) if cursor else (_FIRST,)
    with house.pool.connection() as tx:
        found = promises.newest(tx, shop_id, before, limit + 1)
        reps = promises.per_rep(tx, shop_id, now - COUNTED, now)
    shown = found[:limit]
    return Ledger(tuple(shown), cursors.write((shown[-1].promise_no,)) if len(found) > limit else None, tuple(reps))
