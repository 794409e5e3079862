"""The process that keeps the server: its parent, its nurse and, when nobody needs it any more, its end.

It is run as a file of its own (`python -I keeper.py PLAN`) and uses the standard library only, so that it costs 13 MB and starts at once.

Nothing is guessed from process ids. Whoever uses the server holds a shared lock on `users.lock`; the kernel lets go of it when that process dies,
however it dies. The keeper waits to have that file for itself, which means nobody is left, and then stops the server. While it lives it holds
`keeper.lock`, so that everybody can see that it lives.
"""

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

USERS, KEEPER, STARTING = "users.lock", "keeper.lock", "starting.lock"
ANOTHER_KEEPS = 4
"""The exit code of a keeper that found another; its starter then joins that one."""
LOG_LIMIT = 5_000_000
_SLOTS = 512  # Windows knows no shared locks: there a user takes one byte of so many, and the keeper all of them
_PATIENCE_SECONDS = 20.0
_STOP_SECONDS = 60.0
_TRY_AGAIN_SECONDS = (0.1, 0.1, 0.2, 0.2, 0.5, 1.0, 2.0, 5.0)
# a server killed a moment ago may not be reaped yet, or still hold its memory
_PASSING = ("lock file", "shared memory block", "could not bind", "Address already in use")


class Lock:
    """A lock on a file that the kernel releases when its holder dies."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("ab+")

    def take(self, *, shared: bool) -> None:
        """Wait for the lock."""
        while not self.try_take(shared=shared):
            time.sleep(0.05)

    def try_take(self, *, shared: bool) -> bool:
        """Whether the lock could be had at once."""
        if sys.platform == "win32":
            return self._try_take_bytes(range(_SLOTS) if shared else range(1), 1 if shared else _SLOTS)
        else:
            try:
                fcntl.flock(self._file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

    def _try_take_bytes(self, starts: range, length: int) -> bool:
        if sys.platform == "win32":
            for start in starts:
                self._file.seek(start)
                try:
                    msvcrt.locking(self._file.fileno(), msvcrt.LK_NBLCK, length)
                except OSError:
                    continue
                return True
        return False

    def release(self) -> None:
        """Let go."""
        self._file.close()


def is_held(path: Path) -> bool:
    """Whether anybody holds the lock alone at this moment. Asking takes it shared for a moment, so that two who ask never see each other."""
    lock = Lock(path)
    try:
        return not lock.try_take(shared=True)
    finally:
        lock.release()


class Keeper:
    """Starts the server, starts it again when it dies, and stops it when the last user has gone."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.folder = Path(plan["folder"])
        self.cluster = Path(plan["cluster"])
        self.command: list[str] = plan["command"]
        self.stop_command: list[str] = plan["stop_command"]
        self.account: dict[str, Any] = plan["account"]
        self.lend: dict[str, str] = plan["lend"]
        self.shelf: str | None = plan["shelf"]
        self.child: subprocess.Popen[bytes] | None = None
        self.stopping = threading.Event()

    def keep(self) -> int:
        """Run until nobody needs the server any more (0), or it cannot be started (3)."""
        mine = Lock(self.folder / KEEPER)
        if not _take_patiently(mine):
            return ANOTHER_KEEPS

        threading.Thread(target=self._end_when_unused, daemon=True).start()
        began, failures, has_served = time.monotonic(), 0, False
        while True:
            came_up = self._run_once()
            if self.stopping.is_set():
                self._tidy()
                return 0
            has_served = has_served or came_up
            failures = 0 if came_up else failures + 1
            if not has_served and not self._may_pass(time.monotonic() - began):
                return 3
            # a server that has served is needed by somebody: it is tried again until it comes back
            self.stopping.wait(_TRY_AGAIN_SECONDS[min(failures, len(_TRY_AGAIN_SECONDS) - 1)])

    def _tidy(self) -> None:
        """Remove what stood outside the home for this run. Nobody starts anew before we have ended."""
        if self.shelf:
            shutil.rmtree(self.shelf, ignore_errors=True)

    def _may_pass(self, seconds: float) -> bool:
        """Whether the cause of a failed start goes away by itself, and there is patience left."""
        return seconds < _PATIENCE_SECONDS and any(sign in self._end_of_log() for sign in _PASSING)

    def _end_of_log(self) -> str:
        with (self.folder / "log").open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - 1500))
            return log.read().decode("utf-8", "replace")

    def _run_once(self) -> bool:
        """Run the server until it ends; whether it had come up."""
        _rotate(self.folder / "log")
        fds = {name: os.open(path, os.O_RDONLY) for name, path in self.lend.items()}
        command = [part.format(**{name: f"/proc/self/fd/{fd}" for name, fd in fds.items()}) if fds else part for part in self.command]
        with (self.folder / "log").open("ab") as log:
            self.child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", pass_fds=tuple(fds.values()), **_as_child(self.account)
            )
        for fd in fds.values():
            os.close(fd)
        if self.stopping.is_set():
            self._stop()
        return self._wait_for(self.child)

    def _wait_for(self, child: subprocess.Popen[bytes]) -> bool:
        while child.poll() is None:
            if self._is_ready():
                child.wait()
                return True
            time.sleep(0.05)
        return False

    def _is_ready(self) -> bool:
        try:
            return "ready" in (self.cluster / "postmaster.pid").read_text("utf-8").splitlines()[7]
        except (OSError, IndexError):
            return False

    def _end_when_unused(self) -> None:
        users = Lock(self.folder / USERS)
        while not users.try_take(shared=False):
            if self.stopping.wait(0.1):
                return
        self.stopping.set()
        self._stop()
        # the lock is kept until this process ends: whoever comes meanwhile waits, and starts afresh

    def _stop(self) -> None:
        child = self.child
        if child is None or child.poll() is not None:
            return
        if sys.platform == "win32":
            subprocess.run(self.stop_command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            return
        child.send_signal(signal.SIGINT)  # fast: open transactions are rolled back
        deadline = time.monotonic() + _STOP_SECONDS
        while child.poll() is None:
            if time.monotonic() > deadline:
                child.send_signal(signal.SIGQUIT)  # at once; the next start recovers
                return
            time.sleep(0.02)


def _take_patiently(lock: Lock) -> bool:
    """Whether the lock could be had within a while: those who only ask whether it is held do so for a moment."""
    for _ in range(100):
        if lock.try_take(shared=False):
            return True
        time.sleep(0.02)
    return False


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_name("log.1"))


def _as_child(account: dict[str, Any]) -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True, "preexec_fn": _die_with_parent(), **account}


def _die_with_parent() -> Callable[[], None] | None:
    """On Linux, the kernel tells the server when its keeper was killed. Elsewhere the next start recognises the orphan."""
    if sys.platform != "linux":
        return None

    libc, keeper = ctypes.CDLL(None, use_errno=True), os.getpid()

    def ask_the_kernel() -> None:
        libc.prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG
        if os.getppid() != keeper:
            os.kill(os.getpid(), signal.SIGKILL)

    return ask_the_kernel


def main() -> int:
    """Keep one server according to the plan on the command line."""
    plan = json.loads(sys.argv[1])
    keeper = Keeper(plan)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the program in front; the server ends after it

    def on_term(_signal: int, _frame: object) -> None:
        keeper.stopping.set()
        keeper._stop()  # noqa: SLF001 - the same class, one level up

    signal.signal(signal.SIGTERM, on_term)
    return keeper.keep()


if __name__ == "__main__":
    sys.exit(main())
