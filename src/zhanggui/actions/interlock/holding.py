"""The lock itself, for whoever is about to tell the platform something of an order."""

from zhanggui.records import dispatches, locks
from zhanggui.records.db import Tx


def hold_order(tx: Tx, shop_id: int, order_no: str | None) -> None:
    """Holds the order on its way out, and keeps facts of its shop from being stored, until the transaction ends. It comes before every other lock."""
    locks.do_not_wait_long(tx)
    locks.share_shop(tx, shop_id)
    if order_no is not None:
        dispatches.hold(tx, shop_id, [order_no])
