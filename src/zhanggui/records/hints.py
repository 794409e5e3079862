"""Hints: things of a shop that are to be read from the platform again, one row each, however often they are told.

All moments are the wall clock's. A hint that is being read keeps its place under a lease: its `look_at` is the end of the lease, so that it simply comes
due again where the reader died.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx

What = Literal["order", "case", "parcel"]
Because = Literal["push", "due", "silence", "asked", "act"]
Thing = tuple[What, str]


class Hint(msgspec.Struct, frozen=True):
    """One thing to be read again, as it was claimed."""

    shop_id: int
    what: What
    no: str
    order_no: str | None
    because: str
    told: int
    attempts: int
    again_at: datetime | None
    was_due: datetime
    """Since when it waited to be read."""


NOTE = """
    insert into hints as h (shop_id, what, no, order_no, because, look_at, again_at)
    select %(shop_id)s, hint.what, hint.no, hint.order_no, %(because)s, %(look_at)s, %(again_at)s
    from unnest(%(whats)s::text[], %(nos)s::text[], %(order_nos)s::text[]) as hint (what, no, order_no)
    order by hint.what, hint.no
    on conflict (shop_id, what, no) do update set
        told = h.told + 1,
        because = excluded.because,
        order_no = coalesce(excluded.order_no, h.order_no),
        again_at = greatest(h.again_at, excluded.again_at),
        look_at = case
            -- whoever reads it now sees that it was told anew, and reads it once more
            when h.holder is not null then h.look_at
            when h.attempts = 0 then least(h.look_at, excluded.look_at)
            -- given up: one more try, but not one for each time it is told
            when h.look_at is null then greatest(excluded.look_at, h.tried_at + %(rest)s)
            else h.look_at
        end
"""
SHOPS_DUE = """
    select shop.shop_id
    from shop_homes as shop
    -- one look into the index for each shop; see the same of deadlines
    cross join lateral (select look_at from hints where hints.shop_id = shop.shop_id and hints.look_at <= %(wall)s order by hints.look_at limit 1) as due
    where shop.shop_id = any(%(shop_ids)s)
"""
CLAIM = """
    update hints set look_at = %(until)s, leased_until = %(until)s, holder = %(holder)s
    from (
        select what, no, look_at from hints
        where shop_id = %(shop_id)s and look_at <= %(wall)s
        order by look_at
        limit %(limit)s
        for update skip locked
    ) as due
    where hints.shop_id = %(shop_id)s and hints.what = due.what and hints.no = due.no
    returning hints.shop_id, hints.what, hints.no, hints.order_no, hints.because, hints.told, hints.attempts, hints.again_at,
        due.look_at as was_due
"""
DONE = """
    delete from hints
    using unnest(%(whats)s::text[], %(nos)s::text[], %(told)s::integer[]) as read (what, no, told)
    where hints.shop_id = %(shop_id)s and hints.what = read.what and hints.no = read.no and hints.holder = %(holder)s
        and hints.told = read.told and hints.again_at is null
"""
# told anew meanwhile: at once; else once more when the platform's reads have caught up with its pushes
ONCE_MORE = """
    update hints set
        look_at = case when hints.told > read.told or hints.again_at is null then %(wall)s else hints.again_at end,
        again_at = case when hints.told > read.told then hints.again_at end,
        attempts = 0, tried_at = %(wall)s, leased_until = null, holder = null, problem = null
    from unnest(%(whats)s::text[], %(nos)s::text[], %(told)s::integer[]) as read (what, no, told)
    where hints.shop_id = %(shop_id)s and hints.what = read.what and hints.no = read.no and hints.holder = %(holder)s
"""
FAILED = """
    update hints set
        attempts = attempts + 1, tried_at = %(wall)s, leased_until = null, holder = null, problem = %(problem)s::json,
        look_at = case when %(look_at)s::timestamptz is null and told > %(told)s then %(wall)s + %(rest)s else %(look_at)s end
    where shop_id = %(shop_id)s and what = %(what)s and no = %(no)s and holder = %(holder)s
"""
LET_GO = """
    update hints set look_at = %(look_at)s, leased_until = null, holder = null
    where shop_id = %(shop_id)s and holder = %(holder)s
        and (what, no) in (select what, no from unnest(%(whats)s::text[], %(nos)s::text[]) as mine (what, no))
"""
# what nobody asked for again in all that time has long been healed by the daily look at everything
FORGET_OLD = "delete from hints where shop_id = %(shop_id)s and look_at is null and tried_at < %(before)s"
FORGET_SHOP = "delete from hints where shop_id = %(shop_id)s"
TRY_AGAIN = """
    update hints set look_at = %(wall)s, attempts = least(attempts, %(attempts)s)
    where shop_id = %(shop_id)s and look_at is null
