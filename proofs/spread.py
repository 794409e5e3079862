"""The whole house on a database spread over several servers: every page, form, lane and chore runs, and each statement is answered in one place.

`--with database=URL` names an empty database of a coordinator with Citus and its workers (docs/scale.md tells how to make one); without it, as in the
test run, the journeys are played on one server and only what was asked is judged.
"""

import random
import re
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from bench.orders import some_orders

from proofs.support import OPTIONS, Proof
from tests.cast import make_cast
from tests.house.statements import statements
from tests.site.expectations import ROUTES, files_of
from tests.site.planted import Planted, plant
from tests.site_client import Browser, browser, make_app
from zhanggui import clock, rulebook
from zhanggui.actions.house import House
from zhanggui.actions.intake.storing import CHUNK, Storing
from zhanggui.core.facts import OrderFacts, Place, Sighting
from zhanggui.people.permissions import Person
from zhanggui.records import batches, db, shops
from zhanggui.records.migrate import migrate
from zhanggui.records.spread import spread
from zhanggui.server import embedded
from zhanggui.worker.loop import Worker

ORDERS, QUICK_ORDERS = 20_000, 500
PAGES = 30
NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
GIVEN = frozenset(OrderFacts.__struct_fields__) - {"order_no"}
_PLANNED = re.compile(r"\s*(--[^\n]*\n\s*)*(select|insert|update|delete|with)\b", re.IGNORECASE)
_TASKS = re.compile(r"Task Count: (\d+)")
ALL_PLACES = (
    "from batches where state in ('running', 'looking')",  # once at a start: what was cut off
    "from connections where shop_id = any(%(shop_ids)s) and state = 'connected' and refresh_at <=",  # a chore: whose token ends soon
    "from sync_sources where look_at <=",  # a lane: in which shops windows are due
    "from openings where shop_id = any(%(shop_ids)s) and by_person",  # a deliberate look at whole personal data: how often in all shops
)
"""What else may ask everywhere."""
PIECES = "select nodename || ':' || nodeport, count(*), sum(shard_size)::bigint from citus_shards where citus_table_type = 'distributed' group by 1 order by 1"


@dataclass
class Ran:
    """What was asked of the database: each statement once, with the values it was first asked with, and what it refused."""

    asked: dict[str, Any] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)


def prove(seed: int, *, quick: bool) -> Proof:
    """Plays the journeys on a spread database and on one server, and judges every statement that ran."""
    spread_at = OPTIONS.get("database")
    ran = Ran()
    counts: dict[str, int | float | str] = {}
    failures: list[str] = []
    with tempfile.TemporaryDirectory(prefix="zg-spread-") as folder, recorded(ran):
        with embedded(Path(folder) / "one") as conninfo:
            migrate(conninfo)
            alone = played(conninfo, Path(folder) / "one", ran, counts, failures, seed, quick=quick)
        if spread_at is not None:
            migrate(spread_at)
            done = spread(spread_at)
            counts |= {"tables cut by shop": len(done.cut), "tables copied to every server": len(done.copied)}
            several = played(spread_at, Path(folder) / "several", ran, counts, failures, seed, quick=quick)
            counts |= compared(alone, several)
    judge(ran, counts, failures)
    if spread_at is not None:
        plan(spread_at, ran, counts, failures)
    elif not quick:
        failures.append("no spread database was named: --with database=URL")
    return Proof(
        claim="On a database spread over several servers every page, form, lane and chore of the house runs, and each statement names one shop and is "
        "answered in one place; only the questions which shops have work go to all of them.",
        counts=counts,
        failures=failures,
        notes=()
        if spread_at is None
        else ("All servers of the spread database ran on this one machine, so the figures tell what spreading costs, not what it brings.",),
    )


@dataclass(frozen=True)
class Played:
    """What the journeys took on one database."""

    orders_a_second: float
    today_ms: float
    order_ms: float


