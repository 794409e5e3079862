"""Notes people leave on an order, a case, a parcel."""

from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx
from zhanggui.records.sealing import opened, sealed

TEXT = "notes.text"
"""The place of what lies sealed."""


class NoteRecord(msgspec.Struct, frozen=True):
    """A note and who left it."""

    note_id: int
    text: str
    made_by_name: str | None
    made_at: datetime


INSERT = """
    insert into notes (shop_id, subject_kind, subject_no, text, made_by, made_at)
    values (%(shop_id)s, %(subject_kind)s, %(subject_no)s, %(text)s, %(made_by)s, %(made_at)s)
    returning note_id
"""
OF_SUBJECT = """
    select note_id, text, people.display_name as made_by_name, notes.made_at
    from notes left join people on people.person_id = notes.made_by
    where notes.shop_id = %(shop_id)s and subject_kind = %(subject_kind)s and subject_no = %(subject_no)s
    order by note_id
"""


def insert(tx: Tx, shop_id: int, subject_kind: str, subject_no: str, text: str, made_by: int | None, made_at: datetime) -> int:
    """The number of the new note."""
    row = tx.execute(
        INSERT,
        {
            "shop_id": shop_id,
            "subject_kind": subject_kind,
            "subject_no": subject_no,
            "text": sealed(tx, shop_id, text, TEXT),
            "made_by": made_by,
            "made_at": made_at,
        },
    ).fetchone()
    assert row is not None
    return int(row[0])


def of_subject(tx: Tx, shop_id: int, subject_kind: str, subject_no: str) -> list[NoteRecord]:
    """The notes on one thing, oldest first."""
    with tx.cursor(row_factory=class_row(NoteRecord)) as cursor:
        rows = cursor.execute(OF_SUBJECT, {"shop_id": shop_id, "subject_kind": subject_kind, "subject_no": subject_no}).fetchall()
    return [msgspec.structs.replace(row, text=opened(tx, shop_id, row.text, TEXT)) for row in rows]
