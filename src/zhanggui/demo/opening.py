"""What the demo opens besides the house: the platform behind it, the second shop's connection, and a mark of how far its clock has run."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from zhanggui.actions.house import House
from zhanggui.connectors.pdd.line import Line
from zhanggui.connectors.pdd.paces import Limits, Paces
from zhanggui.demo.behind import Behind
from zhanggui.demo.connected import keep_connected
from zhanggui.demo.telling import keep_moment, prepare

_MARKED_EVERY = 5.0


@contextmanager
def opened(home: Path) -> Iterator[Callable[[House], None]]:
    """What prepares the house before it opens; the platform it starts ends with this block."""
    behind, closed = Behind(home), threading.Event()

    def prepared(house: House) -> None:
        # both take about a second: the platform starts while the first chapter is told
        with ThreadPoolExecutor(1) as aside:
            platform = aside.submit(behind.start)
            prepare(house)
            keep_connected(house, platform.result())
        threading.Thread(target=_mark, args=(house.home, closed), daemon=True, name="demo-clock").start()

    try:
        yield prepared
    finally:
        closed.set()
        behind.close()


def unhurried_line() -> Line:
    """A line without a pace of its own: the platform behind the demo is ours alone, and days pass in seconds here."""
    return Line(Paces(Limits(())))


def _mark(home: Path, closed: threading.Event) -> None:
    """Remember every few seconds where the clock stands, so that it goes on from there after any end."""
    while not closed.wait(_MARKED_EVERY):
        keep_moment(home)
