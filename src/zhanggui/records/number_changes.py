"""Changes of wrong tracking numbers, and further parcels of orders."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class ChangeRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A change of number as it stands in the table."""

    shop_id: int
    change_no: int
    order_no: str
    old_carrier: str | None
    old_no: str
    new_carrier: str
    new_no: str
    reason: str
    uploaded_at: datetime
    said: str
    said_at: datetime | None
    state: str
    done_at: datetime | None
    act_no: int | None
    act_state: str | None = None
    told_at: datetime | None
    told_by: int | None
    made_by: int | None
    made_by_name: str | None = None
    made_at: datetime
    version: int


class ExtraRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A further parcel as it stands in the table."""

    shop_id: int
    extra_no: int
    order_no: str
    kind: str
    carrier: str
    tracking_no: str
    state: str
    act_no: int | None
    act_state: str | None = None
    told_at: datetime | None
    told_by: int | None
    made_by: int | None
    made_by_name: str | None = None
    made_at: datetime
    version: int


INSERT = """
    insert into number_changes (shop_id, order_no, old_carrier, old_no, new_carrier, new_no, reason, uploaded_at, said, state, made_by, made_at)
    values (%(shop_id)s, %(order_no)s, %(old_carrier)s, %(old_no)s, %(new_carrier)s, %(new_no)s, %(reason)s, %(uploaded_at)s, %(said)s, %(said)s,
        %(made_by)s, %(made_at)s)
    on conflict do nothing
    returning change_no
"""
LOCK = """
    select number_changes.*, null::text as act_state, null::text as made_by_name from number_changes
    where shop_id = %(shop_id)s and change_no = any(%(change_nos)s)
    order by change_no
    for update
"""
OF_ORDERS = """
    select number_changes.*, null::text as act_state, null::text as made_by_name from number_changes
    where shop_id = %(shop_id)s and order_no = any(%(order_nos)s) and said <> 'number_dropped'
    order by change_no
    for update
"""
SAVE = """
    update number_changes set said = %(said)s, said_at = %(said_at)s, state = %(state)s, done_at = %(done_at)s, act_no = %(act_no)s, told_at = %(told_at)s,
        told_by = %(told_by)s, version = version + 1
    where shop_id = %(shop_id)s and change_no = %(change_no)s and version = %(version)s
"""
PAGE = """
    select changes.*, acts.state as act_state, people.display_name as made_by_name
    from (
        select * from number_changes
        where shop_id = %(shop_id)s and state <> 'number_dropped' and change_no < %(before)s
        order by change_no desc
        limit %(limit)s
    ) as changes
    left join acts on acts.shop_id = %(shop_id)s and acts.act_no = changes.act_no
    left join people on people.person_id = changes.made_by
    order by changes.change_no desc
"""
INSERT_EXTRA = """
    insert into extra_parcels (shop_id, order_no, kind, carrier, tracking_no, state, made_by, made_at)
    values (%(shop_id)s, %(order_no)s, %(kind)s, %(carrier)s, %(tracking_no)s, %(state)s, %(made_by)s, %(made_at)s)
    on conflict do nothing
    returning extra_no
"""
LOCK_EXTRA = """
    select extra_parcels.*, null::text as act_state, null::text as made_by_name from extra_parcels
    where shop_id = %(shop_id)s and extra_no = any(%(extra_nos)s)
    order by extra_no
    for update
"""
SAVE_EXTRA = """
    update extra_parcels set state = %(state)s, act_no = %(act_no)s, told_at = %(told_at)s, told_by = %(told_by)s, version = version + 1
    where shop_id = %(shop_id)s and extra_no = %(extra_no)s and version = %(version)s
"""
RESENT_OF_ORDER = """
    select extra_no from extra_parcels
    where shop_id = %(shop_id)s and order_no = %(order_no)s and kind = 'resend' and state <> 'parcel_dropped'
    order by extra_no
"""
PAGE_EXTRA = """
    select extras.*, acts.state as act_state, people.display_name as made_by_name
    from (
        select * from extra_parcels
        where shop_id = %(shop_id)s and state <> 'parcel_dropped' and extra_no < %(before)s
        order by extra_no desc
        limit %(limit)s
    ) as extras
    left join acts on acts.shop_id = %(shop_id)s and acts.act_no = extras.act_no
    left join people on people.person_id = extras.made_by
    order by extras.extra_no desc
