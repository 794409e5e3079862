"""The ledger of promises: each with where it stands, and how many each rep has kept."""

from datetime import datetime, timedelta

import msgspec

from zhanggui.actions import cursors
from zhanggui.actions.house import House
from zhanggui.people import members
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import promises
from zhanggui.records.promises import PromiseRecord, RepRecord

COUNTED = timedelta(days=30)
"""How far back the promises of a rep are counted."""
_FIRST = 2**62


class Ledger(msgspec.Struct, frozen=True):
    """Promises, newest first, and counts of the last thirty days: of each rep for whoever leads the shop, else one's own."""

    rows: tuple[PromiseRecord, ...]
    next_cursor: str | None
    reps: tuple[RepRecord, ...]
    sees_all: bool
    """Whether everybody is counted, or only whoever asks."""


def promise_ledger(house: House, by: Person, shop_id: ShopId, now: datetime, *, cursor: str | None = None, limit: int = 100) -> Ledger:
    """The promises of a shop."""
    by.need(Permission.ORDERS_READ, shop_id)
    (before,) = cursors.read(cursor, tuple[int]) if cursor else (_FIRST,)
    with house.pool.connection() as tx:
        found = promises.newest(tx, shop_id, before, limit + 1)
        counted = promises.per_rep(tx, shop_id, now - COUNTED, now)
        sees_all = by.may(Permission.PEOPLE_READ, shop_id) or by.person_id is None
        reps = [each for each in counted if sees_all or (each.rep == by.display_name and members.bears_name_alone(tx, shop_id, by))]
    shown = found[:limit]
    return Ledger(tuple(shown), cursors.write((shown[-1].promise_no,)) if len(found) > limit else None, tuple(reps), sees_all)
