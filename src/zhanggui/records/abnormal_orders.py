"""Suspected orders, and what was asked about them."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.abnormal import Abnormal, AbnormalState, Sign, Signed
from zhanggui.records.db import Tx


class AbnormalRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the table."""

    order_no: str
    state: str
    signs: str
    found_at: datetime
    asked_at: datetime | None
    asked_by: int | None
    reason: str
    answered_at: datetime | None
    answered_by: int | None
    moved_at: datetime
    moved_by: int | None
    version: int

    def abnormal(self) -> Abnormal:
        """The row as the rest of the house knows it."""
        told = msgspec.structs.asdict(self)
        return Abnormal(**(told | {"state": AbnormalState(self.state), "signs": msgspec.json.decode(self.signs, type=tuple[Sign, ...])}))


OF_ORDERS = """
    select order_no, state, signs::text as signs, found_at, asked_at, asked_by, reason, answered_at, answered_by, moved_at, moved_by, version
    from abnormal_orders where shop_id = %(shop_id)s and order_no = any(%(nos)s)
"""
STORE = """
    insert into abnormal_orders (shop_id, order_no, state, signs, found_at, asked_at, asked_by, reason, answered_at, answered_by, moved_at, moved_by)
    values (%(shop_id)s, %(order_no)s, %(state)s, %(signs)s, %(found_at)s, %(asked_at)s, %(asked_by)s, %(reason)s, %(answered_at)s, %(answered_by)s,
        %(moved_at)s, %(moved_by)s)
    on conflict (shop_id, order_no) do update set state = excluded.state, signs = excluded.signs, asked_at = excluded.asked_at, asked_by = excluded.asked_by,
        reason = excluded.reason, answered_at = excluded.answered_at, answered_by = excluded.answered_by, moved_at = excluded.moved_at,
        moved_by = excluded.moved_by, version = abnormal_orders.version + 1
"""
PAGE = """
    select order_no, state, signs::text as signs, found_at, asked_at, asked_by, reason, answered_at, answered_by, moved_at, moved_by, version
    from abnormal_orders
    where shop_id = %(shop_id)s and state = %(state)s and (moved_at, order_no) < (%(after_at)s, %(after_no)s)
    order by moved_at desc, order_no desc
    limit %(limit)s
"""
COUNTS = "select state, count(*)::bigint from abnormal_orders where shop_id = %(shop_id)s group by state"
# what waits to be shipped and formed so lately that something can still be asked about it
FRESH = """
    select order_no, group_formed_at, facts->>'receiver_masked', facts->>'combine_key', goods_id,
        concat_ws('/', facts->>'province', facts->>'city', facts->>'district')
    from orders
    where shop_id = %(shop_id)s and stage = 'to_ship' and listed_at > %(since)s and group_formed_at > %(since)s
    order by listed_at desc, order_no desc
    limit %(limit)s
"""
# approved orders are no sales; they are few, and read by the days and stages that a list shows
APPROVED_DAYS = """
    select (orders.listed_at at time zone 'Asia/Shanghai')::date as day, orders.stage, orders.refund, count(*)::bigint,
        coalesce(sum((orders.facts->>'pay_amount')::bigint), 0)::bigint
    from abnormal_orders
    join orders on orders.shop_id = abnormal_orders.shop_id and orders.order_no = abnormal_orders.order_no
    where abnormal_orders.shop_id = any(%(shop_ids)s) and abnormal_orders.state = 'request_approved'
    group by day, orders.stage, orders.refund
"""


def approved(tx: Tx, shop_ids: Sequence[int]) -> list[tuple[date, str, str, int, int]]:
    """The approved orders of these shops, which are no sales: how many by day, stage and refund state, and what was paid for them."""
    return tx.execute(APPROVED_DAYS, {"shop_ids": list(shop_ids)}).fetchall()


def of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, Abnormal]:
    """What speaks against these orders; those that nothing speaks against are left out."""
    with tx.cursor(row_factory=class_row(AbnormalRecord)) as cursor:
        return {row.order_no: row.abnormal() for row in cursor.execute(OF_ORDERS, {"shop_id": shop_id, "nos": list(order_nos)})}


def store(tx: Tx, shop_id: int, abnormal: Sequence[Abnormal]) -> None:
    """Stores these as they now stand. The order's row in `dispatches` is held by the caller."""
    rows = [msgspec.structs.asdict(one) | {"shop_id": shop_id, "state": one.state.value, "signs": msgspec.json.encode(one.signs).decode()} for one in abnormal]
    with tx.cursor() as cursor:
        cursor.executemany(STORE, rows)


def page(tx: Tx, shop_id: int, state: AbnormalState, after: tuple[datetime, str], limit: int) -> list[Abnormal]:
    """The orders in this state, those that came to it last first, after one of them."""
    slots = {"shop_id": shop_id, "state": state.value, "after_at": after[0], "after_no": after[1], "limit": limit}
    with tx.cursor(row_factory=class_row(AbnormalRecord)) as cursor:
        return [row.abnormal() for row in cursor.execute(PAGE, slots)]


def counts(tx: Tx, shop_id: int) -> dict[AbnormalState, int]:
    """How many are in each state."""
    return {AbnormalState(state): many for state, many in tx.execute(COUNTS, {"shop_id": shop_id})}


def fresh(tx: Tx, shop_id: int, since: datetime, limit: int) -> list[Signed]:
    """What of the orders that wait to be shipped and formed since then may be a sign, newest first."""
    found = tx.execute(FRESH, {"shop_id": shop_id, "since": since, "limit": limit})
    return [Signed(no, at, receiver or None, address or None, goods or None, district or None) for no, at, receiver, address, goods, district in found]
