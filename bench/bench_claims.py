"""Due rows claimed per second by 1, 2 and 4 worker processes, and what finding the next 500 costs among 10 thousand and 10 million open deadlines.

Both are the worker's own: a deadline that is due is locked, placed and moved with its totals in one transaction; a hint is claimed under a lease in one
transaction, and laid aside in another after it was read (here nothing is read: that is the platform's time). Rows are planted by COPY.
"""

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta

from psycopg import sql

from bench.support import QUICK, fresh_database, passing_home, report, say_progress
from zhanggui import rulebook
from zhanggui.actions.house import House
from zhanggui.actions.reading_again import read_hints
from zhanggui.actions.syncing import ToldAgain
from zhanggui.actions.today import AT_ONCE, settle
from zhanggui.people.permissions import ShopId
from zhanggui.records import deadlines, shops
from zhanggui.records.db import Tx, connect, open_pool

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SHOPS = 8
DUE = 400 if QUICK else 160_000
"""Due rows in all shops together, for each number of workers."""
HINTS = 400 if QUICK else 80_000
WORKERS = (2,) if QUICK else (1, 2, 4)
SIZES = (2_200, 3_000) if QUICK else (10_000, 10_000_000)
MOST_DUE = 4_000 if QUICK else 80_000
LEFT = 1_000
NEXT = 500
LOOKS = 5 if QUICK else 40
FLAT = 1.5

COPY = """
    copy deadlines (shop_id, subject_kind, subject_no, kind, state, counts_from, started_at, due_at, due_source, look_at, band, score, rule, basis,
        at_risk, worth, order_no, data_as_of, made_at) from stdin
"""
COPY_HINTS = "copy hints (shop_id, what, no, because, look_at) from stdin"
NAMED = {
    "next": "finding and locking the next 500 due",
    "ask": "asking whether anything is due",
    "churned": "finding and locking the next 500 after nearly all of the due was moved, nothing vacuumed",
    "ask churned": "asking whether anything is due after that",
}
INDEXES = "select indexname, indexdef from pg_indexes where tablename = 'deadlines' and indexname <> 'deadlines_pkey'"


def main() -> None:
    """Print the figures as JSON lines."""
    if "--worker" in sys.argv:
        _work(sys.argv[-2], sys.argv[-1])
        return
    for kind, many in (("deadlines", DUE), ("hints", HINTS)):
        _report_claims(kind, many)
    for what, medians in _next_500().items():
        _report_next(NAMED[what], *medians)


def _report_claims(kind: str, many: int) -> None:
    """How many a second by so many processes."""
    what = {"deadlines": "due deadlines claimed and moved", "hints": "due hints claimed and laid aside"}[kind]
    alone = 0.0
    for workers in WORKERS:
        rate = _claimed(kind, many, workers)
        alone = alone or rate
        report(f"{what} by {workers} worker process{'es' if workers > 1 else ''}", value=rate, unit="rows/s", against="one process", ratio=rate / alone)


def _report_next(named: str, small: float, large: float) -> None:
    for size, seconds in zip(SIZES, (small, large), strict=True):
        report(f"{named}, {size:,} open deadlines", value=seconds * 1000, unit="ms")
    ratio = large / small
    report(f"{named}, {SIZES[1]:,} open", against=f"{SIZES[0]:,} open", ratio=ratio, target=f"<= {FLAT}", ok=ratio <= FLAT or QUICK)


