"""Messages as the rates of replies see them."""

from datetime import datetime

from zhanggui.records.db import Tx

# an order stands for its buyer; what it holds of a message is read from columns, so that no facts have to be decoded
BETWEEN = """
    select order_no, speaker, at from messages
    where shop_id = %(shop_id)s and at >= %(since)s and at < %(until)s and order_no is not null
    order by order_no, at
"""


def between(tx: Tx, shop_id: int, since: datetime, until: datetime) -> list[tuple[str, str, datetime]]:
    """Order, speaker and moment of every message of these days."""
    return [(str(no), str(speaker), at) for no, speaker, at in tx.execute(BETWEEN, {"shop_id": shop_id, "since": since, "until": until}).fetchall()]
