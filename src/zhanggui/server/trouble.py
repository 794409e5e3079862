"""What can go wrong with the embedded server, each with a sentence that says what happened and what to do."""

import errno
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from zhanggui.core.say import Say, say


class ServerTrouble(Exception):
    """The embedded server cannot serve; `say` tells why and what to do."""

    def __init__(self, sentence: Say) -> None:
        super().__init__(sentence.text.format(**sentence.slots))
        self.say = sentence


class NoBinaries(ServerTrouble):
    """No PostgreSQL was found where one should be."""


class OtherMajor(ServerTrouble):
    """The data were made by another major version of PostgreSQL."""


class DiskFull(ServerTrouble):
    """No room is left where the data live."""


class NotReachable(ServerTrouble):
    """The account the server runs under cannot enter the folder."""


class BelongsToAnother(ServerTrouble):
    """The data folder belongs to another account of this machine."""


class Damaged(ServerTrouble):
    """The data folder is not whole."""


class NotRunning(ServerTrouble):
    """Nobody has started the server of this home."""


class DoesNotAnswer(ServerTrouble):
    """The server that the user names is not there."""


class DidNotStart(ServerTrouble):
    """The server did not come up, for a reason only its log knows."""


NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_LEAST_BYTES = 1_000_000
_LITTLE_BYTES = 17_000_000  # less than a segment of the write-ahead log: the server itself cannot go on
_SIGNS_OF_A_FULL_DISK = ("No space left on device", "Disk quota exceeded", "There is not enough space on the disk")

# What the server says in its log, what it means, and what to tell the person. The first match wins.
_MEANINGS: tuple[tuple[tuple[str, ...], type[ServerTrouble], Callable[[str], Say]], ...] = (
    (
        ("database files are incompatible with server",),
        OtherMajor,
        lambda home: say(
            "The data in {home} do not fit this version of PostgreSQL. Start the version of Zhanggui that made them, take a backup there, and restore it here.",
            home=home,
        ),
    ),
    (
        ("could not locate a valid checkpoint record", "invalid checkpoint", 'could not open file "global/pg_control"', "is not a valid data directory"),
        Damaged,
        lambda home: say(
            "The data folder in {home} is damaged and cannot be opened. Keep it as it is, and restore the newest backup into a new home folder.",
            home=home,
        ),
    ),
    (
        ("has wrong ownership", "could not access directory", "Permission denied"),
        BelongsToAnother,
        lambda home: say("The data in {home} belong to another account of this machine. Start as the account that made them.", home=home),
    ),
)


def trouble_in(log: str, home: Path) -> ServerTrouble:
    """The typed trouble that a piece of the server's log speaks of."""
    if any(sign in log for sign in _SIGNS_OF_A_FULL_DISK) or _free(home) < _LEAST_BYTES:
        return disk_full(home)  # then even the log may have no room to say so
    for signs, kind, meaning in _MEANINGS:
        if any(sign in log for sign in signs):
            return kind(meaning(str(home)))
    return DidNotStart(
        say(
            "The database in {home} did not start. Its last words: {words}. The whole log is {log}.",
            home=str(home),
            words=_last_words(log),
            log=str(home / "server" / "log"),
        )
    )


class LostMidway(ServerTrouble):
    """The server went away while it was worked with."""


def trouble_behind(problem: psycopg.OperationalError, home: Path) -> ServerTrouble:
    """What a failing statement says of the state of the house: a full disk, or a server that went away."""
    if isinstance(problem, psycopg.errors.DiskFull) or _free(home) < _LITTLE_BYTES:
        return disk_full(home)
    return LostMidway(say("The database went away in the middle of the work. Nothing was done by halves; please try again."))


@contextmanager
def full_disk_named(home: Path) -> Iterator[None]:
    """Turn the system's own word for a full disk into ours."""
    try:
        yield
    except OSError as problem:
        if problem.errno in NO_ROOM:
            raise disk_full(home) from problem
        raise


def disk_full(home: Path) -> DiskFull:
    """The trouble of a disk without room."""
    return DiskFull(
        say("The disk that holds {home} is full. Free some space and start again; everything that was confirmed before is still there.", home=str(home))
    )


def _free(home: Path) -> int:
    there = next(folder for folder in (home, *home.resolve().parents) if folder.exists())
    return shutil.disk_usage(there).free


def _last_words(log: str) -> str:
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    told = [line for line in lines if "FATAL" in line or "PANIC" in line or "ERROR" in line or "error" in line]
    return (told or lines or ["(none)"])[-1]
