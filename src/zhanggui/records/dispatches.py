"""Orders on their way out: one row each, which every step of the order locks, in the order of their numbers.

Every change of a row names the version it saw, so that of two who move the same order only one does.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.dispatch import Dispatch, DispatchState
from zhanggui.core.facts import FurtherParcel
from zhanggui.core.say import Say
from zhanggui.records.db import Tx
from zhanggui.records.says import packed, unpacked

_further = msgspec.json.Decoder(tuple[FurtherParcel, ...]).decode


class DispatchRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the table."""

    shop_id: int
    order_no: str
    state: str | None
    slot_at: datetime | None
    slot_by: int | None
    carrier: str | None
    tracking_no: str | None
    batch_no: int | None
    printed_at: datetime | None
    printed_by: int | None
    packed_at: datetime | None
    packed_by: int | None
    weight_g: int | None
    handed_at: datetime | None
    handed_by: int | None
    halted_at: datetime | None
    destroyed_at: datetime | None
    destroyed_by: int | None
    recall_asked_at: datetime | None
    recalled_at: datetime | None
    recalled_by: int | None
    moved_at: datetime | None
    because: str | None
    further: str | None
    version: int

    def dispatch(self) -> Dispatch:
        """The row as the rest of the house knows it."""
        told = msgspec.structs.asdict(self)
        del told["shop_id"]
        state = None if self.state is None else DispatchState(self.state)
        because = None if self.because is None else unpacked(self.because)
        return Dispatch(**(told | {"state": state, "because": because, "further": () if self.further is None else _further(self.further)}))


