"""A shop's events in their order, and what became of each on its way to every hook."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class EventRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What happened."""

    shop_id: int
    place: int
    at: datetime
    kind: str
    subject_kind: str
    subject_no: str
    order_no: str | None
    what: str


class DueDelivery(EventRecord, frozen=True, kw_only=True):
    """An event that is to be sent now."""

    attempts: int
    first_at: datetime | None


class DeliveryRecord(EventRecord, frozen=True, kw_only=True):
    """An event, and what became of it at one hook."""

    state: str
    attempts: int
    first_at: datetime | None
    look_at: datetime
    sent_at: datetime | None
    status: int | None
    took_ms: int | None
    answer: str | None


class Counts(msgspec.Struct, frozen=True):
    """How many events wait for a hook, and how many were given up."""

    hook_no: int
    waiting: int
    given_up: int


SHOPS_WITH_NOTES = """
    select shop.shop_id from shop_homes as shop
    cross join lateral (select 1 from hook_notes where hook_notes.shop_id = shop.shop_id limit 1) as noted
    where shop.shop_id = any(%(shop_ids)s)
"""
TAKE_NOTES = """
    delete from hook_notes
    where shop_id = %(shop_id)s and note_no in (
        select note_no from hook_notes where shop_id = %(shop_id)s order by note_no limit %(limit)s
    )
    returning note_no, at, kind, subject_kind, subject_no, order_no, what::text as what
"""
# whoever adds holds the row from before it takes notes: two at once would put later ones before earlier ones
TAKE_PLACES = """
    insert into hook_places (shop_id, place) values (%(shop_id)s, %(many)s)
    on conflict (shop_id) do update set place = hook_places.place + excluded.place
    returning place
"""
PUT = """
    insert into hook_events (shop_id, place, at, kind, subject_kind, subject_no, order_no, what)
    select %(shop_id)s, place, at, kind, subject_kind, subject_no, order_no, what::json
    from unnest(%(places)s::bigint[], %(ats)s::timestamptz[], %(kinds)s::text[], %(subject_kinds)s::text[], %(subject_nos)s::text[], %(order_nos)s::text[],
        %(whats)s::text[]) as noted (place, at, kind, subject_kind, subject_no, order_no, what)
"""
SPREAD = """
    insert into hook_deliveries (shop_id, hook_no, place, subject, state, look_at)
    select %(shop_id)s, hook_no, place, subject, 'waiting', %(wall)s
    from hooks cross join unnest(%(places)s::bigint[], %(kinds)s::text[], %(subjects)s::text[]) as noted (place, kind, subject)
    where hooks.shop_id = %(shop_id)s and hooks.is_on and noted.kind = any(hooks.kinds)
    on conflict do nothing
"""
AFTER = """
    select shop_id, place, at, kind, subject_kind, subject_no, order_no, what::text as what
    from hook_events where shop_id = %(shop_id)s and place > %(after)s and (cardinality(%(kinds)s::text[]) = 0 or kind = any(%(kinds)s))
    order by place limit %(limit)s
"""
LAST_PLACE = "select place from hook_places where shop_id = %(shop_id)s"
SHOPS_DUE = """
    select shop.shop_id from shop_homes as shop
    cross join lateral (
        select 1 from hooks cross join lateral (
            select look_at from hook_deliveries
            where hook_deliveries.shop_id = shop.shop_id and hook_deliveries.hook_no = hooks.hook_no and state = 'waiting' and look_at <= %(wall)s
            order by look_at limit 1
        ) as due
        where hooks.shop_id = shop.shop_id and is_on and paused_at is null and (rests_until is null or rests_until <= %(wall)s or rests_until > %(farthest)s)
        limit 1
    ) as ready
    where shop.shop_id = any(%(shop_ids)s)
"""
DUE_HOOKS = """
    select hooks.hook_no from hooks cross join lateral (
        select look_at from hook_deliveries
        where hook_deliveries.shop_id = %(shop_id)s and hook_deliveries.hook_no = hooks.hook_no and state = 'waiting' and look_at <= %(wall)s
        order by look_at limit 1
    ) as due
    where hooks.shop_id = %(shop_id)s and is_on and paused_at is null and (rests_until is null or rests_until <= %(wall)s or rests_until > %(farthest)s)
    order by due.look_at, hooks.hook_no
"""
# of one thing only the earliest; the hook is held meanwhile, so that nobody else claims beside
CLAIM = """
    update hook_deliveries set look_at = %(until)s, attempts = attempts + 1, first_at = coalesce(first_at, %(wall)s), sent_at = %(wall)s
    where shop_id = %(shop_id)s and hook_no = %(hook_no)s and state = 'waiting' and place in (
        select place from hook_deliveries as due
        where due.shop_id = %(shop_id)s and due.hook_no = %(hook_no)s and due.state = 'waiting' and due.look_at <= %(wall)s and not exists (
            select 1 from hook_deliveries as earlier
            where earlier.shop_id = %(shop_id)s and earlier.hook_no = %(hook_no)s and earlier.state = 'waiting'
                and earlier.subject = due.subject and earlier.place < due.place
        )
        order by due.look_at, due.place limit %(limit)s
    )
    returning place, attempts, first_at
"""
OF_PLACES = """
    select shop_id, place, at, kind, subject_kind, subject_no, order_no, what::text as what
    from hook_events where shop_id = %(shop_id)s and place = any(%(places)s)
"""
# only while nobody else has claimed it since
END = """
    update hook_deliveries set state = %(state)s, look_at = %(look_at)s, status = %(status)s, took_ms = %(took_ms)s, answer = %(answer)s
    where shop_id = %(shop_id)s and hook_no = %(hook_no)s and place = %(place)s and state = 'waiting' and look_at = %(until)s
"""
LOG = """
    select shown.shop_id, shown.place, at, kind, subject_kind, subject_no, order_no, what::text as what, state, attempts, first_at, look_at, sent_at, status,
        took_ms, answer
    from (
        select * from hook_deliveries
        where shop_id = %(shop_id)s and hook_no = %(hook_no)s and place < %(before)s and (%(state)s::text is null or state = %(state)s)
        order by place desc limit %(limit)s
    ) as shown
    join hook_events on hook_events.shop_id = %(shop_id)s and hook_events.place = shown.place
    order by shown.place desc
"""
COUNTS = """
    select hooks.hook_no, waiting.many as waiting, given_up.many as given_up
    from hooks
    cross join lateral (select count(*) as many from (
        select 1 from hook_deliveries where shop_id = %(shop_id)s and hook_no = hooks.hook_no and state = 'waiting' limit %(most)s
    ) as each_one) as waiting
    cross join lateral (select count(*) as many from (
        select 1 from hook_deliveries where shop_id = %(shop_id)s and hook_no = hooks.hook_no and state = 'given_up' limit %(most)s
    ) as each_one) as given_up
    where hooks.shop_id = %(shop_id)s order by hooks.hook_no
"""
# what may be under a lease at this moment is sent anyway
AGAIN = """
    update hook_deliveries set state = 'waiting', look_at = %(wall)s, attempts = 0, first_at = null
    where shop_id = %(shop_id)s and hook_no = %(hook_no)s and place = %(place)s and (state <> 'waiting' or sent_at is null or look_at > %(leased)s)
"""
# what is under way stays so
AGAIN_SINCE = """
    insert into hook_deliveries (shop_id, hook_no, place, subject, state, look_at)
    select %(shop_id)s, hooks.hook_no, place, subject_kind || ' ' || subject_no, 'waiting', %(wall)s
    from hooks join hook_events on hook_events.shop_id = %(shop_id)s and hook_events.kind = any(hooks.kinds)
    where hooks.shop_id = %(shop_id)s and hooks.hook_no = %(hook_no)s and hook_events.at >= %(since)s
    on conflict (shop_id, hook_no, place) do update set state = 'waiting', look_at = %(wall)s, attempts = 0, first_at = null
    where hook_deliveries.state <> 'waiting'
"""
# what may be under a lease at this moment keeps its moment, by which whoever sends it knows it
LOOK_NOW = """
    update hook_deliveries set look_at = case when look_at > %(leased)s then %(wall)s else look_at end, first_at = null
    where shop_id = %(shop_id)s and hook_no = %(hook_no)s and state = 'waiting'
"""
FORGET = "delete from hook_events where shop_id = %(shop_id)s and at < %(before)s"


