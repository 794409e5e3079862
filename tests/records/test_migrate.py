"""Migrations are applied once, in order, whole, and never over what is not known."""

import threading
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from zhanggui.records import migrate as migrating
from zhanggui.records.migrate import Migration, MigrationRefused, migrate, migrations


@pytest.fixture
def empty(conninfo: str) -> Iterator[str]:
    """A database that was never migrated."""
    name = "zg_empty_for_migrations"
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    yield psycopg.conninfo.make_conninfo(conninfo, dbname=name)
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def test_it_applies_every_step_once(empty: str) -> None:
    first = migrate(empty)

    second = migrate(empty)

    assert first == [step.name for step in migrations()]
    assert second == []


def test_two_at_once_apply_every_step_once_between_them(empty: str) -> None:
    applied: list[str] = []
    threads = [threading.Thread(target=lambda: applied.extend(migrate(empty))) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert applied == [step.name for step in migrations()]


def test_a_step_that_fails_leaves_nothing(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Migration("0002_broken.sql", "create table half (n int); select no_such_function()", "digest")
    monkeypatch.setattr(migrating, "migrations", lambda: [*migrations(), broken])

    with pytest.raises(psycopg.errors.UndefinedFunction):
        migrate(empty)

    with psycopg.connect(empty) as connection:
        tables = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
    assert tables == (0,)


def test_data_of_a_newer_version_are_left_alone(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = Migration("9999_of_the_future.sql", "create table future (n int primary key)", "digest")
    with monkeypatch.context() as future:
        future.setattr(migrating, "migrations", lambda: [*migrations(), newer])
        migrate(empty)

    with pytest.raises(MigrationRefused, match="newer version") as refused:
        migrate(empty)

    assert refused.value.say.slots == {"migration": "9999_of_the_future.sql"}


def test_a_step_that_was_changed_later_is_noticed(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    migrate(empty)
    changed = [Migration(step.name, step.sql, "another digest") for step in migrations()]
    monkeypatch.setattr(migrating, "migrations", lambda: changed)

    with pytest.raises(MigrationRefused, match="not the one these data were made with"):
        migrate(empty)


def test_a_server_that_does_not_know_the_statements_is_refused(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "OLDEST", 99)

    with pytest.raises(MigrationRefused, match="too old: version 99 or newer"):
        migrate(empty)


def test_an_account_that_may_make_no_tables_is_told_so(empty: str) -> None:
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute("drop role if exists zg_reader")
        connection.execute("create role zg_reader login")
    try:
        with pytest.raises(MigrationRefused, match="may not make tables"):
            migrate(psycopg.conninfo.make_conninfo(empty, user="zg_reader"))
    finally:
        with psycopg.connect(empty, autocommit=True) as connection:
            connection.execute("drop role zg_reader")
