"""Databases that a new home uses."""

import secrets
from collections.abc import Iterator
from typing import Protocol

import psycopg
import pytest
from psycopg import sql


class NewDatabase(Protocol):
    """Makes a database that nobody uses yet; a bare one has no table either."""

    def __call__(self, *, bare: bool = False) -> str:
        """What is needed to connect to it."""


@pytest.fixture
def new_database(conninfo: str, template: str) -> Iterator[NewDatabase]:
    """Makes databases on the one server of this run."""
    made: list[str] = []

    def make(*, bare: bool = False) -> str:
        made.append(f"zg_{secrets.token_hex(6)}")
        names = map(sql.Identifier, (made[-1], "template0" if bare else template))
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute(sql.SQL("create database {} template {} strategy file_copy").format(*names))
        return psycopg.conninfo.make_conninfo(conninfo, dbname=made[-1])

    yield make
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for name in made:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def fresh(new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database that the next home uses."""
    info = new_database()
    monkeypatch.setenv("DATABASE_URL", info)
    return info
