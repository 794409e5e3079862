"""Peak memory of a 100,000-row import, preview and storing together, and the rows stored per second from file to deadlines.

Each import runs in a process of its own, since only a fresh process has a peak of its own; the small import beside it shows how little of the peak is rows.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.orders import some_orders, write_export
from bench.support import QUICK, fresh_database, report, say_progress
from zhanggui import rulebook
from zhanggui.actions import importing, shops
from zhanggui.actions.house import House
from zhanggui.people.permissions import operator
from zhanggui.records.db import open_pool

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SIZES = (100, 1_000) if QUICK else (1_000, 100_000)


def main() -> None:
    """Print the figures as JSON lines."""
    small, large = (imported(size) for size in SIZES)
    report(
        f"peak memory of an import of {SIZES[1]:,} rows",
        value=large["peak"],
        unit="MiB",
        against=f"of {SIZES[0]:,} rows",
        ratio=large["peak"] / small["peak"],
        note="the whole process, preview and storing",
    )
    report(f"preview of {SIZES[1]:,} rows", value=SIZES[1] / large["preview"], unit="rows/s")
    report(f"import of {SIZES[1]:,} rows from CSV to deadlines", value=SIZES[1] / large["confirm"], unit="rows/s")


def imported(size: int) -> dict[str, float]:
    """What a process of its own tells of one import."""
    say_progress(f"importing {size:,} rows")
    with fresh_database() as conninfo, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        write_export(path, some_orders(size))
        told = subprocess.run([sys.executable, "-m", "bench.bench_import_memory", "--child", conninfo, folder, str(path)], check=True, stdout=subprocess.PIPE)
        figures: dict[str, float] = json.loads(told.stdout)
        return figures


def child(conninfo: str, home: str, path: str) -> None:
    """Import one file and tell how long it took and how much memory it needed at most."""
    with open_pool(conninfo) as pool:
        house = House(pool=pool, home=Path(home), rulebook=rulebook.load())
        shop_id = shops.create_shop(house, operator(), "bench", NOW)
        began = time.perf_counter()
        previewed = importing.preview(house, operator(), shop_id, [Path(path)], NOW)
        between = time.perf_counter()
        done = importing.confirm(house, operator(), shop_id, previewed.batch_id, NOW)
        ended = time.perf_counter()
    assert [(result.refused, result.changed) for result in done.results] == [(0, 0)]
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    sys.stdout.write(json.dumps({"peak": peak, "preview": between - began, "confirm": ended - between}))


if __name__ == "__main__":
    if "--child" in sys.argv:
        child(*sys.argv[-3:])
    else:
        main()
