"""Pages per second: the Today page as a signed-in person gets it, against a bare Starlette page over the same queries.

Both are served by uvicorn in a process of their own, over the same 100,000 open deadlines, asked in turns by the same two clients. The bare page reads
the same four lists and writes bare rows: no sign-in, no session, no permissions, no sums, no facts of the orders, no verdicts, no drafts, no templates.
"""

import http.client
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from html import escape
from pathlib import Path
from typing import Any

import uvicorn
from litestar import Litestar
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from bench.planting import planted
from bench.support import QUICK, fresh_database, report
from zhanggui import clock, rulebook
from zhanggui.actions.house import House
from zhanggui.actions.today import SHOWN_BANDS
from zhanggui.people import accounts, sign_ins
from zhanggui.people.permissions import ShopId
from zhanggui.records import shops, today_lists
from zhanggui.records.db import Pool, connect, open_pool
from zhanggui.records.today_lists import Wanted
from zhanggui.site.app import create_app
from zhanggui.site.settings import Settings

SIZE = 1_000 if QUICK else 100_000
SECONDS = 1.0 if QUICK else 5.0
TURNS = 1 if QUICK else 3
CLIENTS = 2
ROWS = 25


def main() -> None:
    """Print the figures as JSON lines."""
    with fresh_database() as conninfo, tempfile.TemporaryDirectory(prefix="zg-bench-") as home:
        with connect(conninfo) as tx:
            shop_id = planted(tx, SIZE, clock.now())
            token = _signed_in(tx, shop_id)
        with connect(conninfo, autocommit=True) as tx:
            tx.execute("vacuum analyze")
        with open_pool(conninfo) as pool:
            cookie = ours(pool, home).state.door.cookie_name
        with _served("ours", conninfo, home) as one, _served("bare", conninfo, str(shop_id)) as other:
            headers = {"cookie": f"{cookie}={token}", "accept": "text/html"}
            figures = [(_pages_per_second(one, "/today", headers), _pages_per_second(other, "/", {})) for _ in range(TURNS)]
    value = statistics.median(figure for figure, _ in figures)
    beside = statistics.median(figure for _, figure in figures)
    report(
        "Today pages over HTTP, signed in, 100 to-dos with verdict and draft",
        value=value,
        unit="pages/s",
        against="bare Starlette page with the same four lists",
        ratio=value / beside,
        note=f"{SIZE:,} open deadlines, {CLIENTS} clients; the bare page {beside:.0f} pages/s",
    )


def ours(pool: Pool, home: str) -> Litestar:
    """The whole application."""
    house = House(pool=pool, home=Path(home), rulebook=rulebook.load())
    return create_app(house, Settings(home=house.home, paces=False), secure=False)


def bare(pool: Pool, shop_id: int) -> Starlette:
    """One page that reads the four lists and writes them down."""

    def page(_: Request) -> HTMLResponse:
        with pool.connection() as tx:
            rows = [
                row
                for band in SHOWN_BANDS
                for row in today_lists.page(tx, Wanted(shop_ids=[shop_id], band=int(band), kinds=[], assignee=None, after=None, limit=ROWS))
            ]
        lines = (f"<tr><td>{escape(row.subject_no)}<td>{row.kind}<td>{row.due_at}<td>{row.at_risk}" for row in rows)
        return HTMLResponse(f"<!doctype html><table>{''.join(lines)}</table>")

    return Starlette(routes=[Route("/", page)])


def _signed_in(tx: Any, shop_id: ShopId) -> str:
    owner = accounts.first_person(tx, "lin", secrets.token_urlsafe(), "林", clock.now())
    shops.add_owner(tx, shop_id, owner.person_id, clock.now())
    return sign_ins.begin(tx, owner.person_id, clock.unwound(), device="bench")


@contextmanager
def _served(which: str, conninfo: str, detail: str) -> Iterator[int]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    child = subprocess.Popen([sys.executable, "-m", "bench.bench_pages", "--serve", which, conninfo, detail, str(port)])
    try:
        _wait_for(port)
        yield port
    finally:
        child.terminate()
        child.wait()


def _wait_for(port: int) -> None:
    for _ in range(300):
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the server did not start")


def _pages_per_second(port: int, path: str, headers: dict[str, str]) -> float:
    counts = [0] * CLIENTS
    ends = time.perf_counter() + SECONDS

    def ask(client: int) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
            while time.perf_counter() < ends:
                connection.request("GET", path, headers=headers)
                answer = connection.getresponse()
                body = answer.read()
                assert answer.status == 200, (answer.status, body[:300])
                assert len(body) > 5_000
                counts[client] += 1

    threads = [threading.Thread(target=ask, args=(client,)) for client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(counts), "a client was turned away"
    return sum(counts) / SECONDS


if __name__ == "__main__":
    if "--serve" in sys.argv:
        which, conninfo, detail, port = sys.argv[-4:]
        with open_pool(conninfo) as pool:
            served = ours(pool, detail) if which == "ours" else bare(pool, int(detail))
            uvicorn.run(served, host="127.0.0.1", port=int(port), log_level="warning")
    else:
        main()
