"""What waits to be decided in a shop: cases and orders by their state, the oldest first. And since when the shop has orders at all."""

from collections.abc import Sequence
from datetime import date

import msgspec

from zhanggui.core.facts import AftersaleFacts, OrderFacts
from zhanggui.records.db import Tx

CASES = """
    select facts::text from aftersales
    where shop_id = %(shop_id)s and state = any(%(states)s) and order_no is not null and (%(kind)s::text is null or kind = %(kind)s)
        and (%(most_fen)s::bigint is null or (facts ->> 'refund_amount')::bigint <= %(most_fen)s)
    order by listed_at, case_no
    limit %(limit)s
"""
ORDERS = """
    select facts::text from orders
    where shop_id = %(shop_id)s and stage = 'to_ship' and refund = 'none'
        and (facts ->> 'under_review') is distinct from 'true' and (facts ->> 'on_hold') is distinct from 'true'
    order by listed_at, order_no
    limit %(limit)s
"""
FIRST_DAY = "select min(day) from order_totals where shop_id = %(shop_id)s and day > date '1980-01-01' and stage <> 'forming'"

_case = msgspec.json.Decoder(AftersaleFacts).decode
_order = msgspec.json.Decoder(OrderFacts).decode


def cases(tx: Tx, shop_id: int, states: Sequence[str], limit: int, *, kind: str | None = None, most_fen: int | None = None) -> list[AftersaleFacts]:
    """The cases in one of these states; where a kind or a sum is named, those of it, and those that are known to ask for no more."""
    slots = {"shop_id": shop_id, "states": list(states), "limit": limit, "kind": kind, "most_fen": most_fen}
    return [_case(text) for (text,) in tx.execute(CASES, slots)]


def orders(tx: Tx, shop_id: int, limit: int) -> list[OrderFacts]:
    """The orders that may be shipped and on which no money is asked back."""
    return [_order(text) for (text,) in tx.execute(ORDERS, {"shop_id": shop_id, "limit": limit})]


def first_day(tx: Tx, shop_id: int) -> date | None:
    """The day of the oldest order; None where there is none."""
    row = tx.execute(FIRST_DAY, {"shop_id": shop_id}).fetchone()
    return None if row is None else row[0]
