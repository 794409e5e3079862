"""A working day of a shop through the pages, by two people in a real browser; what became of every order is asked of the platform's own ledger."""

import random
import tempfile
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from proofs.day_people_support import Packer, Printer
from proofs.support import Proof
from tests.actions.waybills.counter import WaybillCounter
from tests.cast import Cast, make_cast
from tests.emulator.caller import quiet, running
from tests.journeys.conftest import ARGUMENTS, CHROMIUM, DESK, served, visit_of
from tests.site_client import make_app
from zhanggui import clock, rulebook
from zhanggui.actions.goods.packing import packing_facts
from zhanggui.actions.house import House
from zhanggui.actions.outbox import send_due, set_limits
from zhanggui.core.acts import ActKind, ActLevel, Limits
from zhanggui.core.money import Fen
from zhanggui.emulator.scenario import Scenario
from zhanggui.people.permissions import operator
from zhanggui.records.db import open_pool
from zhanggui.records.migrate import migrate
from zhanggui.server import OwnServer

EVENING = "2026-03-01T18:00:00+08:00"
"""The shop's day begins the evening before: what comes then is due the next evening."""

WAYBILL_SECONDS, PIECE_SECONDS, WRONG_SECONDS = 7, 4, 6
"""The pace of whoever packs: to take a label and its box, for every piece, to put wrong goods back."""
PRINTS_EVERY, HANDS_OVER_EVERY = 3600, 4 * 3600
NO_REFUND, REFUNDED = 1, 4
UNSHIPPED = 1


def prove(seed: int, *, quick: bool) -> Proof:
    """Plays the day and judges it."""
    if CHROMIUM is None:
        return Proof("A day through the pages.", {"skipped": "there is no Chromium on this machine"})
    with ExitStack() as stack:
        return stack.enter_context(opened(seed, quick=quick)).told()


@contextmanager
def opened(seed: int, *, quick: bool) -> Iterator["Day"]:
    """The house, the platform and two browsers, for as long as the day lasts."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zg-day-")))
        server = stack.enter_context(OwnServer(folder))
        migrate(server.conninfo)
        pool = stack.enter_context(open_pool(server.conninfo))
        platform = stack.enter_context(running(scenario(seed)))
        people = make_cast(pool)
        house = House(pool, folder, rulebook.load())
        clock.use_home(folder)
        stack.callback(clock.use_home, None)
        counter = WaybillCounter(house, people.lin, people.shop_id, platform)
        clock.wind(folder, counter.now - clock.now())
        site = stack.enter_context(served(make_app(counter.house)))
        driver = stack.enter_context(sync_playwright())
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        stack.callback(browser.close)
        _, lin = visit_of(browser, site, people.lin, DESK)
        _, zhou = visit_of(browser, site, people.zhou, DESK)
        for each in (lin.page, zhou.page):
            each.set_default_timeout(120_000)  # hundreds of numbers are taken by one click, and nothing here is about how long that takes
        yield Day(counter, people, Printer(lin.page, site.address), Packer(zhou.page, site.address), random.Random(seed), QUICK if quick else WHOLE)


def scenario(seed: int) -> Scenario:
    """A shop whose orders come only when the day says so; buyers want their money back, are reviewed, and share doors."""
    wishes = {"refund_unshipped": 0.05, "under_review": 0.03, "chase": 0.04, "memo": 0.05}
    return quiet(start=EVENING, seed=seed, size={"goods": 24, "buyers": 1500}, buyers=wishes)


@dataclass(frozen=True)
class Length:
    """How long the day is: the orders, in how many parts the evening's come, the slices of the working day, how many of them none come in any more."""

    orders: int
    evening: int
    slices: int
    slice_seconds: int
    last: int


WHOLE = Length(orders=2000, evening=6, slices=66, slice_seconds=600, last=12)
QUICK = Length(orders=8, evening=1, slices=2, slice_seconds=3600, last=1)


