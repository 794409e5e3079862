"""What stands around orders: their lines, cases, parcels, messages, reviews, payments, bill. Read for many orders at once."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.core.facts import AftersaleFacts, BillLineFacts, F, MessageFacts, OrderFacts, OrderLineFacts, PaymentFacts, ReviewFacts, ScanFacts
from zhanggui.records.db import Tx
from zhanggui.records.each_shop import of_each
from zhanggui.records.facts.sealed import decoder
from zhanggui.records.facts.table import Known

ORDERS = "select order_no, facts::text, as_of from orders where shop_id = %(shop_id)s and order_no = any(%(nos)s)"
LINES_SHIP_BY = """
    select order_no, max(ship_by) from order_lines
    where shop_id = %(shop_id)s and order_no = any(%(nos)s) and ship_by is not null group by order_no
"""
CASES = "select order_no, facts::text, as_of from aftersales where shop_id = %(shop_id)s and order_no = any(%(nos)s) order by case_no"
CASES_BY_NO = "select case_no, facts::text, as_of from aftersales where shop_id = %(shop_id)s and case_no = any(%(nos)s)"
SCANS = "select tracking_no, facts::text, as_of from scans where shop_id = %(shop_id)s and tracking_no = any(%(nos)s) order by at, text"
MESSAGES = "select order_no, facts::text, as_of from messages where shop_id = %(shop_id)s and order_no = any(%(nos)s) order by at, message_no"
REVIEWS = "select order_no, facts::text, as_of from reviews where shop_id = %(shop_id)s and order_no = any(%(nos)s) order by review_no"
LINES = "select order_no, facts::text, as_of from order_lines where shop_id = %(shop_id)s and order_no = any(%(nos)s) order by order_no, line_no"
PAYMENTS = "select order_no, facts::text, as_of from payments where shop_id = %(shop_id)s and order_no = any(%(nos)s) order by order_no, part_no"
BILL = "select order_no, facts::text, as_of from bill_lines where shop_id = %(shop_id)s and order_no = any(%(nos)s) order by happened_at, line_no"
HELD_BY = "select shop_id, count(*) from orders where shop_id = %(shop_id)s and order_no = any(%(nos)s) group by shop_id"
OF_PARCELS = """
    select order_no from orders where shop_id = %(shop_id)s and tracking_no = any(%(nos)s)
    union
    select order_no from aftersales
    where shop_id = %(shop_id)s and order_no is not null and tracking_no = any(%(nos)s)
    union
    select order_no from aftersales
    where shop_id = %(shop_id)s and order_no is not null and return_tracking_no = any(%(nos)s)
    union
    select order_no from dispatches where shop_id = %(shop_id)s and tracking_no = any(%(nos)s)
    union
    select order_no from ship_parts where shop_id = %(shop_id)s and tracking_no = any(%(nos)s)
    union
    select order_no from parcels where shop_id = %(shop_id)s and tracking_no = any(%(nos)s)
"""
WAITING_FOR_GOODS = """
    select order_no from orders
    where shop_id = %(shop_id)s and goods_id = any(%(nos)s) and ship_by is null and order_no > %(after)s
    order by order_no
    limit %(limit)s
"""

HANGS_ANYTHING = """
    select exists (select 1 from order_lines where shop_id = %(shop_id)s) or exists (select 1 from aftersales where shop_id = %(shop_id)s)
        or exists (select 1 from scans where shop_id = %(shop_id)s) or exists (select 1 from parcel_lookups where shop_id = %(shop_id)s)
        or exists (select 1 from dispatches where shop_id = %(shop_id)s) or exists (select 1 from ship_batch_rows where shop_id = %(shop_id)s)
        or exists (select 1 from abnormal_orders where shop_id = %(shop_id)s)
