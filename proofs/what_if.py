"""What-if held against what then happened: the house foretells the indicators under a decision, the decision is carried out in the emulator, and time goes on.

The emulator counts its indicators by itself (emulator/world/measures.py). Each world is lived twice, with the decision and without, by the same lots.
`--with seeds=10` plays fewer worlds.
"""

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from proofs.support import OPTIONS, Proof
from proofs.what_if_support import AFTER_DAYS, CASES, DECIDES_AT_HOUR, KINDS, SILENT_HOURS, WARM_DAYS, Followed
from tests.cast import make_cast
from zhanggui import rulebook
from zhanggui.actions.advice.learning import learn_in
from zhanggui.actions.house import House
from zhanggui.actions.shops import create_shop
from zhanggui.actions.whatif.trying import WEEK, Outlook, what_if
from zhanggui.core.whatif.deciding import Decision, Do
from zhanggui.emulator.aftersales import settings
from zhanggui.emulator.seeded import salt, share
from zhanggui.emulator.world.measures import Published
from zhanggui.people.permissions import ShopId, operator
from zhanggui.records.db import open_pool, transact
from zhanggui.records.migrate import migrate
from zhanggui.server import OwnServer

SEEDS, QUICK_SEEDS = 50, 2
QUICK_DAYS, QUICK_CASES = 11, 70
CLAIM = "Measures foretold under a decision, held against an emulator in which the decision was carried out and that counts its indicators by itself."
THEIRS = {
    "quality_refund_rate": "quality_refund_rate",
    "dispute_refund_rate": "dispute_refund_rate",
    "intervention_rate": "intervention_rate",
    "help_rate": "help_rate",
    "transit_refund_hours": "mean_hours_to_refund_in_transit",
    "returned_refund_hours": "mean_hours_to_refund_after_return",
    "formed_to_signed_hours": "mean_hours_to_receipt",
    "pdd_on_time_shipment_rate": "on_time_shipment_rate",
}
"""Our measures, and the emulator's of the same meaning. Ratings and replies go through no door of the platform, so the house does not hear of them here."""
AHEAD = (1, WEEK)
SAME = 1.5e-6
"""The emulator publishes six places."""
LEAST_INSIDE = 0.80
"""Bounds drawn for ninety of a hundred have to hold at least so many of those played, where the house counts like the emulator.

Where it does not, the error of the formula comes on top; those are told beside them, and judge nothing.
"""
PART = salt("part")


@dataclass(frozen=True)
class Told:
    """One measure of one world: what was foretold for a day, and what came."""

    seed: int
    kind: str
    measure: str
    ahead: int
    foretold: float
    low: float
    high: float
    as_is: float
    """What was foretold without the decision."""
    stays: float
    """What stood there when it was decided, as if nothing moved."""
    came: float
    came_without: float
    is_same: bool
    """Whether the house counted the measure like the emulator when it decided; where not, everything foretold is moved by the difference there was."""

    @property
    def is_inside(self) -> bool:
        """Whether it lay between the bounds, with room for the last digit of what is published."""
        return self.low - 1e-6 <= self.came <= self.high + 1e-6


def prove(seed: int, *, quick: bool) -> Proof:
    """Foretell, decide, wait, compare."""
    many = QUICK_SEEDS if quick else int(OPTIONS.get("seeds", SEEDS))
    with opened() as house:
        played = [_played(house, seed + number, number, quick=quick) for number in range(many)]
    return _proof(played, quick=quick)


@dataclass(frozen=True)
class Played:
    """One world."""

    told: tuple[Told, ...]
    same: int
    """Measures that the house counted like the emulator, to the sixth place, when it decided."""
    compared: int
    apart: tuple[str, ...]
    cases: int
    orders: int


