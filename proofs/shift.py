"""A shift of two reps: three hundred buyers chat at the speed of the emulated platform, come in by the bridge, and are answered at two browsers.

Whoever waits must stand on both lists within seconds; no draft may contradict what is true of the order on the platform; each answer given must reach its
buyer, once. The house lives as it does in a shop: a worker hears the pushes, orders leave meanwhile, buyers ask for their money through the platform.
"""

import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from proofs.shift_bridge_support import Tool
from proofs.shift_facts_support import Judge
from proofs.shift_reps_support import NOBODY, Rep
from proofs.support import Proof
from tests.actions.syncing.seat import Seat
from tests.cast import make_cast
from tests.emulator.caller import quiet, running
from tests.journeys.conftest import ARGUMENTS, CHROMIUM, DESK, Visitor, served, visit_of
from tests.site_client import make_app
from zhanggui import clock, rulebook
from zhanggui.actions.bridge_tokens import make_token
from zhanggui.actions.house import House
from zhanggui.core.bridge.scopes import Scope
from zhanggui.emulator.scenario import Scenario
from zhanggui.people.permissions import operator
from zhanggui.records.db import open_pool
from zhanggui.records.migrate import migrate
from zhanggui.server import OwnServer
from zhanggui.worker.loop import work

OPENS = "2026-03-02T08:00:00+08:00"
SCOPES = (Scope.MESSAGES_WRITE, Scope.DRAFTS_READ, Scope.ANSWERS_SEND)
SLICE = 30
"""Seconds of the world in one round: each rep reads, and gives at most one answer."""
UNSEEN = 5.0
"""Real seconds after which a buyer who waits must stand on every list."""
IN_TIME = 180
SHIPS_EVERY, SHIPS = 1200, 8
CLAIM = (
    "Buyers chat on the emulated platform, each about an order of their own, in messages as people type them; a service tool brings them by the bridge, reps "
    "answer at browsers of their own with the drafts on the page, and the buyers take each answer as it is, true or not. Whoever waits stands on every rep's "
    f"list within {UNSEEN:g} seconds, no draft contradicts the order as it stands on the platform, and each answer reaches its buyer once."
)
NOTES = (
    "Seconds are the world's where not said otherwise: the emulator's clock is moved on by half a minute at a time, in which each rep gives one answer. Drafts "
    "are judged by the platform's own books at the moment the bridge hands them back; what was sent is judged once more by the emulated buyers. Reps send the "
    "first draft they have not sent to that buyer before, unread; where there is none, they type one sentence, and then say that no answer is needed."
)


@dataclass(frozen=True)
class Length:
    """How long the shift is: orders of so many days before it, the talks, over how many parts of how many seconds they begin, and who answers.

    So many rounds after the last part, at most, everybody is answered; a small run ends there, whoever waits. After `unseen` real seconds a buyer must stand on
    every list; a small run is not about how fast the machine is at the moment.
    """

    history: int
    days: int
    talks: int
    parts: int
    part_seconds: int
    reps: int
    patience: int
    unseen: float = UNSEEN
    is_whole: bool = True


WHOLE = Length(history=1500, days=14, talks=300, parts=8, part_seconds=3600, reps=2, patience=600)
QUICK = Length(history=40, days=3, talks=3, parts=1, part_seconds=20, reps=1, patience=4, unseen=60.0, is_whole=False)


def prove(seed: int, *, quick: bool) -> Proof:
    """Plays the shift and judges it."""
    if CHROMIUM is None:
        return Proof("A shift of two reps.", {"skipped": "there is no Chromium on this machine"})
    with opened(seed, QUICK if quick else WHOLE) as shift:
        return shift.told()


def scenario(seed: int, length: Length) -> Scenario:
    """A shop with two weeks of orders at all their stages; nothing comes by itself during the shift."""
    return quiet(start=OPENS, seed=seed, size={"history": length.history, "history_days": length.days, "goods": 12, "buyers": 20_000})


