"""Orders that go in several parcels: a row for each of their parcels."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from zhanggui.records.db import Tx, rows_of


class PartRow(msgspec.Struct, frozen=True, kw_only=True):
    """One parcel of an order that goes in several; see migration 0021."""

    order_no: str
    part: int
    carrier: str | None
    tracking_no: str | None
    """Of a further parcel; None for the first, whose number stands where every order's does."""
    printed_at: datetime | None
    packed_at: datetime | None
    packed_by: int | None
    weight_g: int | None
    pieces: str | None

    @property
    def put_in(self) -> tuple[int, ...]:
        """By line of the order, how many pieces were put in."""
        return () if self.pieces is None else msgspec.json.decode(self.pieces, type=tuple[int, ...])


OF_ORDERS = """
    select order_no, part, carrier, tracking_no, printed_at, packed_at, packed_by, weight_g, pieces::text as pieces
    from ship_parts where shop_id = %(shop_id)s and order_no = any(%(nos)s) order by order_no, part
"""
BEARING = """
    select order_no, part, carrier, tracking_no, printed_at, packed_at, packed_by, weight_g, pieces::text as pieces
    from ship_parts where shop_id = %(shop_id)s and tracking_no = any(%(numbers)s) order by order_no, part
"""
ADD = """
    insert into ship_parts (shop_id, order_no, part, made_at, made_by)
    select %(shop_id)s, %(order_no)s, part, %(now)s, %(by)s from unnest(%(parts)s::integer[]) as wanted (part)
    on conflict do nothing
"""
DROP = "delete from ship_parts where shop_id = %(shop_id)s and order_no = %(order_no)s and part >= %(part)s"
# of another number the platform has not been told
WRITE = """
    update ship_parts set carrier = told.carrier, tracking_no = told.tracking_no,
        told_at = case when ship_parts.tracking_no is not distinct from told.tracking_no then ship_parts.told_at end
    from unnest(%(nos)s::text[], %(parts)s::integer[], %(carriers)s::text[], %(numbers)s::text[]) as told (order_no, part, carrier, tracking_no)
    where ship_parts.shop_id = %(shop_id)s and ship_parts.order_no = told.order_no and ship_parts.part = told.part and ship_parts.part > 1
        and ship_parts.printed_at is null
"""
FORGET_NUMBER = """
    update ship_parts set tracking_no = null, printed_at = null, told_at = null
    where shop_id = %(shop_id)s and order_no = any(%(nos)s) and tracking_no = %(number)s
    returning order_no
"""
PRINTED = "update ship_parts set printed_at = %(now)s where shop_id = %(shop_id)s and order_no = any(%(nos)s) and tracking_no = any(%(numbers)s)"
UNPRINTED = "update ship_parts set printed_at = null, packed_at = null, pieces = null where shop_id = %(shop_id)s and order_no = any(%(nos)s)"
PACKED = """
    update ship_parts set packed_at = %(now)s, packed_by = %(by)s, weight_g = %(weight_g)s, pieces = %(pieces)s
    where shop_id = %(shop_id)s and order_no = %(order_no)s and part = %(part)s
"""
UNPACKED = """
    update ship_parts set packed_at = null, packed_by = null, weight_g = null, pieces = null
    where shop_id = %(shop_id)s and order_no = any(%(nos)s) and packed_at is not null
"""
# further parcels that have a label, of orders that the platform knows as shipped by now: it has not been told of them
TO_TELL = """
    select ship_parts.order_no, ship_parts.part, ship_parts.carrier, ship_parts.tracking_no, ship_parts.printed_at, ship_parts.packed_at,
        ship_parts.packed_by, ship_parts.weight_g, ship_parts.pieces::text as pieces
    from ship_parts
    join orders on orders.shop_id = %(shop_id)s and orders.order_no = ship_parts.order_no
    join dispatches on dispatches.shop_id = %(shop_id)s and dispatches.order_no = ship_parts.order_no
    where ship_parts.shop_id = %(shop_id)s and ship_parts.tracking_no is not null and ship_parts.printed_at is not null and ship_parts.told_at is null
        and orders.stage in ('shipped', 'received') and dispatches.state in ('printed', 'packed', 'handed_over')
    order by ship_parts.order_no, ship_parts.part
    limit %(limit)s
"""
TOLD = "update ship_parts set told_at = %(now)s where shop_id = %(shop_id)s and order_no = %(order_no)s and part = %(part)s"


