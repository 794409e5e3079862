"""The rows of the to-ship desk: one for every order that waits to leave or is on its way out of the house."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from zhanggui.records.db import Tx, rows_of


class ShipRow(msgspec.Struct, frozen=True, kw_only=True):
    """One order on the desk; see migration 0014."""

    order_no: str
    step: str
    kept: str | None
    is_told: bool
    due_at: datetime
    goods: str
    door: str | None
    carrier: str | None
    tracking_no: str | None
    batch_no: int | None
    filed_at: datetime | None
    tags: list[str]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows of a step: those of these goods, with this carrier, to this door, with this tag, due until then; after which (due, order)."""

    step: str
    goods: str | None = None
    carrier: str | None = None
    door: str | None = None
    tag: str | None = None
    kept: str | None = None
    until: datetime | None = None
    after: tuple[datetime, str] | None = None
    limit: int = 100


class Counted(msgspec.Struct, frozen=True):
    """So many rows of a step, kept back or not, told or not, due until the moment asked for."""

    step: str
    is_kept: bool
    is_told: bool
    has_number: bool
    orders: int
    urgent: int


class Grouped(msgspec.Struct, frozen=True):
    """Rows of a step that have something in common, and the first moment one of them is due."""

    name: str
    orders: int
    due_at: datetime


OF_ORDERS = """
    select order_no, step, kept, is_told, due_at, goods, door, carrier, tracking_no, batch_no, filed_at, tags
    from ship_rows where shop_id = %(shop_id)s and order_no = any(%(nos)s)
"""
COPY_NEW = """
    copy ship_rows (shop_id, order_no, step, kept, is_told, due_at, goods, door, carrier, tracking_no, batch_no, filed_at, tags) from stdin
"""
REMOVE = "delete from ship_rows where shop_id = %(shop_id)s and order_no = any(%(nos)s)"
DUE = """
    select subject_no, due_at from deadlines
    where shop_id = %(shop_id)s and subject_kind = 'order' and subject_no = any(%(nos)s) and kind = 'ship_by'
"""
# the three lists that narrow by an index of their own are statements of their own, so that each keeps its plan
PAGE = """
    select order_no, step, kept, is_told, due_at, goods, door, carrier, tracking_no, batch_no, filed_at, tags
    from ship_rows
    where shop_id = %(shop_id)s and step = %(step)s and kept is null
        and (due_at, order_no) > (%(after_at)s, %(after_no)s)
        and (%(until)s::timestamptz is null or due_at <= %(until)s)
        and (%(tag)s::text is null or %(tag)s = any(tags))
    order by due_at, order_no
    limit %(limit)s
"""
PAGE_OF_GOODS = """
    select order_no, step, kept, is_told, due_at, goods, door, carrier, tracking_no, batch_no, filed_at, tags
    from ship_rows
    where shop_id = %(shop_id)s and step = %(step)s and kept is null and goods = %(goods)s
        and (due_at, order_no) > (%(after_at)s, %(after_no)s)
        and (%(until)s::timestamptz is null or due_at <= %(until)s)
        and (%(tag)s::text is null or %(tag)s = any(tags))
    order by due_at, order_no
    limit %(limit)s
"""
PAGE_OF_CARRIER = """
    select order_no, step, kept, is_told, due_at, goods, door, carrier, tracking_no, batch_no, filed_at, tags
    from ship_rows
    where shop_id = %(shop_id)s and step = %(step)s and kept is null and carrier = %(carrier)s
        and (due_at, order_no) > (%(after_at)s, %(after_no)s)
        and (%(until)s::timestamptz is null or due_at <= %(until)s)
        and (%(tag)s::text is null or %(tag)s = any(tags))
    order by due_at, order_no
    limit %(limit)s
"""
PAGE_OF_DOOR = """
    select order_no, step, kept, is_told, due_at, goods, door, carrier, tracking_no, batch_no, filed_at, tags
    from ship_rows
    where shop_id = %(shop_id)s and step = %(step)s and kept is null and door = %(door)s
        and (due_at, order_no) > (%(after_at)s, %(after_no)s)
    order by due_at, order_no
    limit %(limit)s
"""
KEPT = """
    select order_no, step, kept, is_told, due_at, goods, door, carrier, tracking_no, batch_no, filed_at, tags
    from ship_rows
    where shop_id = %(shop_id)s and kept is not null and (due_at, order_no) > (%(after_at)s, %(after_no)s)
        and (%(kept)s::text is null or kept = %(kept)s)
    order by due_at, order_no
    limit %(limit)s
"""
TO_TELL = """
    select order_no, step, kept, is_told, due_at, goods, door, carrier, tracking_no, batch_no, filed_at, tags
    from ship_rows
    where shop_id = %(shop_id)s and not is_told and tracking_no is not null and kept is null
        and step in ('pack', 'hand_over', 'away')
        and (due_at, order_no) > (%(after_at)s, %(after_no)s)
        and (%(carrier)s::text is null or carrier = %(carrier)s)
        and (%(unfiled)s = false or filed_at is null)
    order by due_at, order_no
    limit %(limit)s
"""
OF_NUMBER = """
    select order_no, step, kept, is_told, due_at, goods, door, carrier, tracking_no, batch_no, filed_at, tags
    from ship_rows where shop_id = %(shop_id)s and tracking_no = %(number)s order by order_no
"""
COUNTS = """
    select step, kept is not null as is_kept, is_told, tracking_no is not null as has_number,
        count(*) as orders, count(*) filter (where due_at <= %(until)s) as urgent
    from ship_rows where shop_id = %(shop_id)s group by 1, 2, 3, 4
"""
BY_GOODS = """
    select goods as name, count(*) as orders, min(due_at) as due_at
    from ship_rows where shop_id = %(shop_id)s and step = %(step)s and kept is null
    group by goods order by count(*) desc, goods limit %(limit)s
"""
BY_CARRIER = """
    select carrier as name, count(*) as orders, min(due_at) as due_at
    from ship_rows where shop_id = %(shop_id)s and step = %(step)s and kept is null and carrier is not null
    group by carrier order by count(*) desc, carrier limit %(limit)s
"""
BY_DOOR = """
    select door as name, count(*) as orders, min(due_at) as due_at
    from ship_rows where shop_id = %(shop_id)s and step = %(step)s and kept is null and door is not null
    group by door having count(*) > 1 order by min(due_at), door limit %(limit)s
"""
AT_DOORS = """
    select door, count(*) from ship_rows
    where shop_id = %(shop_id)s and door = any(%(doors)s) and step = %(step)s and kept is null group by door
"""
MATES = """
    select order_no from ship_rows
    where shop_id = %(shop_id)s and step = 'print' and kept is null and door is not null
        and door in (select door from ship_rows where shop_id = %(shop_id)s and order_no = any(%(nos)s) and door is not null)
    order by due_at, order_no
"""
KEPT_COUNTS = """
    select kept as name, count(*) as orders, min(due_at) as due_at
    from ship_rows where shop_id = %(shop_id)s and kept is not null group by kept order by count(*) desc, kept
"""


