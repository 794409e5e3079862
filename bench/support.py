"""What benches share: a throw-away database with the settings of real use, and the line they print."""

import atexit
import json
import os
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from zhanggui.records.migrate import migrate
from zhanggui.server import OwnServer

QUICK = "--quick" in sys.argv
TEMPLATE = os.environ.get("BENCH_TEMPLATE", "")


@contextmanager
def fresh_database() -> Iterator[str]:
    """Yield what is needed to connect to a migrated, empty database on a server of its own, with the settings of real use.

    A small run, which measures nothing, takes a copy of the database that BENCH_TEMPLATE names, if it does.
    """
    if QUICK and TEMPLATE:
        with _copy_of(TEMPLATE) as conninfo:
            yield conninfo
        return
    with tempfile.TemporaryDirectory(prefix="zg-bench-") as folder, OwnServer(Path(folder)) as server:
        migrate(server.conninfo)
        yield server.conninfo


def passing_home() -> Path:
    """A home folder, keys and all, that is gone when the bench ends."""
    folder = tempfile.TemporaryDirectory(prefix="zg-bench-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


@contextmanager
def _copy_of(template: str) -> Iterator[str]:
    name = f"zg_bench_{secrets.token_hex(6)}"
    model = psycopg.conninfo.conninfo_to_dict(template)["dbname"]
    with psycopg.connect(psycopg.conninfo.make_conninfo(template, dbname="postgres"), autocommit=True) as server:
        server.execute(sql.SQL("create database {} template {} strategy file_copy").format(sql.Identifier(name), sql.Identifier(str(model))))
        try:
            yield psycopg.conninfo.make_conninfo(template, dbname=name)
        finally:
            server.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


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