def of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> Mapping[str, tuple[PartRow, ...]]:
    """The parcels of those of these orders that go in several, the first among them."""
    found: dict[str, list[PartRow]] = {}
    if order_nos:
        with tx.cursor(row_factory=rows_of(PartRow)) as cursor:
            for row in cursor.execute(OF_ORDERS, {"shop_id": shop_id, "nos": list(order_nos)}):
                found.setdefault(row.order_no, []).append(row)
    return {no: tuple(rows) for no, rows in found.items()}


def bearing(tx: Tx, shop_id: int, numbers: Sequence[str]) -> list[PartRow]:
    """The further parcels that one of these numbers stands for, printed or only written down."""
    with tx.cursor(row_factory=rows_of(PartRow)) as cursor:
        return cursor.execute(BEARING, {"shop_id": shop_id, "numbers": list(numbers)}).fetchall()


def add(tx: Tx, shop_id: int, order_no: str, parts: Iterable[int], *, by: int | None, now: datetime) -> None:
    """Makes rows for these parcels of an order; those that stand stay as they are."""
    tx.execute(ADD, {"shop_id": shop_id, "order_no": order_no, "parts": list(parts), "by": by, "now": now})


def drop(tx: Tx, shop_id: int, order_no: str, part: int) -> None:
    """Takes the parcels from this one on away."""
    tx.execute(DROP, {"shop_id": shop_id, "order_no": order_no, "part": part})


def write(tx: Tx, shop_id: int, told: Sequence[tuple[str, int, str | None, str | None]]) -> int:
    """Writes down carrier and number of further parcels (order, part, carrier, number) that have no label yet; how many."""
    nos, parts, carriers, numbers = ([row[place] for row in told] for place in range(4))
    return tx.execute(WRITE, {"shop_id": shop_id, "nos": nos, "parts": parts, "carriers": carriers, "numbers": numbers}).rowcount


def forget_number(tx: Tx, shop_id: int, order_nos: Sequence[str], number: str) -> list[str]:
    """The orders, of these, of which a further parcel bore this number; it does not any more."""
    return [no for (no,) in tx.execute(FORGET_NUMBER, {"shop_id": shop_id, "nos": list(order_nos), "number": number})]


def printed(tx: Tx, shop_id: int, labels: Sequence[tuple[str, str]], now: datetime) -> None:
    """Labels of further parcels came out: of which order, with which number."""
    if labels:
        tx.execute(PRINTED, {"shop_id": shop_id, "nos": [no for no, _ in labels], "numbers": [number for _, number in labels], "now": now})


def unprinted(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> None:
    """The labels of the further parcels of these orders are gone."""
    tx.execute(UNPRINTED, {"shop_id": shop_id, "nos": list(order_nos)})


def packed(tx: Tx, shop_id: int, order_no: str, part: int, pieces: Sequence[int], weight_g: int | None, *, by: int | None, now: datetime) -> None:
    """A parcel is closed, with these pieces in it."""
    told = msgspec.json.encode(tuple(pieces)).decode()
    slots = {"shop_id": shop_id, "order_no": order_no, "part": part, "pieces": told, "weight_g": weight_g, "by": by, "now": now}
    tx.execute(PACKED, slots)


def unpacked(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> None:
    """The parcels of these orders are open again."""
    tx.execute(UNPACKED, {"shop_id": shop_id, "nos": list(order_nos)})


def to_tell(tx: Tx, shop_id: int, limit: int) -> list[PartRow]:
    """Further parcels that the platform may be told of now and was not."""
    with tx.cursor(row_factory=rows_of(PartRow)) as cursor:
        return cursor.execute(TO_TELL, {"shop_id": shop_id, "limit": limit}).fetchall()


def told(tx: Tx, shop_id: int, order_no: str, part: int, now: datetime) -> None:
    """Somebody had the platform told of this parcel."""
    tx.execute(TOLD, {"shop_id": shop_id, "order_no": order_no, "part": part, "now": now})
