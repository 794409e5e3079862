"""Makes rows of parcels that were stored before there were any, and makes them anew where the shop's own rules changed."""

from datetime import datetime
from functools import partial

from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.parcels.following import Following
from zhanggui.actions.rules import rulebook_in
from zhanggui.people.permissions import ShopId
from zhanggui.records import locks, parcels
from zhanggui.records.db import Tx, transact
from zhanggui.records.measures import touched

AT_ONCE = 1000
"""So many orders in one transaction: whoever stores something in the shop waits no longer than for these."""


def fill_parcels(house: House, now: datetime) -> None:
    """Brings the parcels of every shop that waits for it up to date with its facts and rules."""
    with house.pool.connection() as tx:
        waiting = [ShopId(shop_id) for shop_id in parcels.shops_to_fill(tx)]
    for shop_id in waiting:
        with house.pool.connection() as tx:
            parcels.begin_filling(tx, shop_id, now)
        after: str | None = ""
        while after is not None:
            after = transact(house.pool, partial(_fill_some, house, shop_id, after))
        with house.pool.connection() as tx:
            parcels.filled(tx, shop_id, now)


def _fill_some(house: House, shop_id: ShopId, after: str, tx: Tx) -> str | None:
    """Fills some orders, and returns the last of them; None after the last."""
    locks.hold_shop(tx, shop_id)
    some = parcels.numbered_orders(tx, shop_id, after, AT_ONCE)
    if not some:
        return None
    following = Following(tx, shop_id, rulebook_in(tx, house, shop_id))
    following.follow(orders_known(tx, shop_id, some), some, ())
    following.finish()
    touched.note(tx, shop_id, some)
    return some[-1]