@contextmanager
def opened() -> Iterator[House]:
    """A house of its own."""
    with ExitStack() as stack:
        memory = Path("/dev/shm")  # noqa: S108  (a folder of our own within it)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zg-whatif-", dir=memory if memory.is_dir() else None)))
        server = stack.enter_context(OwnServer(folder))
        migrate(server.conninfo)
        pool = stack.enter_context(open_pool(server.conninfo))
        make_cast(pool)
        yield House(pool, folder, rulebook.load())


def _played(house: House, seed: int, number: int, *, quick: bool) -> Played:
    every, kind = settings(), KINDS[number % len(KINDS)]
    setting = every[number % len(every)]
    warm, cases = (QUICK_DAYS, QUICK_CASES) if quick else (WARM_DAYS, CASES)
    world, twin = (Followed(setting, seed, cases=cases, days=warm + AFTER_DAYS) for _ in range(2))
    shop_id = create_shop(house, operator(), f"what-if {number}", world.now)
    for each, hears in ((world, lambda: world.heard_by(house, shop_id)), (twin, None)):
        each.lives((warm - 1) * 24, hears)
        each.lives(each.hours_to_midnight(DECIDES_AT_HOUR) + 24 - SILENT_HOURS, hears)
        each.lives(SILENT_HOURS, hears, answers=False)
    transact(house.pool, lambda tx: learn_in(tx, house, shop_id, world.now))
    agrees = {case.case_id: share(seed, case.case_id, PART) < kind.cases for case in world.open_cases()} if kind.cases is not None else {}
    ships = world.to_ship() if kind.ships else ()
    outlook = _foretold(house, shop_id, world, agrees, ships)
    began = world.published()
    same, compared, apart = _same_now(outlook, began)
    world.carries_out(agrees, ships)
    told: list[Told] = []
    for ahead in AHEAD:
        for each in (world, twin):
            each.lives(each.hours_to_midnight() + 24 * (ahead - 1 if ahead == 1 else ahead - 2))
        told += _compared(outlook, (seed, kind.name, ahead), began, world.published(), twin.published())
    return Played(tuple(told), same, compared, apart, len(agrees), len(ships))


def _foretold(house: House, shop_id: ShopId, world: Followed, agrees: dict[int, bool], ships: Sequence[int]) -> Outlook:
    decisions = [Decision(do=Do.AGREE if agree else Do.REFUSE, case=str(no)) for no, agree in agrees.items()]
    decisions += [Decision(do=Do.SHIP, order=world.number(row)) for row in ships]
    return what_if(house, operator(), shop_id, decisions or [Decision(do=Do.AGREE, case="none")], world.now, waits=True)


def _same_now(outlook: Outlook, published: Published) -> tuple[int, int, tuple[str, ...]]:
    same, apart = 0, []
    for each in outlook.measures:
        if each.formula.id in THEIRS:
            ours, theirs = each.now.value, getattr(published, THEIRS[each.formula.id])
            is_same = (ours is None and theirs is None) or (ours is not None and theirs is not None and abs(ours - theirs) < SAME)
            same += is_same
            if not is_same:
                apart.append(f"{each.formula.id} {ours} {theirs}")
    return same, sum(each.formula.id in THEIRS for each in outlook.measures), tuple(apart)


def _compared(outlook: Outlook, played: tuple[int, str, int], began: Published, came: Published, without: Published) -> Iterator[Told]:
    for each in outlook.measures:
        both = each.tomorrow if played[2] == 1 else each.week
        if each.formula.id not in THEIRS or both is None:
            continue
        then, theirs, alone = (getattr(one, THEIRS[each.formula.id]) for one in (began, came, without))
        now, decided, as_is = each.now.value, both.decided, both.as_is.value
        if then is None or theirs is None or alone is None or now is None or as_is is None:
            continue
        if decided.value is None or decided.low is None or decided.high is None:
            continue
        off = 0.0 if abs(now - then) < SAME else then - now
        foretold, low, high, usual = (value + off for value in (decided.value, decided.low, decided.high, as_is))
        yield Told(played[0], played[1], each.formula.id, played[2], foretold, low, high, usual, then, theirs, alone, off == 0.0)


