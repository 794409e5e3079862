"""Due rows claimed per second by 1, 2 and 4 worker processes, and what finding the next 500 costs among 10 thousand and 10 million open deadlines.

Both are the worker's own: a deadline that is due is locked, placed and moved with its totals in one transaction; a hint is claimed under a lease in one
transaction, and laid aside in another after it was read (here nothing is read: that is the platform's time). Rows are planted by COPY.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.support import QUICK, fresh_database, report, say_progress
from zhanggui import rulebook
from zhanggui.actions.house import House
from zhanggui.actions.reading_again import read_hints
from zhanggui.actions.today import AT_ONCE, settle
from zhanggui.people.permissions import ShopId
from zhanggui.records import deadlines, shops
from zhanggui.records.db import Tx, connect, open_pool

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SHOPS = 8
DUE = 4_000 if QUICK else 160_000
"""Due rows in all shops together, for each number of workers."""
HINTS = 4_000 if QUICK else 80_000
WORKERS = (1, 2) if QUICK else (1, 2, 4)
SIZES = (4_000, 20_000) if QUICK else (10_000, 10_000_000)
MOST_DUE = 10_000 if QUICK else 80_000
LEFT = 1_000
NEXT = 500
LOOKS = 10 if QUICK else 40
FLAT = 1.5

COPY = """
    copy deadlines (shop_id, subject_kind, subject_no, kind, state, counts_from, started_at, due_at, due_source, look_at, band, score, rule, basis,
        at_risk, worth, order_no, data_as_of, made_at) from stdin
"""
COPY_HINTS = "copy hints (shop_id, what, no, because, look_at) from stdin"
INDEXES = "select indexname, indexdef from pg_indexes where tablename = 'deadlines' and indexname <> 'deadlines_pkey'"


def main() -> None:
    """Print the figures as JSON lines."""
    if "--worker" in sys.argv:
        _work(sys.argv[-2], sys.argv[-1])
        return
    for kind, many in (("deadlines", DUE), ("hints", HINTS)):
        _report_claims(kind, many)
    found = {size: _next_500(size) for size in SIZES}
    small, large = (found[size] for size in SIZES)
    for what in ("next", "churned"):
        _report_next(what, small[what], large[what])


def _report_claims(kind: str, many: int) -> None:
    """How many a second by so many processes."""
    what = {"deadlines": "due deadlines claimed and moved", "hints": "due hints claimed and laid aside"}[kind]
    alone = 0.0
    for workers in WORKERS:
        rate = _claimed(kind, many, workers)
        alone = alone or rate
        report(f"{what} by {workers} worker process{'es' if workers > 1 else ''}", value=rate, unit="rows/s", against="one process", ratio=rate / alone)


def _report_next(what: str, small: float, large: float) -> None:
    named = {"next": "finding and locking the next 500 due", "churned": "the same after nearly all of the due was moved and nothing was vacuumed"}[what]
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
        house = House(pool=pool, home=Path(), rulebook=rulebook.load())
        with pool.connection() as tx:
            shop_ids = [ShopId(shop.shop_id) for shop in shops.every(tx)]
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

    def read(*_: object, **__: object) -> bool:
        nonlocal done
        done += 1
        return True

    while left:
        for shop_id in tuple(left):
            if not read_hints(house, shop_id, NOW, NOW, f"bench {id(house)}", read=read):
                left.remove(shop_id)
    return done


def _next_500(size: int) -> dict[str, float]:
    """The median seconds of finding and locking the next 500 due, freshly planted and after churn, where so many deadlines are open."""
    say_progress(f"planting {size:,} deadlines")
    with fresh_database() as conninfo:
        with connect(conninfo) as tx:
            (shop_id,) = _shops(tx, 1)
            indexes = tx.execute(INDEXES).fetchall() if size > 1_000_000 else []
            for name, _ in indexes:
                tx.execute(f"drop index {name}")
            _plant(tx, "deadlines", shop_id, size, due=min(size // 2, MOST_DUE))
            for _, definition in indexes:
                tx.execute(definition)
        _tidy(conninfo)
        with open_pool(conninfo, max_size=2) as pool:
            house = House(pool=pool, home=Path(), rulebook=rulebook.load())
            return {"next": _median_look(conninfo, shop_id), "churned": _after_churn(house, conninfo, shop_id, min(size // 2, MOST_DUE))}


def _after_churn(house: House, conninfo: str, shop_id: ShopId, due: int) -> float:
    """The same after all the due but a few were moved, so that their dead entries stand before the living ones in the index."""
    settle(house, [shop_id], NOW, wall=NOW, most_batches=(due - LEFT) // AT_ONCE)
    return _median_look(conninfo, shop_id)


def _median_look(conninfo: str, shop_id: ShopId) -> float:
    with connect(conninfo) as tx:
        return statistics.median(_look(tx, shop_id) for _ in range(LOOKS))


def _look(tx: Tx, shop_id: ShopId) -> float:
    began = time.perf_counter()
    found = deadlines.due_a_look(tx, shop_id, NOW, NEXT)
    took = time.perf_counter() - began
    tx.rollback()
    assert len(found) == NEXT
    return took


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


_AHEAD = [NOW + timedelta(hours=2 + number % 600, seconds=number % 3600) for number in range(3_600)]
_BEHIND = [NOW - timedelta(seconds=number % 900) for number in range(900)]


def _deadline(shop_id: ShopId, number: int, due: int) -> str:
    """A deadline of the last hour whose look is due now or later: its band goes from `later` to `the hour` or stays."""
    due_at = _AHEAD[number % 3_600] if number >= due else NOW + timedelta(minutes=50)
    look_at = due_at - timedelta(hours=1) if number >= due else _BEHIND[number % 900]
    no = f"260301-{number:015d}"
    return (
        f"{shop_id}\torder\t{no}\tship_by\topen\tgroup_formed_at\t2026-03-01 04:00:00+00\t{due_at}\tplatform\t{look_at}\t3\t{number % 97 / 10}\t"
        f"pdd.ship_by.spot@2023-04-01\tpublished\t300\t150\t{no}\t2026-03-02 03:00:00+00\t2026-03-02 03:00:00+00\n"
    )


def _hint(shop_id: ShopId, number: int, _due: int) -> str:
    return f"{shop_id}\torder\t260301-{number:015d}\tpush\t{_BEHIND[number % 900]}\n"


def _tidy(conninfo: str) -> None:
    """What autovacuum would have done by the time so many rows are there."""
    with connect(conninfo, autocommit=True) as tx:
        tx.execute("vacuum analyze")


if __name__ == "__main__":
    main()
