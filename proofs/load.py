"""Ten times a busy shop: orders, parcels, refunds, messages and files come in all the while twenty people click, on the cores at hand.

The platform is the emulator at the pace of the wall clock; the house is its own processes: the pages, a worker, the embedded database with its careful
settings. Choices: `--with minutes=60 orders=50 ships=50 refunds=1 messages=3 files=5 people=20 browsers=1` (each `--with NAME=VALUE`; rates are a second).
At the end the world is stopped, and every order is held against the platform's own, field by field.
"""

import os
import secrets
import tempfile
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import httpx
import msgspec

from proofs.chaos_house_support import HouseUnderFire, emulated, errors_told, free_port, waited_for
from proofs.chaos_mapping_support import order_expected
from proofs.chaos_records_support import fields_differ, receiver_differs
from proofs.load_people_support import Crowd, Files, Seen, Talks, clicking
from proofs.load_watch_support import MEGABYTE, SHIPPED, STORED, Age, Scales, child_of_ours, watched
from proofs.support import OPTIONS, Proof
from tests.connected import connect
from tests.emulator.caller import Caller
from tests.journeys.conftest import CHROMIUM
from zhanggui import clock
from zhanggui.actions.bridge_tokens import make_token
from zhanggui.actions.house import House
from zhanggui.actions.shops import create_shop
from zhanggui.actions.syncing import read_again, sync_once, sync_state
from zhanggui.cli.homes import opened
from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.facts import OrderFacts
from zhanggui.emulator.scenario import Scenario
from zhanggui.people import accounts, sign_ins
from zhanggui.people.permissions import ShopId, operator
from zhanggui.records import shops
from zhanggui.site.app import open_door
from zhanggui.site.settings import Settings

TICK = 0.2
SHIP_AFTER = 60.0
"""Seconds after which a printing tool uploads the number of an order."""
AGE_LIMIT, PAGE_LIMIT = 60.0, 3.0
"""Seconds: what the age of facts and the latency of a page may be at their 99th percentile."""
OURS = "select order_no, facts::text from orders where shop_id = %s and order_no = any(%s)"
MANY = "select count(*) from orders where shop_id = %s"
BROUGHT = "select order_no from orders where shop_id = %s and order_no = any(%s)"
TOLD = "select count(*) from conversation_messages where shop_id = %s and via = 'bridge'"
WAITING = "select count(*) from hints where shop_id = %s and look_at <= %s"
MOST_TOLD = 40


@dataclass(frozen=True)
class Size:
    """How much of everything there is; rates are a second."""

    minutes: float = 60.0
    orders: float = 50.0
    ships: float = 50.0
    refunds: float = 1.0
    messages: float = 3.0
    files: float = 5.0
    people: int = 20
    browsers: int = 1
    history: int = 2_000
    file_every: float = 60.0
    ship_after: float = SHIP_AFTER
    thinks: tuple[float, float] = (2.0, 6.0)
    settles: float = 1_800.0


QUICK = Size(0.1, 6, 3, 0.5, 2, 3, people=3, browsers=0, history=40, file_every=2.0, ship_after=1.5, thinks=(0.2, 0.6), settles=60.0)
CLAIM = (
    "Orders, numbers of parcels, refunds, messages and files come in at the rates below while people click and read: every page answers in time, what is known "
    "here is young, memory stays flat, and in the end every order the platform has stands here field by field, with every message and every imported row."
)
NOTES = (
    "Seconds. The age of facts is the time from the moment the platform has an order, or its number, until it stands in the database with its deadlines, "
    "looked at twice a second. The platform's own limits of calls are switched off; the house keeps its own. Emulator, house, database, browsers and the "
    "people who click share the cores. What no push told of and no window had covered when the world was stopped is read once more before it is compared, "
    "and counted."
)


@dataclass
class Run:
    """One run: the house, the platform, and what is counted."""

    size: Size
    house: House
    platform: Caller
    shop_id: ShopId
    file_shop: ShopId
    fire: HouseUnderFire
    crowd: Crowd
    talks: Talks
    files: Files
    scales: Scales
    ages: tuple[Age, Age]
    counts: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


