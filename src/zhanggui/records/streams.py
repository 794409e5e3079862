"""COPY of many rows, and COPY beside whoever goes on computing."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from threading import Lock
from typing import Any, ClassVar

import psycopg
from msgspec import to_builtins

from zhanggui.records.db import Tx

Row = tuple[Any, ...]

_TURN = 0.0005


def copy_rows(tx: Tx, statement: str, rows: Iterable[Row]) -> None:
    """Streams the rows into a table.

    Moments are written as text by msgspec, since the driver takes five times as long for them, and a row of ours holds up to six.
    """
    plain = map(to_builtins, rows)
    if issubclass(tx.cursor_factory, _Waiting):
        tx.cursor_factory.writer.add(statement, list(plain))
    else:
        _copy(tx.cursor(), statement, plain)


@contextmanager
def copying_behind(tx: Tx) -> Iterator[None]:
    """Within it `copy_rows` does not wait for the server: what is copied is copied while its caller goes on computing.

    Everything stays in its order, since every other statement waits for what is on its way. A COPY that fails is told there, or at the end.
    """
    before = tx.cursor_factory
    writer = _Writer(tx)
    tx.cursor_factory = type("Waiting", (_Waiting,), {"writer": writer})
    _turns.shorten()
    try:
        yield
        writer.wait()
    finally:
        _turns.lengthen()
        tx.cursor_factory = before
        writer.end()


class _Turns:
    """How long a thread goes on before another has its turn: short as long as anybody copies, for it holds for the whole process.

    What hands rows on does next to nothing each time: waiting five milliseconds for its turn, it would keep the server waiting half of the time.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._copying = 0
        self._usual = 0.0

    def shorten(self) -> None:
        """Somebody begins to copy."""
        with self._lock:
            if not self._copying:
                self._usual = sys.getswitchinterval()
                sys.setswitchinterval(_TURN)
            self._copying += 1

    def lengthen(self) -> None:
        """Somebody is done with it; the last one puts things as they were."""
        with self._lock:
            self._copying -= 1
            if not self._copying:
                sys.setswitchinterval(self._usual)


_turns = _Turns()


class _Writer:
    """Copies, one after the other."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._beside = ThreadPoolExecutor(1, "copying")
        self._under_way: list[Future[None]] = []

    def add(self, statement: str, rows: Sequence[Row]) -> None:
        """Has these rows copied after those that are under way."""
        self._under_way.append(self._beside.submit(_copy, psycopg.Cursor(self._tx), statement, rows))

    def wait(self) -> None:
        """Returns once nothing is under way. Raises what went wrong first."""
        ended, self._under_way = self._under_way, []
        wait(ended)
        for copied in ended:
            copied.result()

    def end(self) -> None:
        """Returns once nothing is under way, however that went."""
        self._beside.shutdown(cancel_futures=True)


class _Waiting(psycopg.Cursor[Any]):
    """A cursor that lets what is under way arrive first."""

    writer: ClassVar[_Writer]

    def execute(self, query: Any, *args: Any, **named: Any) -> "_Waiting":
        """Like the driver's, as are the others."""
        self.writer.wait()
        return super().execute(query, *args, **named)

    def executemany(self, query: Any, *args: Any, **named: Any) -> None:
        self.writer.wait()
        super().executemany(query, *args, **named)

    def stream(self, query: Any, *args: Any, **named: Any) -> Iterator[Any]:
        self.writer.wait()
        return super().stream(query, *args, **named)

    def copy(self, statement: Any, *args: Any, **named: Any) -> Any:
        self.writer.wait()
        return super().copy(statement, *args, **named)


def _copy(cursor: psycopg.Cursor[Any], statement: str, rows: Iterable[Row]) -> None:
    with cursor, cursor.copy(statement) as copy:
        write_row = copy.write_row
        for row in rows:
            write_row(row)