"""
# a lease or a wait that lies farther ahead than any is ever given comes from a clock that was wrong; a silent parcel may wait longer than anything else
MEND = """
    update hints set look_at = %(wall)s, leased_until = null, holder = null
    where shop_id = %(shop_id)s and look_at > %(beyond)s and (because <> 'silence' or look_at > %(beyond_silence)s)
"""


PARCELS_OF = """
    select order_no, tracking_no from orders where shop_id = %(shop_id)s and order_no = any(%(order_nos)s) and tracking_no is not null
    union
    select order_no, tracking_no from parcels where shop_id = %(shop_id)s and order_no = any(%(order_nos)s)
"""
# parcels of which nothing shows that they move: asked about at half of the time that is left, at least every half day; long overdue ones every half day
WATCH_PARCELS = """
    insert into hints as h (shop_id, what, no, order_no, because, look_at)
    select %(shop_id)s, 'parcel', numbers.tracking_no, min(numbers.order_no), 'silence',
        %(wall)s + min(case when silent.due_at > %(now)s - interval '3 days'
            then least(greatest((silent.due_at - %(now)s) / 2, interval '30 minutes'), interval '12 hours') else interval '12 hours' end)
    from (
        select order_no, due_at from deadlines
        where shop_id = %(shop_id)s and kind = any(%(kinds)s) and band = any(%(bands)s) and order_no is not null and due_at > %(now)s - interval '30 days'
        order by kind, band, score desc, subject_no desc
        limit %(limit)s
    ) as silent
    cross join lateral (
        select order_no, tracking_no from orders where shop_id = %(shop_id)s and orders.order_no = silent.order_no and tracking_no is not null
        union
        select order_no, tracking_no from parcels
        where shop_id = %(shop_id)s and parcels.order_no = silent.order_no and state in ('unseen', 'no_pickup', 'moving', 'at_point')
    ) as numbers
    group by numbers.tracking_no
    on conflict (shop_id, what, no) do nothing
"""


# return parcels that are awaited and were not delivered: asked about once a day, so that one that stands still is seen before its time runs out
WATCH_RETURNS = """
    insert into hints as h (shop_id, what, no, order_no, because, look_at)
    select %(shop_id)s, 'parcel', return_tracking_no, min(aftersales.order_no), 'silence', %(wall)s + interval '1 day'
    from (
        select subject_no from deadlines
        where shop_id = %(shop_id)s and kind = 'inspect_return' and band = any(%(bands)s)
        order by band, score desc, subject_no desc
        limit %(limit)s
    ) as awaited
    join aftersales on aftersales.shop_id = %(shop_id)s and aftersales.case_no = awaited.subject_no
    where return_tracking_no is not null and aftersales.order_no is not null and facts->>'return_delivered_at' is null
        and not exists (
            select 1 from scans
            where scans.shop_id = %(shop_id)s and scans.tracking_no = aftersales.return_tracking_no and scans.stage = 'delivered'
        )
    group by return_tracking_no
    on conflict (shop_id, what, no) do nothing
"""


class Queue(msgspec.Struct, frozen=True):
    """How the hints of one shop stand."""

    shop_id: int
    due: int
    later: int
    given_up: int
    oldest: datetime | None
    """Since when the longest waiting one is due."""
    next_at: datetime | None


QUEUES = """
    select shop_id,
        count(*) filter (where look_at <= %(wall)s) as due,
        count(*) filter (where look_at > %(wall)s) as later,
        count(*) filter (where look_at is null) as given_up,
        min(look_at) filter (where look_at <= %(wall)s) as oldest,
        min(look_at) filter (where look_at > %(wall)s) as next_at
    from hints where shop_id = any(%(shop_ids)s) group by shop_id
"""


class Trouble(msgspec.Struct, frozen=True):
    """A thing that could not be read, and why."""

    shop_id: int
    what: str
    no: str
    attempts: int
    tried_at: datetime | None
    look_at: datetime | None
    problem: str


# those given up first; the others are tried again by themselves
TROUBLES = """
    select shop_id, what, no, attempts, tried_at, look_at, problem::text as problem
    from hints where shop_id = any(%(shop_ids)s) and problem is not null
    order by look_at is not null, tried_at desc
    limit %(limit)s
