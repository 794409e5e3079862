"""The seals on the journal, and the mark up to which the next one reaches."""

from collections.abc import Iterator

import msgspec
from psycopg.rows import class_row, tuple_row

from zhanggui.core.evidence import BEFORE_ALL, JournalRow, JournalSeal
from zhanggui.records.db import Tx

MARK = "select upto, horizon::text from journal_marks where shop_id = %(shop_id)s"
MARK_SET = """
    insert into journal_marks (shop_id, upto, horizon) values (%(shop_id)s, %(upto)s, null)
    on conflict (shop_id) do update set upto = excluded.upto, horizon = null
"""
MARK_HORIZON = "update journal_marks set horizon = pg_snapshot_xmax(pg_current_snapshot()) where shop_id = %(shop_id)s"
MARK_IS_SAFE = """
    select horizon <= pg_snapshot_xmin(pg_current_snapshot()) as safe, horizon > pg_snapshot_xmax(pg_current_snapshot()) as foreign_clock
    from journal_marks where shop_id = %(shop_id)s
"""
LAST_NO = "select coalesce(max(entry_no), 0) from journal where shop_id = %(shop_id)s"
LAST_SEALED = "select max(to_no) from journal_seals where shop_id = %(shop_id)s"
ENTRIES = """
    select entry_no, at, kind, by_person, subject_kind, subject_no, batch_id, data::text
    from journal
    where shop_id = %(shop_id)s and entry_no between %(from_no)s and %(to_no)s and (batch_id is null or subject_no is null)
    order by entry_no
"""
ADD = """
    insert into journal_seals (shop_id, seal_no, from_no, to_no, entries, body, previous, digest, made_at)
    values (%(shop_id)s, %(seal_no)s, %(from_no)s, %(to_no)s, %(entries)s, %(body)s, %(previous)s, %(digest)s, %(made_at)s)
"""
OF_SHOP = """
    select shop_id, seal_no, from_no, to_no, entries, body, previous, digest, made_at
    from journal_seals where shop_id = %(shop_id)s order by seal_no
"""


class Mark(msgspec.Struct, frozen=True):
    """How far the next seal reaches, and whether that may be sealed yet."""

    upto: int
    has_horizon: bool


def mark(tx: Tx, shop_id: int) -> Mark | None:
    """The shop's mark."""
    row = tx.execute(MARK, {"shop_id": shop_id}).fetchone()
    return Mark(row[0], row[1] is not None) if row else None


def set_mark(tx: Tx, shop_id: int, upto: int) -> None:
    """Begins anew: the next seal reaches to this number."""
    tx.execute(MARK_SET, {"shop_id": shop_id, "upto": upto})


def set_horizon(tx: Tx, shop_id: int) -> None:
    """Notes which transactions may still be under way."""
    tx.execute(MARK_HORIZON, {"shop_id": shop_id})


def is_safe(tx: Tx, shop_id: int) -> bool | None:
    """Whether all of those have ended; None where the horizon was set by another server, as after a restore."""
    row = tx.execute(MARK_IS_SAFE, {"shop_id": shop_id}).fetchone()
    if row is None or row[1]:
        return None
    return bool(row[0])


def last_no(tx: Tx, shop_id: int) -> int:
    """The number of the journal's newest entry that can be seen."""
    row = tx.execute(LAST_NO, {"shop_id": shop_id}).fetchone()
    return int(row[0]) if row else 0


def last_sealed(tx: Tx, shop_id: int) -> int:
    """The number up to which the journal is sealed."""
    row = tx.execute(LAST_SEALED, {"shop_id": shop_id}).fetchone()
    return int(row[0]) if row and row[0] is not None else BEFORE_ALL


def entries(tx: Tx, shop_id: int, from_no: int, to_no: int) -> Iterator[JournalRow]:
    """The entries a seal covers. What an import told of single orders is left out: undoing the import takes it away again, rightly."""
    with tx.cursor(name="journal_entries", row_factory=tuple_row) as cursor:
        cursor.itersize = 5000
        cursor.execute(ENTRIES, {"shop_id": shop_id, "from_no": from_no, "to_no": to_no})
        for row in cursor:
            number, at, kind, person, subject_kind, subject_no, batch, data = row
            yield number, at, kind, person, subject_kind, subject_no, batch, data


def add(tx: Tx, seal: JournalSeal) -> None:
    """Writes a seal."""
    tx.execute(ADD, msgspec.structs.asdict(seal))


def of_shop(tx: Tx, shop_id: int) -> list[JournalSeal]:
    """The seals of the shop in their order: a few a day."""
    with tx.cursor(row_factory=class_row(JournalSeal)) as cursor:
        return cursor.execute(OF_SHOP, {"shop_id": shop_id}).fetchall()
