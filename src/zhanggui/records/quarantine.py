"""Refused rows, kept as they stood (personal data masked) until they are mended or thrown away."""

from collections.abc import Iterable

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx
from zhanggui.records.streams import copy_rows


class QuarantineRecord(msgspec.Struct, frozen=True):
    """A refused row. `reason` and `cells` are JSON."""

    batch_id: int
    row_no: int
    file: str
    sheet: str | None
    line: int | None
    col: str | None
    profile: str
    reason: str
    cells: str
    kind: str
    state: str


COPY_NEW = "copy quarantine (shop_id, batch_id, row_no, file, sheet, line, col, profile, reason, cells, kind, made_at) from stdin"
WAITING = """
    select batch_id, row_no, file, sheet, line, col, profile, reason::text as reason, cells::text as cells, kind, state
    from quarantine
    where shop_id = %(shop_id)s and batch_id = %(batch_id)s and row_no > %(after)s and state = 'waiting'
    order by row_no
    limit %(limit)s
"""
LOCK_ONE = """
    select batch_id, row_no, file, sheet, line, col, profile, reason::text as reason, cells::text as cells, kind, state
    from quarantine
    where shop_id = %(shop_id)s and batch_id = %(batch_id)s and row_no = %(row_no)s
    for update
"""
SETTLE = "update quarantine set state = %(state)s where shop_id = %(shop_id)s and batch_id = %(batch_id)s and row_no = %(row_no)s and state = 'waiting'"
REWRITE = """
    update quarantine set cells = %(cells)s, reason = %(reason)s, col = %(col)s
    where shop_id = %(shop_id)s and batch_id = %(batch_id)s and row_no = %(row_no)s and state = 'waiting'
"""
REMOVE = "delete from quarantine where shop_id = %(shop_id)s and batch_id = %(batch_id)s"


def copy_new(tx: Tx, rows: Iterable[tuple[object, ...]]) -> None:
    """Keeps refused rows: shop, batch, row number, file, sheet, line, column, profile, reason, cells, kind, made at."""
    copy_rows(tx, COPY_NEW, rows)


def waiting(tx: Tx, shop_id: int, batch_id: int, after: int, limit: int) -> list[QuarantineRecord]:
    """The refused rows that wait, in the order of the file."""
    with tx.cursor(row_factory=class_row(QuarantineRecord)) as cursor:
        return cursor.execute(WAITING, {"shop_id": shop_id, "batch_id": batch_id, "after": after, "limit": limit}).fetchall()


def lock_one(tx: Tx, shop_id: int, batch_id: int, row_no: int) -> QuarantineRecord | None:
    """One refused row, held until the transaction ends."""
    with tx.cursor(row_factory=class_row(QuarantineRecord)) as cursor:
        return cursor.execute(LOCK_ONE, {"shop_id": shop_id, "batch_id": batch_id, "row_no": row_no}).fetchone()


def settle(tx: Tx, shop_id: int, batch_id: int, row_no: int, state: str) -> None:
    """Notes that a row was fixed or dropped."""
    tx.execute(SETTLE, {"shop_id": shop_id, "batch_id": batch_id, "row_no": row_no, "state": state})


def rewrite(tx: Tx, shop_id: int, batch_id: int, row_no: int, cells: str, reason: str, col: str | None) -> None:
    """Keeps what a person typed, and why it is refused again."""
    tx.execute(REWRITE, {"shop_id": shop_id, "batch_id": batch_id, "row_no": row_no, "cells": cells, "reason": reason, "col": col})


def remove(tx: Tx, shop_id: int, batch_id: int) -> None:
    """Takes away the refused rows of an undone import."""
    tx.execute(REMOVE, {"shop_id": shop_id, "batch_id": batch_id})
