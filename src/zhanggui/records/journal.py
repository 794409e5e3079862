"""The journal: who did what and when. Written once, in the transaction of the deed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec
from psycopg.rows import class_row

from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.hooks.kinds import EventKind
from zhanggui.records import hook_notes
from zhanggui.records.db import Tx
from zhanggui.records.each_shop import merged
from zhanggui.records.journal_entries import Entry
from zhanggui.records.streams import copy_rows


class JournalRecord(msgspec.Struct, frozen=True):
    """A stored entry, not yet worded."""

    shop_id: int
    entry_no: int
    at: datetime
    kind: str
    by_name: str | None
    subject_kind: str | None
    subject_no: str | None
    data: str


WRITE = """
    insert into journal (shop_id, at, kind, by_person, subject_kind, subject_no, batch_id, data)
    values (%(shop_id)s, %(at)s, %(kind)s, %(by_person)s, %(subject_kind)s, %(subject_no)s, %(batch_id)s, %(data)s)
"""
COPY_MANY = "copy journal (shop_id, at, kind, by_person, subject_kind, subject_no, batch_id, data) from stdin"
OF_SUBJECT = """
    select journal.shop_id, entry_no, at, kind, people.display_name as by_name, subject_kind, subject_no, data::text as data
    from journal left join people on people.person_id = journal.by_person
    where journal.shop_id = %(shop_id)s and subject_kind = %(subject_kind)s and subject_no = %(subject_no)s
    order by entry_no desc
    limit %(limit)s
"""
NEWEST = """
    select newest.shop_id, newest.entry_no, newest.at, newest.kind, people.display_name as by_name,
        newest.subject_kind, newest.subject_no, newest.data::text as data
    from (
        select * from journal
        where shop_id = %(shop_id)s and (at, entry_no) < (%(before_at)s, %(before_no)s) and kind <> all(%(without)s)
        order by at desc, entry_no desc
        limit %(limit)s
    ) as newest
    left join people on people.person_id = newest.by_person
    order by newest.at desc, newest.entry_no desc
"""
OF_KIND = """
    select at, data::text from journal
    where shop_id = %(shop_id)s and subject_kind = %(subject_kind)s and subject_no = %(subject_no)s and kind = %(kind)s
    order by entry_no
"""
TOLD_BY_BATCH_REMOVE = """
    delete from journal
    where shop_id = %(shop_id)s and batch_id = %(batch_id)s and entry_no between %(first_no)s and %(last_no)s and subject_no is not null
"""
LAST_NO = "select coalesce(max(entry_no), 0) from journal where shop_id = %(shop_id)s"

E = TypeVar("E", bound=Entry)
Row = tuple[int, datetime, str, int | None, str | None, str | None, int | None, str]

EVENTS = {
    "act_announced": (EventKind.ACT_ANNOUNCED, "act", "act_no"),
    "act_moved": (EventKind.ACT_MOVED, "act", "act_no"),
    "batch_confirmed": (EventKind.IMPORT_STORED, "import", "batch_id"),
    "batch_undone": (EventKind.IMPORT_UNDONE, "import", "batch_id"),
    "batch_failed": (EventKind.IMPORT_FAILED, "import", "batch_id"),
    "review_answered": (EventKind.REVIEW_ANSWERED, SubjectKind.REVIEW.value, "review_no"),
    "review_reported": (EventKind.REVIEW_REPORTED, SubjectKind.REVIEW.value, "review_no"),
}
"""Entries that other programs are told of, and which field names the thing. What facts tell is told where they are stored, in one stream."""


def write(
    tx: Tx,
    shop_id: int,
    entry: Entry,
    *,
    at: datetime,
    by: int | None,
    subject_kind: str | None = None,
    subject_no: str | None = None,
    batch_id: int | None = None,
) -> None:
    """Writes one entry."""
    shop, moment, kind, person, of_kind, of_no, batch, data = row(shop_id, entry, at, by, subject_kind, subject_no, batch_id)
    tx.execute(
        WRITE, {"shop_id": shop, "at": moment, "kind": kind, "by_person": person, "subject_kind": of_kind, "subject_no": of_no, "batch_id": batch, "data": data}
    )
    if entry.kind in EVENTS:
        event, thing, field = EVENTS[entry.kind]
        order_no = subject_no if subject_kind == SubjectKind.ORDER.value else None
        named = str(getattr(entry, field))
        no = f"{named}/{order_no}" if thing == SubjectKind.REVIEW.value else named
        hook_notes.note(tx, shop_id, event, (thing, no), order_no, msgspec.json.encode(msgspec.structs.asdict(entry)), at)


def row(shop_id: int, entry: Entry, at: datetime, by: int | None, subject_kind: str | None, subject_no: str | None, batch_id: int | None) -> Row:
    """The entry as a row of the table, for copy_many."""
    return shop_id, at, entry.kind, by, subject_kind, subject_no, batch_id, msgspec.json.encode(entry).decode()


def copy_many(tx: Tx, rows: Iterable[Row]) -> None:
    """Writes many entries in one stream."""
    copy_rows(tx, COPY_MANY, rows)


def last_no(tx: Tx, shop_id: int) -> int:
    """The number of the shop's newest entry, 0 without any."""
    row = tx.execute(LAST_NO, {"shop_id": shop_id}).fetchone()
    return int(row[0]) if row else 0


def remove_told_by_batch(tx: Tx, shop_id: int, batch_id: int, first_no: int, last_no: int) -> None:
    """Takes away what an undone import told of single orders and cases. What people did stays."""
    tx.execute(TOLD_BY_BATCH_REMOVE, {"shop_id": shop_id, "batch_id": batch_id, "first_no": first_no, "last_no": last_no})


def of_subject(tx: Tx, shop_id: int, subject_kind: str, subject_no: str, limit: int) -> list[JournalRecord]:
    """The newest entries about one thing."""
    with tx.cursor(row_factory=class_row(JournalRecord)) as cursor:
        return cursor.execute(OF_SUBJECT, {"shop_id": shop_id, "subject_kind": subject_kind, "subject_no": subject_no, "limit": limit}).fetchall()


def of_kind(tx: Tx, shop_id: int, entry: type[E], subject_kind: str, subject_no: str) -> list[tuple[datetime, E]]:
    """Every entry of one kind about one thing with its moment, the oldest first."""
    slots = {"shop_id": shop_id, "subject_kind": subject_kind, "subject_no": subject_no, "kind": entry.kind}
    return [(at, msgspec.json.decode(data, type=entry)) for at, data in tx.execute(OF_KIND, slots).fetchall()]


def newest(tx: Tx, shop_ids: Sequence[int], before_at: datetime, before_no: int, limit: int, without: Sequence[tuple[int, str]] = ()) -> list[JournalRecord]:
    """The newest entries of the shops, before a moment and number, but for these kinds in these shops."""
    slots = {"before_at": before_at, "before_no": before_no, "limit": limit}
    hidden = {shop_id: {"without": [kind for of_shop, kind in without if of_shop == shop_id]} for shop_id in shop_ids}
    with tx.cursor(row_factory=class_row(JournalRecord)) as cursor:
        return merged(cursor, NEWEST, slots, shop_ids, lambda row: (row.at, row.entry_no), limit, own=hidden)
