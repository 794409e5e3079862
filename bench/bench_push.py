"""From a push to the screen: how long after something happens on the platform an open Today page shows it, at 50 pushes a second, with 1 and 20 pages open.

The whole way is gone: the emulated platform takes an order and pushes it over its socket, a worker notes the hint, reads the order, stores it and computes
its deadlines, the database wakes the site, the site draws the list and tells the pages. Platform, worker and site are processes of their own. The k-th push
counts as shown when the page counts k to-dos more than before.
"""

import re
import secrets
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from bench.streams import Pages, child_of, free_port, serve, spread, wait_for
from bench.support import QUICK, fresh_database, report, say_progress
from tests.emulator.caller import START_SECONDS, Caller, quiet, running
from zhanggui import clock, rulebook
from zhanggui.actions.applications import NewApplication, connect_app
from zhanggui.actions.connecting import GivenTokens, connect_by_hand
from zhanggui.actions.house import House
from zhanggui.connectors.pdd.doors import doors_of
from zhanggui.emulator.command import FirstLine
from zhanggui.people import accounts, sign_ins
from zhanggui.people.permissions import ShopId, operator
from zhanggui.records import shops
from zhanggui.records.db import Tx, connect, open_pool
from zhanggui.site.app import create_app
from zhanggui.site.settings import Settings
from zhanggui.workbench.live.live import Live
from zhanggui.worker.loop import work

RATE = 10 if QUICK else 50
SECONDS = 1 if QUICK else 20
OPEN = (1,) if QUICK else (1, 20)
_GIVES_UP = 60.0
_COUNT = re.compile(rb'class="count">(\d+)<')
_ME = "bench.bench_push"


def main() -> None:
    """Print the figures as JSON lines."""
    with (
        fresh_database() as conninfo,
        tempfile.TemporaryDirectory(prefix="zg-bench-") as home,
        child_of(_ME, "--platform") as child,
        open_pool(conninfo) as pool,
    ):
        assert child.stdout is not None
        platform = Caller(msgspec.json.decode(child.stdout.readline(), type=FirstLine))
        house = House(pool=pool, home=Path(home), rulebook=rulebook.load())
        clock.use_home(house.home)
        clock.wind(house.home, datetime.fromtimestamp(START_SECONDS, UTC) - clock.unwound())
        with pool.connection() as tx:
            shop_id, tokens = _peopled(tx, max(OPEN))
        _connect(house, shop_id, platform)
        name = create_app(house, Settings(home=house.home), secure=False).state.door.cookie_name
        port = free_port()
        with child_of(_ME, "--site", conninfo, home, str(port)), child_of(_ME, "--worker", conninfo, home):
            wait_for(port)
            for many in OPEN:
                _measured(platform, conninfo, port, [f"{name}={token}" for token in tokens[:many]])
        platform.http.close()


def _measured(platform: Caller, conninfo: str, port: int, cookies: list[str]) -> None:
    seen = _Seen(len(cookies))
    pages = Pages(port, cookies, seen.hear)
    pages.open()
    try:
        _in_touch(platform, seen)
        say_progress(f"{RATE} pushes a second for {SECONDS} s, {len(cookies)} pages")
        base = seen.count()
        with _watched(conninfo) as stored:
            pushed = _push(platform)
            seen.wait_for(base + len(pushed))
    finally:
        pages.close()
    took = [moment - began for page in range(len(cookies)) for began, moment in zip(pushed, seen.moments(page, base, len(pushed)), strict=True)]
    median, late = spread(took)
    rate = len(pushed) / (pushed[-1] - pushed[0])
    what = f"from a push to the screen at {RATE} pushes a second, {len(cookies)} page{'s' if len(cookies) > 1 else ''} open"
    report(f"{what}, median", value=median, unit="ms", target="< 1000", ok=median < 1000 or QUICK, note=f"{len(pushed)} pushes, {rate:.0f} a second in fact")
    report(f"{what}, 99th percentile", value=late, unit="ms")
    waits = [moment - kept for page in range(len(cookies)) for kept, moment in zip(stored[: len(pushed)], seen.moments(page, base, len(pushed)), strict=True)]
    median, late = spread(waits)
    report(f"of that from stored to the screen, {len(cookies)} page{'s' if len(cookies) > 1 else ''} open, median", value=median, unit="ms")
    report("the same, 99th percentile", value=late, unit="ms", note="the rest is the worker's: the order read from the platform and stored")


