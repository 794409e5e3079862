"""The platform misbehaves, processes die, the database goes: in the end nothing is missing, nothing was done twice, and every clock is right.

A shop of the emulated platform is read and written to by the house's own processes, which are killed with signal 9 at random. Meanwhile the world goes on:
the clock is wound, orders come, buyers ask for their money, refunds and returns are agreed by the house itself and shipments sent, all through the one door.
Then the shooting stops, the house is given time to catch up, the world is stopped, and three things are compared: our records with the platform's state,
field by field, by a mapping written from the platform's documents; our outbox with the platform's ledger; our stored deadlines with fresh ones.
"""

import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import msgspec
import psycopg
from psycopg_pool import PoolTimeout

from proofs.chaos_house_support import HouseUnderFire, emulated, errors_told, free_port, waited_for
from proofs.chaos_records_support import act_differences, acts, case_differences, effects, limit_differences, order_differences, unsettled
from proofs.support import Proof
from tests.actions.recount import differences
from tests.connected import connect
from tests.emulator.caller import Caller
from zhanggui import clock
from zhanggui.actions.connecting import begin_connect, finish_connect
from zhanggui.actions.connections import connection_state
from zhanggui.actions.house import House
from zhanggui.actions.outbox import decide, set_limits
from zhanggui.actions.refused import Refused
from zhanggui.actions.shops import create_shop
from zhanggui.actions.syncing import read_again, sync_once, sync_state
from zhanggui.actions.today import settle
from zhanggui.cli.homes import opened
from zhanggui.core.acts import ActKind, ActLevel, Limits, Ship
from zhanggui.core.connection import ConnectionState
from zhanggui.core.money import Fen
from zhanggui.emulator.scenario import Scenario
from zhanggui.people.permissions import ShopId, operator
from zhanggui.records.db import Tx, transact

T = TypeVar("T")

_FIRST_ORDERS = 10

UNSHIPPED = """
    select order_no from orders
    where shop_id = %s and facts->>'stage' = 'to_ship' and facts->>'refund' = 'none' and coalesce((facts->>'under_review')::boolean, false) = false
    order by order_no
"""
BUSY = """
    select (select count(*) from sync_windows where shop_id = %(shop_id)s and state <> 'done')
         + (select count(*) from hints where shop_id = %(shop_id)s and look_at is not null and look_at <= %(wall)s)
"""
HURRIED = (
    "update sync_windows set look_at = look_at - interval '15 minutes' where state <> 'done'",
    "update sync_sources set look_at = look_at - interval '15 minutes', rests_until = rests_until - interval '15 minutes'",
    "update acts set look_at = look_at - interval '15 minutes', sure_after = sure_after - interval '15 minutes'",
    "update acts set leased_until = leased_until - interval '15 minutes' where leased_until is not null",
    "update hints set look_at = look_at - interval '15 minutes', leased_until = leased_until - interval '15 minutes'",
    "update lanes set paused_until = paused_until - interval '15 minutes' where paused_until is not null",
)
_AWAY = (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout)


@dataclass(frozen=True)
class Size:
    """How much of everything there is."""

    history: int
    per_day: int
    rounds: int
    wind_minutes: tuple[int, int]
    pause_seconds: tuple[float, float]
    workers: int
    ships: int
    asks: int
    settles_within: float
    """Seconds the house is given, once nobody shoots any more, to settle what it is not sure of."""
    hurries: bool
    """Whether what the house keeps by the wall clock (leases, back-off, the time until an answer can be relied on) is brought forward instead of waited for."""
    warm_days: int


WHOLE = Size(1_800, 2_000, 56, (20, 40), (1.0, 4.0), 2, 8, 4, 1_500.0, hurries=False, warm_days=1)
QUICK = Size(60, 400, 2, (8, 20), (1.0, 2.0), 1, 6, 6, 120.0, hurries=True, warm_days=0)


@dataclass
class Run:
    """One run of the proof: the house, the platform, the dice, and what happened."""

    house: House
    shop_id: ShopId
    platform: Caller
    fire: HouseUnderFire
    size: Size
    dice: random.Random
    notes: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)
    horizons: dict[str, str] = field(default_factory=dict)


