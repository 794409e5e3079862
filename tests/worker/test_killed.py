"""Workers are killed with signal 9, the database under them too: nothing is lost, nothing hangs, another goes on."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cast import Cast, make_cast
from tests.cli.terminal import Terminal
from tests.emulator.caller import YTO, Caller, quiet, running
from tests.worker.desk import at_the_platforms_hour, connect_through, orders_of, stage_of, working
from tests.worker.waiting import until
from zhanggui import rulebook
from zhanggui.actions.house import House
from zhanggui.records.db import open_pool
from zhanggui.records.migrate import migrate
from zhanggui.server import OwnServer

pytestmark = pytest.mark.slow


@pytest.fixture
def platform(house: House) -> Iterator[Caller]:
    with running(quiet()) as caller, at_the_platforms_hour(house):
        yield caller


@pytest.fixture
def terminal(house: House, database: str) -> Iterator[Terminal]:
    """A terminal over the house of this test."""
    opened = Terminal(house.home, {"DATABASE_URL": database})
    yield opened
    opened.leave()


def test_another_worker_goes_on_where_one_was_killed(house: House, people: Cast, platform: Caller, terminal: Terminal) -> None:
    connect_through(house, people.shop_id, platform)
    orders: list[str] = []
    for seconds in (2.0, 0.2, 1.0):
        worker = begun(terminal)
        platform.mood(delay_seconds=0.05)
        orders += platform.new_orders(6)
        for order in orders[-6:-3]:
            platform.ship(order, f"YT{len(orders):04}{order[-9:]}", YTO)
        time.sleep(seconds)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    platform.mood(name="fair")
    _let_a_minute_pass(house)

    with working(house):
        held = until(lambda: set(orders) <= orders_of(house, people.shop_id), 20)
        shipped = [order for number, order in enumerate(orders) if number % 6 < 3]
        shown = until(lambda: {stage_of(house, people.shop_id, order) for order in shipped} == {"shipped"}, 10)

    with house.pool.connection() as tx:
        holders = tx.execute("select count(*) from hints where holder is not null").fetchone()
        problems = tx.execute("select count(*) from hints where problem is not null").fetchone()
    assert (held, shown) == (True, True)
    assert (holders, problems) == ((0,), (0,))


def test_it_ends_in_order_when_it_is_asked_to(house: House, people: Cast, platform: Caller, terminal: Terminal) -> None:
    connect_through(house, people.shop_id, platform)
    worker = begun(terminal)
    platform.new_orders(20)
    time.sleep(0.5)

    began = time.monotonic()
    worker.send_signal(signal.SIGTERM)
    code = worker.wait(30)
    took = time.monotonic() - began

    with house.pool.connection() as tx:
        workers = tx.execute("select count(*) from workers").fetchone()
        holders = tx.execute("select count(*) from hints where holder is not null").fetchone()
    assert (code, workers, holders) == (0, (0,), (0,))
    assert took < 15


def test_it_goes_on_when_the_database_was_killed_under_it() -> None:
    home = Path(tempfile.mkdtemp(prefix="zg-"))
    try:
        with OwnServer(home) as server:
            migrate(server.conninfo)
            with open_pool(server.conninfo) as pool:
                house = House(pool=pool, home=home, rulebook=rulebook.load())
                people = make_cast(pool)
                with running(quiet(gate={"subscribed": False})) as platform, at_the_platforms_hour(house):
                    connect_through(house, people.shop_id, platform)
                    with working(house):
                        before = until(lambda: _comes(house, people, platform), 20)
                        os.kill(int((home / "server" / "cluster" / "postmaster.pid").read_text("utf-8").splitlines()[0]), signal.SIGKILL)
                        began = time.monotonic()
                        after = until(lambda: _comes(house, people, platform), 60)
                        took = time.monotonic() - began
    finally:
        shutil.rmtree(home, ignore_errors=True)

    assert (before, after) == (True, True)
    assert took < 40


def begun(terminal: Terminal) -> subprocess.Popen[bytes]:
    """A worker process that is at work."""
    worker = terminal.start("worker", "--json")
    assert worker.stdout is not None
    assert worker.stdout.readline().startswith(b'{"worker":')
    return worker


def _let_a_minute_pass(house: House) -> None:
    """The leases of whoever died have run out."""
    with house.pool.connection() as tx:
        tx.execute("update hints set look_at = look_at - interval '1 minute' where holder is not null")


def _comes(house: House, people: Cast, platform: Caller) -> bool:
    """Whether a new order arrives soon."""
    (order,) = platform.new_orders(1)
    try:
        return until(lambda: order in orders_of(house, people.shop_id), 1)
    except Exception:  # noqa: BLE001 - the database is away
        time.sleep(0.2)
        return False