@dataclass
class Day:
    """The day as it is played."""

    seat: WaybillCounter
    people: Cast
    printer: Printer
    packer: Packer
    chance: random.Random
    length: "Length"
    came: list[str] = field(default_factory=list)
    pile: deque[str] = field(default_factory=deque)
    known: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def told(self) -> Proof:
        """Plays the day, then judges every order."""
        self._opens()
        self._evening()
        self._works()
        self._judges()
        pressed = self.printer.keys + self.packer.keys
        shipped = max(1, self.counts["shipped"])
        return Proof(
            claim=(
                "A day of a shop on the emulated platform is played through the pages by two people in a real browser: one prints, hands over and uploads, the "
                "other packs with a scanner. By the platform's own ledger every order is shipped in time, held, or refunded, and nothing left after its refund."
            ),
            counts={
                "orders": len(self.came),
                **{name: self.counts[name] for name in sorted(self.counts)},
                "keys pressed": sum(pressed.values()),
                "keys pressed an order shipped": round(sum(pressed.values()) / shipped, 2),
                **{f"keys: {what}": many for what, many in sorted(pressed.items())},
                "scans": self.packer.scans,
                "scans an order shipped": round(self.packer.scans / shipped, 2),
                "wrong goods scanned on purpose, all stopped": self.packer.wrong,
            },
            failures=self.failures,
        )

    def _opens(self) -> None:
        """The account is there, and the house may do what the pages ask of it."""
        self.seat.goes_back(orders=0.1, refunds=0.1, recheck=1)
        self.seat.opened()
        for kind, level in (
            (ActKind.SHIP_UPLOAD, ActLevel.SUGGEST),
            (ActKind.SHIP_CHANGE, ActLevel.SUGGEST),
            (ActKind.REFUND_AGREE, ActLevel.ACT),
            (ActKind.SENDING_CANCEL, ActLevel.SUGGEST),
        ):
            limits = Limits(level=level, wait_minutes=5, daily_cap=5000, daily_money=Fen(10_000_000), most_money=Fen(50_000))
            set_limits(self.seat.house, operator(), self.seat.shop_id, kind, limits, self.seat.now)
        self.packer.sits_down(self.seat.shop_id)

    def _evening(self) -> None:
        """A third of the orders come the evening before, and wait."""
        many, parts = self.length.orders // 3, self.length.evening
        for part in range(parts):
            self._come(many // parts + (many % parts if part == parts - 1 else 0))
            self._pass(6 * 3600 / parts)
        self._pass(8 * 3600 + 1800)

    def _works(self) -> None:
        """From half past eight on, slice by slice, until nothing is left."""
        slices, last, began = self.length.slices, self.length.last, self.seat.now
        left = self.length.orders - len(self.came)
        last_print = last_over = began - timedelta(days=1)
        for number in range(slices + 60):
            if number < slices - last:
                self._come(left // (slices - last) + (1 if number < left % (slices - last) else 0))
            self._pass(self.length.slice_seconds)
            now = self.seat.now
            if now - last_print >= timedelta(seconds=PRINTS_EVERY):
                last_print = now
                self.counts["labels printed"] += self.printer.prints(self.seat.shop_id)
                self._takes_labels()
            self._packs(self.length.slice_seconds)
            if now - last_over >= timedelta(seconds=HANDS_OVER_EVERY) or number >= slices:
                last_over = now
                self._hands_over()
            self.counts["labels destroyed"] += self.printer.destroys(self.seat.shop_id)
            if number >= slices - last and not self.pile and not self._left():
                break
        self._hands_over()
        self._pass(1800)
        self.counts["hours worked"] = round((self.seat.now - began).total_seconds() / 3600)

    def _come(self, many: int) -> None:
        if many:
            self.came += self.seat.platform.new_orders(many)

    def _pass(self, seconds: float) -> None:
        """Time goes on for everybody; the house hears of what happened, and sends what is due."""
        self.seat.platform.step(seconds)
        clock.wind(self.seat.house.home, self.seat.now - clock.now())
        self.seat.sync(later=timedelta(minutes=1))
        self._sends()

    def _sends(self) -> None:
        while send_due(self.seat.house, self.seat.shop_id, self.seat.now, clock.unwound(), "worker", 200):
            pass

    def _takes_labels(self) -> None:
        """What came out of the printer lies on the pile, in order."""
        told = self.seat.platform.ledger(method="print.print")
        for number in (effect.removeprefix("document.printed:") for entry in told for effect in entry["effects"] if effect.startswith("document.printed:")):
            if number not in self.known:
                self.known.add(number)
                self.pile.append(number)

    def _packs(self, seconds: float) -> None:
        """As many parcels as fit into the time at the pace of one person."""
        while self.pile and seconds > 0:
            number = self.pile.popleft()
            pieces = self._pieces(number)
            errs = self.chance.random() < 0.01
            tone = self.packer.packs(number, pieces, errs=errs)
            seconds -= WAYBILL_SECONDS + PIECE_SECONDS * sum(many for _, many in pieces) + (WRONG_SECONDS if errs else 0)
            self.counts[{"good": "parcels packed", "warn": "parcels packed", "stop": "parcels stopped at the bench"}.get(tone, "parcels unclear")] += 1
            if tone not in ("good", "warn", "stop"):
                self.failures.append(f"the bench answered {tone} to {number}")

    def _pieces(self, number: str) -> list[tuple[str, int]]:
        """What the label says belongs in: by a code of each line, else by the line's number."""
        with self.seat.house.pool.connection() as tx:
            nos = [
                no
                for (no,) in tx.execute("select order_no from ship_rows where shop_id = %s and tracking_no = %s order by order_no", (self.seat.shop_id, number))
            ]
            packing = packing_facts(tx, self.seat.shop_id, nos)
        found: Counter[str] = Counter()
        for place, line in enumerate(line for no in nos if no in packing for line in packing[no].lines):
            found[line.barcodes[0] if line.barcodes else str(place + 1)] += line.quantity
        return list(found.items())

    def _hands_over(self) -> None:
        self.printer.hands_over(self.seat.shop_id)
        self.printer.tells(self.seat.shop_id)
        self.counts["numbers changed"] += self.printer.renumbers(self.seat.shop_id)
        self._sends()

    def _left(self) -> bool:
        """Whether anything still waits on the desk that could leave."""
        with self.seat.house.pool.connection() as tx:
            query = "select count(*) from ship_rows where shop_id = %s and kept is null and step in ('print', 'batch', 'pack', 'hand_over')"
            row = tx.execute(query, (self.seat.shop_id,)).fetchone()
        return bool(row and row[0])

    def _judges(self) -> None:
        """Every order by the platform's own truth."""
        with self.seat.house.pool.connection() as tx:
            query = "select order_no, state, tracking_no, handed_at from dispatches where shop_id = %s and state is not null"
            ours = {no: (state, number, handed) for no, state, number, handed in tx.execute(query, (self.seat.shop_id,))}
        theirs = {line["order"]["order_sn"]: line["order"] for line in self.seat.platform.state("orders")}
        now = self.seat.now.timestamp()
        for no in self.came:
            self._judge(no, theirs[no], ours.get(no, (None, None, None)), now)

    def _judge(self, no: str, order: dict[str, Any], ours: tuple[str | None, str | None, datetime | None], now: float) -> None:
        state, _, handed = ours
        status, refund = order["order_status"], order["refund_status"]
        is_out = state in ("printed", "packed", "handed_over")
        if refund == REFUNDED and status != UNSHIPPED and state == "handed_over" and handed is not None:
            self.counts["refunded after it had left"] += 1
        elif refund == REFUNDED or (refund != NO_REFUND and (status == UNSHIPPED or state in ("to_destroy", "destroyed"))):
            self.counts["refunded" if refund == REFUNDED else "a refund waits for its answer, the goods stay here"] += 1
            if is_out:
                self.failures.append(f"{no} has its money asked back or paid back, and its parcel is {state}")
        elif status == UNSHIPPED:
            self._judge_unshipped(no, order, state, now)
        else:
            self._judge_shipped(no, order, ours)

    def _judge_unshipped(self, no: str, order: dict[str, Any], state: str | None, now: float) -> None:
        """What is still here must be held, or have time."""
        if order["risk_control_status"]:
            self.counts["held: the platform reviews it"] += 1
            return
        self.counts["left over, with time"] += 1
        due = _moment(order["last_ship_time"])
        if due is None or due < now:
            self.failures.append(f"{no} was due and did not leave; it is {state}")

    def _judge_shipped(self, no: str, order: dict[str, Any], ours: tuple[str | None, str | None, datetime | None]) -> None:
        """What left did so in time, under the number that was printed."""
        state, number, _ = ours
        due, shipped = _moment(order["last_ship_time"]), _moment(order["shipping_time"])
        self.counts["shipped"] += 1
        if state != "handed_over":
            self.failures.append(f"{no} is shipped by the platform's word, and {state} by ours")
        if order["tracking_number"] != number:
            self.failures.append(f"{no} was told {order['tracking_number']}, and {number} was printed")
        if due is not None and shipped is not None and shipped > due:
            self.failures.append(f"{no} was shipped {shipped - due:.0f} s late")


def _moment(told: Any) -> float | None:
    """A moment as the platform writes it, in seconds."""
    if not told:
        return None
    if isinstance(told, (int, float)) or str(told).isdigit():
        return float(told)
    return datetime.fromisoformat(f"{str(told).replace(' ', 'T')}+08:00").timestamp()
