"""What the choice of malicious orders is made from: the cases of a month, and how many orders it had."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from zhanggui.core.facts import AftersaleFacts
from zhanggui.records.db import Tx

CASES = """
    select facts::text from aftersales
    where shop_id = %(shop_id)s and state = any(%(states)s) and listed_at >= %(since)s
    order by listed_at desc, case_no desc
    limit %(limit)s
"""
FORMED = "select coalesce(sum(orders), 0)::bigint from order_totals where shop_id = %(shop_id)s and day >= %(since)s"


def cases(tx: Tx, shop_id: int, states: Sequence[str], since: datetime, limit: int) -> list[AftersaleFacts]:
    """The cases in these states since then, newest first."""
    decode = msgspec.json.Decoder(AftersaleFacts).decode
    slots = {"shop_id": shop_id, "states": list(states), "since": since, "limit": limit}
    return [decode(text) for (text,) in tx.execute(CASES, slots)]


def formed(tx: Tx, shop_id: int, since: date) -> int:
    """How many orders came since that day."""
    row = tx.execute(FORMED, {"shop_id": shop_id, "since": since}).fetchone()
    return int(row[0]) if row else 0
