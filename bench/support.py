"""What benches share: a throw-away database with the settings of real use, and the line they print."""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from zhanggui.records.migrate import migrate
from zhanggui.server import OwnServer

QUICK = "--quick" in sys.argv


@contextmanager
def fresh_database() -> Iterator[str]:
    """Yield what is needed to connect to a migrated, empty database on a server of its own, with the settings of real use."""
    with tempfile.TemporaryDirectory(prefix="zg-bench-") as folder, OwnServer(Path(folder)) as server:
        migrate(server.conninfo)
        yield server.conninfo


def report(
    name: str,
    *,
    value: float | None = None,
    unit: str = "",
    against: str = "",
    ratio: float | None = None,
    target: str = "",
    ok: bool = True,
    note: str = "",
) -> None:
    """Print one figure as the runner reads it."""
    line = {"name": name, "value": value, "unit": unit, "against": against, "ratio": ratio, "target": target, "ok": ok, "note": note}
    sys.stdout.write(json.dumps({key: entry for key, entry in line.items() if entry not in (None, "")}, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def say_progress(text: str) -> None:
    """Tell the person who watches; stdout is for figures only."""
    sys.stderr.write(text + "\n")


def measured(name: str, repeats: int, work: Callable[[], object]) -> None:
    """Report the middle of so many runs, the first left out."""
    work()
    spans = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        spans.append(time.perf_counter() - began)
    report(name, value=round(statistics.median(spans) * 1000, 1), unit="ms")
