"""A second process that uses a home's server until it is told to leave, and a look at who is running."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = """
import sys
from pathlib import Path
from zhanggui.server import OwnServer
with OwnServer(Path(sys.argv[1])) as server:
    print(server.conninfo, flush=True)
    sys.stdin.readline()
"""


@contextmanager
def another_user(home: Path) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that holds the server of this home."""
    process = subprocess.Popen([sys.executable, "-c", USER, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    assert process.stdout
    assert process.stdout.readline().startswith("host=")
    try:
        yield process
    finally:
        process.stdin.close()
        process.wait(60)
        process.stdout.close()


def server_pid(home: Path) -> int:
    """The process id of the server of this home."""
    return int((home / "server" / "cluster" / "postmaster.pid").read_text("utf-8").split()[0])


def parent_of(pid: int) -> int:
    """Who started that process."""
    told = subprocess.run(["ps", "-o", "ppid=", "-p", str(pid)], check=True, capture_output=True, text=True)  # noqa: S607 - ps of the system
    return int(told.stdout)


def wait_until_gone(pid: int, seconds: float = 30.0) -> bool:
    """Whether the process has ended within that time."""
    patience = time.monotonic() + seconds
    while time.monotonic() < patience:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if _is_zombie(pid):
            return True
        time.sleep(0.02)
    return False


def _is_zombie(pid: int) -> bool:
    told = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], check=False, capture_output=True, text=True)  # noqa: S607 - ps of the system
    return told.stdout.strip().startswith("Z")
