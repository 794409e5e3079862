"""When orders were handed over to a carrier, as the shelves need to know it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class Mark(msgspec.Struct, frozen=True):
    """When an order's parcel was handed over; None where it was not, or was given back."""

    order_no: str
    handed_at: datetime | None


# held until the end, so that whoever hands an order over and whoever stores news of it come one after the other
OF_ORDERS = """
    select order_no, case when state = 'handed_over' then handed_at end as handed_at
    from dispatches
    where shop_id = %(shop_id)s and order_no = any(%(order_nos)s) and state is not null
    order by order_no
    for no key update
"""


def of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, Mark]:
    """The marks of those of these orders that are on their way out."""
    if not order_nos:
        return {}
    with tx.cursor(row_factory=class_row(Mark)) as cursor:
        return {row.order_no: row for row in cursor.execute(OF_ORDERS, {"shop_id": shop_id, "order_nos": list(order_nos)})}