# held in the order of their numbers, missing rows first: two who lock overlapping sets wait for each other in one direction only
MAKE_ROWS = """
    insert into dispatches (shop_id, order_no)
    select orders.shop_id, orders.order_no from orders where orders.shop_id = %(shop_id)s and orders.order_no = any(%(nos)s)
    order by orders.order_no
    on conflict do nothing
"""
HOLD = """
    select shop_id, order_no, state, slot_at, slot_by, carrier, tracking_no, batch_no, printed_at, printed_by, packed_at, packed_by, weight_g,
        handed_at, handed_by, halted_at, destroyed_at, destroyed_by, recall_asked_at, recalled_at, recalled_by, moved_at, because::text as because,
        further::text as further, version
    from dispatches where shop_id = %(shop_id)s and order_no = any(%(nos)s)
    order by order_no
    for update
"""
OF_ORDERS = """
    select shop_id, order_no, state, slot_at, slot_by, carrier, tracking_no, batch_no, printed_at, printed_by, packed_at, packed_by, weight_g,
        handed_at, handed_by, halted_at, destroyed_at, destroyed_by, recall_asked_at, recalled_at, recalled_by, moved_at, because::text as because,
        further::text as further, version
    from dispatches where shop_id = %(shop_id)s and order_no = any(%(nos)s)
"""
BY_CODE = """
    select dispatches.order_no, codes.code
    from (
        select order_no, tracking_no as code from dispatches where shop_id = %(shop_id)s and tracking_no = any(%(codes)s)
        union
        select order_no, tracking_no from ship_parts where shop_id = %(shop_id)s and tracking_no = any(%(codes)s) and printed_at is not null
    ) as codes
    join dispatches on dispatches.shop_id = %(shop_id)s and dispatches.order_no = codes.order_no
    order by case when state = 'to_destroy' then 0 when state in ('printed', 'packed') then 1 else 2 end, printed_at desc nulls last,
        dispatches.order_no
"""
BEARING = """
    select shop_id, order_no, state, slot_at, slot_by, carrier, tracking_no, batch_no, printed_at, printed_by, packed_at, packed_by, weight_g,
        handed_at, handed_by, halted_at, destroyed_at, destroyed_by, recall_asked_at, recalled_at, recalled_by, moved_at, because::text as because,
        further::text as further, version
    from dispatches
    where shop_id = %(shop_id)s and tracking_no = any(%(numbers)s) and printed_at is not null and state is distinct from 'destroyed'
    order by order_no
"""
IN_COMPANY = """
    select distinct other.order_no
    from dispatches mine
    join dispatches other on other.shop_id = mine.shop_id and other.tracking_no = mine.tracking_no and other.order_no <> mine.order_no
    where mine.shop_id = %(shop_id)s and other.shop_id = %(shop_id)s and mine.order_no = any(%(nos)s) and other.state is not null
    order by other.order_no
"""
SAVE = """
    update dispatches set state = %(state)s, slot_at = %(slot_at)s, slot_by = %(slot_by)s, carrier = %(carrier)s, tracking_no = %(tracking_no)s,
        batch_no = %(batch_no)s, printed_at = %(printed_at)s, printed_by = %(printed_by)s, packed_at = %(packed_at)s, packed_by = %(packed_by)s,
        weight_g = %(weight_g)s, handed_at = %(handed_at)s, handed_by = %(handed_by)s, halted_at = %(halted_at)s, destroyed_at = %(destroyed_at)s,
        destroyed_by = %(destroyed_by)s, recall_asked_at = %(recall_asked_at)s, recalled_at = %(recalled_at)s, recalled_by = %(recalled_by)s,
        moved_at = %(moved_at)s, because = %(because)s, further = %(further)s, version = version + 1
    where shop_id = %(shop_id)s and order_no = %(order_no)s and version = %(version)s
"""
IN_STATE = """
    select shop_id, order_no, state, slot_at, slot_by, carrier, tracking_no, batch_no, printed_at, printed_by, packed_at, packed_by, weight_g,
        handed_at, handed_by, halted_at, destroyed_at, destroyed_by, recall_asked_at, recalled_at, recalled_by, moved_at, because::text as because,
        further::text as further, version
    from dispatches
    where shop_id = %(shop_id)s and state = %(state)s and (moved_at, order_no) > (%(after_at)s, %(after_no)s)
    order by moved_at, order_no
    limit %(limit)s
"""
TO_RECALL = """
    select shop_id, order_no, state, slot_at, slot_by, carrier, tracking_no, batch_no, printed_at, printed_by, packed_at, packed_by, weight_g,
        handed_at, handed_by, halted_at, destroyed_at, destroyed_by, recall_asked_at, recalled_at, recalled_by, moved_at, because::text as because,
        further::text as further, version
    from dispatches
    where shop_id = %(shop_id)s and state = 'handed_over' and recall_asked_at is not null and (recall_asked_at, order_no) > (%(after_at)s, %(after_no)s)
    order by recall_asked_at, order_no
    limit %(limit)s
"""
COUNTS = "select state, count(*)::bigint from dispatches where shop_id = %(shop_id)s and state = any(%(states)s) group by state"
# acts that pay the buyer back and are on their way, may have happened, or did; whether one gives everything back is for the facts to say once they know
PAYING_BACK = """
    select acts.order_no, acts.state, acts.money from acts
    where acts.shop_id = %(shop_id)s and acts.order_no = any(%(nos)s) and acts.kind in ('refund.agree', 'sending.cancel')
        and acts.state in ('sending', 'unsure', 'needs_person', 'carried_out')
"""
# a number on its way to the platform, or of which nobody knows yet whether it arrived
UPLOADING = """
    select distinct acts.order_no from acts
    where acts.shop_id = %(shop_id)s and acts.order_no = any(%(nos)s) and acts.kind = 'ship.upload' and acts.state in ('sending', 'unsure')
"""
ANY_PRINTED = "select exists (select 1 from dispatches where shop_id = %(shop_id)s and state is not null)"
TO_DESTROY = "select order_no from dispatches where shop_id = %(shop_id)s and state = 'to_destroy' order by order_no"
NAMES = "select person_id, display_name from people where person_id = any(%(ids)s)"


class LostRow(Exception):
    """Somebody changed the row although we held it: nothing of this transaction may stay."""


def hold(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, Dispatch]:
    """The rows of these orders, held until the transaction ends; orders nobody told of have none. The shop is held before, shared or alone."""
    nos = sorted(set(order_nos))
    tx.execute(MAKE_ROWS, {"shop_id": shop_id, "nos": nos})
    return hold_those_there(tx, shop_id, nos)


def hold_those_there(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, Dispatch]:
    """The rows that these orders have already, held until the transaction ends."""
    with tx.cursor(row_factory=class_row(DispatchRecord)) as cursor:
        return {row.order_no: row.dispatch() for row in cursor.execute(HOLD, {"shop_id": shop_id, "nos": sorted(set(order_nos))})}


def of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, Dispatch]:
    """How far these orders are on their way out; those of which nothing was ever printed are left out."""
    with tx.cursor(row_factory=class_row(DispatchRecord)) as cursor:
        found = cursor.execute(OF_ORDERS, {"shop_id": shop_id, "nos": list(order_nos)})
        return {row.order_no: told for row in found if (told := row.dispatch()).is_about or told.printed_at is not None or told.further}


def note_further(tx: Tx, shop_id: int, order_no: str, parcel: FurtherParcel, *, is_gone: bool = False) -> None:
    """Notes a parcel beside the order's own, or that there is none after all."""
    row = hold(tx, shop_id, [order_no]).get(order_no)
    if row is None:
        return
    others = tuple(each for each in row.further if each.tracking_no != parcel.tracking_no)
    save(tx, shop_id, [msgspec.structs.replace(row, further=others if is_gone else (*others, parcel))])