def prove(seed: int, *, quick: bool) -> Proof:
    """Let it all come in for so many minutes, let it settle, and compare."""
    size = QUICK if quick else _size()
    with _everything(size, seed) as run:
        with run.scales.weighing(), watched(run.house, run.shop_id, run.ages):
            with clicking(run.crowd, size.people, size.browsers, seed):
                _timed(run, "under load", lambda: _come_in(run))
            _timed(run, "until all of it stood here", lambda: _settle(run))
        run.fire.end()
        _timed(run, "comparing", lambda: _compare(run))
        _judge(run, quick=quick)
        told = _counts(run)
        run.failures += [f"{name} told of {many} stumbles" for name, many in errors_told(run.fire.home.parent).items()]
    return Proof(claim=CLAIM, counts=told, failures=run.failures[:MOST_TOLD], notes=(NOTES,))


def _size() -> Size:
    given: dict[str, Any] = {}
    for name in ("minutes", "orders", "ships", "refunds", "messages", "files"):
        if name in OPTIONS:
            given[name] = float(OPTIONS[name])
    for name in ("people", "browsers"):
        if name in OPTIONS:
            given[name] = int(OPTIONS[name])
    return Size(**given)


def _scenario(size: Size) -> Scenario:
    told: dict[str, Any] = {
        "name": "load",
        "size": {"history": size.history, "history_days": 6, "per_day": 0, "goods": 40, "buyers": 50_000},
        "gate": {"subscribed": True, "limit_factor": 0.0, "clock_tolerance": 1_000_000},
    }
    return msgspec.convert(told, Scenario)


@contextmanager
def _everything(size: Size, seed: int) -> Iterator[Run]:
    with ExitStack() as open_things:
        home = Path(open_things.enter_context(tempfile.TemporaryDirectory(prefix="zg-load-"))) / "home"
        home.mkdir(mode=0o755)
        platform = open_things.enter_context(emulated(_scenario(size), seed, home))
        house = open_things.enter_context(opened(home))
        open_things.callback(clock.use_home, None)
        ours, theirs = (create_shop(house, operator(), name, clock.now()) for name in ("林家果园小铺", "林记坚果"))
        connect(house, ours, platform)
        sync_once(house, operator(), ours, clock.now(), clock.unwound())
        tokens = _people(house, (ours, theirs), max(1, size.people))
        fire = HouseUnderFire(home, free_port(), workers=1)
        open_things.callback(fire.end)
        fire.start()
        yield _run(size, house, platform, (ours, theirs), fire, tokens)


def _run(size: Size, house: House, platform: Caller, ours: tuple[ShopId, ShopId], fire: HouseUnderFire, tokens: list[str]) -> Run:
    shop_id, file_shop = ours
    known: deque[str] = deque([line["order"]["order_sn"] for line in islice(platform.state("orders"), 200)], maxlen=2_000)
    cookie = open_door(house, Settings(home=house.home), secure=False).cookie_name
    crowd = Crowd(
        f"http://127.0.0.1:{fire.port}", cookie, tokens, shop_id, lambda: known[secrets.randbelow(len(known))], threading.Event(), Seen(), size.thinks
    )
    scopes = (Scope.MESSAGES_WRITE, Scope.DRAFTS_READ)
    token = make_token(house, operator(), shop_id, "客服工具", scopes, clock.now(), clock.unwound()).token
    processes = {name: process.running.pid for name, process in fire.processes.items() if process.running is not None}
    processes |= {"emulator": child_of_ours("zhanggui.emulator"), "people": os.getpid()}
    return Run(
        size=size,
        house=house,
        platform=platform,
        shop_id=shop_id,
        file_shop=file_shop,
        fire=fire,
        crowd=crowd,
        talks=Talks(crowd, token, size.messages),
        files=Files(crowd, file_shop, size.files, size.file_every),
        scales=Scales(processes, house.home / "server" / "cluster"),
        ages=(Age("orders", STORED, known=known), Age("numbers of parcels", SHIPPED)),
    )


def _people(house: House, ours: tuple[ShopId, ...], many: int) -> list[str]:
    """A sign-in for each of so many people."""
    tokens = []
    with house.pool.connection() as tx:
        for number in range(many):
            person = accounts.make(tx, login=f"p{number}", password=secrets.token_urlsafe(), display_name=f"同事{number}", now=clock.now())
            for shop_id in ours:
                shops.add_owner(tx, shop_id, person.person_id, clock.now())
            tokens.append(sign_ins.begin(tx, person.person_id, clock.unwound(), device="load"))
    return tokens


