"""What stands beside reviews and is known by their orders: the talk with the buyer."""

from collections.abc import Sequence

from zhanggui.records.db import Tx

THREADS = """
    select order_no, max(thread_no) from threads
    where shop_id = %(shop_id)s and order_no = any(%(nos)s) group by order_no
"""


def threads(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, int]:
    """The latest talk about each order."""
    return dict(tx.execute(THREADS, {"shop_id": shop_id, "nos": list(order_nos)}).fetchall())
