"""The bill of a shop, read through in pieces."""

from datetime import datetime

import msgspec

from zhanggui.core.facts import BillLineFacts
from zhanggui.records.db import Tx

PAGE = """
    select line_no, facts::text from bill_lines
    where shop_id = %(shop_id)s and line_no > %(after)s and (happened_at is null or happened_at >= %(since)s)
    order by line_no
    limit %(limit)s
"""
_DECODE = msgspec.json.Decoder(BillLineFacts).decode


def page(tx: Tx, shop_id: int, after: str, since: datetime, limit: int) -> list[BillLineFacts]:
    """The next lines of the bill in the order of their names."""
    return [_DECODE(text) for _, text in tx.execute(PAGE, {"shop_id": shop_id, "after": after, "since": since, "limit": limit})]