def _come_in(run: Run) -> None:
    """Everything comes in at its rate; what this machine is too slow to have made in time is owed and comes as soon as it can."""
    feeding = threading.Thread(target=_feed, args=(run,), daemon=True)
    feeding.start()
    began, size = time.monotonic(), run.size
    to_ship: deque[tuple[float, str]] = deque()
    owed = dict.fromkeys(("orders", "ships", "refunds"), 0.0)
    ends = began + size.minutes * 60
    before = began
    while (now := time.monotonic()) < ends:
        for what in ("orders", "ships", "refunds"):
            owed[what] += getattr(size, what) * (now - before)
        before = now
        for what, happens in (("orders", _order), ("ships", _ship), ("refunds", _ask_back)):
            try:
                happens(run, _whole(owed, what), to_ship)
            except httpx.HTTPError:
                run.counts["answers of the emulator that came too late"] += 1
        time.sleep(max(0.0, TICK - (time.monotonic() - now)))
    run.crowd.stop.set()
    feeding.join(120)  # it may begin one more import
    for thread in run.files.under_way:
        thread.join(120)


def _whole(owed: dict[str, float], what: str) -> int:
    whole = int(owed[what])
    owed[what] -= whole
    return whole


def _feed(run: Run) -> None:
    """Messages and files, beside the platform's doings."""
    before = time.monotonic()
    while not run.crowd.stop.wait(1.0):
        now = time.monotonic()
        run.talks.bring(now - before, clock.now())
        run.files.bring(now - before, clock.now())
        before = now


def _order(run: Run, many: int, to_ship: deque[tuple[float, str]]) -> None:
    if not many:
        return
    numbers = run.platform.new_orders(many)
    run.counts["orders"] += len(numbers)
    run.ages[0].happened(numbers)
    to_ship.extend((time.monotonic(), number) for number in numbers)


def _ship(run: Run, many: int, to_ship: deque[tuple[float, str]]) -> None:
    """A printing tool uploads numbers, the oldest orders first."""
    shipped = []
    for _ in range(many):
        if not to_ship or to_ship[0][0] > time.monotonic() - run.size.ship_after:
            break
        number = to_ship.popleft()[1]
        try:
            run.platform.ship(number, f"YT{secrets.randbelow(9 * 10**12) + 10**12}")
        except AssertionError:
            run.counts["numbers the platform refused"] += 1
            continue
        shipped.append(number)
    run.counts["numbers uploaded"] += len(shipped)
    run.ages[1].happened(shipped)


def _ask_back(run: Run, many: int, to_ship: deque[tuple[float, str]]) -> None:
    """Buyers want their money back for what came last."""
    for _ in range(many):
        if not to_ship:
            break
        asked = run.platform.http.post("/_do", json={"act": "buyer.asks", "order_sn": to_ship.pop()[1], "kind": 1})
        run.counts["refunds asked for"] += asked.status_code == httpx.codes.OK


def _settle(run: Run) -> None:
    """The world stops, and nothing comes any more: until all that came stands here, and nothing waits to be read."""
    assert run.platform.http.post("/_clock", json={"speed": 0}).status_code == httpx.codes.OK

    def is_settled() -> bool:
        with run.house.pool.connection() as tx:
            row = tx.execute(WAITING, (run.shop_id, clock.unwound())).fetchone()
        return not any(age.waited for age in run.ages) and row is not None and row[0] == 0

    try:
        waited_for("the rest", is_settled, run.size.settles)
    except TimeoutError:
        run.failures += [f"{len(age.waited)} {age.name} stood nowhere after {run.size.settles:.0f} s" for age in run.ages if age.waited]


def _compare(run: Run) -> None:
    """Every order is held against the platform's own, field by field, a few hundred at a time."""
    sync_once(run.house, operator(), run.shop_id, clock.now(), clock.unwound())
    sources = sync_state(run.house, operator(), run.shop_id, clock.now()).sources
    horizon = min(source.horizon for source in sources if source.source == "orders" and source.horizon is not None)
    carriers = {int(each["id"]): each["logistics_company"] for each in run.platform.call("pdd.logistics.companies.get")["logistics_companies"]}
    lines = _lines(run)
    while batch := {line["order"]["order_sn"]: line["order"] for line in islice(lines, 500)}:
        run.counts["orders compared"] += len(batch)
        differing = _differing(run, batch, carriers)
        moved = {no: batch[no] for no in differing if datetime.fromisoformat(f"{batch[no]['updated_at']}+08:00") >= horizon}
        for no in moved:
            # it moved in the last minutes, which no window has covered yet: read once more, as the next window would
            run.counts["orders of the last minutes that the next window had to bring"] += 1
            read_again(run.house, run.shop_id, "order", no, clock.now(), clock.unwound())
        differing |= dict.fromkeys(moved, ()) | _differing(run, moved, carriers)
        run.failures += [each for told in differing.values() for each in told]
    _hold_against(run)