"""


def hangs_anything(tx: Tx, shop_id: int) -> bool:
    """Whether the shop has anything at all that hangs on orders: lines, cases, traces, labels, batches, suspicions. Most first imports find nothing."""
    row = tx.execute(HANGS_ANYTHING, {"shop_id": shop_id}).fetchone()
    return row is None or bool(row[0])


def orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, Known[OrderFacts]]:
    """These orders, and how old they are."""
    decode = msgspec.json.Decoder(OrderFacts).decode
    return {no: Known(decode(text), as_of) for no, text, as_of in tx.execute(ORDERS, {"shop_id": shop_id, "nos": list(order_nos)})}


def held_by(tx: Tx, shop_ids: Sequence[int], order_nos: Sequence[str]) -> list[tuple[int, int]]:
    """How many of these orders each of these shops has; shops that have none are left out."""
    with tx.cursor() as cursor:
        rows = of_each(cursor, HELD_BY, [{"shop_id": shop_id, "nos": list(order_nos)} for shop_id in shop_ids])
    return [(shop_id, orders) for shop_id, orders in rows]


def lines_ship_by(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, datetime]:
    """The latest ship-by among each order's lines."""
    return dict(tx.execute(LINES_SHIP_BY, {"shop_id": shop_id, "nos": list(order_nos)}).fetchall())


def cases(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, list[Known[AftersaleFacts]]]:
    """Each order's after-sales cases."""
    return _listed(tx, CASES, AftersaleFacts, shop_id, order_nos)


def cases_by_no(tx: Tx, shop_id: int, case_nos: Sequence[str]) -> dict[str, Known[AftersaleFacts]]:
    """The cases of these numbers."""
    decode = msgspec.json.Decoder(AftersaleFacts).decode
    return {no: Known(decode(text), as_of) for no, text, as_of in tx.execute(CASES_BY_NO, {"shop_id": shop_id, "nos": list(case_nos)})}


def scans(tx: Tx, shop_id: int, tracking_nos: Sequence[str]) -> dict[str, list[Known[ScanFacts]]]:
    """Each parcel's tracking events, oldest first."""
    return _listed(tx, SCANS, ScanFacts, shop_id, tracking_nos)


def messages(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, list[Known[MessageFacts]]]:
    """Each order's conversation, oldest first."""
    return _listed(tx, MESSAGES, MessageFacts, shop_id, order_nos)


def reviews(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, list[Known[ReviewFacts]]]:
    """Each order's reviews."""
    return _listed(tx, REVIEWS, ReviewFacts, shop_id, order_nos)


def lines(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, list[Known[OrderLineFacts]]]:
    """Each order's lines."""
    return _listed(tx, LINES, OrderLineFacts, shop_id, order_nos)


def payments(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, list[Known[PaymentFacts]]]:
    """The parts of each order's payment."""
    return _listed(tx, PAYMENTS, PaymentFacts, shop_id, order_nos)


def bill(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, list[Known[BillLineFacts]]]:
    """Each order's lines on the bill."""
    return _listed(tx, BILL, BillLineFacts, shop_id, order_nos)


def orders_of_parcels(tx: Tx, shop_id: int, tracking_nos: Sequence[str]) -> list[str]:
    """The orders that these parcels carry, there or back."""
    if not tracking_nos:
        return []
    return [no for (no,) in tx.execute(OF_PARCELS, {"shop_id": shop_id, "nos": list(tracking_nos)})]


def orders_waiting_for_goods(tx: Tx, shop_id: int, goods_ids: Sequence[str], after: str, limit: int) -> list[str]:
    """The orders of these products that carry no ship-by of their own, after one of them."""
    return [no for (no,) in tx.execute(WAITING_FOR_GOODS, {"shop_id": shop_id, "nos": list(goods_ids), "after": after, "limit": limit})]


def _listed(tx: Tx, statement: str, kind: type[F], shop_id: int, nos: Sequence[str]) -> dict[str, list[Known[F]]]:
    found: dict[str, list[Known[F]]] = {}
    if not nos:
        return found
    decode = decoder(tx, shop_id, kind)
    for no, text, as_of in tx.execute(statement, {"shop_id": shop_id, "nos": list(nos)}):
        found.setdefault(no, []).append(Known(decode(text), as_of))
    return found
