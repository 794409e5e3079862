"""Backups: the whole database in one file, checked, and put back into an empty home.

A backup is a dump in PostgreSQL's own archive format, so that it can be restored into a later major version too, and by hand with pg_restore. Beside it
stands what was counted in the same snapshot; a restore is checked against that.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from zhanggui.core.say import Say, say
from zhanggui.server.binaries import find_binaries, plain_environment
from zhanggui.server.places import can_hold
from zhanggui.server.running import OwnServer, embedded, is_made
from zhanggui.server.trouble import DiskFull, ServerTrouble, disk_full, full_disk_named

DUMP, LABEL, TRYING = "database.dump", "label.json", ".trying-"
_HOME_FILES = ("settings.toml", "platform-limits.toml", "prices.toml", "slips.toml", "certificates")
"""What else of a home is needed to go on: what the owner wrote there, and the certificate that phones already trust."""
_OTHER_VERSION = "server version mismatch"

TABLES = "select tablename from pg_tables where schemaname = 'public' order by tablename"
PLACES = "hook_places"
GO_ON_BEYOND = "update hook_places set place = place + 1000000000"


class NoBackup(ServerTrouble):
    """The backup cannot be made, or is not one."""


class Label(msgspec.Struct, frozen=True):
    """What a backup says of itself: when it was made, by which PostgreSQL, its digest, and the rows of each table."""

    made_at: datetime
    postgres: str
    digest: str
    rows: Mapping[str, int]


def backup(home: Path, to: Path, now: datetime) -> Label:
    """Back the data of a home up into a new folder, while it is in use. Raises ServerTrouble."""
    if to.exists() and any(to.iterdir()):
        raise NoBackup(say("The folder {to} is not empty. Name a new one for the backup.", to=str(to)))

    if not is_made(home):
        raise NoBackup(_nothing_in(home))
    with full_disk_named(to.parent), embedded(home) as conninfo:
        with psycopg.connect(conninfo) as connection:
            if not connection.execute(TABLES).fetchone():
                raise NoBackup(_nothing_in(home))
        return _backup(conninfo, home, to, now)


def _nothing_in(home: Path) -> Say:
    return say(
        "There is nothing to back up in {home}. Name the folder of the data with --home, or their database in DATABASE_URL, as they are named when the house "
        "is started.",
        home=str(home),
    )


def backup_of(conninfo: str, home: Path, to: Path, now: datetime) -> Label:
    """Back up what is reached this way, be it the home's own server or another, into a folder that is not there yet. Raises ServerTrouble."""
    with full_disk_named(to.parent):
        return _backup(conninfo, home, to, now)


def _backup(conninfo: str, home: Path, to: Path, now: datetime) -> Label:
    making = to.with_name(f".{to.name}.making-{os.getpid()}")
    making.mkdir(parents=True, mode=0o700)
    try:
        label = _dump(conninfo, making / DUMP, now)
        for name in _HOME_FILES:
            _copy(home / name, making / name)
        (making / LABEL).write_bytes(msgspec.json.format(msgspec.json.encode(label)))
        if to.exists():
            to.rmdir()
        making.rename(to)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return label


def restore(backup_folder: Path, home: Path) -> Label:
    """Put a backup into a home that holds no data yet, and check that every table has the rows it had. Raises ServerTrouble."""
    label = read_label(backup_folder)
    with embedded(home) as conninfo:
        with psycopg.connect(conninfo) as connection:
            if connection.execute(TABLES).fetchone():
                raise NoBackup(say("The home {home} already holds data. Restore into a new one.", home=str(home)))
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        _put_back(backup_folder, label, conninfo, home)
        if PLACES in label.rows:
            with psycopg.connect(conninfo) as connection:
                leave_places_given(connection)
    for name in _HOME_FILES:
        _copy(backup_folder / name, home / name)
    return label