def prove(seed: int, *, quick: bool) -> Proof:
    """Shoot, let it settle, compare."""
    size = QUICK if quick else WHOLE
    with _everything(seed, size) as run:
        with run.fire.visited():
            with _timed(run, "until the first orders are known"):
                waited_for("the first order", lambda: len(_unshipped(run)) >= _FIRST_ORDERS, 60.0)
            with _timed(run, "under fire"):
                for number in range(size.rounds):
                    _round(run, number)
            with _timed(run, "settling down"):
                unsure = _settle_down(run)
        run.fire.end()
        with _timed(run, "reading the rest"):
            _stop_the_world(run)
        with _timed(run, "comparing"):
            failures = list(_compare(run))
        counts = _counts(run, unsure)
    return Proof(claim=_CLAIM, counts=counts, failures=failures[:60])


_CLAIM = (
    "While the platform misbehaves, its clock is wrong, web and worker processes are killed with signal 9 and the database is killed and restarted, a shop "
    "is read and written to; afterwards every field of every order and case equals the platform's state, every act of the outbox happened exactly once by the "
    "platform's ledger and nothing else did, and every stored deadline equals one computed from scratch."
)


@contextmanager
def _timed(run: Run, what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    run.seconds[f"seconds {what}"] = round(time.monotonic() - began, 1)


def _scenario(size: Size) -> Scenario:
    """A shop that half ships by itself, and whose buyers often want their money back."""
    told: dict[str, Any] = {
        "name": "chaos",
        "mood": "fair",
        "size": {"history": size.history, "history_days": 6, "per_day": size.per_day, "goods": 24, "buyers": 5_000, "warm_days": size.warm_days},
        "buyers": {"refund_unshipped": 0.08, "refund_in_transit": 0.03, "refund_received": 0.06, "under_review": 0.04, "moves": 0.01},
        "seller": {"autopilot": True, "hours_to_ship": 16, "backlog": 0.3},
        "gate": {"subscribed": True},
    }
    return msgspec.convert(told, Scenario)


@contextmanager
def _everything(seed: int, size: Size) -> Iterator[Run]:
    with tempfile.TemporaryDirectory(prefix="zg-chaos-") as folder:
        home = Path(folder) / "home"
        home.mkdir(mode=0o755)
        clock.wind(home, timedelta(0))
        with emulated(_scenario(size), seed, home) as platform, opened(home) as house:
            shop_id = create_shop(house, operator(), "林家果园小铺", clock.now())
            connect(house, shop_id, platform)
            for kind in (ActKind.REFUND_AGREE, ActKind.RETURN_AGREE, ActKind.SHIP_UPLOAD):
                _let_act(house, shop_id, kind)
            fire = HouseUnderFire(home, free_port(), size.workers)
            fire.start()
            try:
                yield Run(house, shop_id, platform, fire, size, random.Random(seed))
            finally:
                fire.end()
                clock.use_home(None)


def _let_act(house: House, shop_id: ShopId, kind: ActKind) -> None:
    money = kind is ActKind.REFUND_AGREE
    daily, most = Fen(100_000_000 if money else 0), Fen(10_000_000 if money else 0)
    limits = Limits(level=ActLevel.ACT, wait_minutes=0, daily_cap=100_000, daily_money=daily, most_money=most)
    set_limits(house, operator(), shop_id, kind, limits, clock.now())


def _round(run: Run, number: int) -> None:
    """Something happens in the world, and somebody is shot."""
    skew = _FAR_OFF if number == run.size.rounds // 2 and not run.size.hurries else _SKEW[number % len(_SKEW)]
    run.platform.mood(name="hostile", clock_skew_seconds=skew, late_read_seconds=60, token_expires=0.0005)
    later = timedelta(minutes=run.dice.randint(*run.size.wind_minutes))
    clock.wind(run.fire.home, later)
    run.platform.step(later.total_seconds())
    _authorise_again(run)
    _people_act(run)
    if number == run.size.rounds // 3:
        run.fire.strike_database("killed")
    elif number == 2 * run.size.rounds // 3:
        run.fire.strike_database("restarted")
    if number % 10 == 7:
        run.platform.do("token.expires")
        run.notes["tokens expired"] += 1
    time.sleep(run.dice.uniform(*run.size.pause_seconds))
    run.fire.kill_one(run.dice)


_BY_UPDATE = frozenset({"orders", "refunds"})
_NEARLY = timedelta(minutes=6)
_SKEW = (0, 0, 240, 240, -200, 0, 120, -300)
"""By how many seconds the platform's clock is wrong, round by round."""
_FAR_OFF = 900
"""So wrong that the platform refuses every call for a while: once, in the middle."""


def _authorise_again(run: Run) -> None:
    """The owner says yes on the platform's page once more, where an answer to a refresh was lost and the platform takes no token any more."""
    if _tried(lambda: connection_state(run.house, operator(), run.shop_id, clock.now())).state is not ConnectionState.LAPSED:
        return
    began, sign_in = clock.unwound(), b"chaos"
    page = _tried(lambda: begin_connect(run.house, operator(), run.shop_id, sign_in=sign_in, redirect_uri="http://127.0.0.1:1/back", wall=began))
    back = parse_qs(urlsplit(run.platform.http.get(f"{page}&auto=1").headers["location"]).query)
    with suppress(Refused):
        finish_connect(run.house, operator(), state=back["state"][0], code=back["code"][0], sign_in=sign_in, now=clock.now(), wall=clock.unwound())
        run.notes["authorised again by a person"] += 1


def _people_act(run: Run) -> None:
    """Buyers ask for their money, and somebody in the shop ships some of what is still to be shipped."""
    waiting = _tried(lambda: _unshipped(run))
    run.dice.shuffle(waiting)
    for order_no in waiting[: run.size.asks]:
        asked = run.platform.http.post("/_do", json={"act": "buyer.asks", "order_sn": order_no, "kind": 1})
        run.notes["buyers asked"] += asked.status_code == 200
    for order_no in waiting[run.size.asks : run.size.asks + run.size.ships]:
        tracking_no = f"YT{run.dice.randrange(10**12, 10**13)}"
        try:
            _tried(lambda no=order_no, tracking=tracking_no: transact(run.house.pool, lambda tx: _ship(tx, run, no, tracking)))  # type: ignore[misc]  # bound now
        except Refused:
            run.notes["shipments refused"] += 1


def _ship(tx: Tx, run: Run, order_no: str, tracking_no: str) -> int:
    request = Ship(order_no=order_no, tracking_no=tracking_no, carrier="圆通快递")
    return decide(tx, run.house, operator(), run.shop_id, request, clock.now(), key=f"chaos/{order_no}")


def _unshipped(run: Run) -> list[str]:
    with run.house.pool.connection() as tx:
        return [no for (no,) in tx.execute(UNSHIPPED, (run.shop_id,)).fetchall()]


def _tried(work: Callable[[], T]) -> T:
    """The work, tried again while the database is away."""
    for _ in range(120):
        try:
            return work()
        except _AWAY:
            time.sleep(0.5)
    return work()


def _settle_down(run: Run) -> dict[str, int]:
    """The platform is fair again, and nobody shoots: what is left unsure after a while."""
    run.platform.mood(name="fair", clock_skew_seconds=0, late_read_seconds=0)
    ends = time.monotonic() + run.size.settles_within
    while time.monotonic() < ends:
        run.fire.start_again()
        _authorise_again(run)
        left = {state: number for state, number in unsettled(run.house, run.shop_id).items() if state not in {"needs_person", "proposed"}}
        if not left and not _busy(run) and _is_in_step(run):
            break
        if run.size.hurries:
            _tried(lambda: transact(run.house.pool, _hurry))
        time.sleep(1.0)
    return unsettled(run.house, run.shop_id)


def _is_in_step(run: Run) -> bool:
    """Whether the workers have read what can be read by now."""
    now = clock.now()
    sources = sync_state(run.house, operator(), run.shop_id, now).sources
    return all(each.seen_to is not None and each.seen_to > now - _NEARLY for each in sources if each.source in _BY_UPDATE)


def _hurry(tx: Tx) -> None:
    """As if a quarter of an hour had passed on the wall; the house's own time and the platform's stay as they are."""
    for statement in HURRIED:
        tx.execute(statement)


def _busy(run: Run) -> bool:
    with run.house.pool.connection() as tx:
        row = tx.execute(BUSY, {"shop_id": run.shop_id, "wall": clock.unwound()}).fetchone()
    return row is None or row[0] > 0


def _stop_the_world(run: Run) -> None:
    """Nothing happens any more: all up to the horizon is read by windows; what moved in the last minutes is read again, as a push would have it."""
    assert run.platform.http.post("/_clock", json={"speed": 0}).status_code == 200
    report = sync_once(run.house, operator(), run.shop_id, clock.now(), clock.unwound())
    run.notes["windows read at the end"] = getattr(report, "windows", 0)
    sources = sync_state(run.house, operator(), run.shop_id, clock.now()).sources
    horizon = min(each.horizon for each in sources if each.horizon is not None and each.source in _BY_UPDATE)
    for line in run.platform.state("orders"):
        if _at(line["order"]["updated_at"]) >= horizon:
            run.notes["orders of the last minutes"] += read_again(run.house, run.shop_id, "order", line["order"]["order_sn"], clock.now(), clock.unwound())
    for line in run.platform.state("cases"):
        if _at(line["list"]["updated_time"]) >= horizon:
            case_no = f"{line['list']['order_sn']}/{line['list']['id']}"
            run.notes["cases of the last minutes"] += read_again(run.house, run.shop_id, "case", case_no, clock.now(), clock.unwound())


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def _compare(run: Run) -> Iterator[str]:
    yield from order_differences(run.house, run.shop_id, run.platform)
    yield from case_differences(run.house, run.shop_id, run.platform)
    yield from act_differences(run.house, run.shop_id, run.platform)
    yield from limit_differences(run.house, run.shop_id, run.platform)
    now = clock.now()
    settle(run.house, (run.shop_id,), now)
    yield from (f"deadlines: {each}" for each in differences(run.house, run.shop_id, now))
    state = sync_state(run.house, operator(), run.shop_id, now)
    yield from (f"left out: {each.kind} {each.no}, {each.reason}" for each in state.left_out)
    for source in state.sources:
        run.horizons[source.source] = f"{source.floor} to {source.horizon}, seen to {source.seen_to}"
        yield from (f"hole in {source.source}: {begins} to {ends}" for begins, ends in source.holes)
    yield from (f"{number} acts are still {state}" for state, number in unsettled(run.house, run.shop_id).items() if state not in {"needs_person", "proposed"})
    if not run.size.hurries and run.fire.kills.get("web", 0) + run.fire.kills.get("worker", 0) < 50:
        yield f"only {run.fire.kills} were killed"


def _counts(run: Run, unsure: dict[str, int]) -> dict[str, int | float | str]:
    states = Counter(f"{kind} {state}" for kind, _, state, _ in acts(run.house, run.shop_id))
    state = run.platform.http.get("/_state").json()[0]
    return {
        "orders": len(run.platform.state("orders")),
        "cases": len(run.platform.state("cases")),
        "calls the platform was asked": state["calls"],
        **{f"killed: {who}": number for who, number in sorted(run.fire.kills.items())},
        **run.seconds,
        "pages answered / missed": f"{run.fire.pages} / {run.fire.pages_missed}",
        "things done on the platform": sum(effects(run.platform).values()),
        "acts sent more than once": sum(attempts > 1 for _, _, _, attempts in acts(run.house, run.shop_id)),
        **{f"acts: {what}": number for what, number in sorted(states.items())},
        "acts left for a person or unsure": str(unsure or 0),
        **dict(sorted(run.notes.items())),
        **{f"read without a hole: {source}": span for source, span in run.horizons.items()},
        "stumbles of the program": str(errors_told(run.fire.home.parent) or 0),
    }
