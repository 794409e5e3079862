"""Orders taken in, shipped and listed beside django-oscar and Tryton, a ranked list of 100,000 beside django-helpdesk, service hours beside
businesstimedelta. Each peer is installed from its lock file into an environment of its own and asked through its own API, in the same run, on a database
server of its own with the settings of real use, as ours is.

One order at a time on every side, each in a transaction of its own, though ours is made to take them in by thousands; what that brings is told beside it.
"""

import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any

import msgspec
from litestar.testing import TestClient
from psycopg.conninfo import conninfo_to_dict

from bench.orders import some_orders
from bench.planting import planted
from bench.support import QUICK, fresh_database, report, say_progress
from zhanggui import clock, rulebook
from zhanggui.actions.house import House
from zhanggui.actions.intake.storing import Storing
from zhanggui.core.facts import OrderFacts, OrderStage, Place, Sighting
from zhanggui.core.working_time import after_service_time, service_time_between
from zhanggui.people import accounts, sign_ins
from zhanggui.people.permissions import ShopId
from zhanggui.records import batches, shops
from zhanggui.records.db import Pool, Tx, open_pool
from zhanggui.server import OwnServer
from zhanggui.site.app import create_app
from zhanggui.site.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
SIDES = ROOT / "bench" / "peers"
ENVIRONMENTS = ROOT / ".home" / "peers"
ORDERS, LISTED, MOMENTS = (20, 500, 50) if QUICK else (300, 100_000, 2_000)
NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
GIVEN = frozenset(OrderFacts.__struct_fields__) - {"order_no"}
SERVICE = ((clock_time(9), clock_time(18)),)
Told = dict[str, Any]


def main() -> None:
    """Print the figures as JSON lines."""
    mine = our_orders()
    for name, side, lock in (("django-oscar", "oscar_side.py", "peers-django"), ("Tryton", "tryton_side.py", "peers-tryton")):
        theirs = peer(side, lock, ORDERS)
        for what, key in (("taken in", "taken"), ("shipped", "shipped")):
            faster(f"orders {what} one by one", mine[key], theirs.get(key), f"{name}{theirs.get('version', '')}")
        quicker(f"the newest {ORDERS} orders listed", mine["list_ms"], theirs.get("list_ms"), f"{name}{theirs.get('version', '')}")
    report("orders taken in by thousands, as files and the connector bring them", value=round(mine["at_once"]), unit="orders/s")
    theirs = peer("helpdesk_side.py", "peers-django", LISTED)
    quicker(f"the first page of {LISTED:,} ranked rows", our_list(), theirs.get("list_ms"), f"django-helpdesk{theirs.get('version', '')}")
    theirs = peer("businesstimedelta_side.py", "peers-django", MOMENTS)
    between, after = our_hours(theirs)
    name = f"businesstimedelta{theirs.get('version', '')}"
    faster("service time passed between two moments", between, theirs.get("between"), name, unit="a second")
    faster("the moment when so much service time has passed", after, theirs.get("after"), name, unit="a second")


def faster(name: str, ours: float, theirs: float | None, against: str, *, unit: str = "orders/s") -> None:
    """A figure of which more is better."""
    if theirs is None:
        report(name, value=round(ours, 1), unit=unit, note="a small run leaves the peers out")
        return
    report(name, value=round(ours, 1), unit=unit, against=against, ratio=ours / theirs, target=">= 1", ok=ours >= theirs)


def quicker(name: str, ours: float, theirs: float | None, against: str) -> None:
    """A figure of which less is better."""
    if theirs is None:
        report(name, value=round(ours, 2), unit="ms", note="a small run leaves the peers out")
        return
    report(name, value=round(ours, 2), unit="ms", against=against, ratio=ours / theirs, target="<= 1", ok=ours <= theirs)


def peer(side: str, lock: str, count: int) -> Told:
    """What the peer tells of itself; nothing in a small run, which contacts nobody."""
    if QUICK:
        return {}
    python = environment(lock)
    say_progress(f"asking {side}")
    with tempfile.TemporaryDirectory(prefix="zg-bench-") as folder, OwnServer(Path(folder)) as server:
        where = conninfo_to_dict(server.conninfo)
        words = {"PEER_COUNT": str(count), "PEER_DATABASE": f"{where['host']}|{where['dbname']}|{where['user']}", "PYTHONPATH": str(SIDES)}
        done = subprocess.run([python, str(SIDES / side)], env={**os.environ, **words}, check=True, stdout=subprocess.PIPE, text=True)
    told: Told = json.loads(done.stdout.splitlines()[-1])
    return {**told, "version": f" {version(python, side)}"}


def environment(lock: str) -> str:
    """The Python of an environment in which exactly these pinned packages are installed; made once for each state of the lock file."""
    pinned = ROOT / "requirements" / f"{lock}.txt"
    folder = ENVIRONMENTS / f"{lock}-{hashlib.sha256(pinned.read_bytes()).hexdigest()[:12]}"
    python = folder / "bin" / "python"
    if not (folder / "whole").exists():
        say_progress(f"installing {lock}")
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(pinned)], check=True)
        (folder / "whole").touch()
    return str(python)


