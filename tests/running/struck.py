"""A house of its own that can be struck: its own database, a shop connected to an emulated platform, a worker at work, and 林 at a browser."""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from litestar import Litestar

from tests.cast import Cast, make_cast
from tests.emulator.caller import Caller, quiet, running
from tests.server.helpers import parent_of, server_pid
from tests.site_client import Browser, browser, make_app
from tests.worker.desk import at_the_platforms_hour, connect_through, orders_of, stage_of, working
from zhanggui import clock, rulebook
from zhanggui.actions.house import House
from zhanggui.actions.outbox import decide, set_limits
from zhanggui.core.acts import ActKind, ActLevel, Limits, Ship
from zhanggui.core.money import Fen
from zhanggui.people.permissions import ShopId, operator
from zhanggui.records.db import open_pool, transact
from zhanggui.records.migrate import migrate
from zhanggui.server import OwnServer
from zhanggui.server.keeper import STARTING, Lock

UPLOADS = Limits(level=ActLevel.ACT, wait_minutes=0, daily_cap=1_000, daily_money=Fen(0), most_money=Fen(0))
ACTS = "select subject_no, state, attempts from acts where shop_id = %s order by act_no"


@dataclass
class Struck:
    """The house, the platform, and what can be asked of both."""

    home: Path
    house: House
    people: Cast
    platform: Caller
    app: Litestar

    @property
    def shop_id(self) -> ShopId:
        """林's shop."""
        return self.people.shop_id

    def lin(self) -> Browser:
        """林 at a browser, signed in."""
        return browser(self.app, self.people.lin)

    def orders(self) -> set[str]:
        """The orders that stand here."""
        return orders_of(self.house, self.shop_id)

    def stage(self, order_no: str) -> str | None:
        """How far an order has come, as it stands here."""
        return stage_of(self.house, self.shop_id, order_no)

    def passes(self, by: timedelta) -> None:
        """So much time passes, for the house and the platform."""
        clock.wind(self.home, by)
        self.platform.step(max(0.0, by.total_seconds()))

    def ships(self, order_no: str, tracking_no: str) -> int:
        """林 decides that a number is uploaded; the worker sends it."""
        request = Ship(order_no=order_no, tracking_no=tracking_no, carrier="圆通快递")
        return transact(self.house.pool, lambda tx: decide(tx, self.house, self.people.lin, self.shop_id, request, clock.now(), key=f"test/{order_no}"))

    def acts(self) -> list[tuple[str, str, int]]:
        """Every act: what it is about, how far it has come, how often it was sent."""
        with self.house.pool.connection() as tx:
            return tx.execute(ACTS, (self.shop_id,)).fetchall()

    def shipped(self) -> list[str]:
        """The orders whose numbers the platform was told, by its own ledger, as often as it was."""
        return [entry["keys"]["order_sn"] for entry in self.platform.ledger(effect="order.shipped")]


@contextmanager
def struck_house(home: Path, *, database: str | None = None, works: bool = True) -> Iterator[Struck]:
    """A house over a database of its own in this home, or over the one named; its shop connected, a worker at work."""
    with ExitStack() as open_things:
        conninfo = database or open_things.enter_context(OwnServer(home)).conninfo
        migrate(conninfo)
        pool = open_things.enter_context(open_pool(conninfo, patience=1.0))
        house = House(pool=pool, home=home, rulebook=rulebook.load())
        people = make_cast(pool)
        platform = open_things.enter_context(running(quiet()))
        open_things.enter_context(at_the_platforms_hour(house))
        connect_through(house, people.shop_id, platform)
        set_limits(house, operator(), people.shop_id, ActKind.SHIP_UPLOAD, UPLOADS, clock.now())
        if works:
            open_things.enter_context(working(house))
        yield Struck(home, house, people, platform, make_app(house))


@contextmanager
def short_home() -> Iterator[Path]:
    """A home with a short path: that of a socket may not be long."""
    folder = Path(tempfile.mkdtemp(prefix="zg-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def without_database(home: Path) -> Iterator[None]:
    """The server and whoever keeps it are killed with signal 9, and nobody can start it again while the block lasts."""
    gate = Lock(home.resolve() / "server" / STARTING)
    gate.take(shared=False)
    try:
        server = server_pid(home)
        os.kill(parent_of(server), signal.SIGKILL)
        os.kill(server, signal.SIGKILL)
        time.sleep(0.2)
        yield
    finally:
        gate.release()