def shops_with_notes(tx: Tx, shop_ids: Sequence[int]) -> list[int]:
    """Those of these shops in which something was noted that stands in no order yet."""
    return [int(shop_id) for (shop_id,) in tx.execute(SHOPS_WITH_NOTES, {"shop_ids": list(shop_ids)})]


def spread(tx: Tx, shop_id: int, wall: datetime, limit: int) -> int:
    """Puts what was noted into the order of events and in line for each hook that wants it; how many."""
    tx.execute(TAKE_PLACES, {"shop_id": shop_id, "many": 0})
    notes = sorted(tx.execute(TAKE_NOTES, {"shop_id": shop_id, "limit": limit}).fetchall())
    if not notes:
        return 0
    row = tx.execute(TAKE_PLACES, {"shop_id": shop_id, "many": len(notes)}).fetchone()
    assert row is not None
    places = list(range(int(row[0]) - len(notes) + 1, int(row[0]) + 1))
    _, ats, kinds, subject_kinds, subject_nos, order_nos, whats = (list(column) for column in zip(*notes, strict=True))
    named = {"shop_id": shop_id, "places": places, "kinds": kinds}
    tx.execute(PUT, {**named, "ats": ats, "subject_kinds": subject_kinds, "subject_nos": subject_nos, "order_nos": order_nos, "whats": whats})
    subjects = [f"{kind} {no}" for kind, no in zip(subject_kinds, subject_nos, strict=True)]
    tx.execute(SPREAD, {**named, "subjects": subjects, "wall": wall})
    return len(notes)


