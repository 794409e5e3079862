"""Where the server's things lie in a home folder, and how programs reach it."""

import os
import secrets
import shutil
import socket
import stat
import sys
import tempfile
from pathlib import Path

import msgspec

from zhanggui.core.say import say
from zhanggui.server.account import Account, lent_account
from zhanggui.server.trouble import NO_ROOM, BelongsToAnother, NotReachable

DATABASE, USER = "zhanggui", "zhanggui"
_SOCKET = ".s.PGSQL.5432.lock"
_OF_HOME = "home"
"""The file in a folder outside home that says whose it is."""
_LONGEST_SOCKET = 103 if sys.platform != "linux" else 107
HAS_SOCKETS = sys.platform != "win32"


class Door(msgspec.Struct, frozen=True):
    """How the server is reached: a socket folder (relative to the server's folder, or absolute), or a port of the loopback."""

    sockets: str | None = None
    port: int = 5432
    shelf: str | None = None
    """A folder outside home for programs that the lent account could not reach in it; made for one run, removed with it."""


class Places(msgspec.Struct, frozen=True):
    """The folders of one home's server, and the account it runs under."""

    home: Path
    account: Account | None

    @property
    def folder(self) -> Path:
        """All that belongs to the server."""
        return self.home / "server"

    @property
    def cluster(self) -> Path:
        """The data: a plain cluster that any PostgreSQL of its major version opens."""
        return self.folder / "cluster"

    @property
    def run(self) -> Path:
        """Where the socket lies, unless its path would be too long."""
        return self.folder / "run"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.folder / "log"

    @property
    def needs_lending(self) -> bool:
        """Whether the account cannot walk to the data, so that open folders have to be handed to it."""
        return self.account is not None and not self.account.can_enter(self.folder)


def places_of(home: Path) -> Places:
    """The places of a home's server, its folders made. Raises BelongsToAnother, NotReachable."""
    home = home.resolve()
    folder = home / "server"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        places = Places(home, lent_account(folder / "cluster"))
        places.run.mkdir(exist_ok=True)
        if places.account:
            places.account.take(places.run)
        if HAS_SOCKETS:
            places.run.chmod(0o700)
    except PermissionError as problem:
        raise _of_another(folder) from problem
    except OSError as problem:
        if problem.errno in NO_ROOM:
            raise
        raise NotReachable(
            say("The folder {folder} cannot be used: {problem}. Choose another home folder with --home.", folder=str(folder), problem=problem.strerror)
        ) from problem
    if not _may_write(folder) or (places.account is None and places.cluster.exists() and not _may_write(places.cluster)):
        raise _of_another(folder)
    if places.account and places.needs_lending and sys.platform != "linux":
        raise NotReachable(
            say(
                "PostgreSQL does not run as root, and the account {account} it gets instead may not enter {folder}. Choose another home folder with --home.",
                account=places.account.name,
                folder=str(folder),
            )
        )
    return places


def can_hold(folder: Path) -> bool:
    """Whether the file system of this folder knows rights and sockets, as a server needs them: most sticks and network shares do not.

    Raises OSError where it has no room even to look.
    """
    if not HAS_SOCKETS:
        return True
    try:
        with tempfile.TemporaryDirectory(prefix=".holds-", dir=folder) as made:
            place = Path(made)
            place.chmod(0o750)
            if account := lent_account(place / "cluster"):
                account.take(place)
            return stat.S_IMODE(place.stat().st_mode) == 0o750 and _takes_socket(place)
    except OSError as problem:
        if problem.errno in NO_ROOM:
            raise
        return False


def _takes_socket(folder: Path) -> bool:
    path = folder / "s"
    if len(os.fsencode(path)) > _LONGEST_SOCKET:
        return True  # the server's own would lie on a shelf elsewhere
    if sys.platform != "win32":
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(path))
    return True


def _of_another(folder: Path) -> BelongsToAnother:
    return BelongsToAnother(say("The data in {home} belong to another account of this machine. Start as the account that made them.", home=str(folder)))


def _may_write(folder: Path) -> bool:
    return os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def open_door(places: Places, last: Door | None, *, shelve_programs: bool = False) -> Door:
    """The way in for the next run: the same as last time where that still stands, so that what programs were told stays true."""
    too_long = HAS_SOCKETS and len(os.fsencode(places.run / _SOCKET)) > _LONGEST_SOCKET
    shelf = _shelf(places, last) if too_long or shelve_programs else None
    if not HAS_SOCKETS:
        return Door(port=last.port if last and last.sockets is None else _free_port(), shelf=shelf)
    return Door(sockets=f"{shelf}/run" if too_long else "run", shelf=shelf)


def conninfo(places_folder: Path, door: Door, dbname: str = DATABASE) -> str:
    """What a program needs to connect."""
    if door.sockets is not None:
        return f"host='{_escaped(places_folder / door.sockets)}' port={door.port} user={USER} dbname={dbname}"
    return f"host=127.0.0.1 port={door.port} user={USER} dbname={dbname} password={password(places_folder)}"


def password(folder: Path) -> str:
    """The password for connections over the loopback: random, readable by the owner of the home only."""
    path = folder / "password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(24), "ascii")
    return path.read_text("ascii")


def read_door(folder: Path) -> Door | None:
    """How the server of this folder is reached, as its starter wrote it down."""
    try:
        return msgspec.json.decode((folder / "door.json").read_bytes(), type=Door)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def write_door(folder: Path, door: Door) -> None:
    """Write down how the server is reached, whole or not at all."""
    half_written = folder / f"door.{os.getpid()}"
    half_written.write_bytes(msgspec.json.encode(door))
    half_written.replace(folder / "door.json")


def _shelf(places: Places, last: Door | None) -> str:
    """The folder outside home: that of the last run where it still stands, else a new one."""
    return last.shelf if last and last.shelf and _is_ours(Path(last.shelf), places) else str(_make_shelf(places))


def _make_shelf(places: Places) -> Path:
    """A short folder of our own outside home, that the account can enter and nobody else can write."""
    for parent in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108 - mkdtemp makes a name nobody can foresee
        if places.account and not places.account.can_enter(Path(parent)):
            continue
        shelf = Path(tempfile.mkdtemp(prefix="zhanggui-", dir=parent))
        shelf.chmod(0o711 if places.account else 0o700)
        (shelf / _OF_HOME).write_text(str(places.folder), "utf-8")
        (shelf / "run").mkdir(mode=0o700)
        if places.account:
            places.account.take(shelf / "run")
        return shelf
    raise NotReachable(say("No temporary folder can be entered by the account {account}.", account=places.account.name if places.account else ""))


def remove_shelf(places: Places, door: Door | None) -> None:
    """Remove what was made outside home for a run that has ended."""
    if door and door.shelf and _is_ours(Path(door.shelf), places):
        shutil.rmtree(door.shelf, ignore_errors=True)


def _is_ours(shelf: Path, places: Places) -> bool:
    """Whether it is a folder of our own that was made for this very home: a copied home names the one that the original still uses."""
    try:
        found = shelf.lstat()
        if (shelf / _OF_HOME).read_text("utf-8") != str(places.folder):
            return False
    except OSError:
        return False
    if sys.platform == "win32":
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & 0o022 and shelf.name.startswith("zhanggui-") and (shelf / "run").is_dir()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _escaped(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace("'", "\\'")