@contextmanager
def _watched(conninfo: str) -> Iterator[list[float]]:
    """When each order that comes meanwhile stood in the database, to a hundredth of a second."""
    moments: list[float] = []
    stop = threading.Event()

    def look() -> None:
        with connect(conninfo, autocommit=True) as watching:
            before = _orders(watching)
            while not stop.wait(0.01):
                now, held = time.monotonic(), _orders(watching) - before
                moments.extend([now] * (held - len(moments)))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield moments
    finally:
        stop.set()
        thread.join()


def _orders(tx: Tx) -> int:
    row = tx.execute("select count(*) from orders").fetchone()
    assert row is not None
    return int(row[0])


class _Seen:
    """The counts each page has shown, and when."""

    def __init__(self, pages: int) -> None:
        self._told: list[list[tuple[float, int]]] = [[] for _ in range(pages)]
        self._changed = threading.Condition()

    def hear(self, page: int, event: bytes, moment: float) -> None:
        found = _COUNT.search(event)
        with self._changed:
            if found:
                self._told[page].append((moment, int(found[1])))
            self._changed.notify_all()

    def count(self) -> int:
        """What every page shows at least."""
        return min(told[-1][1] if told else 0 for told in self._told)

    def wait_for(self, count: int, within: float = _GIVES_UP) -> None:
        """Wait until every page counts so many."""
        with self._changed:
            if not self._changed.wait_for(lambda: self.count() >= count, within):
                raise TimeoutError(f"the pages show {self.count()} to-dos instead of {count}")

    def moments(self, page: int, base: int, many: int) -> Iterator[float]:
        """When the page first counted each of so many more than `base`."""
        told = iter(self._told[page])
        moment, count = next(told)
        for wanted in range(base + 1, base + many + 1):
            while count < wanted:
                moment, count = next(told)
            yield moment


def _push(platform: Caller) -> list[float]:
    """Have orders come at the rate; the moments at which each was asked for."""
    began, pushed = time.monotonic(), []
    for number in range(RATE * SECONDS):
        time.sleep(max(0.0, began + number / RATE - time.monotonic()))
        pushed.append(time.monotonic())
        platform.new_orders(1)
    return pushed


def _in_touch(platform: Caller, seen: _Seen) -> None:
    """Wait until the worker hears the platform: an order that comes is shown at once."""
    for _ in range(20):
        base = seen.count()
        platform.new_orders(1)
        try:
            seen.wait_for(base + 1, 5)
        except TimeoutError:
            continue
        time.sleep(2)
        return
    raise TimeoutError("no push arrives")


def _peopled(tx: Tx, many: int) -> tuple[ShopId, list[str]]:
    """A shop, and so many sign-ins of its owner."""
    shop = shops.insert(tx, "bench", clock.now())
    assert shop is not None
    owner = accounts.first_person(tx, "lin", secrets.token_urlsafe(), "林", clock.now())
    shops.add_owner(tx, shop.shop_id, owner.person_id, clock.now())
    return ShopId(shop.shop_id), [sign_ins.begin(tx, owner.person_id, clock.unwound(), device="bench") for _ in range(many)]


def _connect(house: House, shop_id: ShopId, platform: Caller) -> None:
    line = platform.line
    app = NewApplication(client_id=line.client_id, client_secret=line.client_secret, doors=doors_of(line.gateway))
    connect_app(house, operator(), shop_id, app, clock.now())
    given = GivenTokens(access_token=line.access_token, refresh_token=line.refresh_token, owner_id=line.shop_id)
    connect_by_hand(house, operator(), shop_id, given, clock.now(), clock.unwound(), is_sure=True)


@contextmanager
def _house(conninfo: str, home: str) -> Iterator[House]:
    clock.use_home(Path(home))
    with open_pool(conninfo, min_size=2, max_size=12) as pool:
        yield House(pool=pool, home=Path(home), rulebook=rulebook.load())


def _until_ended() -> threading.Event:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    return stop


def _platform() -> None:
    stop = _until_ended()
    with running(quiet(gate={"subscribed": False})) as caller:
        sys.stdout.write(msgspec.json.encode(caller.line).decode() + "\n")
        sys.stdout.flush()
        stop.wait()


def _worker(conninfo: str, home: str) -> None:
    stop = _until_ended()
    with _house(conninfo, home) as house:
        work(house, stop)


def _site(conninfo: str, home: str, port: str) -> None:
    with _house(conninfo, home) as house:
        live = Live(house, clock.now, clock.unwound)
        serve(create_app(house, Settings(home=house.home), secure=False, live=live), live, house.home, int(port))


_PARTS: dict[str, Any] = {"--platform": _platform, "--worker": _worker, "--site": _site}

if __name__ == "__main__":
    asked = next((place for place, word in enumerate(sys.argv) if word in _PARTS), None)
    if asked is None:
        main()
    else:
        _PARTS[sys.argv[asked]](*sys.argv[asked + 1 :])