"""


def note(tx: Tx, shop_id: int, things: Mapping[Thing, str | None], because: str, look_at: datetime, again_at: datetime | None, rest: timedelta) -> None:
    """Keeps a hint for each of these things, with the order it belongs to; one that is there already is only told anew.

    What was given up is not tried again before its rest is over.
    """
    slots = {"shop_id": shop_id, "because": because, "look_at": look_at, "again_at": again_at, "rest": rest}
    whats, nos = [what for what, _ in things], [no for _, no in things]
    tx.execute(NOTE, slots | {"whats": whats, "nos": nos, "order_nos": list(things.values())})


def parcels_of(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[tuple[str, str]]:
    """The orders among these that have a parcel, each with its tracking number."""
    return tx.execute(PARCELS_OF, {"shop_id": shop_id, "order_nos": list(order_nos)}).fetchall() if order_nos else []


def watch_parcels(tx: Tx, shop_id: int, kinds: Sequence[str], bands: Sequence[int], now: datetime, wall: datetime, limit: int) -> int:
    """How many parcels of silent to-dos of these kinds and bands are asked about later that were not yet."""
    slots = {"shop_id": shop_id, "kinds": list(kinds), "bands": list(bands), "now": now, "wall": wall, "limit": limit}
    return tx.execute(WATCH_PARCELS, slots).rowcount


def watch_returns(tx: Tx, shop_id: int, bands: Sequence[int], wall: datetime, limit: int) -> int:
    """How many return parcels that are awaited are asked about in a day that were not yet."""
    return tx.execute(WATCH_RETURNS, {"shop_id": shop_id, "bands": list(bands), "wall": wall, "limit": limit}).rowcount


def shops_due(tx: Tx, shop_ids: Sequence[int], wall: datetime) -> list[int]:
    """Those of these shops in which something is to be read by now."""
    return [shop_id for (shop_id,) in tx.execute(SHOPS_DUE, {"shop_ids": list(shop_ids), "wall": wall})]


def claim(tx: Tx, shop_id: int, holder: str, wall: datetime, until: datetime, limit: int) -> list[Hint]:
    """Up to so many hints that are due, longest waiting first, now held by this holder until the lease runs out."""
    slots = {"shop_id": shop_id, "holder": holder, "wall": wall, "until": until, "limit": limit}
    with tx.cursor(row_factory=class_row(Hint)) as cursor:
        return cursor.execute(CLAIM, slots).fetchall()


def done(tx: Tx, shop_id: int, holder: str, read: Sequence[Hint], wall: datetime) -> None:
    """Lays hints aside that were read, save those to be read once more."""
    if read:
        slots = _slots(shop_id, holder, read) | {"told": [hint.told for hint in read], "wall": wall}
        tx.execute(DONE, slots)
        tx.execute(ONCE_MORE, slots)


def failed(tx: Tx, holder: str, hint: Hint, problem: str, wall: datetime, look_at: datetime | None, rest: timedelta) -> None:
    """Notes why it could not be read, and when it is tried again; given up where that is never."""
    slots = {"shop_id": hint.shop_id, "what": hint.what, "no": hint.no, "told": hint.told, "holder": holder}
    tx.execute(FAILED, slots | {"problem": problem, "wall": wall, "look_at": look_at, "rest": rest})


def let_go(tx: Tx, shop_id: int, holder: str, unread: Sequence[Hint], look_at: datetime) -> None:
    """Gives hints back that were not tried."""
    if unread:
        tx.execute(LET_GO, _slots(shop_id, holder, unread) | {"look_at": look_at})


def forget_shop(tx: Tx, shop_id: int) -> None:
    """Forgets every hint of a shop."""
    tx.execute(FORGET_SHOP, {"shop_id": shop_id})


def forget_old(tx: Tx, shop_id: int, before: datetime) -> None:
    """Forgets what was given up so long ago."""
    tx.execute(FORGET_OLD, {"shop_id": shop_id, "before": before})


def try_again(tx: Tx, shop_id: int, wall: datetime, attempts: int) -> int:
    """How many given up hints of the shop are due again, each as if it had been tried at most so often."""
    return tx.execute(TRY_AGAIN, {"shop_id": shop_id, "wall": wall, "attempts": attempts}).rowcount


def mend(tx: Tx, shop_id: int, wall: datetime, beyond: datetime, beyond_silence: datetime) -> int:
    """How many hints had a moment farther ahead than any is given, silent parcels' than any of theirs; they are due now."""
    return tx.execute(MEND, {"shop_id": shop_id, "wall": wall, "beyond": beyond, "beyond_silence": beyond_silence}).rowcount


def queues(tx: Tx, shop_ids: Sequence[int], wall: datetime) -> list[Queue]:
    """How the hints of these shops stand; shops without any are left out."""
    with tx.cursor(row_factory=class_row(Queue)) as cursor:
        return cursor.execute(QUEUES, {"shop_ids": list(shop_ids), "wall": wall}).fetchall()


def troubles(tx: Tx, shop_ids: Sequence[int], limit: int) -> list[Trouble]:
    """The hints of these shops that could not be read, those given up first."""
    with tx.cursor(row_factory=class_row(Trouble)) as cursor:
        return cursor.execute(TROUBLES, {"shop_ids": list(shop_ids), "limit": limit}).fetchall()


def _slots(shop_id: int, holder: str, among: Sequence[Hint]) -> dict[str, object]:
    return {"shop_id": shop_id, "holder": holder, "whats": [hint.what for hint in among], "nos": [hint.no for hint in among]}
