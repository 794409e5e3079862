"""Backups without anybody asking: made at night, put back on trial, the oldest let go; of the embedded database and of another one."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import NoReturn

import msgspec
import psycopg
import pytest

from tests.cast import Cast
from tests.running.struck import short_home
from zhanggui import clock, rulebook
from zhanggui.actions.alerting.seeing import alerts_seen
from zhanggui.actions.backups import (
    FOLDER,
    HOUR,
    KEEP,
    VERIFIED,
    BackupPlan,
    NoPlace,
    Verified,
    backup_plan,
    is_kept,
    keep_backups,
    kept_backups,
    newest_backup,
)
from zhanggui.actions.house import House
from zhanggui.actions.timetable import TIMETABLE, chores_of_somebody
from zhanggui.cli.production import data_findings
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.say import say
from zhanggui.records.chores import ChoreState
from zhanggui.records.db import open_pool
from zhanggui.records.migrate import MigrationRefused, migrate
from zhanggui.server import Label, OwnServer, backup_of, restore
from zhanggui.server.backups import DUMP, LABEL, NoBackup
from zhanggui.server.trouble import DiskFull, ServerTrouble, disk_full
from zhanggui.site.settings import Settings
from zhanggui.worker.loop import Worker

NIGHT = datetime(2026, 11, 21, 19, 30, tzinfo=UTC)
"""3:30 in Shanghai."""
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def kept_house() -> Iterator[House]:
    """A house with one shop in a database of its own, with the settings a real one has."""
    with short_home() as home, OwnServer(home) as server:
        migrate(server.conninfo)
        with open_pool(server.conninfo, max_size=2) as pool:
            with pool.connection() as tx:
                tx.execute("insert into shops (name, made_at) values ('林记坚果', '2025-01-01 00:00+00')")
            yield House(pool=pool, home=home, rulebook=rulebook.load())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for backups, named in the environment."""
    monkeypatch.setenv(FOLDER, str(tmp_path / "backups"))
    monkeypatch.setenv(KEEP, "3")
    return tmp_path / "backups"


def made(folder: Path, at: datetime, *, is_proven: bool = True) -> Path:
    """Something that looks like a backup of that moment."""
    backup = folder / f"zhanggui-{at:%Y%m%d-%H%M%S}"
    backup.mkdir(parents=True)
    (backup / DUMP).write_bytes(b"")
    (backup / LABEL).write_bytes(msgspec.json.encode(Label(at, "18.6", "", {})))
    if is_proven:
        (backup / VERIFIED).write_bytes(msgspec.json.encode(Verified(at, 0, 0.1)))
    return backup


def test_it_makes_one_a_night_and_sees_that_it_comes_back(kept_house: House, folder: Path) -> None:
    keep_backups(kept_house, NIGHT, NIGHT)
    keep_backups(kept_house, NIGHT, NIGHT + timedelta(hours=2))
    (first,) = kept_backups(folder, NIGHT + DAY)
    keep_backups(kept_house, NIGHT, NIGHT + DAY)
    both = kept_backups(folder, NIGHT + DAY)

    verified = msgspec.json.decode((first.folder / VERIFIED).read_bytes(), type=Verified)
    durable = {finding.check: finding.ok for finding in data_findings(kept_house, Settings(home=kept_house.home, backups=folder), NIGHT + DAY)}
    assert [kept.made_at for kept in both] == [NIGHT + DAY, NIGHT]
    assert all(kept.verified_at is not None for kept in both)
    assert verified.rows > 0
    assert verified.steps == (), "nothing was left to bring up to date"
    assert sorted(path.name for path in folder.iterdir()) == ["zhanggui-20261121-193000", "zhanggui-20261122-193000"], "nothing half made is left"
    assert durable == {"accounts": True, "durability": True, "sorting": True, "last backup": True}


