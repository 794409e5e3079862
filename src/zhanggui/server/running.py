"""A running server for as long as somebody needs it: started by the first, joined by the others, ended after the last."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

from zhanggui.core.say import say
from zhanggui.server import keeper
from zhanggui.server.binaries import can_run, find_binaries, lend_to, plain_environment
from zhanggui.server.cluster import command, end_orphan, found
from zhanggui.server.keeper import ANOTHER_KEEPS, KEEPER, STARTING, USERS, Lock, is_held
from zhanggui.server.places import DATABASE, Door, Places, conninfo, open_door, places_of, read_door, remove_shelf, write_door
from zhanggui.server.trouble import DoesNotAnswer, NotRunning, ServerTrouble, full_disk_named, trouble_in

NAMED_BY = "DATABASE_URL"
_READY_SECONDS = 120.0
_WATCH_SECONDS = 0.5
_keepers_of_ours: dict[Path, list[subprocess.Popen[bytes]]] = {}
"""Keepers this process has started, by the server's folder, so that they are laid to rest when they end."""


@contextmanager
def embedded(home: Path) -> Iterator[str]:
    """Yield what is needed to connect to the data of this home: DATABASE_URL where it is given, else its own server, started or joined."""
    if given := os.environ.get(NAMED_BY):
        _must_answer(given)
        yield given
        return

    with OwnServer(home) as server:
        yield server.conninfo


def is_shared() -> bool:
    """Whether DATABASE_URL names the database, so that other homes may lie over it."""
    return bool(os.environ.get(NAMED_BY))


def _must_answer(given: str) -> None:
    try:
        psycopg.connect(given, connect_timeout=10).close()
    except psycopg.Error as problem:
        words = (str(problem).strip().splitlines() or ["(no word)"])[-1]
        raise DoesNotAnswer(say("The database that DATABASE_URL names does not answer: {words}", words=words)) from problem


def database_url(home: Path) -> str:
    """What is needed to connect to the data of this home, without starting anything. Raises NotRunning."""
    if given := os.environ.get(NAMED_BY):
        return given

    door = read_door(home.resolve() / "server")
    if door is None or not is_running(home):
        raise NotRunning(say("The database of {home} is not running. Start it with: zhanggui up", home=str(home)))
    return conninfo(home.resolve() / "server", door)


def is_made(home: Path) -> bool:
    """Whether there are data to reach at all: DATABASE_URL is given, or this home had a server of its own before."""
    return bool(os.environ.get(NAMED_BY)) or (home / "server" / "cluster").exists()


def is_running(home: Path) -> bool:
    """Whether somebody keeps a server for this home at this moment."""
    mark = home / "server" / KEEPER
    return mark.exists() and is_held(mark)


class OwnServer:
    """One user's hold on the server of a home. The server runs while at least one process holds it so."""

    def __init__(self, home: Path) -> None:
        with full_disk_named(home):
            self.places: Places = places_of(home)
        self.conninfo = ""
        self._hold: Lock | None = None
        self._left = threading.Event()
        self._watch = threading.Thread(target=self._watch_keeper, daemon=True, name="zhanggui-server-watch")

    def __enter__(self) -> Self:
        self._hold = Lock(self.places.folder / USERS)
        try:
            self._hold.take(shared=True)
            with full_disk_named(self.places.home):
                self.conninfo = _ensure_running(self.places)
        except BaseException:
            self._hold.release()
            raise
        self._watch.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        self._left.set()
        self._watch.join()
        if self._hold:
            self._hold.release()
        _wait_for_the_end(self.places)

    def _watch_keeper(self) -> None:
        """Start the server again should its keeper be killed while we need it."""
        while not self._left.wait(_WATCH_SECONDS):
            if is_held(self.places.folder / KEEPER):
                continue
            try:
                _ensure_running(self.places)
            except (ServerTrouble, OSError, psycopg.Error):
                continue  # such as a full disk, or a server killed again at once: the next round may find it otherwise


def _ensure_running(places: Places) -> str:
    """The conninfo of the server, started if nobody keeps one. Only one process starts at a time."""
    gate = Lock(places.folder / STARTING)
    gate.take(shared=False)
    try:
        while not (reached := _join(places) or _start(places)):
            continue
        return reached
    finally:
        gate.release()


