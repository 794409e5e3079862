"""A shop of a million orders and one of ten thousand in one house on the embedded server, beside a house that holds the small one alone: start-up, Today,
search, import, backup, sizes and memory. What is measured is what people run: the command `zhanggui`, its pages over HTTP, its files.
"""

import hashlib
import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from bench.orders import some_orders, write_export
from bench.support import QUICK, report, say_progress
from zhanggui import clock, rulebook
from zhanggui.actions.house import House
from zhanggui.actions.intake.storing import CHUNK, Storing
from zhanggui.core.facts import OrderFacts, Place, Sighting
from zhanggui.people import accounts, sign_ins
from zhanggui.people.permissions import ShopId
from zhanggui.records import batches, shops
from zhanggui.records.db import connect, open_pool
from zhanggui.records.migrate import migrate
from zhanggui.server import OwnServer

LARGE, SMALL = (2_000, 500) if QUICK else (1_000_000, 10_000)
IMPORTED = 100 if QUICK else 1_000
ASKED = 5 if QUICK else 40
STORED_AT_ONCE = 50_000
NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
GIVEN = frozenset(OrderFacts.__struct_fields__) - {"order_no"}
SECRET = "a secret of the bench, long enough to be one"  # noqa: S105 - of a house that is thrown away
COOKIE = f"zhanggui-{hashlib.sha256(b'cookie name ' + SECRET.encode()).hexdigest()[:8]}"


@dataclass(frozen=True)
class Figures:
    """What one house took."""

    start: float
    today: dict[str, float]
    search: dict[str, float]
    imported: dict[str, float]
    backup: float
    backup_bytes: int
    data_bytes: int
    program_mib: float
    server_mib: float


def main() -> None:
    """Print the figures as JSON lines."""
    alone = figures_of({"small": SMALL})
    both = figures_of({"large": LARGE, "small": SMALL})
    large, small = f"{LARGE:,} orders", f"{SMALL:,} orders"
    told("start-up of the pages", both.start, alone.start, "s", against=f"a house of {small}")
    for what, figure in (("Today", "today"), ("search by an order number", "search")):
        mine, theirs, lone = (getattr(both, figure)["large"], getattr(both, figure)["small"], getattr(alone, figure)["small"])
        told(f"{what}, shop of {large}, over HTTP", mine * 1000, theirs * 1000, "ms", against=f"the shop of {small} beside it", target=1.5)
        told(f"{what}, shop of {small} beside the large one", theirs * 1000, lone * 1000, "ms", against="the same shop alone in its house", target=1.5)
    told(
        f"import of {IMPORTED:,} further orders into {large}, the whole command",
        both.imported["large"],
        both.imported["small"],
        "s",
        against=f"into {small} beside it",
        target=1.5,
    )
    told("backup of both", both.backup, alone.backup, "s", against=f"of a house of {small}")
    for what, size in (("backup", both.backup_bytes), ("data", both.data_bytes)):
        report(f"size of the {what} of both", value=round(size / 2**20, 1), unit="MiB", note=f"{size / (LARGE + SMALL):,.0f} bytes an order")
    told("memory of the pages' process after the walk", both.program_mib, alone.program_mib, "MiB", against=f"a house of {small}", target=1.5)
    told("memory of the database's own processes, what they share counted once", both.server_mib, alone.server_mib, "MiB", against=f"a house of {small}")


def told(name: str, ours: float, other: float, unit: str, *, against: str, target: float | None = None) -> None:
    """One figure beside its other."""
    ratio = ours / other
    asked = {} if target is None else {"target": f"<= {target}", "ok": ratio <= target or QUICK}
    report(name, value=round(ours, 2), unit=unit, against=against, ratio=ratio, **asked)  # type: ignore[arg-type]