def test_on_a_disk_without_rights_or_sockets_the_trial_takes_place_at_home(kept_house: House, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    founded: list[Path] = []

    def own_server(home: Path) -> OwnServer:
        founded.append(home.parent)
        return OwnServer(home)

    monkeypatch.setattr("zhanggui.server.backups.can_hold", lambda place: place != folder)
    monkeypatch.setattr("zhanggui.server.backups.OwnServer", own_server)
    (kept_house.home / ".trying-cut-off").mkdir()
    os.utime(kept_house.home / ".trying-cut-off", (0, 0))

    keep_backups(kept_house, NIGHT, NIGHT)

    (kept,) = kept_backups(folder, NIGHT)
    assert founded == [kept_house.home]
    assert kept.verified_at == NIGHT
    assert not list(kept_house.home.glob(".trying-*")), "nor what an earlier night left there"


@pytest.mark.parametrize("holds", [True, False])
def test_no_trial_is_begun_that_could_take_the_room_from_the_data(kept_house: House, folder: Path, monkeypatch: pytest.MonkeyPatch, holds: bool) -> None:
    monkeypatch.setattr("zhanggui.server.backups.can_hold", lambda _: holds)
    monkeypatch.setattr("zhanggui.server.backups.shutil.disk_usage", lambda _: SimpleNamespace(free=1 << 20))

    with pytest.raises(DiskFull, match="no room to try the backup out"):
        keep_backups(kept_house, NIGHT, NIGHT)

    (kept,) = kept_backups(folder, NIGHT)
    assert (kept.verified_at, kept.failing_since) == (None, None), "neither proven nor damaged"
    with (kept.folder / DUMP).open("r+b") as dump:
        dump.write(b"\0\0\0\0")
    with pytest.raises(NoBackup, match="damaged"):
        keep_backups(kept_house, NIGHT, NIGHT)


def test_a_damaged_one_is_told_and_the_last_good_one_is_never_let_go(kept_house: House, folder: Path) -> None:
    good = made(folder, NIGHT - 9 * DAY)
    for nights in range(1, 6):
        made(folder, NIGHT - nights * DAY, is_proven=False)
    target = folder / f"zhanggui-{NIGHT:%Y%m%d-%H%M%S}"
    backup_of(kept_house.pool.conninfo, kept_house.home, target, NIGHT)  # type: ignore[arg-type]  # this pool's is a text
    with (target / DUMP).open("r+b") as dump:
        dump.seek(200)
        dump.write(b"\0\0\0\0")

    with pytest.raises(NoBackup, match="damaged"):
        keep_backups(kept_house, NIGHT, NIGHT)
    shutil.rmtree(target)
    (made(folder, NIGHT, is_proven=False) / DUMP).write_bytes(b"not to be read")
    with pytest.raises(NoBackup):
        keep_backups(kept_house, NIGHT, NIGHT)
    waiting = [kept.folder for kept in kept_backups(folder, NIGHT)]
    made_good = msgspec.json.encode(Verified(NIGHT, 0, 0.1))
    (waiting[0] / VERIFIED).write_bytes(made_good)
    keep_backups(kept_house, NIGHT, NIGHT)

    assert good in waiting, "while nothing newer has come back, it stays"
    assert [kept.folder for kept in kept_backups(folder, NIGHT)] == waiting[:3]


def test_in_the_place_of_one_that_does_not_come_back_another_is_made_the_same_night(kept_house: House, folder: Path) -> None:
    good, damaged = made(folder, NIGHT - DAY), made(folder, NIGHT, is_proven=False)
    with pytest.raises(NoBackup):
        keep_backups(kept_house, NIGHT, NIGHT + timedelta(minutes=10))
    tried_again = [kept.folder for kept in kept_backups(folder, NIGHT)]

    later = NIGHT + timedelta(minutes=70)
    keep_backups(kept_house, NIGHT, later)

    first, second = kept_backups(folder, later)
    assert tried_again == [damaged, good]
    assert (first.made_at, first.verified_at, second.folder) == (later, later, good)


def test_one_other_is_made_a_night_while_none_comes_back(kept_house: House, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = stumbling_trials(monkeypatch, NoBackup(say("It does not come back.")))
    stood = []
    for minutes in range(0, 200, 10):
        with pytest.raises(NoBackup):
            keep_backups(kept_house, NIGHT, NIGHT + timedelta(minutes=minutes))
        stood.append([kept.made_at for kept in kept_backups(folder, NIGHT + timedelta(minutes=minutes))])
    with pytest.raises(NoBackup):
        keep_backups(kept_house, NIGHT, NIGHT + DAY)

    second = NIGHT + timedelta(hours=1)
    assert (stood[:6], stood[6:]) == ([[NIGHT]] * 6, [[second]] * 14)
    assert [kept.made_at for kept in kept_backups(folder, NIGHT + DAY)] == [NIGHT + DAY, second]
    assert len(tried) == 21


@pytest.mark.parametrize("trouble", [disk_full(Path()), MigrationRefused(say("This step is refused."))])
def test_none_is_made_anew_where_the_trial_fails_for_another_reason(
    kept_house: House, folder: Path, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    stumbling_trials(monkeypatch, trouble)
    for minutes in range(0, 200, 10):
        with pytest.raises(type(trouble)):
            keep_backups(kept_house, NIGHT, NIGHT + timedelta(minutes=minutes))

    assert [kept.made_at for kept in kept_backups(folder, NIGHT + DAY)] == [NIGHT]


def stumbling_trials(monkeypatch: pytest.MonkeyPatch, trouble: Exception) -> list[Path]:
    """Lets every trial end in this trouble; what is tried."""
    tried: list[Path] = []

    def tries(folder: Path, _home: Path, _room: int) -> NoReturn:
        tried.append(folder)
        raise trouble

    monkeypatch.setattr("zhanggui.actions.backups.tried_out", tries)
    return tried


def test_what_somebody_makes_or_tries_there_by_hand_is_left_alone(kept_house: House, folder: Path) -> None:
    old = (NIGHT - timedelta(hours=4)).timestamp()
    names = (".before the move.making-17", ".trying-now", ".trying-old", f".zhanggui-{NIGHT - DAY:%Y%m%d-%H%M%S}.making-17")
    for name in names:
        (folder / name).mkdir(parents=True)
        os.utime(folder / name, (NIGHT.timestamp(), NIGHT.timestamp()))
    os.utime(folder / ".trying-old", (old, old))

    keep_backups(kept_house, NIGHT, NIGHT)

    assert sorted(path.name for path in folder.iterdir() if path.name.startswith(".")) == [".before the move.making-17", ".trying-now"]


def test_while_none_comes_back_no_more_stay_than_are_kept_and_the_last_good_one(kept_house: House, folder: Path) -> None:
    good = made(folder, NIGHT - 9 * DAY)
    nights = [made(folder, NIGHT - nights * DAY, is_proven=False) for nights in range(6)]

    with pytest.raises(NoBackup):
        keep_backups(kept_house, NIGHT, NIGHT)

    assert [kept.folder for kept in kept_backups(folder, NIGHT)] == [*nights[:3], good]


def test_what_a_wrong_clock_has_put_into_the_future_hides_no_other(folder: Path, house: House) -> None:
    future, today = made(folder, NIGHT + 300 * DAY), made(folder, NIGHT)

    found = kept_backups(folder, NIGHT + timedelta(minutes=1))
    newest = newest_backup(house, NIGHT + timedelta(minutes=1))

    assert [kept.folder for kept in found] == [today, future]
    assert newest is not None
    assert newest.folder == today


def test_a_folder_that_cannot_be_used_is_told(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv(FOLDER, str(tmp_path / "file" / "backups"))

    with pytest.raises(NoPlace, match="cannot be used"):
        keep_backups(house, NIGHT, NIGHT)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="has no folder that is there and takes no files, whoever asks")
def test_a_folder_that_takes_no_files_is_told_as_that(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER, "/proc")

    with pytest.raises(NoPlace, match="/proc cannot be used"):
        keep_backups(house, NIGHT, NIGHT)


def test_a_process_that_was_told_no_folder_leaves_the_chore_to_the_others(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FOLDER, raising=False)
    (chore,) = [each for each in TIMETABLE if each.name == "keep_backups"]
    done: list[str] = []
    counted = msgspec.structs.replace(chore, apart=False, do=lambda *_: done.append("done"))
    Worker(house, [counted], lanes=()).tick(NIGHT)
    before = list(done)
    monkeypatch.setenv(FOLDER, str(tmp_path))

    Worker(house, [counted], lanes=()).tick(NIGHT)

    assert (before, done) == ([], ["done"])


def test_a_chore_that_nobody_was_told_how_to_do_is_none_that_waits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(FOLDER, raising=False)
    lately, long_ago = (ChoreState("keep_backups", NIGHT - ago, 0, None, None) for ago in (timedelta(hours=2), 8 * DAY))
    failed = ChoreState("keep_backups", NIGHT - 8 * DAY, 3, None, None)

    told = [{}, *({"keep_backups": each} for each in (lately, long_ago, failed))]
    shown = ["keep_backups" in {each.name for each in chores_of_somebody(done, NIGHT)} for done in told]
    monkeypatch.setenv(FOLDER, str(tmp_path))

    assert shown == [False, True, False, True]
    assert "keep_backups" in {each.name for each in chores_of_somebody({}, NIGHT)}


def test_one_that_fails_rings_every_night_until_one_is_made_and_shows_on_health(
    house: House, people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "file" / "backups"
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv(FOLDER, str(folder))
    with house.pool.connection() as tx:
        tx.execute("update people set is_keeper = true where person_id = %s", (people.lin.person_id,))
    well, seen = [], []

    for at in (NIGHT, NIGHT + timedelta(minutes=10), NIGHT + DAY):
        with pytest.raises(NoPlace):
            keep_backups(house, at, at)
        well.append(is_kept(house, at))
        seen.append(alerts_seen(house, people.lin, at).alerts)
    (tmp_path / "file").unlink()
    made(folder, NIGHT + DAY)
    keep_backups(house, NIGHT + DAY, NIGHT + DAY)

    (first,), (again,), (tomorrow,) = seen
    assert (first.kind, first.raised_at, again.raised_at, tomorrow.raised_at) == (DeadlineKind.MEND_BACKUP, NIGHT, NIGHT, NIGHT + DAY)
    assert alerts_seen(house, people.zheng, NIGHT).alerts == (), "nobody of another shop, who could do nothing"
    assert (well, is_kept(house, NIGHT + DAY)) == ([False] * 3, True)
    assert alerts_seen(house, people.lin, NIGHT + DAY).alerts == ()


def test_without_a_folder_nobody_makes_any(house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(FOLDER, raising=False)

    keep_backups(house, NIGHT, NIGHT)

    assert backup_plan() is None
    assert list(tmp_path.rglob("zhanggui-*")) == []


def test_the_environment_says_where_how_many_and_when(tmp_path: Path) -> None:
    plan = backup_plan({FOLDER: str(tmp_path), KEEP: "30", HOUR: "0"})

    assert plan == BackupPlan(tmp_path.resolve(), 30, 0)


def test_it_is_done_apart_so_that_no_other_chore_waits_for_it() -> None:
    assert [chore.name for chore in TIMETABLE if chore.apart] == ["keep_backups"]


def test_a_database_of_somebody_elses_is_backed_up_and_put_back_into_another_one(kept_house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    conninfo = str(kept_house.pool.conninfo)
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("create database another")
    external = psycopg.conninfo.make_conninfo(conninfo, dbname="another")
    (tmp_path / "a home" / "certificates").mkdir(parents=True)
    (tmp_path / "a home" / "certificates" / "authority.key").write_text("secret")
    label = backup_of(conninfo, tmp_path / "a home", tmp_path / "backup", clock.unwound())
    monkeypatch.setenv("DATABASE_URL", external)

    restored = restore(tmp_path / "backup", tmp_path / "new home")
    with psycopg.connect(external) as connection:
        shops = connection.execute("select name from shops").fetchall()
    with pytest.raises(ServerTrouble, match="already holds data"):
        restore(tmp_path / "backup", tmp_path / "new home")

    assert restored == label
    assert shops == [("林记坚果",)]
    assert (tmp_path / "new home" / "certificates" / "authority.key").read_text() == "secret"
    assert not (tmp_path / "new home" / "server").exists(), "no server of one's own was started"
