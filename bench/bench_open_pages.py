"""What a click costs while 200 Today pages stand open and the shop keeps changing, against the same changes with no page open.

The site runs in a process of its own. Twenty people hold ten pages each; five marks a second are put by somebody else, in a third process, so that every open
page is told something several times a second. A click is what a person does at the list: it opens the panel of a to-do, one click after the other.
"""

import http.client
import itertools
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.bench_pages import ours
from bench.planting import planted
from bench.streams import Pages, child_of, free_port, serve, spread, wait_for
from bench.support import QUICK, fresh_database, report, say_progress
from zhanggui import clock, rulebook
from zhanggui.actions.house import House
from zhanggui.actions.marks import snooze, take_back
from zhanggui.actions.today import today
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.people import accounts, members, sign_ins
from zhanggui.people.permissions import Person, Role, ShopId, operator
from zhanggui.records.db import Tx, connect, open_pool
from zhanggui.site.app import create_app
from zhanggui.site.settings import Settings
from zhanggui.workbench.live.live import Live

SIZE = 1_000 if QUICK else 100_000
PEOPLE, PAGES_EACH = (2, 3) if QUICK else (20, 10)
CLICKS = 10 if QUICK else 300
TURNS = 1 if QUICK else 3
CHANGES_A_SECOND = 5
MARKED = 20
_ME = "bench.bench_open_pages"


def main() -> None:
    """Print the figures as JSON lines."""
    with fresh_database() as conninfo, tempfile.TemporaryDirectory(prefix="zg-bench-") as home:
        with connect(conninfo) as tx:
            shop_id = planted(tx, SIZE, clock.now())
            tokens = [_signed_in(tx, shop_id, number) for number in range(PEOPLE)]
        with connect(conninfo, autocommit=True) as tx:
            tx.execute("vacuum analyze")
        with open_pool(conninfo) as pool:
            name = ours(pool, home).state.door.cookie_name
            listed = _listed(House(pool=pool, home=Path(home), rulebook=rulebook.load()), shop_id)
        cookies = [f"{name}={token}" for tokens_of_one in tokens for token in tokens_of_one]
        port = free_port()
        with child_of(_ME, "--serve", conninfo, home, str(port)), child_of(_ME, "--change", conninfo, home, str(shop_id)):
            wait_for(port)
            alone: list[float] = []
            among: list[float] = []
            told: list[int] = []
            for turn in range(TURNS):
                say_progress(f"turn {turn + 1} of {TURNS}")
                alone += _clicks(port, cookies[0], shop_id, listed)
                with _open(port, cookies[1:], told):
                    among += _clicks(port, cookies[0], shop_id, listed)
    _report(alone, among, len(cookies) - 1, sum(told))


def _report(alone: Sequence[float], among: Sequence[float], pages: int, told: int) -> None:
    (median_alone, late_alone), (median, late) = spread(alone), spread(among)
    report(
        f"a click while {pages} pages stand open and follow {CHANGES_A_SECOND} changes a second, median",
        value=median,
        unit="ms",
        against="the same changes and no page open",
        ratio=median / median_alone,
        note=f"{len(among)} clicks each; {told:,} events were told to the pages meanwhile",
    )
    report("the same, 99th percentile", value=late, unit="ms", against="the same changes and no page open", ratio=late / late_alone)


@contextmanager
def _open(port: int, cookies: Sequence[str], told: list[int]) -> Iterator[None]:
    counted = itertools.count()

    def hear(*_: object) -> None:
        next(counted)

    pages = Pages(port, cookies, hear)
    pages.open()
    before = next(counted)
    try:
        yield
    finally:
        told.append(next(counted) - before)
        pages.close()


def _clicks(port: int, cookie: str, shop_id: ShopId, listed: Sequence[str]) -> list[float]:
    took = []
    headers = {"cookie": cookie, "accept": "text/html", "HX-Request": "true"}
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        for number in itertools.islice(itertools.cycle(listed[MARKED:]), CLICKS):
            began = time.perf_counter()
            connection.request("GET", f"/shops/{shop_id}/todos/order/ship_by?no={number}", headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            took.append(time.perf_counter() - began)
            assert answer.status == 200, (answer.status, body[:300])
            time.sleep(0.01)
    return took


def _signed_in(tx: Tx, shop_id: ShopId, number: int) -> list[str]:
    """The sign-ins of one person, one a page: a browser keeps four pages in step at most."""
    now = clock.now()
    person = accounts.first_person(tx, "lin", secrets.token_urlsafe(), "林", now) if number == 0 else _made(tx, number)
    members.admit(tx, shop_id, person.person_id, Role.OWNER, now)
    return [sign_ins.begin(tx, person.person_id, clock.unwound(), device="bench") for _ in range(PAGES_EACH + (number == 0))]


def _made(tx: Tx, number: int) -> Any:
    return accounts.make(tx, login=f"person{number}", password=secrets.token_urlsafe(), now=clock.now())


def _listed(house: House, shop_id: ShopId) -> list[str]:
    """The numbers of the orders on the list."""
    groups = today(house, operator(), clock.now(), shop_ids=[shop_id], limit=25).groups
    return [item.deadline.subject.no for _, items in groups for item in items]


def _change(conninfo: str, home: str, shop_id: ShopId) -> None:
    """Put to-dos of the list off and back, without end."""
    with open_pool(conninfo) as pool:
        house = House(pool=pool, home=Path(home), rulebook=rulebook.load())
        somebody: Person = operator()
        numbers = _listed(house, shop_id)[:MARKED]
        stop = threading.Event()
        for number in itertools.cycle(numbers):
            for putting_off in (True, False):
                now = clock.now()
                subject = Subject(SubjectKind.ORDER, number)
                if putting_off:
                    snooze(house, somebody, shop_id, subject, DeadlineKind.SHIP_BY, until=now + timedelta(hours=9), now=now)
                else:
                    take_back(house, somebody, shop_id, subject, DeadlineKind.SHIP_BY, now=now)
                stop.wait(1 / CHANGES_A_SECOND)


def serve_house(conninfo: str, home: str, port: str) -> None:
    """The site on a port."""
    with open_pool(conninfo, min_size=2, max_size=12) as pool:
        house = House(pool=pool, home=Path(home), rulebook=rulebook.load())
        live = Live(house, clock.now, clock.unwound)
        serve(create_app(house, Settings(home=house.home), secure=False, live=live), live, house.home, int(port))


if __name__ == "__main__":
    if "--serve" in sys.argv:
        serve_house(*sys.argv[-3:])
    elif "--change" in sys.argv:
        _change(sys.argv[-3], sys.argv[-2], ShopId(int(sys.argv[-1])))
    else:
        main()
