"""No row that was acknowledged is lost, whoever is killed with signal 9: the keeper, the server, the program, one after the other or all at once."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from proofs.support import Proof
from zhanggui.server import OwnServer

WRITER = """
import sys, time, psycopg
from pathlib import Path
from zhanggui.server import OwnServer
with OwnServer(Path(sys.argv[1])) as server:
    while True:
        try:
            with psycopg.connect(server.conninfo, autocommit=True) as connection:
                connection.execute("create table if not exists kept (n bigint primary key)")
                while True:
                    n = connection.execute("insert into kept select coalesce(max(n), 0) + 1 from kept returning n").fetchone()[0]
                    print(n, flush=True)
        except (psycopg.OperationalError, psycopg.errors.UniqueViolation):
            time.sleep(0.02)
"""
VICTIMS = ("keeper", "server", "program", "keeper and server", "all", "all and the server's own processes")
QUICK_ROUNDS, ROUNDS = len(VICTIMS), 100
_GIVE_UP_SECONDS = 60.0


def prove(seed: int, *, quick: bool) -> Proof:
    """Kill in many rounds while rows are written, and look for every row that was acknowledged before."""
    rounds = QUICK_ROUNDS if quick else ROUNDS
    choice, failures, killed = random.Random(seed), [], dict.fromkeys(VICTIMS, 0)
    acknowledged, slowest = 0, 0.0
    with tempfile.TemporaryDirectory(prefix="zg-kills-") as folder:
        home = Path(folder)
        for number in range(rounds):
            victim = VICTIMS[number] if number < len(VICTIMS) else choice.choice(VICTIMS)
            killed[victim] += 1
            seen = _round(home, victim, choice.uniform(0.05, 0.6))
            acknowledged += len(seen)
            began = time.monotonic()
            lost = _lost(home, seen)
            slowest = max(slowest, time.monotonic() - began)
            if lost:
                failures.append(f"round {number + 1} ({victim}): {len(lost)} acknowledged rows are gone, the first is {min(lost)}")
            if not seen:
                failures.append(f"round {number + 1} ({victim}): nothing could be written")
    counts: dict[str, int | float | str] = {"rounds": rounds, "acknowledged rows": acknowledged, "slowest way back (s)": round(slowest, 2)}
    return Proof(
        claim="Rows are written and acknowledged while processes are killed with signal 9; after every kill the next start finds every acknowledged row.",
        counts={**counts, **{f"killed: {victim}": number for victim, number in killed.items()}},
        failures=failures,
    )


def _round(home: Path, victim: str, seconds: float) -> list[int]:
    """Write for a while, kill, let a survivor write on, and return what was acknowledged."""
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(home)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    seen = [int(writer.stdout.readline() or 0)]
    time.sleep(seconds)
    server, keeper, others = _processes(home)
    targets = {
        "keeper": [keeper],
        "server": [server],
        "program": [writer.pid],
        "keeper and server": [keeper, server],
        "all": [writer.pid, keeper, server],
        "all and the server's own processes": [writer.pid, keeper, server, *others],
    }[victim]
    for pid in targets:
        _kill(pid)
    if writer.pid not in targets:
        time.sleep(0.3)
        _kill(writer.pid)
    seen += [int(line) for line in writer.stdout.read().split("\n")[:-1] if line]
    writer.wait()
    writer.stdout.close()
    return [number for number in seen if number]


def _lost(home: Path, seen: list[int]) -> set[int]:
    with OwnServer(home) as server, psycopg.connect(server.conninfo) as connection:
        kept = {int(row[0]) for row in connection.execute("select n from kept")}
    return set(seen) - kept


def _processes(home: Path) -> tuple[int, int, list[int]]:
    """The server of this home, its keeper, and the server's own processes."""
    patience = time.monotonic() + _GIVE_UP_SECONDS
    while time.monotonic() < patience:
        try:
            server = int((home.resolve() / "server" / "cluster" / "postmaster.pid").read_text("utf-8").split()[0])
        except (OSError, IndexError):
            time.sleep(0.05)
            continue
        table = [tuple(map(int, line.split())) for line in _ps().splitlines()]
        keeper = next((parent for pid, parent in table if pid == server), 0)
        if keeper > 1:
            return server, keeper, [pid for pid, parent in table if parent == server]
        time.sleep(0.05)
    raise TimeoutError("no server was found to kill")


def _ps() -> str:
    return subprocess.run(["ps", "-A", "-o", "pid=,ppid="], check=True, capture_output=True, text=True).stdout  # noqa: S607 - ps of the system


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
