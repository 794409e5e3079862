"""Parcels that were asked about and of which nothing was known: that too is a fact, and starts the clock of a number without a record."""

from collections.abc import Sequence
from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.reckoning import Reckoning, touch_orders
from zhanggui.actions.rules import rulebook_in
from zhanggui.people.permissions import ShopId
from zhanggui.records import around, parcels
from zhanggui.records.db import Tx


def note_unknown(house: House, tx: Tx, shop_id: ShopId, tracking_nos: Sequence[str], now: datetime) -> None:
    """Notes that nothing was known of these parcels, and computes their orders anew. The shop's lock is held by the caller."""
    for tracking_no in tracking_nos:
        parcels.note_lookup(tx, shop_id, tracking_no, now)
    reckoning = Reckoning(tx, shop_id, rulebook_in(tx, house, shop_id), now)
    reckoning.recompute(touch_orders(around.orders_of_parcels(tx, shop_id, sorted(tracking_nos))))
    reckoning.finish()
