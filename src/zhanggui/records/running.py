"""What is counted over all shops for whoever watches the machine: the age of facts, what waits, what is overdue; by indexes, or in small tables."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class SourceAge(msgspec.Struct, frozen=True):
    """One kind of source that is read by windows: in how many shops, and how far the one furthest behind has been read."""

    name: str
    shops: int
    oldest: datetime | None


class Queue(msgspec.Struct, frozen=True):
    """One queue of work: what may be done now and since when the longest waiting one may, what comes later, what was given up."""

    name: str
    due: int
    oldest: datetime | None
    later: int
    given_up: int


class LaneHealth(msgspec.Struct, frozen=True):
    """One lane of the worker: when anything was done in it last, and how many shops are let alone there because of trouble."""

    lane: str
    last_at: datetime | None
    in_trouble: int


class BandSum(msgspec.Struct, frozen=True):
    """How many deadlines stand in one band over all shops, and the money with them."""

    band: int
    deadlines: int
    at_risk: int


# a source that may not be read (its shop was taken off the platform) has nothing to look at
SOURCES = """
    select source as name, count(*) as shops, min(coalesce(seen_to, horizon)) as oldest from sync_sources
    where shop_id = any(%(shop_ids)s) and look_at is not null group by source order by source
"""
FILES = "select kind as name, count(*) as shops, min(as_of) as oldest from data_ages where shop_id = any(%(shop_ids)s) group by kind order by kind"
BANDS = """
    select band, sum(deadlines)::bigint as deadlines, sum(at_risk)::bigint as at_risk from deadline_totals
    where shop_id = any(%(shop_ids)s) group by band order by band
"""
HINTS = """
    select 'hints' as name, count(*) filter (where look_at <= %(wall)s) as due, min(look_at) filter (where look_at <= %(wall)s) as oldest,
        count(*) filter (where look_at > %(wall)s) as later, count(*) filter (where look_at is null) as given_up
    from hints where shop_id = any(%(shop_ids)s)
"""
WINDOWS = """
    select 'windows' as name, count(*) filter (where look_at <= %(wall)s) as due, min(look_at) filter (where look_at <= %(wall)s) as oldest,
        count(*) filter (where look_at > %(wall)s) as later, 0::bigint as given_up
    from sync_windows where shop_id = any(%(shop_ids)s) and state <> 'done'
"""
ALERTS = """
    select 'alerts' as name, count(*) filter (where send_at <= %(now)s) as due, min(send_at) filter (where send_at <= %(now)s) as oldest,
        count(*) filter (where send_at > %(now)s) as later, 0::bigint as given_up
    from alert_sends where shop_id = any(%(shop_ids)s) and state in ('waiting', 'sending', 'unsure')
"""
ACTS_DUE = """
    select 'acts' as name, count(*) filter (where coalesce(send_at, look_at) <= %(now)s) as due,
        min(send_at) filter (where send_at <= %(now)s) as oldest, count(*) filter (where send_at > %(now)s) as later, 0::bigint as given_up
    from acts where shop_id = any(%(shop_ids)s) and state in ('announced', 'sending', 'unsure')
"""
# one look into the index for each shop: the longest overdue look at a deadline tells how far the lane is behind
DEADLINES_BEHIND = """
    select min(due.look_at) from shop_homes as shop
    cross join lateral (
        select look_at from deadlines where deadlines.shop_id = shop.shop_id and deadlines.look_at <= %(now)s order by deadlines.look_at limit 1
    ) as due
    where shop.shop_id = any(%(shop_ids)s)
"""
ACTS = """
    select state, count(*)::bigint from acts
    where shop_id = any(%(shop_ids)s) and state in ('proposed', 'announced', 'sending', 'unsure', 'needs_person')
    group by state
"""
LANES = """
    select lane, max(last_at) as last_at, count(*) filter (where failures > 0) as in_trouble from lanes
    where shop_id = any(%(shop_ids)s) group by lane order by lane
"""
CONNECTIONS = """
    select count(*) filter (where state = 'active'), count(*), current_setting('max_connections')::int from pg_stat_activity
    where datname = current_database()
"""
BYTES = "select pg_database_size(current_database())"
KEEPS_ITS_WORD = "select current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit')"
QUEUES = (HINTS, WINDOWS, ALERTS, ACTS_DUE)


def sources(tx: Tx, shop_ids: Sequence[int]) -> list[SourceAge]:
    """How far what is read by windows has been read, by source."""
    with tx.cursor(row_factory=class_row(SourceAge)) as cursor:
        return cursor.execute(SOURCES, {"shop_ids": list(shop_ids)}).fetchall()


def kinds(tx: Tx, shop_ids: Sequence[int]) -> list[SourceAge]:
    """How old each kind of fact is in the shop where it is oldest."""
    with tx.cursor(row_factory=class_row(SourceAge)) as cursor:
        return cursor.execute(FILES, {"shop_ids": list(shop_ids)}).fetchall()


def bands(tx: Tx, shop_ids: Sequence[int]) -> list[BandSum]:
    """What stands in each band."""
    with tx.cursor(row_factory=class_row(BandSum)) as cursor:
        return cursor.execute(BANDS, {"shop_ids": list(shop_ids)}).fetchall()


def queues(tx: Tx, shop_ids: Sequence[int], now: datetime, wall: datetime) -> list[Queue]:
    """What waits in each queue."""
    found = []
    for statement in QUEUES:
        with tx.cursor(row_factory=class_row(Queue)) as cursor:
            found += cursor.execute(statement, {"shop_ids": list(shop_ids), "now": now, "wall": wall}).fetchall()
    return found


def deadlines_behind(tx: Tx, shop_ids: Sequence[int], now: datetime) -> datetime | None:
    """Since when the longest waiting deadline is to be looked at; None where none is."""
    row = tx.execute(DEADLINES_BEHIND, {"shop_ids": list(shop_ids), "now": now}).fetchone()
    return None if row is None else row[0]


def acts(tx: Tx, shop_ids: Sequence[int]) -> dict[str, int]:
    """How many acts are in hand, by state."""
    return dict(tx.execute(ACTS, {"shop_ids": list(shop_ids)}).fetchall())


def lanes(tx: Tx, shop_ids: Sequence[int]) -> list[LaneHealth]:
    """How each lane fares over all shops."""
    with tx.cursor(row_factory=class_row(LaneHealth)) as cursor:
        return cursor.execute(LANES, {"shop_ids": list(shop_ids)}).fetchall()


def connections(tx: Tx) -> tuple[int, int, int]:
    """How many connections to this database are at work, how many there are, and how many the server allows."""
    row = tx.execute(CONNECTIONS).fetchone()
    return (0, 0, 0) if row is None else (row[0], row[1], row[2])


def size(tx: Tx) -> int:
    """The bytes of this database."""
    row = tx.execute(BYTES).fetchone()
    return 0 if row is None else int(row[0])


def keeps_its_word(tx: Tx) -> bool:
    """Whether the server writes what it has acknowledged to the disk first."""
    row = tx.execute(KEEPS_ITS_WORD).fetchone()
    return row is not None and row[0] == "on" and row[1] == "on" and row[2] != "off"