def orders_of_codes(tx: Tx, shop_id: int, codes: Sequence[str]) -> dict[str, str]:
    """The order each of these tracking numbers stands for: one that must not leave first, then one that is still in the house, then the one printed last."""
    found: dict[str, str] = {}
    for order_no, tracking_no in tx.execute(BY_CODE, {"shop_id": shop_id, "codes": list(codes)}):
        found.setdefault(tracking_no, order_no)
    return found


def bearing(tx: Tx, shop_id: int, numbers: Sequence[str]) -> list[Dispatch]:
    """The orders with one of these numbers on a label that nobody has said to be destroyed."""
    with tx.cursor(row_factory=class_row(DispatchRecord)) as cursor:
        return [row.dispatch() for row in cursor.execute(BEARING, {"shop_id": shop_id, "numbers": list(numbers)})]


def in_company(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[str]:
    """The orders that bear the same tracking number as one of these others."""
    return [no for (no,) in tx.execute(IN_COMPANY, {"shop_id": shop_id, "nos": list(order_nos)})]


def save(tx: Tx, shop_id: int, changed: Iterable[Dispatch]) -> None:
    """Stores these rows as they now read. Raises LostRow."""
    rows = [_slots(shop_id, dispatch) for dispatch in changed]
    if not rows:
        return
    with tx.cursor() as cursor:
        cursor.executemany(SAVE, rows)
        if cursor.rowcount != len(rows):
            raise LostRow


def in_state(tx: Tx, shop_id: int, state: DispatchState, after: tuple[datetime, str], limit: int) -> list[Dispatch]:
    """The orders in this state, the longest there first, after one of them."""
    slots = {"shop_id": shop_id, "state": state.value, "after_at": after[0], "after_no": after[1], "limit": limit}
    with tx.cursor(row_factory=class_row(DispatchRecord)) as cursor:
        return [row.dispatch() for row in cursor.execute(IN_STATE, slots)]


def to_recall(tx: Tx, shop_id: int, after: tuple[datetime, str], limit: int) -> list[Dispatch]:
    """The parcels that have left and should come back, the longest asked for first."""
    slots = {"shop_id": shop_id, "after_at": after[0], "after_no": after[1], "limit": limit}
    with tx.cursor(row_factory=class_row(DispatchRecord)) as cursor:
        return [row.dispatch() for row in cursor.execute(TO_RECALL, slots)]


def counts(tx: Tx, shop_id: int, states: Sequence[DispatchState]) -> dict[DispatchState, int]:
    """How many orders are in each of these states. For states that few are in at a time."""
    return {DispatchState(state): many for state, many in tx.execute(COUNTS, {"shop_id": shop_id, "states": [state.value for state in states]})}


def paying_back(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
    """The acts that pay the buyers of these orders back, as (state, money)."""
    found: dict[str, list[tuple[str, int]]] = {}
    for order_no, state, money in tx.execute(PAYING_BACK, {"shop_id": shop_id, "nos": list(order_nos)}):
        found.setdefault(order_no, []).append((state, money))
    return found


def uploading(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> set[str]:
    """Those of these orders whose number is on its way to the platform."""
    return {order_no for (order_no,) in tx.execute(UPLOADING, {"shop_id": shop_id, "nos": list(order_nos)})}


def to_destroy(tx: Tx, shop_id: int) -> list[str]:
    """The orders whose labels wait to be destroyed."""
    return [order_no for (order_no,) in tx.execute(TO_DESTROY, {"shop_id": shop_id})]


def any_printed(tx: Tx, shop_id: int) -> bool:
    """Whether a label of any order was ever printed here."""
    row = tx.execute(ANY_PRINTED, {"shop_id": shop_id}).fetchone()
    return row is not None and bool(row[0])


def names(tx: Tx, person_ids: Iterable[int | None]) -> dict[int, str]:
    """What these people are called."""
    wanted = sorted({person_id for person_id in person_ids if person_id is not None})
    return dict(tx.execute(NAMES, {"ids": wanted}).fetchall()) if wanted else {}


def _slots(shop_id: int, dispatch: Dispatch) -> dict[str, object]:
    told = msgspec.structs.asdict(dispatch)
    further = msgspec.json.encode(dispatch.further).decode() if dispatch.further else None
    state = None if dispatch.state is None else dispatch.state.value
    return told | {"shop_id": shop_id, "state": state, "because": _because(dispatch.because), "further": further}


def _because(sentence: Say | None) -> str | None:
    return packed(sentence)