def _claimed(kind: str, many: int, workers: int) -> float:
    """Rows a second, from the moment the workers may begin until the last row is done."""
    say_progress(f"{kind}: {many:,} rows, {workers} processes")
    with fresh_database() as conninfo:
        with connect(conninfo) as tx:
            for shop_id in _shops(tx, SHOPS):
                _plant(tx, kind, shop_id, many // SHOPS)
        _tidy(conninfo)
        with _at_work(kind, conninfo, workers) as processes:
            began = time.perf_counter()
            for process in processes:
                assert process.stdin is not None
                process.stdin.write(b"go\n")
                process.stdin.flush()
            done = sum(int(process.stdout.readline()) for process in processes if process.stdout is not None)
            took = time.perf_counter() - began
    assert done == many, f"{done} of {many} were done"
    return many / took


@contextmanager
def _at_work(kind: str, conninfo: str, workers: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Worker processes that wait for the word to begin."""
    command = [sys.executable, "-m", "bench.bench_claims", "--worker", kind, conninfo]
    processes = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(workers)]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def _work(kind: str, conninfo: str) -> None:
    """One worker process: its turn goes from shop to shop until no row is left, as the lane's does."""
    with open_pool(conninfo, max_size=2) as pool:
        house = House(pool=pool, home=passing_home(), rulebook=rulebook.load())
        with pool.connection() as tx:
            shop_ids = [ShopId(shop.shop_id) for shop in shops.every(tx)]
        # as in the lanes: by lot, or all would begin at the same shop and wait for each other's locks
        random.shuffle(shop_ids)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        sys.stdout.write(f"{_deadlines_moved(house, shop_ids) if kind == 'deadlines' else _hints_read(house, shop_ids)}\n")
        sys.stdout.flush()


def _deadlines_moved(house: House, shop_ids: list[ShopId]) -> int:
    done, left = 0, list(shop_ids)
    while left:
        for shop_id in tuple(left):
            some = settle(house, [shop_id], NOW, wall=NOW, most_batches=1)
            done += some
            if not some:
                left.remove(shop_id)
    return done


def _hints_read(house: House, shop_ids: list[ShopId]) -> int:
    done, left = 0, list(shop_ids)

    def read(*_: object, **__: object) -> ToldAgain:
        nonlocal done
        done += 1
        return ToldAgain("order")

    while left:
        for shop_id in tuple(left):
            if not read_hints(house, shop_id, NOW, NOW, f"bench {id(house)}", read=read):
                left.remove(shop_id)
    return done


class Crowd:
    """A shop with so many open deadlines, and how long each look at its next 500 took."""

    def __init__(self, conninfo: str, size: int) -> None:
        self.conninfo = conninfo
        self.due = min(size // 2, MOST_DUE)
        self.took: dict[str, list[float]] = {}
        say_progress(f"planting {size:,} deadlines")
        with connect(conninfo) as tx:
            (self.shop_id,) = _shops(tx, 1)
            # ten million rows are stored ten times as fast where the indexes are made afterwards
            indexes = tx.execute(INDEXES).fetchall()
            for name, _ in indexes:
                tx.execute(sql.SQL("drop index {}").format(sql.Identifier(name)))
            _plant(tx, "deadlines", self.shop_id, size, self.due)
            for _, definition in indexes:
                tx.execute(definition)
        _tidy(conninfo)

    def churn(self) -> None:
        """Move all the due but a few, so that their dead entries stand before the living ones in the index."""
        with open_pool(self.conninfo, max_size=2) as pool:
            house = House(pool=pool, home=passing_home(), rulebook=rulebook.load())
            settle(house, [self.shop_id], NOW, wall=NOW, most_batches=(self.due - LEFT) // AT_ONCE)

    def look(self, tx: Tx, what: str) -> None:
        """Find and lock the next 500, and let them go again."""
        began = time.perf_counter()
        found = deadlines.due_a_look(tx, self.shop_id, NOW, NEXT)
        self.took.setdefault(what, []).append(time.perf_counter() - began)
        tx.rollback()
        assert len(found) == NEXT

    def ask(self, tx: Tx, what: str) -> None:
        """Ask whether the shop has anything due."""
        began = time.perf_counter()
        found = deadlines.shops_due_a_look(tx, [self.shop_id], NOW)
        self.took.setdefault(what, []).append(time.perf_counter() - began)
        assert found == [self.shop_id]


def _next_500() -> dict[str, tuple[float, ...]]:
    """The median seconds of each kind of look, for each size: taken in turns, so that whatever else the machine does disturbs both alike."""
    with ExitStack() as servers:
        crowds = [Crowd(servers.enter_context(fresh_database()), size) for size in SIZES]
        links = [servers.enter_context(connect(crowd.conninfo)) for crowd in crowds]
        _in_turns(crowds, links, "next", "ask")
        for crowd in crowds:
            crowd.churn()
        _in_turns(crowds, links, "churned", "ask churned")
    return {what: tuple(statistics.median(crowd.took[what]) for crowd in crowds) for what in NAMED}


def _in_turns(crowds: list[Crowd], links: list[Tx], look: str, ask: str) -> None:
    for _ in range(LOOKS):
        for crowd, tx in zip(crowds, links, strict=True):
            crowd.look(tx, look)
            crowd.ask(tx, ask)


def _shops(tx: Tx, many: int) -> list[ShopId]:
    made = [shops.insert(tx, f"bench {number}", NOW) for number in range(many)]
    return [ShopId(shop.shop_id) for shop in made if shop is not None]


def _plant(tx: Tx, kind: str, shop_id: ShopId, many: int, due: int | None = None) -> None:
    """So many open rows of a shop, the first `due` of them due by now, the others in the days to come."""
    due = many if due is None else due
    with tx.cursor().copy(COPY if kind == "deadlines" else COPY_HINTS) as copy:
        for begin in range(0, many, 10_000):
            line = _deadline if kind == "deadlines" else _hint
            copy.write("".join(line(shop_id, number, due) for number in range(begin, min(begin + 10_000, many))))


def _middle(due_at: datetime, look_at: datetime) -> str:
    """A deadline from its kind to what it is worth."""
    return (
        f"\tship_by\topen\tgroup_formed_at\t2026-03-01 04:00:00+00\t{due_at}\tplatform\t{look_at}\t3\t{due_at.second / 10}\t"
        f"pdd.ship_by.spot@2023-04-01\tpublished\t300\t150\t260301-"
    )


_LATER = [_middle(NOW + timedelta(hours=2 + number % 600, seconds=number), NOW + timedelta(hours=1 + number % 600, seconds=number)) for number in range(3_600)]
_BEHIND = [NOW - timedelta(seconds=number) for number in range(900)]
_NOW = [_middle(NOW + timedelta(minutes=50), look_at) for look_at in _BEHIND]
_END = "\t2026-03-02 03:00:00+00\t2026-03-02 03:00:00+00\n"


def _deadline(shop_id: ShopId, number: int, due: int) -> str:
    """A deadline to look at by now, which then stands in the last hour, or one of the days to come."""
    middle = _NOW[number % 900] if number < due else _LATER[number % 3_600]
    return f"{shop_id}\torder\t260301-{number:015d}{middle}{number:015d}{_END}"


def _hint(shop_id: ShopId, number: int, _due: int) -> str:
    return f"{shop_id}\torder\t260301-{number:015d}\tpush\t{_BEHIND[number % 900]}\n"


def _tidy(conninfo: str) -> None:
    """What autovacuum would have done by the time so many rows are there."""
    with connect(conninfo, autocommit=True) as tx:
        tx.execute("vacuum analyze")


if __name__ == "__main__":
    main()
