"""Promised hours per product, learnt from the orders that carry the platform's own field."""

from collections.abc import Collection, Sequence
from datetime import datetime

from zhanggui.actions.reckoning import Reckoning, touch_orders
from zhanggui.records import around, promised
from zhanggui.records.db import Tx

_AT_ONCE = 5000


def learn_hours(tx: Tx, shop_id: int, goods: Collection[str], reckoning: Reckoning, now: datetime) -> None:
    """Learns the promised hours of these products from the orders that stand, and computes again the orders that rest on them."""
    if not goods:
        return
    changed = promised.learn(tx, shop_id, sorted(goods), now)
    recompute_waiting(tx, shop_id, changed, reckoning)


def recompute_waiting(tx: Tx, shop_id: int, goods: Sequence[str], reckoning: Reckoning) -> None:
    """Computes again the orders of these products that carry no ship-by of their own."""
    after = ""
    while goods:
        waiting = around.orders_waiting_for_goods(tx, shop_id, goods, after, _AT_ONCE)
        if not waiting:
            return
        reckoning.recompute(touch_orders(waiting))
        after = waiting[-1]
