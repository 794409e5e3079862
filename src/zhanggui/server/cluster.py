"""The data folder: founded once, checked at every start, and freed from what a killed server left behind."""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from zhanggui.core.say import say
from zhanggui.server.binaries import Binaries, plain_environment
from zhanggui.server.places import HAS_SOCKETS, USER, Door, Places, password
from zhanggui.server.trouble import Damaged, OtherMajor, trouble_in

_SETTINGS = {
    # the data lie on an SSD or in memory nearly everywhere today
    "random_page_cost": "1.1",
    "jit": "off",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    # a buyer's data never reach the log: no statements, no parameters, no details of failing rows
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
}
_ORPHAN_SECONDS = 60.0
if sys.platform == "win32":
    _AT_ONCE = signal.SIGTERM
else:
    _AT_ONCE = signal.SIGQUIT


def found(places: Places, binaries: Binaries) -> None:
    """Make the data folder if there is none: in one move, so that a start cut off leaves nothing half made."""
    if (places.cluster / "PG_VERSION").exists():
        return _check(places, binaries)

    making = places.folder / "cluster.making"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    secret = places.run / "password"
    secret.write_text(password(places.folder), "ascii")
    if places.account:
        places.account.take(making, secret)
    try:
        _initdb(places, binaries, making, secret)
    finally:
        secret.unlink()
    if places.cluster.exists():
        places.cluster.rmdir()  # an empty folder; anything else is not ours to remove
    making.rename(places.cluster)
    return None


def command(places: Places, binaries: Binaries, door: Door) -> tuple[list[str], dict[str, str]]:
    """The server's command line, and the folders to hand to it open where its account cannot walk to them."""
    lend = {"cluster": str(places.cluster), "run": str(places.run)} if places.needs_lending else {}
    data = "{cluster}" if lend else str(places.cluster)
    if door.sockets is None:
        ways = {"listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
    else:
        sockets = "{run}" if lend and door.sockets == "run" else str(places.folder / door.sockets)
        ways = {"listen_addresses": "", "unix_socket_directories": f'"{sockets}"', "unix_socket_permissions": "0700"}
    settings = {**_SETTINGS, **ways, "port": str(door.port)}
    flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [binaries.program("postgres"), "-D", data, *flags], lend


def end_orphan(places: Places) -> None:
    """Stop a server that outlived its keeper, and remove the mark of one that is long dead."""
    mark = places.cluster / "postmaster.pid"
    try:
        pid = int(mark.read_text("utf-8").splitlines()[0])
    except (OSError, ValueError, IndexError):
        return

    if not _is_server_of(pid, places.cluster):
        # The number belongs to nobody, to a zombie, or to a stranger that got it later. PostgreSQL would take the stranger for a living
        # server. Should we be wrong, its own lock on shared memory still keeps a second server out.
        mark.unlink(missing_ok=True)
        return
    _end(pid, places.cluster)


def _end(pid: int, cluster: Path) -> None:
    patience = time.monotonic() + _ORPHAN_SECONDS
    os.kill(pid, signal.SIGINT)
    while _is_server_of(pid, cluster):
        if time.monotonic() > patience:
            os.kill(pid, _AT_ONCE)
            patience += _ORPHAN_SECONDS
        time.sleep(0.02)


def _is_server_of(pid: int, cluster: Path) -> bool:
    """Whether this process is alive and serves this very folder."""
    if sys.platform == "linux":
        try:
            # a server works inside its data folder; a zombie works nowhere
            return Path(f"/proc/{pid}/cwd").readlink() == cluster.resolve()
        except OSError:
            return False
    if sys.platform == "win32":
        return False  # the mark is then checked by the server itself
    told = subprocess.run(["ps", "-ww", "-p", str(pid), "-o", "stat=", "-o", "command="], check=False, capture_output=True, text=True).stdout.strip()  # noqa: S607 - ps of the system
    return bool(told) and not told.startswith("Z") and str(cluster) in told


def _check(places: Places, binaries: Binaries) -> None:
    have = (places.cluster / "PG_VERSION").read_text("utf-8").strip()
    if have != binaries.major:
        raise OtherMajor(
            say(
                "The data in {home} were made by PostgreSQL {have}, and this installation brings {brings}. With the version of Zhanggui that made them, "
                "run its backup; then restore that backup here into a new home folder. Or name a folder with programs of PostgreSQL {have} in ZHANGGUI_PG_BIN.",
                home=str(places.home),
                have=have,
                brings=binaries.version,
            )
        )
    if not (places.cluster / "global" / "pg_control").exists():
        raise Damaged(
            say(
                "The data folder in {home} is damaged and cannot be opened. Keep it as it is, and restore the newest backup into a new home folder.",
                home=str(places.home),
            )
        )


def _initdb(places: Places, binaries: Binaries, target: Path, secret: Path) -> None:
    with ExitStack() as opened:
        seen, options = _seen_by_child(places, opened, target, secret)
        # sorting by code point is the same on every system, so a folder can be moved between them
        wanted = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--auth-local=trust", "--auth-host=scram-sha-256"]
        done = subprocess.run(
            [binaries.program("initdb"), "-D", seen[0], "-U", USER, f"--pwfile={seen[1]}", *wanted],
            check=False,
            capture_output=True,
            text=True,
            cwd="/" if HAS_SOCKETS else None,
            env=plain_environment(),
            **options,
        )
    if done.returncode:
        shutil.rmtree(target, ignore_errors=True)
        raise trouble_in(done.stderr, places.home)


def _seen_by_child(places: Places, opened: ExitStack, target: Path, secret: Path) -> tuple[list[str], dict[str, Any]]:
    """The names by which the lent account reaches the paths, and how its process is to be started."""
    if places.account is None:
        return [str(target), str(secret)], {}

    as_account: dict[str, Any] = {"user": places.account.user, "group": places.account.group, "extra_groups": []}
    if not places.needs_lending:
        return [str(target), str(secret)], as_account

    fds = [os.open(folder, os.O_RDONLY) for folder in (target, secret.parent)]
    for fd in fds:
        opened.callback(os.close, fd)
    return [f"/proc/self/fd/{fds[0]}", f"/proc/self/fd/{fds[1]}/{secret.name}"], {**as_account, "pass_fds": tuple(fds)}
