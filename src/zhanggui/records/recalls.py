"""Recalls: parcels under way that are to come back. `said` is what persons told; `state` adds what the tracking events show."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec
from psycopg.rows import class_row

from zhanggui.core.say import Say
from zhanggui.records.db import Tx
from zhanggui.records.says import unpacked


class RecallRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A recall as it stands in the table."""

    shop_id: int
    recall_no: int
    order_no: str
    tracking_no: str
    carrier: str | None
    because: str
    worth: int
    left_at: datetime | None
    asked_at: datetime
    asked_by: int | None
    asked_by_name: str | None = None
    said: str
    said_at: datetime
    state: str
    stepped_at: datetime
    fee: int | None
    note: str
    version: int
    needless: str | None = None
    """Why it need not come back any more, by the facts."""

    @property
    def needless_because(self) -> Say | None:
        """Why it need not come back any more, by the facts."""
        return None if self.needless is None else unpacked(self.needless)

    @property
    def reason(self) -> Say:
        """Why the parcel is to come back."""
        return unpacked(self.because)


INSERT = """
    insert into recalls (shop_id, order_no, tracking_no, carrier, because, worth, left_at, asked_at, asked_by, said, said_at, state, stepped_at)
    values (%(shop_id)s, %(order_no)s, %(tracking_no)s, %(carrier)s, %(because)s, %(worth)s, %(left_at)s, %(asked_at)s, %(asked_by)s, %(said)s, %(asked_at)s,
        %(said)s, %(asked_at)s)
    on conflict do nothing
    returning recall_no
"""
LIVE_OF_PARCEL = """
    select recall_no from recalls
    where shop_id = %(shop_id)s and order_no = %(order_no)s and tracking_no = %(tracking_no)s and said not in ('recall_back', 'recall_failed', 'recall_dropped')
"""
# asked for once more, after it had turned out that it need not come back
REVIVE = """
    update recalls set said_at = %(asked_at)s, asked_at = %(asked_at)s, asked_by = %(asked_by)s, because = %(because)s, state = said, stepped_at = %(asked_at)s,
        needless = null, version = version + 1
    where shop_id = %(shop_id)s and recall_no = %(recall_no)s and state = 'recall_needless'
"""
OF_PARCELS = """
    select recalls.*, because::text as because, needless::text as needless, null::text as asked_by_name from recalls
    where shop_id = %(shop_id)s and (order_no, tracking_no) in (select * from unnest(%(order_nos)s::text[], %(tracking_nos)s::text[]))
        and said not in ('recall_back', 'recall_failed', 'recall_dropped')
    order by recall_no
    for update
"""
ONE = """
    select recalls.*, because::text as because, needless::text as needless, people.display_name as asked_by_name
    from recalls left join people on people.person_id = recalls.asked_by
    where recalls.shop_id = %(shop_id)s and recall_no = %(recall_no)s
"""
LOCK = """
    select recalls.*, because::text as because, needless::text as needless, null::text as asked_by_name from recalls
    where shop_id = %(shop_id)s and recall_no = any(%(recall_nos)s)
    order by recall_no
    for update
"""
OF_ORDERS = """
    select recalls.*, because::text as because, needless::text as needless, null::text as asked_by_name from recalls
    where shop_id = %(shop_id)s and order_no = any(%(order_nos)s) and said <> 'recall_dropped'
    order by recall_no
    for update
"""
STANDING = """
    select order_no, tracking_no, state from recalls
    where shop_id = %(shop_id)s and order_no = any(%(order_nos)s) and said <> 'recall_dropped'
    order by recall_no
"""
ALL_OF_ORDERS = """
    select order_no, tracking_no, state, said, said_at from recalls where shop_id = %(shop_id)s and order_no = any(%(order_nos)s) order by recall_no
"""
SAVE = """
    update recalls set said = %(said)s, said_at = %(said_at)s, state = %(state)s, stepped_at = %(stepped_at)s, fee = %(fee)s, note = %(note)s,
        worth = %(worth)s, needless = %(needless)s, version = version + 1
    where shop_id = %(shop_id)s and recall_no = %(recall_no)s and version = %(version)s
"""
PAGE = """
    select recalls.*, people.display_name as asked_by_name
    from (
        select shop_id, recall_no, order_no, tracking_no, carrier, because::text as because, needless::text as needless, worth, left_at, asked_at, asked_by,
            said, said_at, state, stepped_at, fee, note, version
        from recalls as listed
        where shop_id = %(shop_id)s and recall_no < %(before)s and (
            state = any(%(states)s)
            or (%(unsaid_too)s and state = 'recall_back' and said not in ('recall_back', 'recall_failed', 'recall_dropped') and exists (
                select 1 from dispatches
                where dispatches.shop_id = %(shop_id)s and dispatches.order_no = listed.order_no and dispatches.state = 'handed_over'
                    and (dispatches.tracking_no = listed.tracking_no or exists (
                        select 1 from json_array_elements(dispatches.further) as beside where beside->>'tracking_no' = listed.tracking_no
                    ))
            ))
        )
        order by recall_no desc
        limit %(limit)s
    ) as recalls
    left join people on people.person_id = recalls.asked_by
    order by recalls.recall_no desc
"""
# what was learnt: recalls that came to an end, by the hours since the parcel had left
ENDED = """
    select state, asked_at - left_at from recalls
    where shop_id = %(shop_id)s and state = any(%(states)s) and left_at is not null and left_at <= asked_at
    order by recall_no desc
    limit %(limit)s
"""


