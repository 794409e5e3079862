"""Databases without a table, which a new home uses."""

import secrets
from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg import sql

NewDatabase = Callable[[], str]


@pytest.fixture
def new_database(conninfo: str) -> Iterator[NewDatabase]:
    """Makes databases without a table on the one server of this run."""
    made: list[str] = []

    def make() -> str:
        made.append(f"zg_{secrets.token_hex(6)}")
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute(sql.SQL("create database {} template template0 strategy file_copy").format(sql.Identifier(made[-1])))
        return psycopg.conninfo.make_conninfo(conninfo, dbname=made[-1])

    yield make
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for name in made:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def fresh(new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database without a table, which the next home uses."""
    info = new_database()
    monkeypatch.setenv("DATABASE_URL", info)
    return info
