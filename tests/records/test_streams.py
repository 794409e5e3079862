"""What is copied behind its caller stays in its order, and what goes wrong there is told."""

import sys
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors

from zhanggui.records.db import Pool, Tx
from zhanggui.records.streams import copy_rows, copying_behind

MAKE = "create temp table numbers (n int primary key, name text)"
COPY = "copy numbers (n, name) from stdin"
COUNT = "select count(*), max(name) from numbers"


@pytest.fixture
def tx(pool: Pool) -> Iterator[Tx]:
    """A transaction with a table of its own."""
    with pool.connection() as opened:
        opened.execute(MAKE)
        yield opened
        opened.rollback()


def test_what_was_copied_before_is_seen_by_every_statement(tx: Tx) -> None:
    seen = []

    with copying_behind(tx):
        for first in range(0, 50_000, 10_000):
            copy_rows(tx, COPY, ((number, f"{number:05d}") for number in range(first, first + 10_000)))
            seen.append(tx.execute(COUNT).fetchone())

    assert seen == [(first, f"{first - 1:05d}") for first in range(10_000, 60_000, 10_000)]


def test_all_of_it_has_arrived_at_the_end(tx: Tx) -> None:
    with copying_behind(tx):
        for first in (0, 10, 20):
            copy_rows(tx, COPY, [(first + number, "x") for number in range(10)])

    assert tx.cursor_factory is psycopg.Cursor
    assert tx.execute(COUNT).fetchone() == (30, "x")


def test_another_way_of_copying_takes_its_turn(tx: Tx) -> None:
    with copying_behind(tx):
        copy_rows(tx, COPY, [(number, "a") for number in range(10_000)])
        with tx.cursor().copy(COPY) as copy:
            copy.write_row((10_000, "b"))
        tx.cursor().executemany("insert into numbers values (%s, 'c')", [(10_001,), (10_002,)])

    assert tx.execute(COUNT).fetchone() == (10_003, "c")


def test_what_goes_wrong_is_told_by_the_next_statement(tx: Tx) -> None:
    with pytest.raises(errors.UniqueViolation), copying_behind(tx):  # noqa: PT012 - the trouble comes later than its cause
        copy_rows(tx, COPY, [(1, "a"), (1, "b")])
        tx.execute(COUNT)


def test_what_goes_wrong_is_told_at_the_end(tx: Tx) -> None:
    with pytest.raises(errors.UniqueViolation), copying_behind(tx):  # noqa: PT012 - the trouble comes later than its cause
        copy_rows(tx, COPY, [(1, "a"), (1, "b")])
        copy_rows(tx, COPY, [(2, "c")])


def test_a_caller_that_fails_leaves_nothing_under_way(tx: Tx) -> None:
    with pytest.raises(LookupError), copying_behind(tx):  # noqa: PT012 - the trouble comes later than its cause
        copy_rows(tx, COPY, [(number, "a") for number in range(10_000)])
        raise LookupError

    assert tx.cursor_factory is psycopg.Cursor
    assert tx.execute("select 1").fetchone() == (1,)


def test_two_that_copy_at_once_leave_the_turns_of_threads_as_they_were(pool: Pool) -> None:
    usual = sys.getswitchinterval()

    with pool.connection() as one, pool.connection() as other:
        first, second = copying_behind(one), copying_behind(other)
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        between = sys.getswitchinterval()
        second.__exit__(None, None, None)

    assert (between < usual, sys.getswitchinterval()) == (True, usual)
