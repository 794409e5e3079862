"""A backup is whole, says what it holds, and comes back row for row."""

from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from zhanggui.records.migrate import migrate
from zhanggui.server import OwnServer, backup, read_label, restore
from zhanggui.server.backups import NoBackup

NOW = datetime(2025, 6, 1, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Backups are taken of a home's own server here."""
    monkeypatch.delenv("DATABASE_URL", raising=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with one shop in it."""
    with OwnServer(tmp_path / "home") as server:
        migrate(server.conninfo)
        with psycopg.connect(server.conninfo) as connection:
            connection.execute("insert into shops (name, made_at) values ('林记坚果', '2025-01-01 00:00+00')")
    return tmp_path / "home"


def test_it_comes_back_row_for_row_in_a_new_home(home: Path, tmp_path: Path) -> None:
    label = backup(home, tmp_path / "backup", NOW)

    restored = restore(tmp_path / "backup", tmp_path / "new")
    with OwnServer(tmp_path / "new") as server, psycopg.connect(server.conninfo) as connection:
        shops = connection.execute("select shop_id, name from shops").fetchall()
        again = connection.execute("insert into shops (name, made_at) values ('二店', '2025-01-01 00:00+00') returning shop_id").fetchone()

    assert shops == [(1, "林记坚果")]
    assert again == (2,)
    assert restored == label
    assert (label.made_at, label.rows["shops"], label.rows["orders"]) == (NOW, 1, 0)


def test_it_comes_back_where_the_account_that_was_let_in_is_unknown(home: Path, tmp_path: Path) -> None:
    with OwnServer(home) as server, psycopg.connect(server.conninfo) as connection:
        connection.execute("create role bookkeeper")
        connection.execute("grant select on all tables in schema public to bookkeeper")
    label = backup(home, tmp_path / "backup", NOW)

    assert restore(tmp_path / "backup", tmp_path / "new") == label


def test_places_that_were_given_since_are_not_given_again(home: Path, tmp_path: Path) -> None:
    with OwnServer(home) as server, psycopg.connect(server.conninfo) as connection:
        connection.execute("insert into hook_places (shop_id, place) values (1, 5000)")
    backup(home, tmp_path / "backup", NOW)

    restore(tmp_path / "backup", tmp_path / "new")

    with OwnServer(tmp_path / "new") as server, psycopg.connect(server.conninfo) as connection:
        assert connection.execute("select place from hook_places").fetchall() == [(1_000_005_000,)]


def test_it_is_taken_while_the_data_are_in_use(home: Path, tmp_path: Path) -> None:
    with OwnServer(home) as server, psycopg.connect(server.conninfo) as connection:
        connection.execute("insert into shops (name, made_at) values ('未定', '2025-01-01 00:00+00')")

        label = backup(home, tmp_path / "backup", NOW)

    assert label.rows["shops"] == 1


@pytest.mark.parametrize("is_begun", [False, True], ids=["no home", "a server without data"])
def test_nothing_is_no_backup(tmp_path: Path, *, is_begun: bool) -> None:
    home = tmp_path / "elsewhere"
    if is_begun:
        with OwnServer(home):
            pass

    with pytest.raises(NoBackup, match=r"nothing to back up in .*elsewhere"):
        backup(home, tmp_path / "backup", NOW)

    assert not (tmp_path / "backup").exists()
    assert home.exists() == is_begun


def test_a_damaged_backup_is_refused(home: Path, tmp_path: Path) -> None:
    backup(home, tmp_path / "backup", NOW)
    with (tmp_path / "backup" / "database.dump").open("r+b") as dump:
        dump.seek(200)
        dump.write(b"\0\0\0\0")

    with pytest.raises(NoBackup, match="damaged"):
        restore(tmp_path / "backup", tmp_path / "new")

    assert not (tmp_path / "new").exists()


def test_it_is_not_put_over_data_that_exist(home: Path, tmp_path: Path) -> None:
    backup(home, tmp_path / "backup", NOW)

    with pytest.raises(NoBackup, match="already holds data"):
        restore(tmp_path / "backup", home)


def test_it_does_not_overwrite_a_folder_in_use(home: Path, tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "letter.txt").write_text("dear", "utf-8")

    with pytest.raises(NoBackup, match="not empty"):
        backup(home, tmp_path / "papers", NOW)

    assert [path.name for path in (tmp_path / "papers").iterdir()] == ["letter.txt"]


def test_a_folder_without_a_backup_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoBackup, match=str(tmp_path)):
        read_label(tmp_path)
