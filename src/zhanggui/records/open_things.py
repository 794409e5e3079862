"""What waits to be decided in a shop: cases and orders by their state, the oldest first. And since when the shop has orders at all."""

from collections.abc import Sequence
from datetime import date

import msgspec

from zhanggui.core.facts import AftersaleFacts, OrderFacts
from zhanggui.records.db import Tx

CASES = """
    select facts::text from aftersales
    where shop_id = %(shop_id)s and state = any(%(states)s) and order_no is not null
    order by listed_at, case_no
    limit %(limit)s
"""
ORDERS = """
    select facts::text from orders
    where shop_id = %(shop_id)s and stage = 'to_ship' and refund = 'none'
    order by listed_at, order_no
    limit %(limit)s
"""
FIRST_DAY = "select min(day) from order_totals where shop_id = %(shop_id)s and day > date '1980-01-01' and stage <> 'forming'"

_case = msgspec.json.Decoder(AftersaleFacts).decode
_order = msgspec.json.Decoder(OrderFacts).decode


def cases(tx: Tx, shop_id: int, states: Sequence[str], limit: int) -> list[AftersaleFacts]:
    """The cases in one of these states."""
    return [_case(text) for (text,) in tx.execute(CASES, {"shop_id": shop_id, "states": list(states), "limit": limit})]


def orders(tx: Tx, shop_id: int, limit: int) -> list[OrderFacts]:
    """The orders to be shipped on which no money is asked back."""
    return [_order(text) for (text,) in tx.execute(ORDERS, {"shop_id": shop_id, "limit": limit})]


def first_day(tx: Tx, shop_id: int) -> date | None:
    """The day of the oldest order; None where there is none."""
    row = tx.execute(FIRST_DAY, {"shop_id": shop_id}).fetchone()
    return None if row is None else row[0]
