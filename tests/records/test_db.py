"""Connections speak UTC and JSON by msgspec, come back after a killed server, and a transaction is done again where the database asks for it."""

import threading
from datetime import UTC, datetime, timedelta

import msgspec
import psycopg
from psycopg.types.json import Jsonb

from zhanggui.records.db import Pool, Tx, rows_of, transact


class Pair(msgspec.Struct, frozen=True):
    """Two values of a row."""

    name: str
    made_at: datetime


def test_rows_are_read_into_structs_with_moments_in_utc(pool: Pool) -> None:
    moment = datetime(2025, 6, 1, 8, 0, tzinfo=UTC)

    with pool.connection() as tx:
        read = tx.cursor(row_factory=rows_of(Pair)).execute("select 'x' as name, %s::timestamptz as made_at", (moment,)).fetchone()

    assert read == Pair("x", moment)
    assert read.made_at.utcoffset() == timedelta(0)


def test_structs_go_into_json_and_plain_data_come_back(pool: Pool) -> None:
    pair = Pair("坚果", datetime(2025, 6, 1, 8, 0, tzinfo=UTC))

    with pool.connection() as tx:
        read = tx.execute("select %s::jsonb", (Jsonb(pair),)).fetchone()

    assert read == ({"name": "坚果", "made_at": "2025-06-01T08:00:00Z"},)


def test_a_connection_the_server_ended_is_not_handed_out(pool: Pool, database: str) -> None:
    with pool.connection() as tx:
        pid = tx.info.backend_pid
    with psycopg.connect(database, autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s, 5000)", (pid,))

    with pool.connection() as tx:
        answer = tx.execute("select 1").fetchone()

    assert answer == (1,)


def test_a_transaction_that_lost_a_race_is_done_again(pool: Pool) -> None:
    with pool.connection() as tx:
        tx.execute("create table counter (n int not null)")
        tx.execute("insert into counter values (0)")
    met = threading.Barrier(2, timeout=20)
    tries: list[int] = []

    def add_one(tx: Tx) -> None:
        tx.execute("set transaction isolation level serializable")
        row = tx.execute("select n from counter").fetchone()
        assert row is not None
        tries.append(row[0])
        if len(tries) <= 2:
            met.wait()
        tx.execute("update counter set n = %s", (row[0] + 1,))

    threads = [threading.Thread(target=transact, args=(pool, add_one)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with pool.connection() as tx:
        counted = tx.execute("select n from counter").fetchone()
    assert counted == (2,)
    assert len(tries) == 3