def insert(
    tx: Tx,
    shop_id: int,
    *,
    order_no: str,
    tracking_no: str,
    carrier: str | None,
    because: str,
    worth: int,
    left_at: datetime | None,
    asked_at: datetime,
    asked_by: int | None,
    said: str,
) -> int | None:
    """The number of the new recall, None where the parcel is being recalled already."""
    slots = {
        "shop_id": shop_id,
        "order_no": order_no,
        "tracking_no": tracking_no,
        "carrier": carrier,
        "because": because,
        "worth": worth,
        "left_at": left_at,
        "asked_at": asked_at,
        "asked_by": asked_by,
        "said": said,
    }
    row = tx.execute(INSERT, slots).fetchone()
    return None if row is None else int(row[0])


def live_of_parcel(tx: Tx, shop_id: int, order_no: str, tracking_no: str) -> int | None:
    """The recall of this parcel that is under way."""
    row = tx.execute(LIVE_OF_PARCEL, {"shop_id": shop_id, "order_no": order_no, "tracking_no": tracking_no}).fetchone()
    return None if row is None else int(row[0])


def revive(tx: Tx, shop_id: int, recall_no: int, because: str, asked_by: int | None, asked_at: datetime) -> bool:
    """Whether the recall had ended by itself, so that it begins anew."""
    slots = {"shop_id": shop_id, "recall_no": recall_no, "because": because, "asked_by": asked_by, "asked_at": asked_at}
    return tx.execute(REVIVE, slots).rowcount == 1


def of_parcels(tx: Tx, shop_id: int, parcels: Sequence[tuple[str, str]]) -> list[RecallRecord]:
    """The recalls of these parcels (order, number) that no person has ended, held until the transaction ends."""
    slots = {"shop_id": shop_id, "order_nos": [order_no for order_no, _ in parcels], "tracking_nos": [number for _, number in parcels]}
    with tx.cursor(row_factory=class_row(RecallRecord)) as cursor:
        return cursor.execute(OF_PARCELS, slots).fetchall()


def one(tx: Tx, shop_id: int, recall_no: int) -> RecallRecord | None:
    """One recall."""
    with tx.cursor(row_factory=class_row(RecallRecord)) as cursor:
        return cursor.execute(ONE, {"shop_id": shop_id, "recall_no": recall_no}).fetchone()


def locked(tx: Tx, shop_id: int, recall_nos: Iterable[int]) -> list[RecallRecord]:
    """These recalls, held until the transaction ends."""
    with tx.cursor(row_factory=class_row(RecallRecord)) as cursor:
        return cursor.execute(LOCK, {"shop_id": shop_id, "recall_nos": sorted(set(recall_nos))}).fetchall()


def of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[RecallRecord]:
    """The recalls of these orders that nobody dropped, held until the transaction ends."""
    with tx.cursor(row_factory=class_row(RecallRecord)) as cursor:
        return cursor.execute(OF_ORDERS, {"shop_id": shop_id, "order_nos": list(order_nos)}).fetchall()


def standing(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[tuple[str, str, str]]:
    """How the recalls of these orders stand that nobody dropped, as (order, number, state), the oldest first; nothing is held."""
    return tx.execute(STANDING, {"shop_id": shop_id, "order_nos": list(order_nos)}).fetchall() if order_nos else []


def all_of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[tuple[str, str, str, str, datetime]]:
    """The recalls of these orders as (order, number, state, what persons said, when they last spoke of it), the oldest first; nothing is held."""
    return tx.execute(ALL_OF_ORDERS, {"shop_id": shop_id, "order_nos": list(order_nos)}).fetchall() if order_nos else []


def save(tx: Tx, recall: RecallRecord) -> bool:
    """Whether the recall was stored as it now is; not where somebody changed it meanwhile."""
    return tx.execute(SAVE, msgspec.structs.asdict(recall)).rowcount == 1


def page(tx: Tx, shop_id: int, states: Sequence[str], before: int, limit: int, *, unsaid_too: bool = False) -> list[RecallRecord]:
    """The recalls in these states, newest first, before one of them. `unsaid_too`: also of parcels that are here again by their events alone, while their order
    still counts as with the carrier.
    """
    slots = {"shop_id": shop_id, "states": list(states), "before": before, "limit": limit, "unsaid_too": unsaid_too}
    with tx.cursor(row_factory=class_row(RecallRecord)) as cursor:
        return cursor.execute(PAGE, slots).fetchall()


def ended(tx: Tx, shop_id: int, states: Sequence[str], limit: int) -> list[tuple[str, timedelta]]:
    """The last recalls that came to an end of which it is known when the parcel left: state, and how long after that they were asked for."""
    return [(state, after) for state, after in tx.execute(ENDED, {"shop_id": shop_id, "states": list(states), "limit": limit})]
