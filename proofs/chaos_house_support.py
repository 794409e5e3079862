"""The processes of a house in a proof: its pages, its workers, its database, and the emulated platform; started, killed with signal 9, started again."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import msgspec

from tests.emulator.caller import NO_CERTIFICATES, Caller
from zhanggui.emulator.command import FirstLine
from zhanggui.emulator.scenario import Scenario

_COMES_UP_SECONDS = 60.0
_IN_ITS_START = 0.2
"""The share of shots that do not wait until the victim serves: a start must stand a kill, too."""
_SIGNALS = {"killed": signal.SIGKILL, "restarted": signal.SIGINT}


@dataclass
class Process:
    """One process of the house, under its name, as often as it has to be started."""

    name: str
    words: Sequence[str]
    folder: Path
    running: subprocess.Popen[bytes] | None = None
    starts: int = 0
    serves: threading.Event = field(default_factory=threading.Event)
    """Set once it has said its first line, which it does when it serves."""
    said: bytes = b""

    def start(self) -> None:
        """Start it; what it writes to stderr is kept beside the home."""
        self.starts += 1
        bare = {name: value for name, value in os.environ.items() if not name.startswith("ZHANGGUI") and name not in {"DATABASE_URL", "PORT"}}
        with (self.folder / f"{self.name}.err").open("ab") as log:
            self.running = subprocess.Popen([sys.executable, "-m", *self.words], stdout=subprocess.PIPE, stderr=log, env=bare | {"LANG": "en_US.UTF-8"})
        self.serves = threading.Event()
        threading.Thread(target=self._hear, args=(self.running, self.serves), daemon=True).start()

    def first_line(self) -> bytes:
        """What it says first."""
        assert self.serves.wait(_COMES_UP_SECONDS), f"{self.name} says nothing"
        return self.said

    def _hear(self, running: subprocess.Popen[bytes], serves: threading.Event) -> None:
        assert running.stdout is not None
        with suppress(ValueError):
            said = running.stdout.readline()
            if said:
                self.said = said
                serves.set()

    def kill(self) -> bool:
        """Kill it with signal 9; whether it was still there."""
        if self.running is None:
            return False
        was_there = self.running.poll() is None
        self.running.kill()
        self.running.wait()
        if self.running.stdout is not None:
            self.running.stdout.close()
        self.running = None
        return was_there


@dataclass
class HouseUnderFire:
    """The pages and the workers of one home, and what was done to them."""

    home: Path
    port: int
    workers: int
    processes: dict[str, Process] = field(default_factory=dict)
    kills: dict[str, int] = field(default_factory=dict)
    pages: int = 0
    pages_missed: int = 0

    def start(self) -> None:
        """Start the pages and every worker."""
        command = ("zhanggui.cli", "--home", str(self.home))
        self.processes["web"] = Process("web", (*command, "up", "--no-worker", "--port", str(self.port), "--json"), self.home.parent)
        for number in range(self.workers):
            self.processes[f"worker {number + 1}"] = Process(f"worker {number + 1}", (*command, "worker", "--json"), self.home.parent)
        for process in self.processes.values():
            process.start()
        for process in self.processes.values():
            process.first_line()

    def kill_one(self, dice: random.Random) -> str:
        """Kill one of them with signal 9 and start it again; workers oftener than the pages."""
        name = dice.choice([*self.processes, *(each for each in self.processes if each != "web")])
        process = self.processes[name]
        if dice.random() > _IN_ITS_START:
            process.serves.wait(_COMES_UP_SECONDS)
            time.sleep(dice.uniform(0.0, 1.0))
        if not process.kill():
            self.kills["found dead"] = self.kills.get("found dead", 0) + 1
        kind = "web" if name == "web" else "worker"
        self.kills[kind] = self.kills.get(kind, 0) + 1
        process.start()
        return name

    def start_again(self) -> None:
        """Start again what ended by itself, as a service manager does: who comes up while the database is away says so and ends."""
        for process in self.processes.values():
            if process.running is not None and process.running.poll() is not None:
                self.kills["ended by itself"] = self.kills.get("ended by itself", 0) + 1
                process.start()

    def strike_database(self, how: str) -> None:
        """Kill or restart the server's first process; its keeper has it come back."""
        pid = int((self.home / "server" / "cluster" / "postmaster.pid").read_text("utf-8").splitlines()[0])
        os.kill(pid, _SIGNALS[how])
        name = f"database {how}"
        self.kills[name] = self.kills.get(name, 0) + 1

    def end(self) -> None:
        """End everything in order, and what does not end by force."""
        for process in self.processes.values():
            if process.running is not None:
                process.running.terminate()
        for process in self.processes.values():
            if process.running is not None:
                with suppress(subprocess.TimeoutExpired):
                    process.running.wait(25)
                process.kill()

    @contextmanager
    def visited(self) -> Iterator[None]:
        """Somebody looks at the pages all the while."""
        stop = threading.Event()
        thread = threading.Thread(target=self._visit, args=(stop,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(10)

    def _visit(self, stop: threading.Event) -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=5, verify=NO_CERTIFICATES, trust_env=False) as http:
            while not stop.wait(0.2):
                try:
                    answer = http.get("/health")
                    self.pages += answer.status_code == 200
                    self.pages_missed += answer.status_code != 200
                except httpx.HTTPError:
                    self.pages_missed += 1


@contextmanager
def emulated(scenario: Scenario, seed: int, home: Path) -> Iterator[Caller]:
    """The platform in a process of its own; its clock has to be wound together with the house's."""
    told = home.parent / "scenario.toml"
    told.write_text(as_toml(msgspec.to_builtins(scenario)), "utf-8")
    words = ("zhanggui.emulator", "--port", "0", "--seed", str(seed), "--scenario", str(told))
    process = Process("emulator", words, home.parent)
    process.start()
    try:
        caller = Caller(msgspec.json.decode(process.first_line(), type=FirstLine))
        try:
            yield caller
        finally:
            caller.http.close()
    finally:
        process.kill()


def waited_for(what: str, is_there: Callable[[], bool], seconds: float) -> float:
    """Wait until it is there; after how many seconds. Raises TimeoutError."""
    began = time.monotonic()
    while not is_there():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"{what} was not there after {seconds:.0f} s")
        time.sleep(0.1)
    return time.monotonic() - began


def errors_told(folder: Path) -> dict[str, int]:
    """How often each process wrote of a stumble of the program itself."""
    found: dict[str, int] = {}
    for log in sorted(folder.glob("*.err")):
        stumbles = sum("stumbled" in line or line.startswith("Traceback") for line in log.read_text("utf-8", errors="replace").splitlines())
        if stumbles:
            found[log.stem] = stumbles
    return found


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port: int = asking.getsockname()[1]
    return port


def as_toml(data: Mapping[str, object]) -> str:
    """Flat values, then a table for each mapping: all that a scenario is made of. What is None is left out, as TOML knows no such thing."""
    told = {name: value for name, value in data.items() if value is not None}
    flat = "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in told.items() if not isinstance(value, Mapping))
    tables = (f"\n[{name}]\n{as_toml(value)}" for name, value in data.items() if isinstance(value, Mapping))
    return flat + "".join(tables)
