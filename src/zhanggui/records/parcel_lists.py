"""Parcels as lists read them: a page by index, what troubles them now, and what is counted of them over a span of days."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.parcels import Parcel
from zhanggui.records.db import Tx
from zhanggui.records.each_shop import merged
from zhanggui.records.parcels import whole

FIRST = (datetime(9999, 1, 1, tzinfo=UTC), "", 0, "")

After = tuple[datetime, str, int, str]
"""The place of the last row shown: the moment the list is sorted by, order number, shop, tracking number; an order may have several parcels."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which parcels: of which shops, in which state, with which carrier, whereto, at which branch (None: any), after which."""

    shop_ids: list[int]
    state: str | None = None
    kind: str | None = None
    carrier: str | None = None
    province: str | None = None
    place: str | None = None
    after: After | None = None
    limit: int = 50


class Listed(msgspec.Struct, frozen=True):
    """A parcel and the moment it stands at in its list."""

    shop_id: int
    order_no: str
    tracking_no: str
    at: datetime
    facts: str

    @property
    def parcel(self) -> Parcel:
        """The parcel itself."""
        return whole(self.facts)


class Troubled(msgspec.Struct, frozen=True):
    """How many troubles of one kind last at one branch."""

    kind: str
    carrier: str
    province: str
    place: str
    parcels: int
    at_risk: int


class Handed(msgspec.Struct, frozen=True):
    """How many parcels of one day went with one carrier to one province and stand in one state."""

    day: date
    carrier: str
    province: str
    state: str
    parcels: int


class Abnormal(msgspec.Struct, frozen=True):
    """How many of a day's parcels have become abnormal."""

    day: date
    carrier: str
    province: str
    place: str
    parcels: int


NEWEST = """
    select shop_id, order_no, tracking_no, shipped_at as at, facts::text as facts
    from parcels
    where shop_id = %(shop_id)s
        and (shipped_at, order_no) <= (%(after_at)s, %(after_no)s)
        and ((shipped_at, order_no) < (%(after_at)s, %(after_no)s) or (shop_id, tracking_no) < (%(after_shop)s, %(after_tracking)s))
        and (%(carrier)s::text is null or carrier = %(carrier)s)
        and (%(province)s::text is null or province = %(province)s)
        and (%(place)s::text is null or place = %(place)s)
    order by shipped_at desc, order_no desc, tracking_no desc
    limit %(limit)s
"""
IN_STATE = """
    select shop_id, order_no, tracking_no, shipped_at as at, facts::text as facts
    from parcels
    where shop_id = %(shop_id)s and state = %(state)s
        and (shipped_at, order_no) <= (%(after_at)s, %(after_no)s)
        and ((shipped_at, order_no) < (%(after_at)s, %(after_no)s) or (shop_id, tracking_no) < (%(after_shop)s, %(after_tracking)s))
        and (%(carrier)s::text is null or carrier = %(carrier)s)
        and (%(province)s::text is null or province = %(province)s)
        and (%(place)s::text is null or place = %(place)s)
    order by shipped_at desc, order_no desc, tracking_no desc
    limit %(limit)s
"""
# what lies ahead is not yet a trouble
TROUBLED_NOW = """
    select shop_id, order_no, tracking_no, troubled_at as at, facts::text as facts
    from parcels
    where shop_id = %(shop_id)s and troubled_at is not null
        and (troubled_at, order_no) <= (least(%(after_at)s, %(now)s), %(after_no)s)
        and ((troubled_at, order_no) < (%(after_at)s, %(after_no)s) or (shop_id, tracking_no) < (%(after_shop)s, %(after_tracking)s))
        and (%(carrier)s::text is null or carrier = %(carrier)s)
        and (%(province)s::text is null or province = %(province)s)
        and (%(place)s::text is null or place = %(place)s)
    order by troubled_at desc, order_no desc, tracking_no desc
    limit %(limit)s
"""
TROUBLED_BY_KIND = """
    select found.shop_id, found.order_no, found.tracking_no, found.at, parcels.facts::text as facts
    from (
        select shop_id, order_no, tracking_no, at
        from parcel_anomalies
        where shop_id = %(shop_id)s and kind = %(kind)s and is_open
            and (at, order_no) <= (least(%(after_at)s, %(now)s), %(after_no)s)
            and ((at, order_no) < (%(after_at)s, %(after_no)s) or (shop_id, tracking_no) < (%(after_shop)s, %(after_tracking)s))
            and (%(carrier)s::text is null or carrier = %(carrier)s)
            and (%(province)s::text is null or province = %(province)s)
            and (%(place)s::text is null or place = %(place)s)
        order by at desc, order_no desc, tracking_no desc
        limit %(limit)s
    ) as found
    join parcels on parcels.shop_id = %(shop_id)s and parcels.order_no = found.order_no and parcels.tracking_no = found.tracking_no
    order by found.at desc, found.order_no desc, found.tracking_no desc
"""
TROUBLES = """
    select kind, carrier, province, place, count(*) as parcels, sum(at_risk)::bigint as at_risk
    from parcel_anomalies
    where shop_id = any(%(shop_ids)s) and is_open and at <= %(now)s
    group by kind, carrier, province, place
"""
TROUBLED_COUNT = "select count(*) from parcels where shop_id = any(%(shop_ids)s) and troubled_at <= %(now)s"
HANDED = """
    select day, carrier, province, state, sum(parcels)::bigint as parcels
    from parcel_totals
    where shop_id = any(%(shop_ids)s) and day between %(first)s and %(last)s
    group by day, carrier, province, state
"""
STATES = "select state, sum(parcels)::bigint from parcel_totals where shop_id = any(%(shop_ids)s) and day >= %(first)s group by state"
# an anomaly never comes before its parcel was handed in, so the index need not be read further back than the span
ABNORMAL = """
    select day, carrier, province, place, count(*) as parcels
    from parcels
    where shop_id = %(shop_id)s and abnormal_at >= %(since)s and abnormal_at <= %(now)s and day between %(first)s and %(last)s
    group by day, carrier, province, place
"""


