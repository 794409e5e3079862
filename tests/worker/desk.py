"""A house whose shop is connected to an emulated platform, the clock at the platform's hour, with a worker at work."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit

import msgspec

from tests.emulator.caller import START_SECONDS, Caller
from tests.worker.relay import Relay
from zhanggui import clock
from zhanggui.actions.applications import NewApplication, connect_app
from zhanggui.actions.connecting import GivenTokens, connect_by_hand
from zhanggui.actions.house import House
from zhanggui.connectors.pdd.doors import doors_of
from zhanggui.people.permissions import ShopId, operator
from zhanggui.worker.loop import work

START = datetime.fromtimestamp(START_SECONDS, UTC)


@contextmanager
def at_the_platforms_hour(house: House) -> Iterator[None]:
    """The house's clock wound to where the emulated world begins."""
    clock.use_home(house.home)
    clock.wind(house.home, START - clock.unwound())
    try:
        yield
    finally:
        clock.use_home(None)


@contextmanager
def working(house: House) -> Iterator[None]:
    """A worker for as long as the block lasts."""
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(house, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)
    assert not thread.is_alive()


def connect_through(house: House, shop_id: ShopId, platform: Caller, *, calls: Relay | None = None, messages: Relay | None = None, which: int = 0) -> None:
    """Connect the shop; its calls or its messages go through a relay."""
    line = platform.line
    doors = doors_of(line.gateway)
    if calls is not None:
        doors = msgspec.structs.replace(doors, router=_moved(doors.router, calls))
    if messages is not None:
        doors = msgspec.structs.replace(doors, messages=_moved(doors.messages, messages))
    app = NewApplication(client_id=line.client_id, client_secret=line.client_secret, doors=doors)
    connect_app(house, operator(), shop_id, app, clock.now())
    theirs = line.shops[which]
    given = GivenTokens(access_token=theirs.access_token, refresh_token=theirs.refresh_token, owner_id=theirs.shop_id)
    connect_by_hand(house, operator(), shop_id, given, clock.now(), clock.unwound(), is_sure=True)


def behind(platform: Caller) -> tuple[str, int]:
    """Where the platform is."""
    parts = urlsplit(platform.base)
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port


def orders_of(house: House, shop_id: ShopId) -> set[str]:
    """The orders we hold."""
    with house.pool.connection() as tx:
        return {no for (no,) in tx.execute("select order_no from orders where shop_id = %s", (shop_id,))}


def stage_of(house: House, shop_id: ShopId, order_no: str) -> str | None:
    """The stage we hold an order to be in."""
    with house.pool.connection() as tx:
        row = tx.execute("select stage from orders where shop_id = %s and order_no = %s", (shop_id, order_no)).fetchone()
    return None if row is None else str(row[0])


def _moved(address: str, relay: Relay) -> str:
    return urlsplit(address)._replace(netloc=f"127.0.0.1:{relay.port}").geturl()
