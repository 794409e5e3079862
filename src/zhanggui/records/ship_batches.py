"""Batches: orders that are printed in one go, and the numbers written down for them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from zhanggui.core.say import Say
from zhanggui.records.db import Tx, rows_of
from zhanggui.records.says import packed, unpacked


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """One batch."""

    batch_no: int
    carrier: str | None
    made_by: int | None
    made_at: datetime


class BatchRow(msgspec.Struct, frozen=True, kw_only=True):
    """An order in a batch: its parcel, and the number written down for it."""

    order_no: str
    batch_no: int
    parcel: int
    carrier: str | None
    tracking_no: str | None
    filed_at: datetime | None
    because: str | None = None
    """Why it goes with this carrier, a Say; None where a person said so, or nobody yet."""

    @property
    def advised(self) -> Say | None:
        """Why the house chose this carrier."""
        return None if self.because is None else unpacked(self.because)


class BatchCount(msgspec.Struct, frozen=True, kw_only=True):
    """A batch, how many orders wait in it to be printed, and how many of them have a number."""

    batch_no: int
    carrier: str | None
    made_by: int | None
    made_at: datetime
    orders: int
    numbered: int
    due_at: datetime


# two batches made at once take turns at the shop's row
LOCK = "select shop_id from shops where shop_id = %(shop_id)s for update"
NEXT = "select coalesce(max(batch_no), 0) + 1 from ship_batches where shop_id = %(shop_id)s"
MAKE = """
    insert into ship_batches (shop_id, batch_no, carrier, made_by, made_at) values (%(shop_id)s, %(batch_no)s, %(carrier)s, %(by)s, %(now)s)
"""
ONE = "select batch_no, carrier, made_by, made_at from ship_batches where shop_id = %(shop_id)s and batch_no = %(batch_no)s"
SET_CARRIER = "update ship_batches set carrier = %(carrier)s where shop_id = %(shop_id)s and batch_no = %(batch_no)s"
ROWS = """
    select order_no, batch_no, parcel, carrier, tracking_no, filed_at, because::text as because from ship_batch_rows
    where shop_id = %(shop_id)s and batch_no = %(batch_no)s order by parcel, order_no
"""
OF_ORDERS = """
    select order_no, batch_no, parcel, carrier, tracking_no, filed_at, because::text as because from ship_batch_rows
    where shop_id = %(shop_id)s and order_no = any(%(nos)s)
"""
TAKE_OUT = "delete from ship_batch_rows where shop_id = %(shop_id)s and order_no = any(%(nos)s)"
PUT_IN = "copy ship_batch_rows (shop_id, order_no, batch_no, parcel) from stdin"
WRITE = """
    update ship_batch_rows set carrier = told.carrier, tracking_no = told.tracking_no, written_by = %(by)s, written_at = %(now)s,
        because = case when ship_batch_rows.carrier is not distinct from told.carrier then ship_batch_rows.because end
    from unnest(%(nos)s::text[], %(carriers)s::text[], %(numbers)s::text[]) as told (order_no, carrier, tracking_no)
    where ship_batch_rows.shop_id = %(shop_id)s and ship_batch_rows.order_no = told.order_no and ship_batch_rows.batch_no = %(batch_no)s
"""
ADVISE = """
    update ship_batch_rows set carrier = told.carrier, because = told.because::json
    from unnest(%(nos)s::text[], %(carriers)s::text[], %(because)s::text[]) as told (order_no, carrier, because)
    where ship_batch_rows.shop_id = %(shop_id)s and ship_batch_rows.order_no = told.order_no
"""
FORGET_NUMBER = """
    update ship_batch_rows set tracking_no = null
    where shop_id = %(shop_id)s and order_no = any(%(nos)s) and tracking_no = %(number)s
    returning order_no
"""
FILED = "update ship_batch_rows set filed_at = %(now)s where shop_id = %(shop_id)s and order_no = any(%(nos)s)"
OPEN = """
    select b.batch_no, b.carrier, b.made_by, b.made_at, r.orders, r.numbered, r.due_at
    from (
        select batch_no, count(*) as orders, count(tracking_no) as numbered, min(due_at) as due_at
        from ship_rows where shop_id = %(shop_id)s and step = 'batch' and batch_no is not null group by batch_no
    ) as r
    join ship_batches b on b.shop_id = %(shop_id)s and b.batch_no = r.batch_no
    order by r.due_at, b.batch_no
