"""COPY of many rows."""

from collections.abc import Iterable
from typing import Any

from msgspec import to_builtins

from zhanggui.records.db import Tx


def copy_rows(tx: Tx, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Streams the rows into a table.

    Moments are written as text by msgspec, since the driver takes five times as long for them, and a row of ours holds up to six.
    """
    with tx.cursor() as cursor, cursor.copy(statement) as copy:
        write_row = copy.write_row
        for row in rows:
            write_row(to_builtins(row))