def played(conninfo: str, home: Path, ran: Ran, counts: dict[str, int | float | str], failures: list[str], seed: int, *, quick: bool) -> Played:
    """Plants two full shops, walks every address as an owner, has the worker do everything once, and stores some thousand orders."""
    home.mkdir(parents=True, exist_ok=True)
    with db.open_pool(conninfo) as pool:
        house = House(pool=pool, home=home, rulebook=rulebook.load())
        people = make_cast(pool)
        ours, _ = plant(house, people, home, ours=True), plant(house, people, home, ours=False)
        ran.asked.clear()  # what the cast and the planting asked by statements of the tests' own is not the house's
        failures.extend(walked(house, people.lin, ours))
        failures.extend(worked(house))
        counts["addresses walked"] = len(ROUTES)
        app = make_app(house)
        with browser(app, people.lin) as lin:
            today = median_ms(lambda: lin.get("/today"), 3 if quick else PAGES)
            order = median_ms(lambda: lin.get(f"/shops/{ours.shop_id}/orders/{ours.order_no}"), 3 if quick else PAGES)
        stored = store(house, seed, QUICK_ORDERS if quick else ORDERS)
    return Played(stored, today, order)


def walked(house: House, person: Person, planted: Planted) -> list[str]:
    """What went wrong on a walk through every address, in an order of no meaning."""
    app = make_app(house)
    wrong = []
    with browser(app, person) as walker:
        for route in ROUTES:
            answer = walker.get(route.ask(planted)) if route.method == "GET" else _sent(walker, route, planted)
            if answer.status_code >= 500:
                wrong.append(f"{route.method} {route.route} answered {answer.status_code}")
    return wrong


def _sent(walker: Browser, route: Any, planted: Planted) -> Any:
    page = "/account" if walker.cookies.get(walker.door_cookie) else "/sign-in"
    token = walker.kept_tokens.setdefault(page, "") or walker.form_token(page)
    walker.kept_tokens[page] = token
    return walker.post(route.ask(planted), data={**route.send(planted), "_csrf_token": token}, **files_of(route))


def worked(house: House) -> list[str]:
    """What went wrong while the worker did every chore, and each lane its turns."""
    worker = Worker(house)
    worker.tick(clock.unwound(), threading.Event())
    wrong = []
    for name, lane in worker.lanes.items():
        try:
            any(not lane.turn() for _ in range(10))
        except psycopg.Error as error:
            wrong.append(f"the lane {name} had trouble: {str(error).splitlines()[0]}")
    with house.pool.connection() as tx:
        troubled = tx.execute("select name, problem::text from chores where problem is not null").fetchall()
    return wrong + [f"the chore {name} had trouble: {problem}" for name, problem in troubled]


def store(house: House, seed: int, count: int) -> float:
    """Orders stored a second, with all that hangs on them."""
    sightings: list[Sighting[Any]] = [Sighting(order, GIVEN, Place("orders.csv", row=row)) for row, order in enumerate(some_orders(count, seed=seed), start=2)]
    with house.pool.connection() as tx:
        shop = shops.insert(tx, f"bench {random.Random(seed).random()}", NOW)
        assert shop is not None
        batch_id = batches.insert(tx, shop.shop_id, "bench", None, NOW, state="running")
    with house.pool.connection() as tx:
        began = time.perf_counter()
        storing = Storing(tx, shop.shop_id, batch_id, house.rulebook, NOW, None)
        for first in range(0, len(sightings), CHUNK):
            storing.take(sightings[first : first + CHUNK], NOW)
        storing.finish()
        tx.commit()
        return count / (time.perf_counter() - began)


def median_ms(ask: Callable[[], object], times: int) -> float:
    """The middle of so many tries, in milliseconds."""
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        spent.append(time.perf_counter() - began)
    return statistics.median(spent) * 1000


