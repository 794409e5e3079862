"""Imports: what was looked at, what it brought, how far it has come."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx
from zhanggui.records.each_shop import merged


class BatchRecord(msgspec.Struct, frozen=True):
    """An import as it stands. `files` and `outcome` are JSON that only the intake reads."""

    shop_id: int
    batch_id: int
    state: str
    profile: str
    as_of: datetime | None
    as_of_source: str | None
    files: str
    outcome: str | None
    done_rows: int
    of_rows: int | None
    problem: str | None
    made_by: int | None
    made_by_name: str | None
    made_at: datetime
    part_of: int | None
    """The import whose refused row this one mends."""
    waiting: int


class Unfinished(msgspec.Struct, frozen=True):
    """An import that somebody is at, or was."""

    shop_id: int
    batch_id: int
    state: str
    made_at: datetime


INSERT = """
    insert into batches (shop_id, state, profile, files, made_by, made_at, part_of)
    values (%(shop_id)s, %(state)s, %(profile)s, '[]', %(made_by)s, %(made_at)s, %(part_of)s)
    returning batch_id
"""
DESCRIBE = """
    update batches set profile = %(profile)s, files = %(files)s, as_of = %(as_of)s, as_of_source = %(as_of_source)s, of_rows = %(of_rows)s,
        outcome = %(outcome)s
    where shop_id = %(shop_id)s and batch_id = %(batch_id)s
"""
MOVE = """
    update batches set state = %(after)s, problem = null, done_rows = 0, confirmed_at = coalesce(%(confirmed_at)s, confirmed_at), ended_at = %(ended_at)s
    where shop_id = %(shop_id)s and batch_id = %(batch_id)s and state = %(before)s
    returning batch_id
"""
PARTS = "select batch_id from batches where shop_id = %(shop_id)s and part_of = %(batch_id)s and state = 'done' order by batch_id"
FINISH = """
    update batches set state = 'done', files = %(files)s, outcome = %(outcome)s, shapes = %(shapes)s, as_of = coalesce(%(as_of)s, as_of),
        done_rows = coalesce(of_rows, 0), confirmed_at = coalesce(confirmed_at, %(ended_at)s), ended_at = %(ended_at)s,
        stored_no = (select coalesce(max(stored_no), 0) + 1 from batches where shop_id = %(shop_id)s)
    where shop_id = %(shop_id)s and batch_id = %(batch_id)s
"""
FAIL = """
    update batches set state = 'failed', problem = %(problem)s, ended_at = %(ended_at)s
    where shop_id = %(shop_id)s and batch_id = %(batch_id)s and state = 'running'
"""
FORGET = "delete from batches where shop_id = %(shop_id)s and batch_id = %(batch_id)s and state = 'looking'"
LEFT = "select batch_id from batches where shop_id = %(shop_id)s and state in ('previewed', 'failed') and made_at < %(before)s order by batch_id"
WITH_FILES = """
    select batch_id from batches
    where shop_id = %(shop_id)s and batch_id = any(%(batch_ids)s) and state in ('looking', 'previewed', 'running', 'failed')
"""
PROGRESS = "update batches set done_rows = %(done_rows)s where shop_id = %(shop_id)s and batch_id = %(batch_id)s and state = 'running'"
ONE = """
    select batches.shop_id, batch_id, state, profile, as_of, as_of_source, files::text as files, outcome::text as outcome, done_rows, of_rows, problem,
        made_by, people.display_name as made_by_name, batches.made_at, part_of,
        (select count(*) from quarantine
         where quarantine.shop_id = %(shop_id)s and quarantine.batch_id = batches.batch_id and quarantine.state = 'waiting') as waiting
    from batches left join people on people.person_id = batches.made_by
    where batches.shop_id = %(shop_id)s and batch_id = %(batch_id)s
"""
NEWEST = """
    select batches.shop_id, batch_id, state, profile, as_of, as_of_source, files::text as files, outcome::text as outcome, done_rows, of_rows, problem,
        made_by, people.display_name as made_by_name, batches.made_at, part_of,
        (select count(*) from quarantine
         where quarantine.shop_id = %(shop_id)s and quarantine.batch_id = batches.batch_id and quarantine.state = 'waiting') as waiting
    from batches left join people on people.person_id = batches.made_by
    where batches.shop_id = %(shop_id)s and state not in ('looking', 'standing') and part_of is null
    order by batches.made_at desc, batch_id desc
    limit %(limit)s