def leave_places_given(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Has the events of every shop go on far beyond the places that were given since these data were written: programs know those already."""
    connection.execute(GO_ON_BEYOND)


@contextmanager
def tried_out(backup_folder: Path, home: Path, room: int) -> Iterator[tuple[Label, str]]:
    """Put a backup back into a throw-away server and check every table; gives its label and how to reach that server. Raises ServerTrouble.

    The server lies beside the backup; in the home where the disk of the backup cannot hold one, as sticks and network shares. On the disk of the home
    nothing is begun that could take the room from the data themselves: `room` bytes have to be free.
    """
    label = read_label(backup_folder)
    with full_disk_named(backup_folder.parent):
        place = backup_folder.parent if can_hold(backup_folder.parent) else home
    if place.stat().st_dev == home.stat().st_dev and (free := shutil.disk_usage(place).free) < room:
        raise _no_room_to_try(place, room, free)
    with full_disk_named(place), TemporaryDirectory(prefix=TRYING, dir=place, ignore_cleanup_errors=True) as folder, OwnServer(Path(folder)) as server:
        _put_back(backup_folder, label, server.conninfo, Path(folder))
        yield label, server.conninfo


def _no_room_to_try(place: Path, room: int, free: int) -> DiskFull:
    return DiskFull(
        say(
            "There is no room to try the backup out: on the disk of {place} {needed} MB are needed, {free} MB are free. Free some space there, or name a "
            "folder on another disk that knows rights and sockets (ext4, xfs, APFS) in ZHANGGUI_BACKUPS.",
            place=str(place),
            needed=room >> 20,
            free=free >> 20,
        )
    )


def _put_back(backup_folder: Path, label: Label, conninfo: str, home: Path) -> None:
    _run("pg_restore", ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(backup_folder / DUMP)], conninfo, home)
    with psycopg.connect(conninfo) as connection:
        rows = _count(connection)
    if rows != dict(label.rows):
        raise NoBackup(say("The restored data do not have the rows the backup was made with. Keep the backup, and try again into a new home."))


def label_of(backup_folder: Path) -> Label | None:
    """What a backup says of itself, unchecked; None where there is none."""
    try:
        return msgspec.json.decode((backup_folder / LABEL).read_bytes(), type=Label)
    except (OSError, msgspec.DecodeError):
        return None


def read_label(backup_folder: Path) -> Label:
    """What a backup says of itself, after checking that its dump is whole. Raises NoBackup."""
    try:
        label = msgspec.json.decode((backup_folder / LABEL).read_bytes(), type=Label)
        digest = _digest(backup_folder / DUMP)
    except (OSError, msgspec.DecodeError) as problem:
        raise NoBackup(say("There is no backup in {folder}.", folder=str(backup_folder))) from problem
    if digest != label.digest:
        raise NoBackup(say("The backup in {folder} is damaged: it is not what was written. Use an older one.", folder=str(backup_folder)))
    return label


def _dump(conninfo: str, file: Path, now: datetime) -> Label:
    """Dump and count in one snapshot, so that the counts are those of the dump."""
    with psycopg.connect(conninfo) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot = connection.execute("select pg_export_snapshot()").fetchone()
        assert snapshot is not None
        _run("pg_dump", ["--format=custom", "--no-privileges", f"--snapshot={snapshot[0]}", f"--file={file}"], conninfo, file.parent)
        rows = _count(connection)
        version = connection.info.server_version
    return Label(made_at=now, postgres=f"{version // 10000}.{version % 10000}", digest=_digest(file), rows=rows)


def _count(connection: psycopg.Connection[tuple[object, ...]]) -> dict[str, int]:
    names = [str(row[0]) for row in connection.execute(TABLES)]
    counted = {}
    for name in names:
        row = connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier("public", name))).fetchone()
        counted[name] = int(str(row[0])) if row else 0
    return counted


def _run(program: str, arguments: list[str], conninfo: str, folder: Path) -> None:
    binaries = find_binaries()
    if not binaries.has(program):
        raise NoBackup(say("The PostgreSQL in {folder} came without {program}.", folder=str(binaries.folder), program=program))
    # the password goes by the environment: a command line can be read by everybody on the machine
    parts = conninfo_to_dict(conninfo)
    environment = {**plain_environment(), "PGPASSWORD": str(parts.pop("password", None) or "")}
    line = [binaries.program(program), f"--dbname={make_conninfo('', **parts)}", *arguments]
    done = subprocess.run(line, check=False, capture_output=True, text=True, env=environment)
    if done.returncode == 0:
        return
    if "No space left" in done.stderr:
        raise disk_full(folder)
    if _OTHER_VERSION in done.stderr:
        raise NoBackup(
            say(
                "The database that DATABASE_URL names is newer than the programs that came along ({brings}). Name the programs of its version in "
                "ZHANGGUI_PG_BIN.",
                brings=binaries.version,
            )
        )
    raise NoBackup(say("{program} could not do its work: {words}", program=program, words=(done.stderr.strip().splitlines() or ["(no word)"])[-1]))


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _copy(source: Path, target: Path) -> None:
    """For this account alone where the disk knows such rights, whatever the source's are: keys are among them, and a stick has none to hand on."""
    if source.is_dir():
        target.mkdir(exist_ok=True, mode=0o700)
        for each in source.iterdir():
            _copy(each, target / each.name)
    elif source.exists():
        target.touch(mode=0o600)
        shutil.copyfile(source, target)
