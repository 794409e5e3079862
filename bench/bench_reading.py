"""How fast rows of an order export are read into facts, against the csv module alone on the same file."""

import csv
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from bench.support import QUICK, report, say_progress
from tests.makers import containers, exports
from zhanggui.connectors.files import read, survey

ROWS = 2_000 if QUICK else 100_000


def main() -> None:
    """Make an export, read it both ways in turns, and print the figures."""
    with tempfile.TemporaryDirectory(prefix="zg-bench-") as folder:
        path = Path(folder) / "orders.csv"
        say_progress(f"making {ROWS} rows")
        path.write_bytes(containers.as_csv(containers.with_tabs(exports.orders("a", ROWS))))
        ours, plain = min(_seconds(path, _facts) for _ in range(3)), min(_seconds(path, _cells) for _ in range(3))
        report("order rows read into facts, 23 columns", value=ROWS / ours, unit="rows/s", against="the csv module alone", ratio=plain / ours)
        report("order rows looked through by the survey", value=ROWS / _seconds(path, survey), unit="rows/s")
        peak = _peak(path) / 1024**2
        report("memory held at most while reading", value=peak, unit="MiB", target="< 64 MiB", ok=peak < 64)


def _facts(path: Path) -> None:
    for _ in read(path):
        pass


def _cells(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        for _ in csv.reader(stream):
            pass


def _seconds(path: Path, work: Callable[[Path], object]) -> float:
    began = time.perf_counter()
    work(path)
    return time.perf_counter() - began


def _peak(path: Path) -> int:
    tracemalloc.start()
    _facts(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


if __name__ == "__main__":
    main()