"""
STATE = "select state from batches where shop_id = %(shop_id)s and batch_id = %(batch_id)s"
RUNNING = "select shop_id, batch_id, state, made_at from batches where state in ('running', 'looking') order by shop_id, batch_id"
OUTCOMES_DONE = "select outcome::text from batches where shop_id = %(shop_id)s and state = 'done' and outcome is not null"
# what comes through the platform's doors is one batch a shop that stands for good: of equal ages it holds over files
STANDING = "select batch_id, shapes::text from batches where shop_id = %(shop_id)s and profile = %(profile)s and state = 'standing'"
SET_SHAPES = "update batches set shapes = %(shapes)s where shop_id = %(shop_id)s and batch_id = %(batch_id)s"
KNOWN_FILES = "select digest from batch_files where shop_id = %(shop_id)s and digest = any(%(digests)s)"
BATCH_OF_FILE = "select batch_id from batch_files where shop_id = %(shop_id)s and digest = %(digest)s"
REMEMBER_FILES = """
    insert into batch_files (shop_id, digest, batch_id)
    select %(shop_id)s, digest, %(batch_id)s from unnest(%(digests)s::bytea[]) as given (digest)
    on conflict (shop_id, digest) do nothing
"""
FORGET_FILES = "delete from batch_files where shop_id = %(shop_id)s and batch_id = %(batch_id)s"


def insert(tx: Tx, shop_id: int, profile: str, made_by: int | None, made_at: datetime, state: str = "previewed", *, part_of: int | None = None) -> int:
    """The number of a new import."""
    slots = {"shop_id": shop_id, "state": state, "profile": profile, "made_by": made_by, "made_at": made_at, "part_of": part_of}
    row = tx.execute(INSERT, slots).fetchone()
    assert row is not None
    return int(row[0])


def describe(
    tx: Tx,
    shop_id: int,
    batch_id: int,
    *,
    profile: str,
    files: bytes,
    as_of: datetime | None,
    as_of_source: str | None,
    of_rows: int | None,
    outcome: bytes,
) -> None:
    """Notes what a preview found."""
    slots = {
        "shop_id": shop_id,
        "batch_id": batch_id,
        "profile": profile,
        "files": files.decode(),
        "as_of": as_of,
        "as_of_source": as_of_source,
        "of_rows": of_rows,
        "outcome": outcome.decode(),
    }
    tx.execute(DESCRIBE, slots)


def move(tx: Tx, shop_id: int, batch_id: int, before: str, after: str, *, confirmed_at: datetime | None = None, ended_at: datetime | None = None) -> bool:
    """Whether the import stood in the first state; it stands in the second now."""
    slots = {"shop_id": shop_id, "batch_id": batch_id, "before": before, "after": after, "confirmed_at": confirmed_at, "ended_at": ended_at}
    return tx.execute(MOVE, slots).fetchone() is not None


def parts(tx: Tx, shop_id: int, batch_id: int) -> list[int]:
    """The stored imports that mend refused rows of this one."""
    return [part for (part,) in tx.execute(PARTS, {"shop_id": shop_id, "batch_id": batch_id})]


def finish(tx: Tx, shop_id: int, batch_id: int, *, files: bytes, outcome: bytes, shapes: bytes, as_of: datetime | None, ended_at: datetime) -> None:
    """Notes that the import is stored, as the latest of its shop, and what it brought."""
    slots = {
        "shop_id": shop_id,
        "batch_id": batch_id,
        "files": files.decode(),
        "outcome": outcome.decode(),
        "shapes": shapes.decode(),
        "as_of": as_of,
        "ended_at": ended_at,
    }
    tx.execute(FINISH, slots)


def fail(tx: Tx, shop_id: int, batch_id: int, problem: str, ended_at: datetime) -> None:
    """Notes why a running import could not be stored."""
    tx.execute(FAIL, {"shop_id": shop_id, "batch_id": batch_id, "problem": problem, "ended_at": ended_at})


def forget(tx: Tx, shop_id: int, batch_id: int) -> None:
    """Forgets an import that could not even be looked at."""
    tx.execute(FORGET, {"shop_id": shop_id, "batch_id": batch_id})


def left(tx: Tx, shop_id: int, before: datetime) -> list[int]:
    """Imports looked at before this moment that nobody confirmed, or that failed, and whose files are still there."""
    return [batch_id for (batch_id,) in tx.execute(LEFT, {"shop_id": shop_id, "before": before})]


def with_files(tx: Tx, shop_id: int, batch_ids: Sequence[int]) -> set[int]:
    """The imports among these whose files are still needed, or kept for a while."""
    return {batch_id for (batch_id,) in tx.execute(WITH_FILES, {"shop_id": shop_id, "batch_ids": list(batch_ids)})}


def progress(tx: Tx, shop_id: int, batch_id: int, done_rows: int) -> None:
    """Notes how far a running import has come."""
    tx.execute(PROGRESS, {"shop_id": shop_id, "batch_id": batch_id, "done_rows": done_rows})


def one(tx: Tx, shop_id: int, batch_id: int) -> BatchRecord | None:
    """One import."""
    with tx.cursor(row_factory=class_row(BatchRecord)) as cursor:
        return cursor.execute(ONE, {"shop_id": shop_id, "batch_id": batch_id}).fetchone()


def newest(tx: Tx, shop_ids: Sequence[int], limit: int) -> list[BatchRecord]:
    """The newest imports of these shops."""
    with tx.cursor(row_factory=class_row(BatchRecord)) as cursor:
        return merged(cursor, NEWEST, {"limit": limit}, shop_ids, lambda row: (row.made_at, row.batch_id), limit)


def state(tx: Tx, shop_id: int, batch_id: int) -> str | None:
    """The state of an import, None where there is no such."""
    row = tx.execute(STATE, {"shop_id": shop_id, "batch_id": batch_id}).fetchone()
    return str(row[0]) if row else None


def unfinished(tx: Tx) -> list[Unfinished]:
    """Every import, in whatever shop, that is being looked at or stored, or was cut off while it was."""
    with tx.cursor(row_factory=class_row(Unfinished)) as cursor:
        return cursor.execute(RUNNING).fetchall()


def outcomes_of_done(tx: Tx, shop_id: int) -> list[str]:
    """What the shop's stored imports brought, as JSON."""
    return [outcome for (outcome,) in tx.execute(OUTCOMES_DONE, {"shop_id": shop_id})]