def figures_of(sizes: dict[str, int]) -> Figures:
    """Makes a house with shops of these sizes and measures it."""
    folder = Path(tempfile.mkdtemp(prefix="zg-bench-"))
    home = folder / "home"
    home.mkdir()
    try:
        made = planted(home, sizes)
        with running(home) as up:
            walked = {name: {"today": middle(up.get, f"/today?shop={shop.shop_id}"), "search": middle(up.get, shop.search)} for name, shop in made.items()}
            program, server = memory(up.child.pid), server_memory(home)
            start = up.start
        imports = {name: imported(home, folder, name) for name in made}
        began = time.perf_counter()
        _command(home, "backup", str(folder / "backup"))
        backup = time.perf_counter() - began
        return Figures(
            start=start,
            today={name: each["today"] for name, each in walked.items()},
            search={name: each["search"] for name, each in walked.items()},
            imported=imports,
            backup=backup,
            backup_bytes=bytes_in(folder / "backup"),
            data_bytes=bytes_in(home / "server" / "cluster"),
            program_mib=program,
            server_mib=server,
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Shop:
    """A planted shop."""

    shop_id: ShopId
    search: str


def planted(home: Path, sizes: dict[str, int]) -> dict[str, Shop]:
    """The shops, their orders stored as an import stores them, and a person who may see them all."""
    made = {}
    with OwnServer(home) as server:
        migrate(server.conninfo)
        with open_pool(server.conninfo) as pool:
            house = House(pool=pool, home=home, rulebook=rulebook.load())
            with pool.connection() as tx:
                owner = accounts.first_person(tx, "lin", "a password of the bench", "林", clock.now())
            for seed, (name, size) in enumerate(sizes.items()):
                made[name] = stored(house, name, size, seed, owner.person_id)
            with pool.connection() as tx:
                (home / "door").write_text(sign_ins.begin(tx, owner.person_id, clock.unwound(), device="bench"), "utf-8")
        with connect(server.conninfo, autocommit=True) as tx:
            tx.execute("vacuum analyze")  # as a house that lives has long done by itself
    clock.wind(home, NOW - clock.unwound())
    return made


def stored(house: House, name: str, size: int, seed: int, owner: Any) -> Shop:
    """A shop with so many orders."""
    say_progress(f"storing {size:,} orders")
    with house.pool.connection() as tx:
        shop = shops.insert(tx, name, NOW)
        assert shop is not None
        shops.add_owner(tx, shop.shop_id, owner, NOW)
        batch_id = batches.insert(tx, shop.shop_id, "bench", None, NOW, state="running")
    chunk: list[Sighting[Any]] = []
    wanted = ""
    for number, order in enumerate(spread_over_a_year(size, seed), start=1):
        chunk.append(Sighting(order, GIVEN, Place("orders.csv", row=number)))
        wanted = order.order_no if number == size // 2 else wanted
        if len(chunk) == min(STORED_AT_ONCE, size) or number == size:
            with house.pool.connection() as tx:
                storing = Storing(tx, shop.shop_id, batch_id, house.rulebook, NOW, None)
                for first in range(0, len(chunk), CHUNK):
                    storing.take(chunk[first : first + CHUNK], NOW)
                storing.finish()
            chunk = []
    return Shop(ShopId(shop.shop_id), f"/search?number={wanted}")


def spread_over_a_year(size: int, seed: int) -> Iterator[OrderFacts]:
    """Orders of a year: what waits to be shipped is of the last days only, as in a living shop."""
    for number, order in enumerate(some_orders(size, seed=seed + 7, share_to_ship=0.02)):
        yield msgspec.structs.replace(order, order_no=f"26{seed:02d}{number // 10**6:02d}-{number:015d}")


@dataclass
class Up:
    """The running pages."""

    port: int
    child: subprocess.Popen[str]
    start: float
    cookie: str

    def get(self, path: str) -> None:
        """A page, read whole."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port)) as connection:
            connection.request("GET", path, headers={"cookie": f"{COOKIE}={self.cookie}", "accept": "text/html"})
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status in {200, 302, 303}, (path, answer.status, body[:300])
            assert b"sign-in" not in (answer.headers.get("location") or "").encode(), path


@contextmanager
def running(home: Path) -> Iterator[Up]:
    """`zhanggui up` without its worker, as a process of its own."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.perf_counter()
    child = subprocess.Popen([*_program(home), "up", "--no-worker", "--port", str(port), "--json"], stdout=subprocess.PIPE, text=True, env=_plain())
    try:
        assert child.stdout is not None
        line = child.stdout.readline()
        assert line, "the pages did not start"
        yield Up(port, child, time.perf_counter() - began, (home / "door").read_text("utf-8"))
    finally:
        child.terminate()
        child.wait()


def imported(home: Path, folder: Path, name: str) -> float:
    """The seconds that the whole command takes for one more export file."""
    path = folder / f"{name}.csv"
    numbered = (msgspec.structs.replace(order, order_no=f"270301-{row:015d}") for row, order in enumerate(some_orders(IMPORTED)))
    write_export(path, numbered)
    began = time.perf_counter()
    _command(home, "import", str(path), "--shop", name, "--yes", "--as-of", f"{NOW:%Y-%m-%dT%H:%M:%S+00:00}")
    return time.perf_counter() - began


def middle(ask: Callable[[str], None], path: str) -> float:
    """The middle of many tries, the first ones left out."""
    for _ in range(3):
        ask(path)
    spent = []
    for _ in range(ASKED):
        began = time.perf_counter()
        ask(path)
        spent.append(time.perf_counter() - began)
    return statistics.median(spent)


def memory(pid: int) -> float:
    """The resident memory of a process in MiB."""
    rows = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next(int(row.split()[1]) / 1024 for row in rows if row.startswith("VmRSS:"))


def server_memory(home: Path) -> float:
    """What the processes of this home's database hold by themselves, in MiB; what they share is counted by each for its part."""
    cluster, total = str(home / "server" / "cluster"), 0.0
    postmaster = int((home / "server" / "cluster" / "postmaster.pid").read_text("utf-8").splitlines()[0])
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (int(entry.name) == postmaster or _parent(entry) == postmaster):
            rows = (entry / "smaps_rollup").read_text("utf-8").splitlines()
            total += next(int(row.split()[1]) / 1024 for row in rows if row.startswith("Pss:"))
    assert total, cluster
    return total


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text("utf-8").rpartition(")")[2].split()[1])
    except OSError:
        return 0


def bytes_in(folder: Path) -> int:
    """The bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _command(home: Path, *words: str) -> dict[str, Any]:
    done = subprocess.run([*_program(home), *words, "--json"], capture_output=True, text=True, env=_plain(), check=False)
    assert done.returncode == 0, (words, done.returncode, done.stdout[-500:], done.stderr[-500:])
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _program(home: Path) -> list[str]:
    return [sys.executable, "-m", "zhanggui.cli", "--home", str(home)]


def _plain() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ZHANGGUI_", "DATABASE_URL"))}
    return {**kept, "ZHANGGUI_SECRET": SECRET, "ZHANGGUI_PACES": "no"}


if __name__ == "__main__":
    main()
