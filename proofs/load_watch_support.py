"""What is watched under load: when each order that came stood in the house, and how much memory and computing each process takes."""

import os
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean

from zhanggui.actions.house import House
from zhanggui.people.permissions import ShopId

STORED = "select order_no from orders where shop_id = %s and order_no = any(%s)"
SHIPPED = "select order_no from orders where shop_id = %s and order_no = any(%s) and facts->>'stage' <> 'to_ship'"
LOOKS_EVERY, MOST_LOOKED = 0.5, 2000
WEIGHED_EVERY = 5.0
MEGABYTE = 1_000_000
SPARE, GROWS = 30 * MEGABYTE, 1.15
"""Memory is flat where the last quarter of the run takes on average no more than so many times the second, and some megabytes."""


HOUSE = frozenset({"web", "worker 1"})
"""What must be flat: the database fills its buffers, and the emulator keeps the whole world in memory."""


@dataclass
class Age:
    """Things that happened on the platform and are waited for here, and how long each took."""

    name: str
    statement: str
    waited: OrderedDict[str, float] = field(default_factory=OrderedDict)
    took: list[float] = field(default_factory=list)
    known: deque[str] | None = None
    """Is told what has come, so that people can look at it."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def happened(self, nos: list[str]) -> None:
        """These happened just now."""
        moment = time.monotonic()
        with self.lock:
            self.waited.update(dict.fromkeys(nos, moment))

    def look(self, house: House, shop_id: ShopId) -> None:
        """See which have come."""
        with self.lock:
            asked = [no for no, _ in zip(self.waited, range(MOST_LOOKED), strict=False)]
        if not asked:
            return
        with house.pool.connection() as tx:
            come = {no for (no,) in tx.execute(self.statement, (shop_id, asked))}
        moment = time.monotonic()
        with self.lock:
            self.took += [moment - self.waited.pop(no) for no in asked if no in come]
        if self.known is not None:
            self.known.extend(come)


@contextmanager
def watched(house: House, shop_id: ShopId, ages: tuple[Age, ...]) -> Iterator[None]:
    """The ages are looked at while the block lasts."""
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(LOOKS_EVERY):
            for age in ages:
                age.look(house, shop_id)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)


@dataclass
class Scales:
    """What each process weighs, every few seconds, and what it computes altogether."""

    processes: Mapping[str, int]
    cluster: Path
    weights: dict[str, list[int]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def weighing(self) -> Iterator[None]:
        """Weigh while the block lasts."""
        stop = threading.Event()
        before = self._computed()

        def weigh() -> None:
            while not stop.wait(WEIGHED_EVERY):
                self._weigh()

        thread = threading.Thread(target=weigh, daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(10)
            self._weigh()
            self.seconds = {name: spent - before.get(name, 0.0) for name, spent in self._computed().items()}

    def grown(self) -> list[str]:
        """Every process that was not flat."""
        return [
            f"the memory of {name} was not flat: {early // MEGABYTE} MB in the second quarter, {late // MEGABYTE} MB in the last"
            for name, (early, late) in self.quarters().items()
            if name in HOUSE and late > early * GROWS + SPARE
        ]

    def quarters(self) -> dict[str, tuple[int, int]]:
        """The mean weight of each process in the second quarter and in the last."""
        found = {}
        for name, weights in self.weights.items():
            quarter = max(1, len(weights) // 4)
            found[name] = round(mean(weights[quarter : 2 * quarter] or weights)), round(mean(weights[-quarter:]))
        return found

    def _weigh(self) -> None:
        for name, pid in self._all().items():
            with suppress(OSError):
                self.weights.setdefault(name, []).append(sum(_weight(each) for each in (pid, *(_children(pid) if name == "database" else ()))))

    def _computed(self) -> dict[str, float]:
        spent = {}
        for name, pid in self._all().items():
            with suppress(OSError):
                spent[name] = sum(_seconds(each) for each in (pid, *(_children(pid) if name == "database" else ())))
        return spent

    def _all(self) -> dict[str, int]:
        with suppress(OSError, IndexError, ValueError):
            return {**self.processes, "database": int((self.cluster / "postmaster.pid").read_text("utf-8").splitlines()[0])}
        return dict(self.processes)


def _weight(pid: int) -> int:
    """The bytes of this process alone, and its share of what it shares."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _seconds(pid: int) -> float:
    """Seconds of computing, those of its children that have ended included: the server's connections come and go."""
    parts = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return sum(int(ticks) for ticks in parts[11:15]) / 100


def child_of_ours(word: str) -> int:
    """The process we started whose command holds the word."""
    for child in _children(os.getpid()):
        if word in Path(f"/proc/{child}/cmdline").read_bytes().decode("utf-8", "replace").split("\0"):
            return child
    raise ProcessLookupError(word)


def _children(pid: int) -> list[int]:
    return [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text("utf-8").split()]