def _proof(played: Sequence[Played], *, quick: bool) -> Proof:
    told = [each for one in played for each in one.told]
    same, compared = sum(each.same for each in played), sum(each.compared for each in played)
    inside = sum(each.is_inside for each in told) / max(1, len(told))
    alike = [each for each in told if each.is_same]
    held = sum(each.is_inside for each in alike) / max(1, len(alike))
    failures = [] if quick or held >= LEAST_INSIDE else [f"only {held:.1%} of what was counted alike lay between the bounds"]
    failures += [] if told else ["nothing was foretold"]
    counts: dict[str, int | float | str] = {
        "worlds": len(played),
        "cases decided": sum(each.cases for each in played),
        "orders shipped at once": sum(each.orders for each in played),
        "measures counted like the emulator when deciding": f"{same} of {compared}",
        "foretold and compared": len(told),
        "between bounds drawn for 90 %": f"{sum(each.is_inside for each in told)} of {len(told)} ({inside:.1%})",
        "of these, counted alike": _inside(alike),
        "of these, moved by the difference there was": _inside([each for each in told if not each.is_same]),
    }
    notes = [*_by_measure(told), *_by_kind(told), *_apart(played)]
    return Proof(CLAIM, counts, failures, notes)


def _inside(told: Sequence[Told]) -> str:
    return f"{sum(each.is_inside for each in told)} of {len(told)}" + (f" ({sum(each.is_inside for each in told) / len(told):.1%})" if told else "")


def _by_measure(told: Sequence[Told]) -> list[str]:
    groups: defaultdict[tuple[str, int], list[Told]] = defaultdict(list)
    for each in told:
        groups[each.measure, each.ahead].append(each)
    rows = [
        "## By measure",
        "",
        "Errors are means of the absolute difference, rates in percentage points, hours in hours. “Stays” says that nothing moves.",
        "",
    ]
    rows += ["| measure | days ahead | compared | between the bounds | error | error of “stays” | width of the bounds |", "|---|---:|---:|---:|---:|---:|---:|"]
    for (measure, ahead), some in sorted(groups.items()):
        scale = 1 if measure.endswith("_hours") else 100
        error = _mean(abs(each.foretold - each.came) for each in some) * scale
        stays = _mean(abs(each.stays - each.came) for each in some) * scale
        width = _mean(each.high - each.low for each in some) * scale
        rows.append(f"| {measure} | {ahead} | {len(some)} | {sum(each.is_inside for each in some)} | {error:.3f} | {stays:.3f} | {width:.3f} |")
    return [*rows, ""]


def _by_kind(told: Sequence[Told]) -> list[str]:
    """What the decision itself changed a week on, foretold and happened: the same world with it and without it."""
    groups: defaultdict[tuple[str, str], list[Told]] = defaultdict(list)
    for each in told:
        if each.ahead == WEEK:
            groups[each.kind, each.measure].append(each)
    rows = [
        "## What the decision changed, a week on",
        "",
        "Means over the worlds: foretold with less foretold without, happened with less happened without.",
        "",
    ]
    rows += ["| decision | measure | worlds | foretold | happened |", "|---|---|---:|---:|---:|"]
    for (kind, measure), some in sorted(groups.items()):
        scale = 1 if measure.endswith("_hours") else 100
        foretold = _mean(each.foretold - each.as_is for each in some) * scale
        happened = _mean(each.came - each.came_without for each in some) * scale
        if abs(foretold) > 0.0005 or abs(happened) > 0.0005:
            rows.append(f"| {kind} | {measure} | {len(some)} | {foretold:+.3f} | {happened:+.3f} |")
    return [*rows, ""]


def _apart(played: Sequence[Played]) -> list[str]:
    found = [each for one in played for each in one.apart]
    return ["## Counted otherwise when deciding", "", *(f"- {each}" for each in found[:40]), ""] if found else []


def _mean(values: Iterator[float]) -> float:
    every = list(values)
    return sum(every) / len(every) if every else 0.0
