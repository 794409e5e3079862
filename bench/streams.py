"""Open pages as a bench sees them: their streams, read by one event loop in a thread of its own, and the site that serves them in a process of its own."""

import asyncio
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from litestar import Litestar

from zhanggui.site.serving import plain_server, serve_until
from zhanggui.site.settings import Settings
from zhanggui.workbench.live.live import Live

LARGEST = 16 * 1024 * 1024
_GIVES_UP = 60.0

Heard = Callable[[int, bytes, float], None]
"""Which page, what it was told, and when (`time.monotonic`)."""


class Pages:
    """So many open pages, each by a sign-in of its own."""

    def __init__(self, port: int, cookies: Sequence[str], heard: Heard, *, path: str = "/live/today") -> None:
        self._port = port
        self._cookies = cookies
        self._heard = heard
        self._path = path
        self.ready = 0
        """How many have been told everything once."""
        self.broken: list[str] = []
        """Streams that ended before they were closed here."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def open(self) -> None:
        """Open them all, and wait until each has its first list."""
        self._thread.start()
        ends = time.monotonic() + _GIVES_UP
        while self.ready < len(self._cookies):
            if time.monotonic() > ends:
                raise TimeoutError(f"only {self.ready} of {len(self._cookies)} pages were told anything; {self.broken[:3]}")
            time.sleep(0.02)

    def close(self) -> None:
        """Close them all."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        # held here: a loop alone does not keep its tasks from being thrown away
        tasks = [self._loop.create_task(self._follow(number, cookie)) for number, cookie in enumerate(self._cookies)]
        self._loop.run_forever()
        for task in tasks:
            task.cancel()
        if tasks:
            self._loop.run_until_complete(asyncio.wait(tasks))
        self._loop.close()

    async def _follow(self, number: int, cookie: str) -> None:
        try:
            await self._read(number, cookie)
        except (asyncio.IncompleteReadError, ConnectionError) as broken:
            self.broken.append(f"page {number}: {broken!r}")

    async def _read(self, number: int, cookie: str) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, limit=LARGEST)
        writer.write(f"GET {self._path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: {cookie}\r\naccept: text/event-stream\r\n\r\n".encode())
        begun = False
        while True:
            event = await reader.readuntil(b"\n\n")
            if b"event: page\n" not in event and b"event: beat\n" not in event and b"event: hello\n" not in event:
                self.broken.append(f"page {number} was told {event[:200]!r}")
            if b"event: page\n" not in event:
                continue
            if not begun:
                begun = True
                self.ready += 1
            self._heard(number, event, time.monotonic())


def serve(app: Litestar, live: Live, home: Path, port: int) -> None:
    """The site on this port, until the process is told to end; open streams are ended first, as `zhanggui up` does."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with socket.create_server(("127.0.0.1", port), backlog=2048) as listening:
        server = plain_server(app, Settings(home=home))
        asyncio.run(serve_until(stop, [(server, listening)], started=lambda: None, hourly=lambda: None, closing=live.close))


@contextmanager
def child_of(module: str, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A part of the bench in a process of its own."""
    child = subprocess.Popen([sys.executable, "-m", module, *arguments], stdout=subprocess.PIPE)
    try:
        yield child
    finally:
        child.terminate()
        child.wait(30)
        if child.stdout is not None:
            child.stdout.close()


def free_port() -> int:
    """A port nobody listens on."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(port: int) -> None:
    """Wait until something listens there."""
    for _ in range(600):
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the server did not start")


def spread(seconds: Sequence[float]) -> tuple[float, float]:
    """The median and the ninety-ninth percentile, in milliseconds."""
    ordered = sorted(seconds)
    return 1000 * ordered[len(ordered) // 2], 1000 * ordered[min(len(ordered) - 1, round(0.99 * (len(ordered) - 1)))]
