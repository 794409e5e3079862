"""The connections to the database, and how rows are read from them.

Every statement of the house is an UPPER_CASE module-level string constant, so that tests/house can find, parse and judge it.
"""

import select
import sys
from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar

import msgspec
import psycopg
from psycopg import errors
from psycopg.rows import BaseRowFactory, class_row
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg_pool import ConnectionPool, PoolTimeout

from zhanggui.records.arrays import Lists

Tx = psycopg.Connection[Any]
Pool = ConnectionPool[Tx]
T = TypeVar("T")


class Connection(psycopg.Connection[Any]):
    """A connection that knows the pool it came from, by which records/sealing.py finds the keys."""

    asked_at: float = float("-inf")
    """When the server was last asked whether it is there, by the monotonic clock."""

    @property
    def zhanggui_pool(self) -> "Pool | None":
        """The pool that lent it; None for a connection of its own."""
        return getattr(self, "_pool", None)


AWAY = (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, errors.ReadOnlySqlTransaction)
"""What is raised while the database is away, or takes no writes for a while (a failover, a full disk of its provider): no fault of what was looked at."""
Unstorable = psycopg.DataError
"""What the database refuses whoever asks: a null character, a number of thirty digits."""

# Pages want the same plan every time and a core left for the others; moments are read as UTC. A machine that is lost without a word lets go of its locks
# after some two minutes, not after the two hours of most systems.
_SESSION = "-c TimeZone=UTC -c jit=off -c max_parallel_workers_per_gather=0 -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10"
_LINE: dict[str, Any] = {
    "options": _SESSION,
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""How every connection is made: one whose other end is lost without a word is given up after half a minute or a little more."""
_TRIES = 5
BELIEVED = 1.0
"""Seconds: a server that was asked so lately is believed to be there, unless the socket says otherwise."""
NOT_TO_DISK = "set local synchronous_commit = off"


def open_pool(conninfo: str, *, min_size: int = 1, max_size: int = 8, patience: float = 30.0) -> Pool:
    """An open pool of connections that speak UTC and read JSON by msgspec; `with pool.connection() as tx:` is one transaction.

    Whoever has to wait longer than that for a connection is told so by PoolTimeout.
    """
    return ConnectionPool(
        conninfo,
        connection_class=Connection,
        min_size=min_size,
        max_size=max_size,
        timeout=patience,
        kwargs=_LINE,
        configure=_configure,
        # a server that was killed and came back must not cost a person an error page
        check=_still_there,
        open=True,
        name="zhanggui",
    )


def _still_there(connection: Tx) -> None:
    """Raises where the server has gone: a connection that is silent and was in use a moment ago is believed, any other is asked."""
    moment = monotonic()
    if isinstance(connection, Connection):
        if moment - connection.asked_at < BELIEVED and not _says_something(connection):
            return
        connection.asked_at = moment
    ConnectionPool.check_connection(connection)


def _says_something(connection: Tx) -> bool:
    """Whether something has come on an idle connection: the end of it, most likely."""
    if sys.platform == "win32":  # which has no poll
        return bool(select.select([connection.fileno()], [], [], 0)[0])
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def conninfo_of(pool: Pool) -> str:
    """What is needed to connect to the database of this pool, for those who need a connection of their own."""
    return pool.conninfo if isinstance(pool.conninfo, str) else pool.conninfo()


def connect(conninfo: str, *, autocommit: bool = False) -> Tx:
    """One connection outside the pool, set up like those in it."""
    tx: Tx = psycopg.connect(conninfo, autocommit=autocommit, **_LINE)
    _configure(tx)
    return tx


def transact(pool: Pool, work: Callable[[Tx], T]) -> T:
    """What `work` returns, done in one transaction, and done again when the database asks for it (serialization failure, deadlock)."""
    for _ in range(_TRIES - 1):
        try:
            with pool.connection() as tx:
                return work(tx)
        except (errors.SerializationFailure, errors.DeadlockDetected):
            continue
    with pool.connection() as tx:
        return work(tx)


def may_be_lost(tx: Tx) -> None:
    """Lets the commit of this transaction return before it is on the disk: for what is simply done again where a crash has lost it."""
    tx.execute(NOT_TO_DISK)


def rows_of(kind: type[T]) -> BaseRowFactory[T]:
    """A row factory that makes each row into `kind`, column names being its field names: `tx.cursor(row_factory=rows_of(OrderRow))`."""
    return class_row(kind)


def _configure(tx: Tx) -> None:
    set_json_loads(msgspec.json.decode, tx)
    set_json_dumps(msgspec.json.encode, tx)
    tx.adapters.register_dumper(list, Lists)
