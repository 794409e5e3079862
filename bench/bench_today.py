"""The Today page at 1,000, 100,000 and 1,000,000 open deadlines: the whole action, from asking what the person may see to the verdict of every item shown.

Deadlines and their orders are planted by SQL, since how they came there is no part of this; each deadline hangs on an order of its own, and a
quarter of them stands in each band, so that every size shows the same number of items.
"""

import statistics
import time
from datetime import UTC, datetime

from bench.planting import planted
from bench.support import QUICK, fresh_database, passing_home, report
from zhanggui import rulebook
from zhanggui.actions.house import House
from zhanggui.actions.today import today
from zhanggui.people.permissions import ShopId, operator
from zhanggui.records.db import connect, open_pool

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SIZES = (1_000, 5_000) if QUICK else (1_000, 100_000, 1_000_000)
PAGES = 20 if QUICK else 100


def main() -> None:
    """Print the figures as JSON lines."""
    medians = [measured(size) for size in SIZES]
    for size, seconds in zip(SIZES, medians, strict=True):
        report(f"Today at {size:,} open deadlines, median of {PAGES}", value=seconds * 1000, unit="ms")
    ratio = medians[-1] / medians[0]
    report(
        f"Today at {SIZES[-1]:,} open deadlines",
        against=f"at {SIZES[0]:,}",
        ratio=ratio,
        target="<= 1.5",
        ok=ratio <= 1.5 or QUICK,
        note="latency of the action",
    )


def measured(size: int) -> float:
    """The median seconds of one call at this many open deadlines."""
    with fresh_database() as conninfo:
        with connect(conninfo) as tx:
            shop_id = planted(tx, size, NOW)
        with connect(conninfo, autocommit=True) as tx:
            tx.execute("vacuum analyze")
        with open_pool(conninfo) as pool:
            house = House(pool=pool, home=passing_home(), rulebook=rulebook.load())
            return statistics.median(_timed(house, shop_id) for _ in range(PAGES))


def _timed(house: House, shop_id: ShopId) -> float:
    began = time.perf_counter()
    listed = today(house, operator(), NOW, shop_ids=[shop_id])
    assert [len(group) for _, group in listed.groups] == [50, 50, 50, 50]
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
