"""How far orders are on their way out, as the shelves need to know it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class Mark(msgspec.Struct, frozen=True):
    """How far an order is; when its parcel was handed over, None where it was not, or was given back."""

    order_no: str
    state: str
    handed_at: datetime | None


# held until the end, so that whoever hands an order over and whoever stores news of it come one after the other
OF_ORDERS = """
    select order_no, state, case when state in ('handed_over', 'recalled') then handed_at end as handed_at
    from dispatches
    where shop_id = %(shop_id)s and order_no = any(%(order_nos)s) and state is not null
    order by order_no
    for no key update
"""
# what was opened and counted since its last label was printed, which is before it left; handed over without a label of ours, since then
COUNTED = """
    select returns.order_no, max(returns.return_no) from returns
    join dispatches on dispatches.shop_id = %(shop_id)s and dispatches.order_no = returns.order_no
    where returns.shop_id = %(shop_id)s and returns.order_no = any(%(order_nos)s) and returns.state = 'return_counted'
        and returns.made_at >= coalesce(dispatches.printed_at, dispatches.handed_at)
    group by returns.order_no
"""


def of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, Mark]:
    """The marks of those of these orders that are on their way out."""
    if not order_nos:
        return {}
    with tx.cursor(row_factory=class_row(Mark)) as cursor:
        return {row.order_no: row for row in cursor.execute(OF_ORDERS, {"shop_id": shop_id, "order_nos": list(order_nos)})}


def counted(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, int]:
    """Those of these orders of which a parcel came back under its last label and was opened and counted, each with the number of that return."""
    return dict(tx.execute(COUNTED, {"shop_id": shop_id, "order_nos": list(order_nos)}).fetchall()) if order_nos else {}
