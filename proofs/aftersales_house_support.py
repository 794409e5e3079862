"""A house that answers the after-sales of an emulated shop by itself: connector, outbox and lanes of the worker, every two hours; the rest is left to people.

Everything between the two goes as on the wire, signed and as bytes, but through no socket: a month has a hundred thousand calls.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from tests.actions.syncing.seat import Seat
from tests.cast import Cast, make_cast
from tests.emulator.caller import Caller
from zhanggui import clock, rulebook
from zhanggui.actions.advice.learning import learn_advice
from zhanggui.actions.chores import watch_parcels
from zhanggui.actions.due import settle_due
from zhanggui.actions.house import House
from zhanggui.actions.outbox import set_limits
from zhanggui.actions.reading_again import read_hints
from zhanggui.actions.syncing import sync_some
from zhanggui.actions.timetable import send_some
from zhanggui.connectors.pdd.calls import Call
from zhanggui.connectors.pdd.line import Line
from zhanggui.connectors.pdd.paces import Limits as PaceLimits
from zhanggui.connectors.pdd.paces import Paces
from zhanggui.core.acts import ActKind, ActLevel, Limits
from zhanggui.core.money import Fen
from zhanggui.emulator.clock import Clock
from zhanggui.emulator.command import first_line
from zhanggui.emulator.doors.gateway import write_down
from zhanggui.emulator.months import DAYS, ENDS_AFTER_DAYS
from zhanggui.emulator.platform import Platform
from zhanggui.emulator.scenario import Scenario
from zhanggui.emulator.wire.gateway import answer
from zhanggui.people.permissions import operator
from zhanggui.records.db import Pool

T = TypeVar("T")
STEP, ANNOUNCED = 7200, 1200
BY_ITSELF = (ActKind.REFUND_AGREE, ActKind.RETURN_AGREE, ActKind.SENDING_GOES_ON)
LIMITS = Limits(level=ActLevel.ACT, wait_minutes=15, daily_cap=500, daily_money=Fen(2_000_000), most_money=Fen(10_000))
"""What the shop lets the house do by itself: up to a hundred yuan a case."""
LANES = (settle_due, read_hints, send_some)
"""What a worker does beside reading windows."""
ROUND = timedelta(seconds=21)
"""After so long the house looks again whether something may be announced."""
LEARNS_AT = 6
"""The hour of China at which the chores are done that a worker does every few minutes."""


class ShortLine(Line):
    """A line without a socket: what is signed and sent is answered by the gateway of a platform in this process."""

    def __init__(self, platform: Platform) -> None:
        super().__init__(Paces(PaceLimits(limit=())))
        self._platform = platform

    def _post(self, address: str, call: Call[T], sent: Mapping[str, str]) -> tuple[bytes, datetime | None]:  # noqa: ARG002  (the line's own shape)
        told = answer(self._platform, sent, "127.0.0.1")
        write_down(self._platform, told, "whole")
        return told.body, datetime.fromtimestamp(self._platform.dated(), UTC)


class Beside(Caller):
    """A platform in this process, asked and moved without a socket."""

    def __init__(self, platform: Platform) -> None:
        super().__init__(first_line(platform, "127.0.0.1:9"))
        self.platform = platform

    def now(self) -> int:
        """The world's moment."""
        return self.platform.first.now

    def step(self, seconds: float) -> dict[str, Any]:
        """Move the world on."""
        self.platform.clock.step(seconds)
        self.platform.catch_up()
        return {}


class Lived:
    """One shop of a house, the platform it lives on, and the time they share."""

    def __init__(self, house: House, people: Cast, platform: Platform) -> None:
        self.people, self.platform, self.world = people, platform, platform.first
        self.seat = Seat(house, people.lin, people.shop_id, Beside(platform), line=ShortLine(platform))
        self.house = self.seat.house
        self.wall_ahead = timedelta(0)

    def opens(self) -> None:
        """The shop has just been connected, and may act."""
        self.seat.goes_back(orders=0.1, refunds=0.1)
        with self.house.pool.connection() as tx:  # the daily re-check reads three months again, one by one: nothing is lost here that it could find
            tx.execute("update sync_sources set plan_at = 'infinity', look_at = 'infinity' where shop_id = %s and source = 'recheck'", (self.seat.shop_id,))
        for kind in BY_ITSELF:
            set_limits(self.house, operator(), self.seat.shop_id, kind, LIMITS, self.seat.now)

    def passes(self) -> None:
        """Two hours go by for everybody; the house hears of what happened, announces, and sends once the announcement has stood its time."""
        self._moves(STEP - ANNOUNCED)
        while sync_some(self.house, self.seat.shop_id, self.seat.now, clock.unwound() + self.wall_ahead, "worker"):
            pass
        self._does_chores()
        self.works()
        self._moves(ANNOUNCED)
        self.works()

    def _does_chores(self) -> None:
        """Once a day silent parcels are asked about, and what the advice rests on is counted."""
        if (self.seat.now.hour + 8) % 24 in (LEARNS_AT, LEARNS_AT + 1):
            watch_parcels(self.house, self.seat.now, clock.unwound() + self.wall_ahead)
            learn_advice(self.house, self.seat.now)

    def _moves(self, seconds: int) -> None:
        self.seat.platform.step(seconds)
        clock.wind(self.house.home, self.seat.now - clock.now())
        self.wall_ahead += timedelta(seconds=seconds)

    def works(self) -> None:
        """The worker's lanes, until nothing is left to do at this moment."""
        self.wall_ahead += ROUND
        for _ in range(60):
            self.wall_ahead += timedelta(seconds=2)
            now, wall = self.seat.now, clock.unwound() + self.wall_ahead
            did = [lane(self.house, self.seat.shop_id, now, wall, "worker") for lane in LANES]
            if not any(did):
                return


@contextmanager
def lived(pool: Pool, folder: Path, scenario: Scenario) -> Iterator[Lived]:
    """A house over this database, beside a platform of its own."""
    platform = Platform(scenario, Clock(start=scenario.starts_at(), speed=0.0))
    clock.use_home(folder)
    try:
        clock.wind(folder, datetime.fromtimestamp(platform.first.now, UTC) - clock.now())
        yield Lived(House(pool, folder, rulebook.load()), make_cast(pool), platform)
    finally:
        clock.use_home(None)


def unattended(shop: Lived, *, days: int = DAYS + ENDS_AFTER_DAYS, chores: Callable[[Lived], None] | None = None) -> None:
    """The month by itself; `chores` are what a person after every hour."""
    shop.opens()
    for _ in range(days * 86400 // STEP):
        shop.passes()
        if chores is not None:
            chores(shop)
