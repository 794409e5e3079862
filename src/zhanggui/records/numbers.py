"""The tracking numbers that a shop's orders carry, near a given one."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.core.facts import OrderFacts
from zhanggui.records.db import Tx

USED = """
    select facts::text from orders
    where shop_id = %(shop_id)s and tracking_no = any(%(numbers)s)
    order by tracking_no, order_no
    limit %(limit)s
"""
BETWEEN = """
    select facts::text from orders
    where shop_id = %(shop_id)s and tracking_no >= %(first)s and tracking_no <= %(last)s
    order by tracking_no, order_no
    limit %(limit)s
"""
# written down in a batch or printed on a label of ours, and not told to the platform yet
ON_DESK = """
    select order_no, tracking_no from ship_rows
    where shop_id = %(shop_id)s and tracking_no = any(%(numbers)s) and not is_told
    order by tracking_no, order_no
    limit %(limit)s
"""
RECENT = """
    select order_no, tracking_no from orders
    where shop_id = %(shop_id)s and listed_at >= %(since)s and tracking_no is not null
"""


def used(tx: Tx, shop_id: int, numbers: Sequence[str], limit: int) -> list[OrderFacts]:
    """The orders that carry one of these numbers."""
    return _orders(tx.execute(USED, {"shop_id": shop_id, "numbers": list(numbers), "limit": limit}).fetchall())


def between(tx: Tx, shop_id: int, first: str, last: str, limit: int) -> list[OrderFacts]:
    """The orders whose number lies between these two, both included."""
    return _orders(tx.execute(BETWEEN, {"shop_id": shop_id, "first": first, "last": last, "limit": limit}).fetchall())


def on_desk(tx: Tx, shop_id: int, numbers: Sequence[str], limit: int) -> list[tuple[str, str]]:
    """The orders on the to-ship desk that are to bear one of these numbers, or do already, though the platform does not know: order, number."""
    return tx.execute(ON_DESK, {"shop_id": shop_id, "numbers": list(numbers), "limit": limit}).fetchall()


def recent(tx: Tx, shop_id: int, since: datetime) -> list[tuple[str, str]]:
    """The orders listed since then that carry a number: order, number."""
    return [(order_no, number) for order_no, number in tx.execute(RECENT, {"shop_id": shop_id, "since": since})]


def _orders(rows: Sequence[tuple[str]]) -> list[OrderFacts]:
    decode = msgspec.json.Decoder(OrderFacts).decode
    return [decode(text) for (text,) in rows]