def of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, ShipRow]:
    """The desk's rows of these orders."""
    return {row.order_no: row for row in _rows(tx, OF_ORDERS, {"shop_id": shop_id, "nos": list(order_nos)})}


def replace(tx: Tx, shop_id: int, gone: Sequence[str], rows: Iterable[ShipRow]) -> None:
    """Takes out the rows of the orders that are gone or differ, and puts these in."""
    if gone:
        tx.execute(REMOVE, {"shop_id": shop_id, "nos": list(gone)})
    with tx.cursor().copy(COPY_NEW) as copy:
        for row in rows:
            copy.write_row((shop_id, *msgspec.structs.astuple(row)))


def due_of(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, datetime]:
    """By when these orders must be shipped."""
    return dict(tx.execute(DUE, {"shop_id": shop_id, "nos": list(order_nos)}).fetchall())


def page(tx: Tx, shop_id: int, wanted: Wanted) -> list[ShipRow]:
    """A page of a step, most urgent first."""
    statement = PAGE_OF_DOOR if wanted.door else PAGE_OF_GOODS if wanted.goods else PAGE_OF_CARRIER if wanted.carrier else PAGE
    return _rows(tx, statement, _slots(shop_id, wanted))


def kept(tx: Tx, shop_id: int, wanted: Wanted) -> list[ShipRow]:
    """A page of what is kept back, most urgent first."""
    return _rows(tx, KEPT, _slots(shop_id, wanted))


def to_tell(tx: Tx, shop_id: int, wanted: Wanted, *, unfiled: bool) -> list[ShipRow]:
    """A page of what has a number that the platform does not know yet."""
    return _rows(tx, TO_TELL, {**_slots(shop_id, wanted), "unfiled": unfiled})


def of_number(tx: Tx, shop_id: int, number: str) -> list[ShipRow]:
    """The orders on the desk that travel with this number."""
    return _rows(tx, OF_NUMBER, {"shop_id": shop_id, "number": number})


def counts(tx: Tx, shop_id: int, until: datetime) -> list[Counted]:
    """How many stand where, and how many of them are due until then."""
    with tx.cursor(row_factory=rows_of(Counted)) as cursor:
        return cursor.execute(COUNTS, {"shop_id": shop_id, "until": until}).fetchall()


def grouped(tx: Tx, shop_id: int, step: str, by: str, limit: int) -> list[Grouped]:
    """The rows of a step by `goods`, `carrier` or `door`; doors only where several orders go to one."""
    statement = {"goods": BY_GOODS, "carrier": BY_CARRIER, "door": BY_DOOR}[by]
    with tx.cursor(row_factory=rows_of(Grouped)) as cursor:
        return cursor.execute(statement, {"shop_id": shop_id, "step": step, "limit": limit}).fetchall()


def kept_counts(tx: Tx, shop_id: int) -> list[Grouped]:
    """What is kept back, by its reason."""
    with tx.cursor(row_factory=rows_of(Grouped)) as cursor:
        return cursor.execute(KEPT_COUNTS, {"shop_id": shop_id}).fetchall()


def at_doors(tx: Tx, shop_id: int, step: str, doors: Sequence[str]) -> dict[str, int]:
    """How many orders of the step go to each of these doors."""
    if not doors:
        return {}
    return dict(tx.execute(AT_DOORS, {"shop_id": shop_id, "step": step, "doors": list(doors)}).fetchall())


def mates(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[str]:
    """The orders to be printed that go to the same doors as these."""
    return [no for (no,) in tx.execute(MATES, {"shop_id": shop_id, "nos": list(order_nos)})]


def _slots(shop_id: int, wanted: Wanted) -> dict[str, object]:
    after_at, after_no = wanted.after or (None, "")
    return {
        "shop_id": shop_id,
        "step": wanted.step,
        "goods": wanted.goods,
        "carrier": wanted.carrier,
        "door": wanted.door,
        "tag": wanted.tag,
        "kept": wanted.kept,
        "until": wanted.until,
        "after_at": after_at or "-infinity",
        "after_no": after_no,
        "limit": wanted.limit,
    }


def _rows(tx: Tx, statement: str, slots: dict[str, object]) -> list[ShipRow]:
    with tx.cursor(row_factory=rows_of(ShipRow)) as cursor:
        return cursor.execute(statement, slots).fetchall()
