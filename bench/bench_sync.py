"""Orders synced per second, by windows with their ledger, sightings, deadlines, totals and journal, against the same pages decoded and stored by COPY alone.

Twice: once whole, over HTTP from an emulator in a process of its own; and once with the answers in memory, so that only our side is measured. The other
side is given the very same answers as bytes: it decodes them into the same wire structs and copies the columns of `orders`, window by window, one
transaction each, and decides nothing.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from bench.support import QUICK, fresh_database, report
from tests.actions.syncing.seat import Seat
from tests.cast import make_cast
from tests.emulator.caller import START, Caller
from zhanggui import rulebook
from zhanggui.actions.house import House
from zhanggui.actions.syncing.working import step
from zhanggui.connectors.pdd.line import Line
from zhanggui.connectors.pdd.order_facts import WireOrder
from zhanggui.connectors.pdd.paces import Limits, Paces
from zhanggui.emulator.command import FirstLine
from zhanggui.records import sync_sources
from zhanggui.records.db import connect, open_pool

ORDERS = 800 if QUICK else 30_000
RUNS = 1 if QUICK else 3
BACK = timedelta(days=1)
SCENARIO = f"""
name = "bench"
start = "{START}"
speed = 0.0
[size]
history = {ORDERS}
history_days = 1
per_day = 0
[gate]
limit_factor = 0.0
"""
COPY = "copy stored (shop_id, order_no, stage, refund, listed_at, as_of, tracking_no, facts) from stdin"
TABLE = "create table if not exists stored (shop_id bigint, order_no text, stage text, refund text, listed_at text, as_of text, tracking_no text, facts json)"


class Page(msgspec.Struct):
    """A page as a plain program would read it."""

    order_sn_list: list[WireOrder]


class Answer(msgspec.Struct):
    """The page in its wrapper."""

    order_sn_increment_get_response: Page


class Recording(Line):
    """A line that keeps every answer, and later answers from what it kept."""

    def __init__(self) -> None:
        super().__init__(Paces(Limits(limit=())))
        self.kept: dict[str, bytes] = {}
        self.replays = False

    def _post(self, address: str, call: Any, sent: Mapping[str, str]) -> tuple[bytes, Any]:
        key = json.dumps({name: value for name, value in sent.items() if name not in ("timestamp", "sign")}, sort_keys=True)
        if self.replays:
            return self.kept[key], None
        body, moment = super()._post(address, call, sent)
        self.kept[key] = body
        return body, moment


def main() -> None:
    """Print the figures as JSON lines."""
    with emulator() as platform:
        line = Recording()
        whole = min(synced(platform, line)[0] for _ in range(RUNS))
        line.replays = True
        runs = [synced(platform, line) for _ in range(RUNS)]
        ours, orders, windows = min(runs)
        pages = [body for key, body in line.kept.items() if "increment" in key]
    raw = min(copied(pages) for _ in range(RUNS))
    against = "the same pages decoded and stored by COPY alone"
    note = f"{orders} orders in {windows} windows, {len(pages)} pages"
    report("orders synced, answers in memory", value=orders / ours, unit="orders/s", against=against, ratio=raw / ours, note=note)
    report("orders synced over HTTP, the emulator beside", value=orders / whole, unit="orders/s", against=against, ratio=raw / whole)


@contextmanager
def emulator() -> Iterator[Caller]:
    """An emulator in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="zg-bench-") as folder:
        scenario = Path(folder) / "bench.toml"
        scenario.write_text(SCENARIO, "utf-8")
        program = [sys.executable, "-m", "zhanggui.emulator", "--port", "0", "--scenario", str(scenario)]
        child = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        try:
            yield Caller(msgspec.json.decode(child.stdout.readline(), type=FirstLine))
        finally:
            child.terminate()
            child.wait()
            child.stdout.close()


def synced(platform: Caller, line: Recording) -> tuple[float, int, int]:
    """The seconds it takes us, and how many orders and windows that were."""
    with fresh_database() as conninfo, open_pool(conninfo) as pool, tempfile.TemporaryDirectory(prefix="zg-bench-") as folder:
        people = make_cast(pool)
        seat = Seat(House(pool, Path(folder), rulebook.load()), people.lin, people.shop_id, platform, line=line)
        now, wall = seat.now, seat.wall
        with pool.connection() as tx:
            tx.execute("delete from sync_windows")
            tx.execute("delete from sync_sources")
            sync_sources.begin(tx, seat.shop_id, ["orders"], now, wall)
            tx.execute("update sync_sources set goal = %s", (now - BACK,))
        began = time.perf_counter()
        windows = 0
        while done := step(seat.house, seat.shop_id, now, wall, "bench"):
            windows += done.sort == "read"
        seconds = time.perf_counter() - began
        return seconds, len(seat.our_orders()), windows


def copied(pages: list[bytes]) -> float:
    """The seconds it takes to decode the same pages and copy them, a transaction a page."""
    with fresh_database() as conninfo, connect(conninfo) as tx:
        tx.execute(TABLE)
        tx.commit()
        decoder = msgspec.json.Decoder(Answer, float_hook=str)
        began = time.perf_counter()
        for body in pages:
            orders = decoder.decode(body).order_sn_increment_get_response.order_sn_list
            with tx.cursor() as cursor, cursor.copy(COPY) as copy:
                for one in orders:
                    row = (1, one.order_sn, str(one.order_status), str(one.refund_status), one.confirm_time, one.updated_at, one.tracking_number)
                    copy.write_row((*row, msgspec.json.encode(one).decode()))
            tx.commit()
        return time.perf_counter() - began


if __name__ == "__main__":
    main()
