"""Chases: one message to a carrier's branch, the parcels it spoke of, and which of them have not moved since."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class ChaseRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A chase as it stands in the table."""

    shop_id: int
    chase_no: int
    carrier: str
    branch: str
    message: str
    sent_at: datetime
    sent_by: int | None
    sent_by_name: str | None = None
    times: int
    check_at: datetime | None
    parcels: int
    waiting: int
    answer: str
    closed_at: datetime | None
    closed_by: int | None
    version: int


class ChasedParcel(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel of a chase."""

    chase_no: int
    order_no: str
    tracking_no: str
    kind: str
    last_at: datetime | None
    at_risk: int
    moved_at: datetime | None = None


class Overdue(msgspec.Struct, frozen=True):
    """An overdue to-do about a parcel."""

    order_no: str
    kind: str
    due_at: datetime
    at_risk: int


# the most urgent of each kind, by the index; what is in an open chase waits for its answer there
OVERDUE = """
    select due.order_no, due.kind, due.due_at, due.at_risk
    from unnest(%(kinds)s::text[]) as wanted (kind)
    cross join lateral (
        select order_no, deadlines.kind, due_at, at_risk from deadlines
        where deadlines.shop_id = %(shop_id)s and deadlines.kind = wanted.kind and deadlines.band = %(band)s and order_no is not null
            and not exists (
                select 1 from chase_parcels
                join chases on chases.shop_id = chase_parcels.shop_id and chases.chase_no = chase_parcels.chase_no
                where chase_parcels.shop_id = %(shop_id)s and chase_parcels.order_no = deadlines.order_no
                    and chase_parcels.moved_at is null and chases.closed_at is null
            )
        order by score desc, subject_no desc
        limit %(limit)s
    ) as due
"""
OVERDUE_AMONG = """
    select order_no, kind, due_at, at_risk from deadlines
    where shop_id = %(shop_id)s and order_no = any(%(order_nos)s) and kind = any(%(kinds)s) and band = %(band)s
"""
# each by its index, and only so far that a page can tell "many"
COUNTS = """
    select
        (select count(*)::integer from (
            select distinct order_no from deadlines where shop_id = %(shop_id)s and kind = any(%(kinds)s) and band = %(band)s and order_no is not null
            limit %(most)s) as due),
        (select count(*)::integer from (
            select 1 from chases where shop_id = %(shop_id)s and closed_at is null and waiting > 0 limit %(most)s) as waiting),
        (select count(*)::integer from (
            select 1 from recalls where shop_id = %(shop_id)s and (state = any(%(recalls)s) or (
                state = 'recall_back' and said not in ('recall_back', 'recall_failed', 'recall_dropped') and exists (
                    select 1 from dispatches
                    where dispatches.shop_id = %(shop_id)s and dispatches.order_no = recalls.order_no and dispatches.state = 'handed_over'
                        and (dispatches.tracking_no = recalls.tracking_no or exists (
                            select 1 from json_array_elements(dispatches.further) as beside where beside->>'tracking_no' = recalls.tracking_no
                        ))
                )
            )) limit %(most)s) as recalled),
        (select count(*)::integer from (
            select 1 from claims where shop_id = %(shop_id)s and state = any(%(claims)s) limit %(most)s) as claimed),
        (select count(*)::integer from (
            select 1 from number_changes where shop_id = %(shop_id)s and state in ('number_planned', 'number_said_done') limit %(most)s) as changed)
"""
INSERT = """
    insert into chases (shop_id, carrier, branch, message, sent_at, sent_by, check_at, parcels, waiting)
    values (%(shop_id)s, %(carrier)s, %(branch)s, %(message)s, %(sent_at)s, %(sent_by)s, %(check_at)s, %(parcels)s, %(parcels)s)
    returning chase_no
"""
INSERT_PARCELS = """
    insert into chase_parcels (shop_id, chase_no, order_no, tracking_no, kind, last_at, at_risk)
    select %(shop_id)s, %(chase_no)s, told.order_no, told.tracking_no, told.kind, told.last_at, told.at_risk
    from unnest(%(order_nos)s::text[], %(tracking_nos)s::text[], %(kinds)s::text[], %(lasts_at)s::timestamptz[], %(at_risks)s::bigint[])
        as told (order_no, tracking_no, kind, last_at, at_risk)
"""
ONE = """
    select chases.*, people.display_name as sent_by_name from chases left join people on people.person_id = chases.sent_by
    where chases.shop_id = %(shop_id)s and chase_no = %(chase_no)s
"""
LOCK = """
    select chases.*, null::text as sent_by_name from chases
    where shop_id = %(shop_id)s and chase_no = any(%(chase_nos)s)
    order by chase_no
    for update
"""
SAVE = """
    update chases set message = %(message)s, sent_at = %(sent_at)s, sent_by = %(sent_by)s, times = %(times)s, check_at = %(check_at)s,
        parcels = %(parcels)s, waiting = %(waiting)s, answer = %(answer)s, closed_at = %(closed_at)s, closed_by = %(closed_by)s, version = version + 1
    where shop_id = %(shop_id)s and chase_no = %(chase_no)s and version = %(version)s
"""
OPEN = """
    select chases.*, people.display_name as sent_by_name
    from (
        select * from chases as open
        where open.shop_id = %(shop_id)s and closed_at is null and waiting > 0 and (sent_at, chase_no) > (%(after_at)s, %(after_no)s)
        order by sent_at, chase_no
        limit %(limit)s
    ) as chases
    left join people on people.person_id = chases.sent_by
    order by chases.sent_at, chases.chase_no
"""
PARCELS = """
    select chase_no, order_no, tracking_no, kind, last_at, at_risk, moved_at from chase_parcels
    where shop_id = %(shop_id)s and chase_no = any(%(chase_nos)s)
    order by chase_no, moved_at is not null, at_risk desc, order_no
"""
OF_ORDERS = """
    select chase_no, order_no, tracking_no, kind, last_at, at_risk, moved_at from chase_parcels
    where shop_id = %(shop_id)s and order_no = any(%(order_nos)s)
    order by chase_no, order_no
"""
SET_MOVED = """
    update chase_parcels set moved_at = told.moved_at
    from unnest(%(chase_nos)s::bigint[], %(order_nos)s::text[], %(moved_at)s::timestamptz[]) as told (chase_no, order_no, moved_at)
    where chase_parcels.shop_id = %(shop_id)s and chase_parcels.chase_no = told.chase_no and chase_parcels.order_no = told.order_no
"""
WAITING = """
    select chase_no, count(*)::integer from chase_parcels
    where shop_id = %(shop_id)s and chase_no = any(%(chase_nos)s) and moved_at is null group by chase_no
"""


def overdue(tx: Tx, shop_id: int, kinds: Sequence[str], band: int, limit: int) -> list[Overdue]:
    """The most urgent overdue to-dos of each kind whose parcel is in no open chase."""
    with tx.cursor(row_factory=class_row(Overdue)) as cursor:
        return cursor.execute(OVERDUE, {"shop_id": shop_id, "kinds": list(kinds), "band": band, "limit": limit}).fetchall()


def overdue_among(tx: Tx, shop_id: int, kinds: Sequence[str], band: int, order_nos: Sequence[str]) -> list[Overdue]:
    """The overdue to-dos of these orders."""
    slots = {"shop_id": shop_id, "kinds": list(kinds), "band": band, "order_nos": list(order_nos)}
    with tx.cursor(row_factory=class_row(Overdue)) as cursor:
        return cursor.execute(OVERDUE_AMONG, slots).fetchall()


def counts(tx: Tx, shop_id: int, kinds: Sequence[str], band: int, recalls: Sequence[str], claims: Sequence[str], most: int) -> tuple[int, int, int, int, int]:
    """How many parcels are overdue, chases awaited, recalls (with what its events alone tell to be here again), claims and changes of number under way; each
    counted up to so many.
    """
    slots = {"shop_id": shop_id, "kinds": list(kinds), "band": band, "recalls": list(recalls), "claims": list(claims), "most": most}
    row = tx.execute(COUNTS, slots).fetchone()
    assert row is not None
    return row[0], row[1], row[2], row[3], row[4]


def insert(
    tx: Tx,
    shop_id: int,
    *,
    carrier: str,
    branch: str,
    message: str,
    sent_at: datetime,
    sent_by: int | None,
    check_at: datetime | None,
    parcels: Sequence[ChasedParcel],
) -> int:
    """A new chase with its parcels; its number."""
    slots = {
        "shop_id": shop_id,
        "carrier": carrier,
        "branch": branch,
        "message": message,
        "sent_at": sent_at,
        "sent_by": sent_by,
        "check_at": check_at,
        "parcels": len(parcels),
    }
    row = tx.execute(INSERT, slots).fetchone()
    assert row is not None
    chase_no = int(row[0])
    tx.execute(
        INSERT_PARCELS,
        {
            "shop_id": shop_id,
            "chase_no": chase_no,
            "order_nos": [parcel.order_no for parcel in parcels],
            "tracking_nos": [parcel.tracking_no for parcel in parcels],
            "kinds": [parcel.kind for parcel in parcels],
            "lasts_at": [parcel.last_at for parcel in parcels],
            "at_risks": [parcel.at_risk for parcel in parcels],
        },
    )
    return chase_no


def one(tx: Tx, shop_id: int, chase_no: int) -> ChaseRecord | None:
    """One chase."""
    with tx.cursor(row_factory=class_row(ChaseRecord)) as cursor:
        return cursor.execute(ONE, {"shop_id": shop_id, "chase_no": chase_no}).fetchone()


def locked(tx: Tx, shop_id: int, chase_nos: Iterable[int]) -> list[ChaseRecord]:
    """These chases, held until the transaction ends."""
    with tx.cursor(row_factory=class_row(ChaseRecord)) as cursor:
        return cursor.execute(LOCK, {"shop_id": shop_id, "chase_nos": sorted(set(chase_nos))}).fetchall()


def save(tx: Tx, chase: ChaseRecord) -> bool:
    """Whether the chase was stored as it now is; not where somebody changed it meanwhile."""
    return tx.execute(SAVE, msgspec.structs.asdict(chase)).rowcount == 1


def open_ones(tx: Tx, shop_id: int, after: tuple[datetime, int], limit: int) -> list[ChaseRecord]:
    """The chases of which something waits, longest asked first, after one of them."""
    slots = {"shop_id": shop_id, "after_at": after[0], "after_no": after[1], "limit": limit}
    with tx.cursor(row_factory=class_row(ChaseRecord)) as cursor:
        return cursor.execute(OPEN, slots).fetchall()


def parcels_of(tx: Tx, shop_id: int, chase_nos: Iterable[int]) -> list[ChasedParcel]:
    """The parcels of these chases, those that wait first."""
    with tx.cursor(row_factory=class_row(ChasedParcel)) as cursor:
        return cursor.execute(PARCELS, {"shop_id": shop_id, "chase_nos": sorted(set(chase_nos))}).fetchall()


def of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[ChasedParcel]:
    """Where parcels of these orders were asked about."""
    with tx.cursor(row_factory=class_row(ChasedParcel)) as cursor:
        return cursor.execute(OF_ORDERS, {"shop_id": shop_id, "order_nos": list(order_nos)}).fetchall()


def set_moved(tx: Tx, shop_id: int, parcels: Sequence[ChasedParcel]) -> None:
    """Keeps since when these parcels have moved, or that they have not."""
    slots = {
        "shop_id": shop_id,
        "chase_nos": [parcel.chase_no for parcel in parcels],
        "order_nos": [parcel.order_no for parcel in parcels],
        "moved_at": [parcel.moved_at for parcel in parcels],
    }
    if parcels:
        tx.execute(SET_MOVED, slots)


def waiting(tx: Tx, shop_id: int, chase_nos: Iterable[int]) -> Mapping[int, int]:
    """How many parcels of these chases have not moved; chases of which all have are left out."""
    return dict(tx.execute(WAITING, {"shop_id": shop_id, "chase_nos": sorted(set(chase_nos))}).fetchall())
