"""Every accepted row of every batch, as it was told. What is known now is folded from these, so that undo is exact."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx
from zhanggui.records.streams import copy_rows


class SightingRecord(msgspec.Struct, frozen=True):
    """A stored row: which batch told it, how old it was, and the facts as JSON. `given` names the fields it spoke of."""

    key: str
    batch_id: int
    as_of: datetime
    given: list[str]
    facts: str


Row = tuple[int, int, str, str, datetime, int, str]

COPY_NEW = "copy sightings (shop_id, batch_id, kind, key, as_of, shape, facts) from stdin"
# within a batch a thing is told once per moment: rows that repeat it were folded into one. Equal ages go by the order in which batches were stored
OF_KEYS = """
    select key, sightings.batch_id, sightings.as_of, batches.shapes -> shape::integer as given, facts::text as facts
    from sightings
    join batches on batches.shop_id = sightings.shop_id and batches.batch_id = sightings.batch_id
    where sightings.shop_id = %(shop_id)s and kind = %(kind)s and key = any(%(keys)s) and sightings.batch_id <> %(except_batch)s
    order by key, sightings.as_of, batches.stored_no
"""
TAKE_FROM_BATCH = """
    delete from sightings
    where shop_id = %(shop_id)s and batch_id = %(batch_id)s and kind = %(kind)s and key = any(%(keys)s)
    returning key, as_of, shape, facts::text
"""
TOLD_BY_BATCH = """
    select key, as_of, shape, facts::text from sightings
    where shop_id = %(shop_id)s and kind = %(kind)s and key = any(%(keys)s) and batch_id = %(batch_id)s
    order by key, as_of
"""
REMOVE_KEYS = "delete from sightings where shop_id = %(shop_id)s and kind = %(kind)s and key = any(%(keys)s) and batch_id = %(batch_id)s"
STANDING_AGES = """
    select key, sightings.as_of from sightings
    join batches on batches.shop_id = sightings.shop_id and batches.batch_id = sightings.batch_id
    where sightings.shop_id = %(shop_id)s and kind = %(kind)s and key = any(%(keys)s) and batches.state = 'standing'
"""
# one that shows a case back in the shop's turn, or that nobody understands, says nothing of the turn before; an import that is being undone tells nothing more
CASES_LAST_ELSEWHERE = """
    select wanted.key, max(sightings.as_of)
    from sightings
    join unnest(%(keys)s::text[], %(since)s::timestamptz[], %(until)s::timestamptz[]) as wanted (key, since, until)
        on sightings.key = wanted.key and sightings.as_of > wanted.since and sightings.as_of < wanted.until
    join batches on batches.shop_id = sightings.shop_id and batches.batch_id = sightings.batch_id and batches.state <> 'undone'
    where sightings.shop_id = %(shop_id)s and sightings.kind = 'aftersale' and sightings.facts ->> 'state' not in ('seller_to_answer', 'unknown')
    group by wanted.key
"""
OF_BATCH = "select kind, key, facts::text from sightings where shop_id = %(shop_id)s and batch_id = %(batch_id)s"
REMOVE_BATCH = "delete from sightings where shop_id = %(shop_id)s and batch_id = %(batch_id)s"


def copy_new(tx: Tx, rows: Iterable[Row]) -> None:
    """Stores sightings: (shop, batch, kind, key, as of, shape, facts)."""
    copy_rows(tx, COPY_NEW, rows)


def of_keys(tx: Tx, shop_id: int, kind: str, keys: Sequence[str], *, except_batch: int) -> dict[str, list[SightingRecord]]:
    """What other batches told of these things, oldest first."""
    slots = {"shop_id": shop_id, "kind": kind, "keys": list(keys), "except_batch": except_batch}
    found: dict[str, list[SightingRecord]] = {}
    with tx.cursor(row_factory=class_row(SightingRecord)) as cursor:
        for row in cursor.execute(OF_KEYS, slots):
            found.setdefault(row.key, []).append(row)
    return found


def take_from_batch(tx: Tx, shop_id: int, batch_id: int, kind: str, keys: Sequence[str]) -> dict[str, list[tuple[datetime, int, str]]]:
    """Takes out what this batch told of these things already: (as of, shape, facts) by key."""
    slots = {"shop_id": shop_id, "batch_id": batch_id, "kind": kind, "keys": list(keys)}
    taken: dict[str, list[tuple[datetime, int, str]]] = {}
    for key, as_of, shape, facts in tx.execute(TAKE_FROM_BATCH, slots):
        taken.setdefault(key, []).append((as_of, shape, facts))
    return taken


def told_by_batch(tx: Tx, shop_id: int, batch_id: int, kind: str, keys: Sequence[str]) -> dict[str, tuple[datetime, int, str]]:
    """What this batch last told of these things: (as of, shape, facts) by key."""
    slots = {"shop_id": shop_id, "batch_id": batch_id, "kind": kind, "keys": list(keys)}
    return {key: (as_of, shape, facts) for key, as_of, shape, facts in tx.execute(TOLD_BY_BATCH, slots)}


def standing_ages(tx: Tx, shop_id: int, kind: str, keys: Sequence[str]) -> dict[str, datetime]:
    """The platform's own versions of these things that were stored: how old each is, by key."""
    return dict(tx.execute(STANDING_AGES, {"shop_id": shop_id, "kind": kind, "keys": list(keys)}).fetchall()) if keys else {}


def cases_last_elsewhere(tx: Tx, shop_id: int, between: Mapping[str, tuple[datetime, datetime]]) -> dict[str, datetime]:
    """When each of these cases was last told of in another turn than the shop's, after one moment and before another; those that were not are left out."""
    if not between:
        return {}
    slots = {"keys": list(between), "since": [since for since, _ in between.values()], "until": [until for _, until in between.values()]}
    return dict(tx.execute(CASES_LAST_ELSEWHERE, {"shop_id": shop_id, **slots}).fetchall())


def remove_keys(tx: Tx, shop_id: int, batch_id: int, kind: str, keys: Sequence[str]) -> None:
    """Takes away what this batch told of these things."""
    if keys:
        tx.execute(REMOVE_KEYS, {"shop_id": shop_id, "batch_id": batch_id, "kind": kind, "keys": list(keys)})


def of_batch(tx: Tx, shop_id: int, batch_id: int, at_once: int) -> Iterator[list[tuple[str, str, str]]]:
    """Everything a batch told, so many at once: (kind, key, facts)."""
    with tx.cursor(name="told_by_batch") as cursor:
        cursor.execute(OF_BATCH, {"shop_id": shop_id, "batch_id": batch_id})
        while some := cursor.fetchmany(at_once):
            yield some


def remove_batch(tx: Tx, shop_id: int, batch_id: int) -> None:
    """Takes away everything a batch told."""
    tx.execute(REMOVE_BATCH, {"shop_id": shop_id, "batch_id": batch_id})