def _join(places: Places) -> str | None:
    """The conninfo of a server that is kept already, or None where none is, or its keeper ends before it answers."""
    since, patience = _size(places.log), time.monotonic() + _READY_SECONDS
    while is_held(places.folder / KEEPER):
        door = read_door(places.folder) or Door(sockets="run")
        if _is_ready(places, door):
            _make_database(places, door)  # its starter may have been killed before it came to this
            return conninfo(places.folder, door)
        if time.monotonic() > patience:
            raise trouble_in(_read_from(places.log, since), places.home)
        time.sleep(0.01)
    return None


def _start(places: Places) -> str | None:
    """The conninfo of a server started now, or None where another keeper was quicker: one whose starter was killed before it could be seen."""
    last = read_door(places.folder)
    binaries = find_binaries()
    programs_are_closed = places.account is not None and not can_run(places.account, binaries)
    door = open_door(places, last, shelve_programs=programs_are_closed and places.needs_lending)
    if last and last.shelf != door.shelf:
        remove_shelf(places, last)
    try:
        write_door(places.folder, door)
    except OSError:
        if not last or last.shelf != door.shelf:
            remove_shelf(places, door)  # nobody will know of it: the disk is full
        raise
    if places.account:
        binaries = lend_to(places.account, binaries, Path(door.shelf) if door.shelf else places.folder)
    end_orphan(places)
    found(places, binaries)
    since = _size(places.log)
    process = _spawn(places, door, *command(places, binaries, door), binaries.program("pg_ctl"))
    if not _comes_up(places, door, process, since=since):
        return None
    _make_database(places, door)
    return conninfo(places.folder, door)


def _spawn(places: Places, door: Door, line: list[str], lend: dict[str, str], pg_ctl: str) -> subprocess.Popen[bytes]:
    account = {"user": places.account.user, "group": places.account.group, "extra_groups": []} if places.account else {}
    plan = {
        "folder": str(places.folder),
        "cluster": str(places.cluster),
        "command": line,
        "stop_command": [pg_ctl, "stop", "-D", str(places.cluster), "-m", "fast"],
        "account": account,
        "lend": lend,
        "shelf": door.shelf,
    }
    with places.log.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-I", keeper.__file__, json.dumps(plan)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/" if sys.platform != "win32" else None,
            env=plain_environment(),
            start_new_session=True,
        )
    _keepers_of_ours.setdefault(places.folder, []).append(process)
    return process


def _comes_up(places: Places, door: Door, process: subprocess.Popen[bytes], *, since: int) -> bool:
    patience = time.monotonic() + _READY_SECONDS
    while not _is_ready(places, door):
        if process.poll() == ANOTHER_KEEPS:
            return False
        if process.poll() is not None or time.monotonic() > patience:
            raise trouble_in(_read_from(places.log, since), places.home)
        time.sleep(0.01)
    return True


def _is_ready(places: Places, door: Door) -> bool:
    try:
        psycopg.connect(conninfo(places.folder, door, "postgres"), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _make_database(places: Places, door: Door) -> None:
    with psycopg.connect(conninfo(places.folder, door, "postgres"), autocommit=True) as connection:
        if not connection.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone():
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))


def _wait_for_the_end(places: Places) -> None:
    """Wait until the server has stopped, unless others still use it."""
    while is_held(places.folder / KEEPER):
        if _is_used(places):
            _leave_to_others(places)
            return
        time.sleep(0.02)
    for process in _keepers_of_ours.pop(places.folder, []):
        process.wait()


def _is_used(places: Places) -> bool:
    """Whether somebody uses the server: the lock can be shared, but not had alone. Where it cannot even be shared, the keeper has it and is stopping."""
    if is_held(places.folder / USERS):
        return False
    alone = Lock(places.folder / USERS)
    try:
        return not alone.try_take(shared=False)
    finally:
        alone.release()


def _leave_to_others(places: Places) -> None:
    """The keeper serves on, also when we end; it is then nobody's to wait for."""
    for process in _keepers_of_ours.pop(places.folder, []):
        process.returncode = 0


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _read_from(log: Path, since: int) -> str:
    with log.open("rb") as file:
        file.seek(since if since <= _size(log) else 0)
        return file.read()[-20_000:].decode("utf-8", "replace")