"""
ANY_FOLLOWED = """
    select exists (select 1 from chase_parcels where shop_id = %(shop_id)s)
        or exists (select 1 from recalls where shop_id = %(shop_id)s)
        or exists (select 1 from number_changes where shop_id = %(shop_id)s)
        or exists (select 1 from disputes where shop_id = %(shop_id)s and ended_at is null)
        or exists (select 1 from promises where shop_id = %(shop_id)s)
"""


def any_followed(tx: Tx, shop_id: int) -> bool:
    """Whether anything of the shop is followed up whose state the facts of an order decide."""
    row = tx.execute(ANY_FOLLOWED, {"shop_id": shop_id}).fetchone()
    return bool(row and row[0])


def insert(
    tx: Tx,
    shop_id: int,
    *,
    order_no: str,
    old_carrier: str | None,
    old_no: str,
    new_carrier: str,
    new_no: str,
    reason: str,
    uploaded_at: datetime,
    said: str,
    made_by: int | None,
    made_at: datetime,
) -> int | None:
    """The number of the new change, None where one of this order is under way."""
    slots = {
        "shop_id": shop_id,
        "order_no": order_no,
        "old_carrier": old_carrier,
        "old_no": old_no,
        "new_carrier": new_carrier,
        "new_no": new_no,
        "reason": reason,
        "uploaded_at": uploaded_at,
        "said": said,
        "made_by": made_by,
        "made_at": made_at,
    }
    row = tx.execute(INSERT, slots).fetchone()
    return None if row is None else int(row[0])


def locked(tx: Tx, shop_id: int, change_nos: Iterable[int]) -> list[ChangeRecord]:
    """These changes, held until the transaction ends."""
    with tx.cursor(row_factory=class_row(ChangeRecord)) as cursor:
        return cursor.execute(LOCK, {"shop_id": shop_id, "change_nos": sorted(set(change_nos))}).fetchall()


def of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[ChangeRecord]:
    """The changes of these orders that nobody dropped, held until the transaction ends."""
    with tx.cursor(row_factory=class_row(ChangeRecord)) as cursor:
        return cursor.execute(OF_ORDERS, {"shop_id": shop_id, "order_nos": list(order_nos)}).fetchall()


def save(tx: Tx, change: ChangeRecord) -> bool:
    """Whether the change was stored as it now is; not where somebody changed it meanwhile."""
    return tx.execute(SAVE, msgspec.structs.asdict(change)).rowcount == 1


def page(tx: Tx, shop_id: int, before: int, limit: int) -> list[ChangeRecord]:
    """The changes, newest first, before one of them."""
    with tx.cursor(row_factory=class_row(ChangeRecord)) as cursor:
        return cursor.execute(PAGE, {"shop_id": shop_id, "before": before, "limit": limit}).fetchall()


def insert_extra(
    tx: Tx, shop_id: int, *, order_no: str, kind: str, carrier: str, tracking_no: str, state: str, made_by: int | None, made_at: datetime
) -> int | None:
    """The number of the further parcel, None where the order has one of this number already."""
    slots = {
        "shop_id": shop_id,
        "order_no": order_no,
        "kind": kind,
        "carrier": carrier,
        "tracking_no": tracking_no,
        "state": state,
        "made_by": made_by,
        "made_at": made_at,
    }
    row = tx.execute(INSERT_EXTRA, slots).fetchone()
    return None if row is None else int(row[0])


def locked_extras(tx: Tx, shop_id: int, extra_nos: Iterable[int]) -> list[ExtraRecord]:
    """These further parcels, held until the transaction ends."""
    with tx.cursor(row_factory=class_row(ExtraRecord)) as cursor:
        return cursor.execute(LOCK_EXTRA, {"shop_id": shop_id, "extra_nos": sorted(set(extra_nos))}).fetchall()


def resent_of_order(tx: Tx, shop_id: int, order_no: str) -> list[int]:
    """The further parcels with which something of an order was sent once more, the oldest first."""
    return [no for (no,) in tx.execute(RESENT_OF_ORDER, {"shop_id": shop_id, "order_no": order_no})]


def save_extra(tx: Tx, extra: ExtraRecord) -> bool:
    """Whether the parcel was stored as it now is; not where somebody changed it meanwhile."""
    return tx.execute(SAVE_EXTRA, msgspec.structs.asdict(extra)).rowcount == 1


def page_extras(tx: Tx, shop_id: int, before: int, limit: int) -> list[ExtraRecord]:
    """The further parcels, newest first, before one of them."""
    with tx.cursor(row_factory=class_row(ExtraRecord)) as cursor:
        return cursor.execute(PAGE_EXTRA, {"shop_id": shop_id, "before": before, "limit": limit}).fetchall()