def _differing(run: Run, theirs: dict[str, Any], carriers: dict[int, str]) -> dict[str, Sequence[str]]:
    """Every order that is not here, or not the same, with what differs."""
    decode = msgspec.json.Decoder(OrderFacts).decode
    with run.house.pool.connection() as tx:
        ours = {no: decode(facts) for no, facts in tx.execute(OURS, (run.shop_id, list(theirs)))}
    told: dict[str, Sequence[str]] = {no: [f"order {no}: only on their side"] for no in theirs.keys() - ours.keys()}
    for no in theirs.keys() & ours.keys():
        told[no] = [*fields_differ(f"order {no}", ours[no], order_expected(theirs[no], carriers)), *receiver_differs(no, ours[no], theirs[no])]
    return {no: each for no, each in told.items() if each}


def _hold_against(run: Run) -> None:
    """What came by other doors, counted against what was sent."""
    with run.house.pool.connection() as tx:
        many = tx.execute(MANY, (run.shop_id,)).fetchone()
        told = tx.execute(TOLD, (run.shop_id,)).fetchone()
        files = {no for (no,) in tx.execute(BROUGHT, (run.file_shop, sorted(run.files.brought)))}
    if many is None or many[0] != run.counts["orders compared"]:
        run.failures.append(f"{many and many[0]} orders stand here, {run.counts['orders compared']} on the platform")
    if told is None or told[0] != len(run.talks.brought):
        run.failures.append(f"{told and told[0]} messages stand here, {len(run.talks.brought)} were taken in")
    if lost := run.files.brought - files:
        run.failures.append(f"{len(lost)} orders of imported files are nowhere")


def _lines(run: Run) -> Iterator[dict[str, Any]]:
    """Orders of the platform one by one: all of them at once may be half a gigabyte."""
    with run.platform.http.stream("GET", "/_state", params={"part": "orders"}, timeout=600) as answer:
        for line in answer.iter_lines():
            if line:
                yield msgspec.json.decode(line)


def _judge(run: Run, *, quick: bool) -> None:
    run.failures += [f"{what}, {many} times" for what, many in run.crowd.seen.failures.items()]
    if quick:
        return
    run.failures += run.scales.grown()
    run.failures += [
        f"the age of {age.name} at the 99th percentile is {at:.1f} s, more than {AGE_LIMIT:g}" for age in run.ages if (at := _part(age.took, 0.99)) > AGE_LIMIT
    ]
    run.failures += [
        f"{page} takes {at:.2f} s at the 99th percentile, more than {PAGE_LIMIT:g}"
        for page, took in run.crowd.seen.took.items()
        if page != "File imported" and (at := _part(took, 0.99)) > PAGE_LIMIT
    ]


def _counts(run: Run) -> dict[str, int | float | str]:
    size = run.size
    seconds = run.seconds["seconds under load"]
    told: dict[str, int | float | str] = {
        "orders a second": f"{run.counts['orders'] / seconds:.1f} (of {size.orders:g})",
        "numbers uploaded a second": f"{run.counts['numbers uploaded'] / seconds:.1f} (of {size.ships:g})",
        "people": f"{size.people}, {size.browsers} of them at Chromium" if CHROMIUM else f"{size.people}",
        **run.counts,
        **run.crowd.seen.counts,
        "messages brought": len(run.talks.brought),
        "orders by files": len(run.files.brought),
        **run.seconds,
    }
    for age in run.ages:
        told[f"age of {age.name}, p50 / p99 / most"] = f"{_part(age.took, 0.5):.2f} / {_part(age.took, 0.99):.2f} / {max(age.took, default=0.0):.2f}"
    for page, took in sorted(run.crowd.seen.took.items()):
        told[f"{page}, p50 / p99 (of {len(took)})"] = f"{_part(took, 0.5):.3f} / {_part(took, 0.99):.3f}"
    for name, (early, late) in run.scales.quarters().items():
        told[f"memory of {name} (MB), second quarter and last"] = f"{early / MEGABYTE:.0f} and {late / MEGABYTE:.0f}"
    for name, spent in run.scales.seconds.items():
        told[f"share of a core, {name}"] = f"{spent / seconds:.2f}"
    return told


def _part(took: list[float], part: float) -> float:
    ordered = sorted(took)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0


def _timed(run: Run, what: str, work: Any) -> None:
    began = time.monotonic()
    work()
    run.seconds[f"seconds {what}"] = round(time.monotonic() - began, 1)