def after(tx: Tx, shop_id: int, place: int, kinds: Sequence[str], limit: int) -> list[EventRecord]:
    """The events after a place, in their order; of all kinds where none is named."""
    with tx.cursor(row_factory=class_row(EventRecord)) as cursor:
        return cursor.execute(AFTER, {"shop_id": shop_id, "after": place, "kinds": list(kinds), "limit": limit}).fetchall()


def last_place(tx: Tx, shop_id: int) -> int:
    """Where the shop's events have come to."""
    row = tx.execute(LAST_PLACE, {"shop_id": shop_id}).fetchone()
    return int(row[0]) if row else 0


def shops_due(tx: Tx, shop_ids: Sequence[int], wall: datetime, farthest: datetime) -> list[int]:
    """Those of these shops in which an event can be sent now."""
    return [int(shop_id) for (shop_id,) in tx.execute(SHOPS_DUE, {"shop_ids": list(shop_ids), "wall": wall, "farthest": farthest})]


def due_hooks(tx: Tx, shop_id: int, wall: datetime, farthest: datetime) -> list[int]:
    """The hooks for which something waits, the one that waited longest first; it may wait for something before it."""
    return [int(hook_no) for (hook_no,) in tx.execute(DUE_HOOKS, {"shop_id": shop_id, "wall": wall, "farthest": farthest})]


def claim(tx: Tx, shop_id: int, hook_no: int, wall: datetime, until: datetime, limit: int) -> list[DueDelivery]:
    """The next events for a hook, ours to send until the moment, the earliest first; one for each thing."""
    slots = {"shop_id": shop_id, "hook_no": hook_no, "wall": wall, "until": until, "limit": limit}
    claimed = {int(place): (int(attempts), first_at) for place, attempts, first_at in tx.execute(CLAIM, slots)}
    if not claimed:
        return []
    with tx.cursor(row_factory=class_row(EventRecord)) as cursor:
        found = cursor.execute(OF_PLACES, {"shop_id": shop_id, "places": list(claimed)}).fetchall()
    rows = [DueDelivery(**msgspec.structs.asdict(row), attempts=claimed[row.place][0], first_at=claimed[row.place][1]) for row in found]
    return sorted(rows, key=lambda row: row.place)


def end(
    tx: Tx,
    shop_id: int,
    hook_no: int,
    place: int,
    until: datetime,
    *,
    state: str,
    look_at: datetime,
    status: int | None,
    took_ms: int,
    answer: str | None,
) -> bool:
    """Keeps what came of one sending, unless somebody else has sent it since; whether it was kept."""
    slots = {"shop_id": shop_id, "hook_no": hook_no, "place": place, "until": until, "state": state, "look_at": look_at, "status": status}
    return tx.execute(END, {**slots, "took_ms": took_ms, "answer": answer}).rowcount > 0


def log(tx: Tx, shop_id: int, hook_no: int, before: int, limit: int, state: str | None = None) -> list[DeliveryRecord]:
    """What became of the events of one hook, the newest first."""
    slots = {"shop_id": shop_id, "hook_no": hook_no, "before": before, "limit": limit, "state": state}
    with tx.cursor(row_factory=class_row(DeliveryRecord)) as cursor:
        return cursor.execute(LOG, slots).fetchall()


def counts(tx: Tx, shop_id: int, most: int) -> dict[int, Counts]:
    """How many events wait for each hook and how many were given up, counted up to so many."""
    with tx.cursor(row_factory=class_row(Counts)) as cursor:
        return {row.hook_no: row for row in cursor.execute(COUNTS, {"shop_id": shop_id, "most": most})}


def again(tx: Tx, shop_id: int, hook_no: int, place: int, wall: datetime, leased: datetime) -> bool:
    """Has one event sent once more; whether there was such, and nobody may be sending it just now. `leased` is the end of the longest lease."""
    return tx.execute(AGAIN, {"shop_id": shop_id, "hook_no": hook_no, "place": place, "wall": wall, "leased": leased}).rowcount > 0


def again_since(tx: Tx, shop_id: int, hook_no: int, since: datetime, wall: datetime) -> int:
    """Has everything that happened since sent once more; how many events."""
    return tx.execute(AGAIN_SINCE, {"shop_id": shop_id, "hook_no": hook_no, "since": since, "wall": wall}).rowcount


def look_now(tx: Tx, shop_id: int, hook_no: int, wall: datetime, leased: datetime) -> None:
    """All that waits is given its time anew; what was put off beyond the longest lease is sent as soon as may be."""
    tx.execute(LOOK_NOW, {"shop_id": shop_id, "hook_no": hook_no, "wall": wall, "leased": leased})


def forget(tx: Tx, shop_id: int, before: datetime) -> int:
    """Forgets events from before, also such as were never taken; how many."""
    return tx.execute(FORGET, {"shop_id": shop_id, "before": before}).rowcount
