"""A shop of the emulator that a house follows: its seller answers cases by habit, the house hears of all that changed twice a day, then decides for once.

The house's records are filled with what the platform's doors tell of every order and case, mapped and stored as the connector does; only the windows are
spared, since nothing is lost here. The emulator counts its indicators by itself, as things happen, from nothing that the house knows.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from proofs.aftersales_doors_support import Doors
from proofs.aftersales_policies_support import agree_all, refuse_all
from zhanggui.actions.house import House
from zhanggui.actions.syncing.finishing import store_told
from zhanggui.connectors.pdd.case_facts import case_sighting
from zhanggui.connectors.pdd.order_facts import order_sighting
from zhanggui.connectors.pdd.scan_facts import scan_sightings
from zhanggui.core.facts import ScanFacts, Sighting
from zhanggui.emulator.aftersales import Setting
from zhanggui.emulator.doors.state import state_lines
from zhanggui.emulator.methods.logistics import node_of
from zhanggui.emulator.moments import DAY, HOUR, china_day
from zhanggui.emulator.months import month_of
from zhanggui.emulator.seeded import salt, share
from zhanggui.emulator.world.carriers import fresh_number, main_carriers
from zhanggui.emulator.world.cases import ASKED, EXCHANGE_ASKED, RESEND_ASKED, RETURN_ASKED, Case
from zhanggui.emulator.world.journeys import SIGNED, Scan
from zhanggui.emulator.world.measures import Published
from zhanggui.emulator.world.orders import NO_REFUND, TO_SHIP, UNDER_REVIEW
from zhanggui.emulator.world.sending import Label, ship
from zhanggui.emulator.world.travel import number_of, scans_of
from zhanggui.people.permissions import ShopId
from zhanggui.records import locks
from zhanggui.records.db import Tx, transact

WARM_DAYS, AFTER_DAYS = 36, 8
"""The shop is followed for so many days before it decides, and for so many after."""
CASES = 420
"""About so many cases are opened in that time."""
LATE = 0.06
"""The share of orders that the seller forgets until they are too late, so that shipping them makes a difference."""
DECIDES_AT_HOUR = 9
SILENT_HOURS = 20
"""So long the seller gives no first answer before they decide, so that something is open; a limit of a day has not run out by then."""
HABIT = salt("habit")
STEP = HOUR
LONGEST_WAY = 20 * DAY
HEARS_EVERY = 12
WAITS = (ASKED, RETURN_ASKED, EXCHANGE_ASKED, RESEND_ASKED)


@dataclass(frozen=True)
class Kind:
    """A way to decide about all that is open, or part of it."""

    name: str
    cases: float | None
    """The share of open cases that is agreed to; the rest is refused. None: they are left to habit."""
    ships: bool


KINDS = (
    Kind("agree to all", 1.0, ships=False),
    Kind("refuse all", 0.0, ships=False),
    Kind("agree to half, refuse half", 0.5, ships=False),
    Kind("ship all by noon", None, ships=True),
    Kind("agree to all and ship all", 1.0, ships=True),
    Kind("refuse all and ship all", 0.0, ships=True),
)


class Followed:
    """One world, its seller with their habits, and the shop of a house that hears of it."""

    def __init__(self, setting: Setting, seed: int, *, cases: int = CASES, days: int = WARM_DAYS + AFTER_DAYS) -> None:
        scenario = month_of(setting, cases, seed, days=days + 6)
        self.doors = Doors(msgspec.structs.replace(scenario, seller=msgspec.structs.replace(scenario.seller, late=LATE)))
        self.seed = seed
        self.agrees = 0.5 + 0.4 * share(seed, HABIT)
        self.decided: dict[int, bool] = {}
        self._heard_to = 0

    @property
    def now(self) -> datetime:
        """The world's moment."""
        return datetime.fromtimestamp(self.doors.world.now, UTC)

    def lives(self, hours: int, hears: Callable[[], None] | None = None, *, answers: bool = True) -> None:
        """So many hours pass by habit; the house hears of it now and then."""
        for hour in range(1, hours + 1):
            self.doors.passes(STEP)
            held = set() if answers else {case.case_id for case in self.open_cases()}
            for case in list(self.doors.waiting()):
                if case.case_id not in held:
                    self._answer(case)
            if hears is not None and (hour % HEARS_EVERY == 0 or hour == hours):
                hears()

    def heard_by(self, house: House, shop_id: ShopId) -> None:
        """The house is told of every order and case that changed since it was told last."""
        told = list(self._told())
        if not told:
            return
        for start in range(0, len(told), 400):
            some = told[start : start + 400]

            def work(tx: Tx, some: list[Sighting[Any]] = some) -> None:
                locks.hold_shop(tx, shop_id)
                store_told(house, tx, shop_id, some, (), self.now)

            transact(house.pool, work)
        self._heard_to = self.doors.world.now

    def open_cases(self) -> tuple[Case, ...]:
        """The cases that wait for the seller's first answer."""
        return tuple(case for case in self.doors.waiting() if case.status in WAITS and not case.return_number and not case.rejections)

    def to_ship(self) -> tuple[int, ...]:
        """The rows of the orders that may be shipped at this moment."""
        orders = self.doors.world.orders
        rows = range(len(orders))
        return tuple(row for row in rows if orders.status[row] == TO_SHIP and orders.refund[row] == NO_REFUND and not orders.has(row, UNDER_REVIEW))

    def number(self, row: int) -> str:
        """The order's number."""
        return self.doors.world.order_sn(row)

    def carries_out(self, agrees: dict[int, bool], ships: tuple[int, ...]) -> None:
        """What was decided is done, and held to later on."""
        self.decided.update(agrees)
        for case in self.open_cases():
            if case.case_id in agrees:
                self._answer(case)
        carriers = main_carriers()
        for row in ships:
            carrier = carriers[row % len(carriers)]
            ship(self.doors.world, row, Label(carrier.id, fresh_number(carrier, self.seed, 7_000_000 + row)))

    def published(self) -> Published:
        """The indicators of the days before today, as the emulator counts them."""
        world = self.doors.world
        return world.measures.published(china_day(world.now), world.rule(world.rules.indicators))

    def hours_to_midnight(self, hour: int = 0) -> int:
        """How many hours it is to the next time it is this hour in China."""
        since = (self.doors.world.now + 8 * HOUR) % DAY // HOUR
        return (hour - since) % 24 or 24

    def _answer(self, case: Case) -> None:
        agrees = self.decided.get(case.case_id)
        if agrees is None:
            agrees = share(self.seed, case.case_id, HABIT) < self.agrees
        (agree_all if agrees else refuse_all)(self.doors, case)

    def _told(self) -> Iterator[Sighting[Any]]:
        since, platform = self._heard_to, self.doors.platform
        for line in state_lines(platform, "orders", None, since):
            yield order_sighting(msgspec.Raw(msgspec.json.encode(json.loads(line)["order"])))
        for line in state_lines(platform, "cases", None, since):
            told = json.loads(line)
            yield case_sighting(listed=msgspec.json.encode(told["list"]), detailed=msgspec.json.encode(told["detail"]))
        yield from self._scans(since)

    def _scans(self, since: int) -> Iterator[Sighting[ScanFacts]]:
        """What the carriers told of parcels on their way, of those under way back only that they are here."""
        world = self.doors.world
        for row in range(len(world.orders)):
            if world.orders.sent_at[row] > world.now - LONGEST_WAY:
                nodes = [msgspec.json.encode(node_of(scan)) for scan in scans_of(world, row) if scan.at >= since]
                yield from scan_sightings(nodes, tracking_no=number_of(world, row))
        for case in world.cases.each():
            if case.return_number and since <= case.return_signed_at <= world.now and case.return_signed_at:
                node = node_of(Scan(case.return_signed_at, SIGNED, "您的快件已签收，感谢使用", ""))
                yield from scan_sightings([msgspec.json.encode(node)], tracking_no=case.return_number)
