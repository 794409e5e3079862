"""The embedded server runs for as long as somebody uses it."""

from pathlib import Path

import psycopg
import pytest

from tests.server.helpers import another_user, server_pid, wait_until_gone
from zhanggui.server import OwnServer, database_url, embedded, is_running
from zhanggui.server.trouble import DoesNotAnswer, NotRunning


def test_it_is_founded_started_and_stopped(tmp_path: Path) -> None:
    with OwnServer(tmp_path) as server:
        with psycopg.connect(server.conninfo) as connection:
            told = connection.execute("select current_database(), current_setting('server_version_num')::int / 10000").fetchone()
        ran = is_running(tmp_path)

    assert told == ("zhanggui", 18)
    assert ran
    assert not is_running(tmp_path)
    assert not (tmp_path / "server" / "cluster" / "postmaster.pid").exists()


def test_it_keeps_rows_from_one_start_to_the_next(tmp_path: Path) -> None:
    with OwnServer(tmp_path) as server, psycopg.connect(server.conninfo) as connection:
        connection.execute("create table kept as select 7 as n")

    with OwnServer(tmp_path) as server, psycopg.connect(server.conninfo) as connection:
        kept = connection.execute("select n from kept").fetchone()

    assert kept == (7,)


def test_it_has_the_careful_settings(tmp_path: Path) -> None:
    names = ("fsync", "synchronous_commit", "full_page_writes", "random_page_cost", "jit", "listen_addresses", "log_error_verbosity", "log_min_error_statement")

    with OwnServer(tmp_path) as server, psycopg.connect(server.conninfo) as connection:
        rows = [connection.execute("select current_setting(%s)", (name,)).fetchone() for name in names]

    assert [row[0] for row in rows if row] == ["on", "on", "on", "1.1", "off", "", "terse", "panic"]


def test_a_second_start_joins_the_first(tmp_path: Path) -> None:
    with OwnServer(tmp_path) as first:
        pid = server_pid(tmp_path)
        with another_user(tmp_path), OwnServer(tmp_path) as second:
            same = server_pid(tmp_path)

    assert first.conninfo == second.conninfo
    assert pid == same


def test_the_server_outlives_its_starter_while_another_uses_it(tmp_path: Path) -> None:
    with another_user(tmp_path) as starter, OwnServer(tmp_path) as server:
        assert starter.stdin
        starter.stdin.close()
        starter.wait(30)
        with psycopg.connect(server.conninfo) as connection:
            answer = connection.execute("select 1").fetchone()
        pid = server_pid(tmp_path)

    assert answer == (1,)
    assert wait_until_gone(pid)
    assert not is_running(tmp_path)


def test_a_given_database_comes_first(tmp_path: Path, conninfo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", conninfo)

    with embedded(tmp_path) as given:
        told = database_url(tmp_path)

    assert given == told == conninfo
    assert list(tmp_path.iterdir()) == []


def test_a_given_database_that_does_not_answer_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://lin:secret-word@/shop?host={tmp_path}")

    with pytest.raises(DoesNotAnswer, match="DATABASE_URL") as refused, embedded(tmp_path):
        pass

    assert "secret-word" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_asking_where_the_database_is_starts_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)

    with pytest.raises(NotRunning, match="zhanggui up"):
        database_url(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_nothing_of_a_failing_row_reaches_the_log(tmp_path: Path) -> None:
    with OwnServer(tmp_path) as server, psycopg.connect(server.conninfo, autocommit=True) as connection:
        connection.execute("create table buyers (phone text primary key)")
        for phone in ("13800001111", "13800001111"):
            try:
                connection.execute("insert into buyers values (%s)", (phone,))
            except psycopg.errors.UniqueViolation:
                refused = True

    log = (tmp_path / "server" / "log").read_text("utf-8")
    assert refused
    assert "duplicate key value" in log
    assert "13800001111" not in log