def version(python: str, side: str) -> str:
    """The version of the peer as it is installed."""
    package = {"oscar_side.py": "django-oscar", "tryton_side.py": "trytond", "helpdesk_side.py": "django-helpdesk"}.get(side, "businesstimedelta")
    asked = f"import importlib.metadata as m; print(m.version({package!r}))"
    return subprocess.run([python, "-c", asked], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def our_orders() -> Told:
    """Orders of two or more goods stored one by one with all that hangs on them, shipped one by one, listed; and stored by thousands."""
    with fresh_database() as conninfo, open_pool(conninfo) as pool, tempfile.TemporaryDirectory() as home:
        house = House(pool=pool, home=Path(home), rulebook=rulebook.load())
        orders = [msgspec.structs.replace(order, stage=OrderStage.TO_SHIP, shipped_at=None, tracking_no=None) for order in some_orders(ORDERS, share_to_ship=1)]
        shop_id, batch_id = shop(pool, "one by one")
        began = time.perf_counter()
        for order in orders:
            kept(house, shop_id, batch_id, [order], NOW)
        taken = ORDERS / (time.perf_counter() - began)

        left = NOW + timedelta(hours=1)
        sent = [
            msgspec.structs.replace(order, stage=OrderStage.SHIPPED, shipped_at=NOW, tracking_no=f"YT{number:013d}", carrier="圆通速递")
            for number, order in enumerate(orders)
        ]
        began = time.perf_counter()
        for order in sent:
            kept(house, shop_id, batch_id, [order], left)
        shipped = ORDERS / (time.perf_counter() - began)

        listed = page_ms(house, shop_id, f"/orders?shop={shop_id}")
        other_id, other_batch = shop(pool, "by thousands")
        many = list(some_orders(ORDERS * 50, seed=9))
        began = time.perf_counter()
        kept(house, other_id, other_batch, many, NOW)
        at_once = len(many) / (time.perf_counter() - began)
    return {"taken": taken, "shipped": shipped, "list_ms": listed, "at_once": at_once}


def our_list() -> float:
    """The whole page Today over so many open deadlines, in milliseconds."""
    with fresh_database() as conninfo, open_pool(conninfo) as pool, tempfile.TemporaryDirectory() as home:
        with pool.connection() as tx:
            shop_id = planted(tx, LISTED, NOW)
        with pool.connection() as tx:
            tx.execute("analyze")
        return page_ms(House(pool=pool, home=Path(home), rulebook=rulebook.load()), shop_id, "/today")


def our_hours(theirs: Told) -> tuple[float, float]:
    """The same questions about service hours, each asked once; where the peer answers otherwise, the run ends."""
    first = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)  # 8 in the morning in Shanghai
    starts = [first + timedelta(minutes=7 * number) for number in range(MOMENTS)]
    between, differences = asked(lambda start: service_time_between(start, start + timedelta(hours=52), SERVICE).total_seconds(), starts)
    after, moments = asked(lambda start: after_service_time(start, timedelta(hours=24), SERVICE), starts)
    if theirs:
        assert differences[:50] == theirs["seconds"], "service time is counted otherwise"
        assert moments[:50] == [datetime.fromisoformat(each) for each in theirs["moments"]], "service time ends otherwise"
    return between, after


def asked(question: Callable[[datetime], Any], starts: Sequence[datetime]) -> tuple[float, list[Any]]:
    """How many questions are answered a second, and the answers."""
    began = time.perf_counter()
    answers = [question(start) for start in starts]
    return len(starts) / (time.perf_counter() - began), answers


def shop(pool: Pool, name: str) -> tuple[ShopId, int]:
    """A shop with an import under way."""
    with pool.connection() as tx:
        made = shops.insert(tx, name, NOW)
        assert made is not None
        return ShopId(made.shop_id), batches.insert(tx, made.shop_id, "bench", None, NOW, state="running")


def kept(house: House, shop_id: ShopId, batch_id: int, orders: Sequence[OrderFacts], now: datetime) -> None:
    """Stores these orders in one transaction."""
    with house.pool.connection() as tx:
        storing = Storing(tx, shop_id, batch_id, house.rulebook, now, None)
        storing.take([Sighting(order, GIVEN, Place("orders.csv", row=row)) for row, order in enumerate(orders, start=2)], now)
        storing.finish()


def page_ms(house: House, shop_id: ShopId, path: str) -> float:
    """The middle of a dozen answers of the whole application in this process, as the peers' test clients ask theirs."""
    app = create_app(house, Settings(home=house.home, paces=False), secure=False)
    with house.pool.connection() as tx:
        token = _signed_in(tx, shop_id)
    spent = []
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        client.cookies.set(app.state.door.cookie_name, token)
        for _ in range(12):
            began = time.perf_counter()
            answer = client.get(path, headers={"accept": "text/html"})
            spent.append(time.perf_counter() - began)
            assert answer.status_code == 200, answer.status_code
    return statistics.median(spent) * 1000


def _signed_in(tx: Tx, shop_id: ShopId) -> str:
    owner = accounts.first_person(tx, "lin", "a password of the bench", "林", clock.now())
    shops.add_owner(tx, shop_id, owner.person_id, clock.now())
    return sign_ins.begin(tx, owner.person_id, clock.unwound(), device="bench")


if __name__ == "__main__":
    main()
