"""What was noted is put into the order of events, and in line for every hook that wants it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.people.permissions import ShopId
from zhanggui.records import hook_events
from zhanggui.records.db import Tx, transact
from zhanggui.records.rousing import rouse

AT_ONCE = 1000
KEPT = timedelta(days=14)
"""An event is kept for so long, taken or not."""


def shops_with_events(house: House, _now: datetime, _wall: datetime) -> Sequence[ShopId]:
    """The shops in which something was noted that stands in no order yet."""
    every = every_shop(house)
    with house.pool.connection() as tx:
        return [ShopId(shop_id) for shop_id in hook_events.shops_with_notes(tx, every)]


def spread_events(house: House, shop_id: ShopId, _now: datetime, wall: datetime, _holder: str) -> bool:
    """Puts some of what was noted in a shop into order; whether there was anything."""

    def work(tx: Tx) -> int:
        many = hook_events.spread(tx, shop_id, wall, AT_ONCE)
        if many:
            rouse(tx, "hooks")
        return many

    return transact(house.pool, work) > 0


def forget_events(house: House, now: datetime) -> None:
    """Forgets events that are older than events are kept."""
    for shop_id in every_shop(house):
        transact(house.pool, lambda tx, shop_id=shop_id: hook_events.forget(tx, shop_id, now - KEPT))  # type: ignore[misc]  # bound now, not later
