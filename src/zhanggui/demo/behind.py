"""The emulated platform behind the demo's second shop: a process of its own on this machine, by the home's clock.

What is done to it is kept in the home, so that it stands where it stood after any end of the demo; it ends with the demo, however that ends.
"""

import logging
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from socket import AF_INET, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket

import msgspec

from zhanggui.actions.refused import Refused
from zhanggui.core.say import say

log = logging.getLogger("zhanggui.demo")

SCENARIO = Path(__file__).parent / "story" / "platform.toml"
_FOLDER = "platform"
_TRIES, _PAUSE = 12, 0.5
"""The emulator of a demo that was just killed may hold its file for a moment yet."""


class PlatformShop(msgspec.Struct, frozen=True):
    """A shop of the platform: its number and its name there."""

    shop_id: str
    shop_name: str


class Platform(msgspec.Struct, frozen=True):
    """Where the platform is, and what an application and a shop of it need: the emulator's first line."""

    client_id: str
    client_secret: str
    access_token: str
    refresh_token: str
    gateway: str
    page: str
    shops: tuple[PlatformShop, ...]

    def __repr__(self) -> str:
        return f"Platform({self.gateway!r})"


class Behind:
    """The platform's process: started when asked for, started again when it dies, ended when it is closed."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = threading.Event()

    def start(self) -> Platform:
        """Start the process and wait until it answers. Raises Refused where it cannot."""
        platform = self._started()
        threading.Thread(target=self._mind, daemon=True, name="demo-platform").start()
        return platform

    def close(self) -> None:
        """End the process; doing so twice changes nothing."""
        self._closed.set()
        process = self._process
        if process is None:
            return
        _close_pipes(process)
        with suppress(subprocess.TimeoutExpired):
            process.wait(3)
            return
        process.kill()
        process.wait()

    def _started(self) -> Platform:
        """The platform, once it has said where it is."""
        folder = self._home / _FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        for _ in range(_TRIES):
            self._process = process = self._begun(folder)
            assert process.stdout is not None
            if line := process.stdout.readline():
                platform = msgspec.json.decode(line, type=Platform)
                (folder / "page").write_text(platform.page, "utf-8")
                return platform
            process.wait()
            _close_pipes(process)
            if self._closed.wait(_PAUSE):
                break
        told = _last_words(folder)
        raise Refused(say("The demo's platform did not start: {told}. Begin anew with: zhanggui demo --fresh", told=told))

    def _begun(self, folder: Path) -> subprocess.Popen[bytes]:
        """The process, out of reach of the terminal's Ctrl-C: it ends when the demo's end of the pipe is gone."""
        command = [
            sys.executable, "-m", "zhanggui.emulator", "--until-eof", "--port", str(_port(self._home)), "--scenario", str(SCENARIO),
            "--deeds", str(folder / "deeds.jsonl"), "--clock-file", str(self._home / "clock.json"),
        ]  # fmt: skip
        with (folder / "log").open("wb") as words:
            return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=words, start_new_session=True)

    def _mind(self) -> None:
        """Start the process again whenever it has died; its port stays the same, so that nobody has to be told."""
        while not self._closed.is_set():
            assert self._process is not None
            self._process.wait()
            _close_pipes(self._process)
            if self._closed.wait(_PAUSE):
                return
            log.warning("the demo's platform ended and is started again")
            try:
                self._started()
            except Refused as refused:
                log.error("the demo's platform is gone: %s", refused)  # noqa: TRY400 - what it said tells all there is to know
                return


def _close_pipes(process: subprocess.Popen[bytes]) -> None:
    """Let go of a process: one that still runs takes the end of its input as its own."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


def page_of(home: Path) -> str:
    """The address of the platform's own page; empty where there never was one."""
    try:
        return (home / _FOLDER / "page").read_text("utf-8")
    except FileNotFoundError:
        return ""


def _port(home: Path) -> int:
    """The port the platform had last, if it is free; else any."""
    last = page_of(home).rstrip("/").rpartition(":")[2]
    if not last.isdigit():
        return 0
    with socket(AF_INET, SOCK_STREAM) as trying:
        if os.name == "posix":  # elsewhere this would take the port from whoever listens there
            trying.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        try:
            trying.bind(("127.0.0.1", int(last)))
        except OSError:
            return 0
    return int(last)


def _last_words(folder: Path) -> str:
    """What the process said last before it ended."""
    words = (folder / "log").read_text("utf-8", "replace").strip().splitlines()
    return words[-1].removeprefix("zhanggui emulator: ") if words else "it said nothing"