"""


def make(tx: Tx, shop_id: int, parcels: Iterable[Sequence[str]], *, carrier: str | None, by: int | None, now: datetime) -> int:
    """The number of a new batch of these parcels; orders that stood in another batch leave it."""
    tx.execute(LOCK, {"shop_id": shop_id})
    found = tx.execute(NEXT, {"shop_id": shop_id}).fetchone()
    batch_no = int(found[0]) if found else 1
    tx.execute(MAKE, {"shop_id": shop_id, "batch_no": batch_no, "carrier": carrier, "by": by, "now": now})
    rows = [(shop_id, no, batch_no, parcel) for parcel, together in enumerate(parcels, 1) for no in together]
    take_out(tx, shop_id, [row[1] for row in rows])
    with tx.cursor().copy(PUT_IN) as copy:
        for row in rows:
            copy.write_row(row)
    return batch_no


def one(tx: Tx, shop_id: int, batch_no: int) -> Batch | None:
    """The batch, None where there is no such."""
    with tx.cursor(row_factory=rows_of(Batch)) as cursor:
        return cursor.execute(ONE, {"shop_id": shop_id, "batch_no": batch_no}).fetchone()


def set_carrier(tx: Tx, shop_id: int, batch_no: int, carrier: str) -> None:
    """Notes with whom the batch travels."""
    tx.execute(SET_CARRIER, {"shop_id": shop_id, "batch_no": batch_no, "carrier": carrier})


def rows(tx: Tx, shop_id: int, batch_no: int) -> list[BatchRow]:
    """The orders of a batch, parcel by parcel."""
    with tx.cursor(row_factory=rows_of(BatchRow)) as cursor:
        return cursor.execute(ROWS, {"shop_id": shop_id, "batch_no": batch_no}).fetchall()


def of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, BatchRow]:
    """In which batch each of these orders is."""
    with tx.cursor(row_factory=rows_of(BatchRow)) as cursor:
        return {row.order_no: row for row in cursor.execute(OF_ORDERS, {"shop_id": shop_id, "nos": list(order_nos)})}


def take_out(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> None:
    """These orders are in no batch any more."""
    tx.execute(TAKE_OUT, {"shop_id": shop_id, "nos": list(order_nos)})


def write(tx: Tx, shop_id: int, batch_no: int, told: Sequence[tuple[str, str | None, str | None]], *, by: int | None, now: datetime) -> None:
    """Writes down carrier and number of these orders of the batch."""
    nos, carriers, numbers = ([part[place] for part in told] for place in range(3))
    tx.execute(
        WRITE,
        {"shop_id": shop_id, "batch_no": batch_no, "nos": nos, "carriers": carriers, "numbers": numbers, "by": by, "now": now},
    )


def advise(tx: Tx, shop_id: int, chosen: Sequence[tuple[str, str, Say]]) -> None:
    """Writes down the carrier that the house chose for each of these orders, and why."""
    if chosen:
        nos, carriers = [no for no, _, _ in chosen], [carrier for _, carrier, _ in chosen]
        tx.execute(ADVISE, {"shop_id": shop_id, "nos": nos, "carriers": carriers, "because": [packed(why) for _, _, why in chosen]})


def forget_number(tx: Tx, shop_id: int, order_nos: Sequence[str], number: str) -> list[str]:
    """The orders, of these, for which this number was written down; it is not any more."""
    return [no for (no,) in tx.execute(FORGET_NUMBER, {"shop_id": shop_id, "nos": list(order_nos), "number": number})]


def filed(tx: Tx, shop_id: int, order_nos: Sequence[str], now: datetime) -> None:
    """Notes that their numbers were put in a file."""
    tx.execute(FILED, {"shop_id": shop_id, "nos": list(order_nos), "now": now})


def open_batches(tx: Tx, shop_id: int) -> list[BatchCount]:
    """The batches that still have something to be printed, most urgent first."""
    with tx.cursor(row_factory=rows_of(BatchCount)) as cursor:
        return cursor.execute(OPEN, {"shop_id": shop_id}).fetchall()