@contextmanager
def opened(seed: int, length: Length) -> Iterator["Shift"]:
    """The house with its worker, the platform, and the browsers, for as long as the shift lasts."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zg-shift-")))
        server = stack.enter_context(OwnServer(folder))
        migrate(server.conninfo)
        pool = stack.enter_context(open_pool(server.conninfo, max_size=16))
        platform = stack.enter_context(running(scenario(seed, length)))
        people = make_cast(pool)
        clock.use_home(folder)
        stack.callback(clock.use_home, None)
        clock.wind(folder, datetime.fromtimestamp(platform.now(), UTC) - clock.now())
        seat = Seat(House(pool, folder, rulebook.load()), people.lin, people.shop_id, platform)
        seat.goes_back(orders=0.1, refunds=0.1, recheck=length.days + 1)
        seat.sync()
        site = stack.enter_context(served(make_app(seat.house)))
        if length.is_whole:  # nothing changes at the platform in a small run, so that there is nothing to hear of
            stack.enter_context(_working(seat.house))
        token = make_token(seat.house, operator(), seat.shop_id, "shift", SCOPES, clock.now(), clock.unwound()).token
        tool = Tool(platform, site.address, token)
        driver = stack.enter_context(sync_playwright())
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        stack.callback(browser.close)
        visits = [visit_of(browser, site, person, DESK)[1] for person in (people.mei, people.lin)[: length.reps]]
        names = [person.display_name for person in (people.mei, people.lin)]
        reps = [Rep(name, visit.page, site.address, seat.shop_id) for name, visit in zip(names, visits, strict=False)]
        for rep in reps:
            rep.page.set_default_timeout(60_000)
        yield Shift(seat, tool, Judge(platform), reps, visits, length)


@contextmanager
def _working(house: House) -> Iterator[None]:
    """A worker beside the site, as in a shop: what the platform pushes is read within a second."""
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(house, stop), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)


@dataclass
class Shift:
    """The shift as it is played."""

    seat: Seat
    tool: Tool
    judge: Judge
    reps: list[Rep]
    visits: list[Visitor]
    length: Length
    begun: int = 0
    seen: list[float] = field(default_factory=list)
    """Real seconds from a message told to the buyer standing on every list."""
    most_waiting: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def told(self) -> Proof:
        """Plays the shift, then judges what became of every talk."""
        self.tool.takes()  # the house knows from now on that a tool looks for answers
        for rep in self.reps:
            rep.sits_down()
        began = self.seat.now
        self._plays()
        lasted = (self.seat.now - began).total_seconds()
        self._judges()
        return Proof(
            claim=CLAIM,
            counts=self._counted(lasted),
            failures=[
                *self.failures,
                *self.tool.failures,
                *self.judge.failures,
                *(text for rep in self.reps for text in rep.failures),
                *(text for visit in self.visits for text in visit.complaints),
            ],
            notes=(NOTES,),
        )

    def _plays(self) -> None:
        parts, per_part = self.length.parts, self.length.part_seconds // SLICE + 1
        rest = 0
        for number in range(parts * per_part + self.length.patience):
            if number < parts * per_part and number % per_part == 0:
                self._talks_begin(number // per_part)
            elif number >= parts * per_part and not self.tool.waiting:
                rest += 1
                if rest > 8:  # whoever still types has sent it by then
                    return
            if number and number * SLICE % SHIPS_EVERY == 0:
                self._ships()
            self._round()
        if self.length.is_whole:
            self.failures.append(f"{len(self.tool.waiting)} buyers still wait after the shift")

    def _talks_begin(self, part: int) -> None:
        many = self.length.talks // self.length.parts + (part < self.length.talks % self.length.parts)
        self.begun += len(self.seat.platform.do("buyer.talks", many=many, within=self.length.part_seconds - SLICE)["talks"])

    def _round(self) -> None:
        """Half a minute: what was written comes in, everybody sees it, each rep answers one, the answers go out."""
        self.seat.platform.step(SLICE)
        clock.wind(self.seat.house.home, self.seat.now - clock.now())
        for message, draft in self.tool.brings():
            self.judge.look_at(message, draft, self.seat.now)
        self._are_seen()
        self.most_waiting = max(self.most_waiting, len(self.tool.waiting))
        for rep in self.reps:
            others = {other.name for other in self.reps if other is not rep}
            if rep.answers_one(others) == NOBODY and self.tool.waiting:
                self.counts["rounds in which only a colleague's buyers waited"] += 1
            while rep.left:
                self.tool.lets_be(rep.left.pop())
        self.tool.takes()

    def _are_seen(self) -> None:
        """Everybody who waits stands on every list, a few real seconds after the house knew of it."""
        nos = [waits.thread_no for waits in self.tool.waiting.values()]
        if not nos:
            return
        newest = max(waits.told_at for waits in self.tool.waiting.values())
        for rep in self.reps:
            if not rep.shows(nos, max(newest, time.monotonic()) + self.length.unseen):
                self.failures.append(f"{self.seat.now:%H:%M:%S}: {rep.name} does not see threads {rep.missing(nos)}")
            elif time.monotonic() - newest < self.length.unseen:
                self.seen.append(time.monotonic() - newest)

    def _ships(self) -> None:
        """The warehouse ships the oldest orders, so that what was true of them no longer is."""
        waiting = [line["order"]["order_sn"] for line in self.seat.platform.state("orders") if _may_leave(line["order"])]
        for order_sn in waiting[:SHIPS]:
            self.counts["orders shipped meanwhile"] += 1
            self.seat.platform.ship(order_sn, f"YT{7_600_000_000_000 + self.counts['orders shipped meanwhile']}")

    def _judges(self) -> None:
        """What became of every talk, by the platform's books."""
        talks = self.seat.platform.state("chats")
        for talk in talks:
            self.counts[f"talks that ended: {talk['state']}"] += 1
            for answer in talk["answers"]:
                self.counts[f"answers taken as: {answer['taken']}"] += 1
                if answer["wrong"]:
                    self.failures.append(
                        f"{talk['conversation_id']} ({talk['order_sn']}) was told what is not so ({', '.join(answer['wrong'])}): {answer['text']}"
                    )
        given = sum(rep.counts["answers given"] for rep in self.reps)
        heard = Counter(message["message_id"] for talk in talks for message in talk["messages"] if message["who"] == "rep")
        with self.seat.house.pool.connection() as tx:
            (kept,) = tx.execute("select count(*) from conversation_messages where via = 'desk'").fetchone() or (0,)
        if sum(heard.values()) != kept:
            self.failures.append(f"the house keeps {kept} answers, and {sum(heard.values())} stand in the talks")
        if given < kept:
            self.failures.append(f"{given} answers were given, and the house keeps {kept}")
        self.counts["answers that a colleague gave in the same words at the same time, kept once"] = given - kept
        if self.begun != self.length.talks:
            self.failures.append(f"{self.begun} talks began, not {self.length.talks}")

    def _counted(self, lasted: float) -> dict[str, int | float | str]:
        ordered, took, waited = sorted(self.seen), sorted(self.tool.took), sorted(self.tool.waited)
        reps = Counter[str]()
        for rep in self.reps:
            reps += rep.counts
        return {
            "talks": self.begun,
            "reps": len(self.reps),
            "hours of the world": round(lasted / 3600, 1),
            **{name: self.tool.counts[name] for name in sorted(self.tool.counts)},
            **{name: reps[name] for name in sorted(reps)},
            "drafts judged": self.judge.drafts,
            **{f"drafts judged: {name}": many for name, many in sorted(self.judge.counts.items())},
            **{name: self.counts[name] for name in sorted(self.counts)},
            "buyers who waited at once, at most": self.most_waiting,
            "real ms from a message told to everybody's list, median": _at(ordered, 0.5, 1000),
            "real ms from a message told to everybody's list, at most": _at(ordered, 1.0, 1000),
            "real ms from messages to their drafts through the bridge, median": _at(took, 0.5, 1000),
            "real ms from messages to their drafts through the bridge, 99th percentile": _at(took, 0.99, 1000),
            "seconds a buyer waited for an answer, median": _at(waited, 0.5, 1),
            "answered within three minutes, of a hundred": round(100 * sum(seconds <= IN_TIME for seconds in waited) / max(1, len(waited)), 1),
        }


def _may_leave(order: dict[str, Any]) -> bool:
    return bool(order["order_status"] == 1 and order["refund_status"] == 1 and not order["risk_control_status"])


def _at(ordered: list[Any], share: float, by: float) -> int:
    return round(ordered[min(len(ordered) - 1, int(share * (len(ordered) - 1)))] * by) if ordered else 0