def page(tx: Tx, wanted: Wanted, now: datetime) -> list[Listed]:
    """A page of parcels, the newest first."""
    return _page(tx, NEWEST if wanted.state is None else IN_STATE, wanted, now)


def troubled(tx: Tx, wanted: Wanted, now: datetime) -> list[Listed]:
    """A page of parcels in which something is wrong that lasts, the latest trouble first."""
    return _page(tx, TROUBLED_NOW if wanted.kind is None else TROUBLED_BY_KIND, wanted, now)


def troubles(tx: Tx, shop_ids: Sequence[int], now: datetime) -> list[Troubled]:
    """How many troubles last, by kind, carrier, province and branch."""
    with tx.cursor(row_factory=class_row(Troubled)) as cursor:
        return cursor.execute(TROUBLES, {"shop_ids": list(shop_ids), "now": now}).fetchall()


def troubled_count(tx: Tx, shop_ids: Sequence[int], now: datetime) -> int:
    """In how many parcels something is wrong that lasts."""
    row = tx.execute(TROUBLED_COUNT, {"shop_ids": list(shop_ids), "now": now}).fetchone()
    return int(row[0]) if row else 0


def states(tx: Tx, shop_ids: Sequence[int], first: date) -> dict[str, int]:
    """How many parcels handed in since that day stand in each state."""
    return dict(tx.execute(STATES, {"shop_ids": list(shop_ids), "first": first}).fetchall())


def handed(tx: Tx, shop_id: int, first: date, last: date) -> list[Handed]:
    """How many parcels were handed in between two days."""
    with tx.cursor(row_factory=class_row(Handed)) as cursor:
        return cursor.execute(HANDED, {"shop_ids": [shop_id], "first": first, "last": last}).fetchall()


def abnormal(tx: Tx, shop_id: int, first: date, last: date, since: datetime, now: datetime) -> list[Abnormal]:
    """How many of the parcels handed in between two days have become abnormal by now; `since` is when the first day began."""
    with tx.cursor(row_factory=class_row(Abnormal)) as cursor:
        return cursor.execute(ABNORMAL, {"shop_id": shop_id, "first": first, "last": last, "since": since, "now": now}).fetchall()


def _page(tx: Tx, statement: str, wanted: Wanted, now: datetime) -> list[Listed]:
    after_at, after_no, after_shop, after_tracking = wanted.after or FIRST
    slots = {
        "state": wanted.state,
        "kind": wanted.kind,
        "carrier": wanted.carrier,
        "province": wanted.province,
        "place": wanted.place,
        "after_at": after_at,
        "after_no": after_no,
        "after_shop": after_shop,
        "after_tracking": after_tracking,
        "limit": wanted.limit,
        "now": now,
    }
    with tx.cursor(row_factory=class_row(Listed)) as cursor:
        return merged(cursor, statement, slots, wanted.shop_ids, lambda row: (row.at, row.order_no, row.shop_id, row.tracking_no), wanted.limit)