def standing(tx: Tx, shop_id: int, profile: str, made_at: datetime) -> tuple[int, str]:
    """The number of the shop's standing batch and the sets of given fields its sightings refer to, as JSON; made where there is none yet."""
    row = tx.execute(STANDING, {"shop_id": shop_id, "profile": profile}).fetchone()
    if row is None:
        return insert(tx, shop_id, profile, None, made_at, state="standing"), "[]"
    return int(row[0]), str(row[1])


def set_shapes(tx: Tx, shop_id: int, batch_id: int, shapes: bytes) -> None:
    """Keeps the sets of given fields that a standing batch refers to."""
    tx.execute(SET_SHAPES, {"shop_id": shop_id, "batch_id": batch_id, "shapes": shapes.decode()})


def known_files(tx: Tx, shop_id: int, digests: Sequence[bytes]) -> set[bytes]:
    """The digests among these whose very bytes were imported before."""
    return {bytes(digest) for (digest,) in tx.execute(KNOWN_FILES, {"shop_id": shop_id, "digests": list(digests)})}


def of_file(tx: Tx, shop_id: int, digest: bytes) -> int | None:
    """The import that brought these very bytes."""
    row = tx.execute(BATCH_OF_FILE, {"shop_id": shop_id, "digest": digest}).fetchone()
    return None if row is None else int(row[0])


def remember_files(tx: Tx, shop_id: int, batch_id: int, digests: Sequence[bytes]) -> None:
    """Remembers the bytes of an import."""
    tx.execute(REMEMBER_FILES, {"shop_id": shop_id, "batch_id": batch_id, "digests": list(digests)})


def forget_files(tx: Tx, shop_id: int, batch_id: int) -> None:
    """Forgets the bytes of an undone import, so that they can be imported again."""
    tx.execute(FORGET_FILES, {"shop_id": shop_id, "batch_id": batch_id})