def compared(alone: Played, several: Played) -> dict[str, int | float | str]:
    """Both sides beside each other."""
    return {
        "orders stored a second, one server and spread": f"{alone.orders_a_second:,.0f} and {several.orders_a_second:,.0f}",
        "the Today page in the middle of its tries, one server and spread": f"{alone.today_ms:.1f} ms and {several.today_ms:.1f} ms",
        "the page of an order, one server and spread": f"{alone.order_ms:.1f} ms and {several.order_ms:.1f} ms",
    }


def judge(ran: Ran, counts: dict[str, int | float | str], failures: list[str]) -> None:
    """Every statement that ran is one that tests/house has read and found to name its shop."""
    known = {statement.sql for statement in statements()}
    strangers = [text for text in ran.asked if _PLANNED.match(text) and text not in known and not _of_this_proof(text)]
    counts |= {"statements of the house that ran": len([text for text in ran.asked if text in known]), "of them refused by the database": len(ran.refused)}
    failures.extend(f"ran without having been judged: {text.strip()[:120]}" for text in strangers)
    failures.extend(f"refused by the database: {text}" for text in sorted(ran.refused))


def _of_this_proof(text: str) -> bool:
    return text.startswith("select name, problem::text from chores")


def plan(conninfo: str, ran: Ran, counts: dict[str, int | float | str], failures: list[str]) -> None:
    """Where the spread database would answer each statement: in one place, or across shops."""
    one, everywhere, across, unplanned = 0, 0, [], []
    with psycopg.connect(conninfo, cursor_factory=psycopg.ClientCursor) as tx:
        for text, values in ran.asked.items():
            if not _PLANNED.match(text):
                continue
            try:
                with tx.transaction(force_rollback=True):
                    lines = [str(row[0]) for row in tx.execute(f"explain (costs off) {text}", values)]
            except psycopg.Error as error:
                unplanned.append(f"{text.split(maxsplit=6)[:6]}: {str(error).splitlines()[0]}")
                continue
            tasks = [int(found) for found in _TASKS.findall("\n".join(lines))]
            if not tasks:
                everywhere += 1
            elif max(tasks) == 1:
                one += 1
            else:
                across.append(text)
        counts |= {f"pieces and bytes on {name}": f"{pieces}, {size}" for name, pieces, size in tx.execute(PIECES)}
    asks_which = [text for text in across if "shop_homes" in text or _is_known(text)]
    counts |= {
        "statements answered in one place": one,
        "of small tables that lie everywhere, or of none": everywhere,
        "which ask all places which shops have work": len(asks_which),
        "which only run beside a table of the moment": len(unplanned),
    }
    failures.extend(f"asked across shops: {' '.join(text.split())[:160]}" for text in across if text not in asks_which)


def _is_known(text: str) -> bool:
    """Whether this may go to all places: it is asked by a worker or at a start, over few rows by an index, or is seldom and meant so."""
    return any(beginning in " ".join(text.split()) for beginning in ALL_PLACES)


@contextmanager
def recorded(ran: Ran) -> Iterator[None]:
    """Lets every connection of a pool note what it is asked."""

    class Noting(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
            text = query if isinstance(query, str) else ""
            ran.asked.setdefault(text, params)
            try:
                return super().execute(query, params, **more)
            except (psycopg.errors.FeatureNotSupported, psycopg.errors.SyntaxError, psycopg.errors.InternalError) as error:
                ran.refused.add(f"{' '.join(text.split())[:120]}: {str(error).splitlines()[0]}")
                raise

        def executemany(self, query: Any, params_seq: Any, **more: Any) -> Any:
            given: Sequence[Any] = list(params_seq)
            if isinstance(query, str) and given:
                ran.asked.setdefault(query, given[0])
            return super().executemany(query, given, **more)

    class Noted(db.Connection):
        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **more)
            self.cursor_factory = Noting

    before, db.Connection = db.Connection, Noted  # type: ignore[misc]  # for the time of the proof
    try:
        yield
    finally:
        db.Connection = before  # type: ignore[misc]
