"""A shop that was away for a week comes back: every gap is found, every gap is filled, and what is held equals what the platform holds, field by field."""

import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from proofs.support import Proof
from tests.actions.syncing.seat import Seat
from tests.cast import make_cast
from tests.emulator.caller import Caller, quiet, running
from zhanggui import rulebook
from zhanggui.actions.house import House
from zhanggui.actions.syncing import SyncReport, SyncState, sync_once, sync_state
from zhanggui.connectors.pdd.paces import usual_limits
from zhanggui.emulator.scenario import Scenario
from zhanggui.records.db import open_pool
from zhanggui.records.migrate import migrate
from zhanggui.server import OwnServer

HOUR, DAY = 3600, 86400
REFUNDS, ORDERS = "pdd.refund.list.increment.get", "pdd.order.number.list.increment.get"
Counts = dict[str, int | float | str]


def prove(seed: int, *, quick: bool) -> Proof:
    """Connect, be in step, be away for some hours, be away for a week, and compare after each."""
    with tempfile.TemporaryDirectory(prefix="zg-week-") as folder, OwnServer(Path(folder)) as server:
        migrate(server.conninfo)
        with open_pool(server.conninfo) as pool, running(scenario(seed, quick=quick)) as platform:
            people = make_cast(pool)
            seat = Seat(House(pool, Path(folder), rulebook.load()), people.lin, people.shop_id, platform)
            if quick:
                seat.goes_back(orders=0.5, refunds=0.1)
            return Stay(seat, quick=quick).told()


def scenario(seed: int, *, quick: bool) -> Scenario:
    """A shop whose seller works on without us, in a world that moves only when it is told to."""
    size = {"history": 200, "history_days": 2, "per_day": 60} if quick else {"history": 6000, "history_days": 30, "per_day": 300}
    wishes = {"refund_unshipped": 0.06, "refund_in_transit": 0.03, "refund_received": 0.06, "chase": 0.05, "memo": 0.05, "moves": 0.01}
    return quiet(seed=seed, size=size | {"warm_days": 1}, buyers=wishes, seller={"autopilot": True})


class Stay:
    """The whole stay: what was done, what it cost, what went wrong."""

    def __init__(self, seat: Seat, *, quick: bool) -> None:
        self._seat, self._platform = seat, seat.platform
        self._away = 5 * HOUR if quick else 7 * DAY
        self._counts: Counts = {}
        self._failures: list[str] = []

    def told(self) -> Proof:
        """What was shown."""
        self._round("first connection", 0)
        self._round("away for two hours", 2 * HOUR)
        self._round(f"away for {self._away // HOUR} hours", self._away)
        note = (
            "Measured against the emulator on the same machine, without the platform's limits of calls. At the pace we keep ourselves to "
            f"(80 % of the published limits, at present {_pace():.1f} lists of cases a second for one shop) the cases of the long gap would take "
            f"{int(self._counts['lists of cases asked for in the long gap']) / _pace() / 60:.0f} minutes instead; orders, which are not held up by that, "
            "come first. That last figure is computed, not measured."
        )
        return Proof(
            claim=(
                "A shop is brought in step, left alone for two hours, brought in step, left alone for a week while its orders and cases go on, and "
                "brought in step again. After each time no window is left, no hole is left between the goal and the minutes in which the platform's read "
                "side may lag, and every order and case of before those minutes equals the platform's own, field by field."
            ),
            counts=self._counts,
            failures=self._failures,
            notes=(note,),
        )

    def _round(self, name: str, away: int) -> None:
        """Be away, come back, and compare once the last minutes have settled."""
        seat = self._seat
        before = self._state().sources if away else ()
        last = {state.source: state.seen_to for state in before}
        if away:
            self._platform.step(away)
        calls = _called(self._platform)
        report = self._in_step(seat)
        spent = {method: many - calls.get(method, 0) for method, many in _called(self._platform).items()}
        self._judge_gap(name, last, away)
        self._platform.step(15 * 60)
        self._in_step(seat)
        self._compare(name)
        self._tell(name, report, spent)

    def _in_step(self, seat: Seat) -> SyncReport:
        report = sync_once(seat.house, seat.by, seat.shop_id, seat.now, seat.wall, patience=timedelta(seconds=30))
        if not report.complete:
            self._failures.append(f"not in step: {report}")
        return report

    def _judge_gap(self, name: str, last: Mapping[str, object], away: int) -> None:
        """Every moment since we went away is covered now."""
        for state in self._state().sources:
            if state.source == "recheck":
                continue
            if state.holes or state.planned or state.failed or state.running:
                self._failures.append(f"{name}: {state.source} still has holes or windows: {state}")
            if state.seen_to is None or self._seat.now - state.seen_to > timedelta(seconds=3 * 60 + 1 + 60):
                self._failures.append(f"{name}: {state.source} was seen only up to {state.seen_to} ({last.get(state.source)} before {away} s away)")

    def _compare(self, name: str) -> None:
        """Both sides, field by field, in the versions of before the last minutes."""
        seen_to = {state.source: state.seen_to for state in self._state().sources}
        seat = self._seat
        self._judge(name, "orders", seat.our_orders(), seat.their_orders(seen_to["orders"]))
        self._judge(name, "cases", seat.our_cases(), seat.their_cases(seen_to["refunds"]))
        strangers = set(seat.our_orders()) - set(seat.their_orders()) | set(seat.our_cases()) - set(seat.their_cases())
        if strangers:
            self._failures.append(f"{name}: the platform knows nothing of {sorted(strangers)[:3]}")

    def _judge(self, name: str, what: str, ours: Mapping[str, object], theirs: Mapping[str, object]) -> None:
        differing = [no for no, facts in theirs.items() if ours.get(no) != facts]
        if differing:
            self._failures.append(f"{name}: {len(differing)} {what} differ, the first is {differing[0]}")
        self._counts[f"{what} compared, {name}"] = len(theirs)

    def _tell(self, name: str, report: SyncReport, spent: dict[str, int]) -> None:
        self._counts |= {
            f"seconds, {name}": report.seconds,
            f"calls, {name}": report.calls,
            f"windows read, {name}": report.windows,
            f"orders and cases told of, {name}": report.things,
            f"new or changed, {name}": report.new + report.changed,
        }
        self._counts["lists of cases asked for in the long gap"] = spent.get(REFUNDS, 0)
        self._counts["lists of orders asked for in the long gap"] = spent.get(ORDERS, 0)

    def _state(self) -> SyncState:
        seat = self._seat
        return sync_state(seat.house, seat.by, seat.shop_id, seat.now)


def _called(platform: Caller) -> dict[str, int]:
    """How often each list was asked for so far, by the platform's own ledger."""
    return {method: len(platform.ledger(method=method)) for method in (REFUNDS, ORDERS)}


def _pace() -> float:
    """How many lists of cases a second we allow ourselves for one shop."""
    limits = usual_limits()
    one = next(limit for limit in limits.limit if limit.method == REFUNDS and limit.per == "shop")
    return one.calls * limits.share * (1 - limits.burst) / one.seconds
