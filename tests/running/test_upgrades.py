"""Data of every earlier release are brought up to date: nothing of them is lost, every to-do stays what it was, and every page shows them.

The samples in `releases` were made by the releases themselves (make_release.py), each under the number of its newest migration.
"""

import lzma
import re
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from psycopg import sql

from tests.site_client import browser, make_app
from zhanggui import clock, rulebook
from zhanggui.actions.house import House
from zhanggui.actions.timetable import LANES, TIMETABLE
from zhanggui.actions.today import todo
from zhanggui.people import accounts
from zhanggui.people.permissions import PersonId, ShopId, operator
from zhanggui.records import shops
from zhanggui.records.db import Pool, open_pool
from zhanggui.records.migrate import migrate, migrations

RELEASES = Path(__file__).parent / "releases"
NAMES = sorted(path.name.removesuffix(".sql.xz") for path in RELEASES.glob("*.sql.xz"))
ORDERS = "select order_no, facts from orders order by order_no"
CASES = "select case_no, facts from aftersales order by case_no"
RUNNING = "select kind, subject_no, due_at, at_risk from deadlines where band is not null order by kind, subject_no"
COUNTED = ("batches", "journal", "bill_lines", "sightings", "goods")
PAGES = (
    "/today",
    "/orders?shop=1",
    "/aftersales?shop=1",
    "/imports?shop=1",
    "/journal?shop=1",
    "/parcels?shop=1",
    "/timetable",
    "/settings?shop=1",
    "/money?shop=1",
)
MOST_ROUNDS = 200
LIVED_ON = (NAMES[0], NAMES[-1])
"""Whose data the whole worker goes over and every page shows: the first release's, in which most is missing, and the last one's."""


class Told(msgspec.Struct, frozen=True):
    """What the release said of its to-dos."""

    commit: str
    at: datetime
    todo: tuple[tuple[str, str, datetime], ...]
    """What kind of deadline, of what, and when it is due."""


@pytest.fixture
def old(conninfo: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """What is needed to connect to a database as that release has left it."""
    name = f"zg_old_{secrets.token_hex(4)}"
    with psycopg.connect(conninfo, autocommit=True) as server:
        server.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    database = psycopg.conninfo.make_conninfo(conninfo, dbname=name)
    text = lzma.decompress((RELEASES / f"{request.param}.sql.xz").read_bytes()).decode("utf-8")
    with psycopg.connect(database) as connection:
        connection.execute(text.encode())  # the text is our own, and holds no parameters
    yield database
    with psycopg.connect(conninfo, autocommit=True) as server:
        server.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def test_there_is_a_sample_of_every_release_before_this_one() -> None:
    assert NAMES == ["0001", "0006", "0014", "0023", "0025", "0032", "0039"]


@pytest.mark.parametrize("old", NAMES, indirect=True)
def test_nothing_is_lost_and_every_to_do_stays(old: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    name = str(request.node.callspec.params["old"])
    told = msgspec.json.decode((RELEASES / f"{name}.json").read_bytes(), type=Told)
    before = _seen(old)

    applied = migrate(old)
    after = _seen(old)
    clock.use_home(tmp_path)
    clock.wind(tmp_path, told.at - clock.unwound())
    with open_pool(old) as pool:
        house = House(pool=pool, home=tmp_path, rulebook=rulebook.load())
        if name in LIVED_ON:
            _work(house)
        worked = _seen(old)
        listed = {(item.deadline.kind.value, item.deadline.subject.no): item.deadline.due_at for item in todo(house, operator(), ShopId(1), clock.now(), 500)}
        pages = _pages(house, pool, PAGES if name in LIVED_ON else PAGES[:2])
    clock.use_home(None)

    assert [step for step in applied if step[:4] <= name] == []
    assert applied[-1] == migrations()[-1].name
    assert after == before
    assert worked["orders"] == before["orders"]
    assert [each for each in told.todo if each[0] in SINCE_THE_FIRST and listed.get(each[0:2]) != each[2]] == []
    assert {path: status for path, (status, _) in pages.items() if status != 200} == {}
    assert all(no in pages["/orders?shop=1"][1] for no, _ in before["orders"][:5])


SINCE_THE_FIRST = frozenset({"ship_by", "pick_up_by", "answer_refund", "inspect_return"})
"""Kinds whose rules are the first release's own; later rules may set further clocks, or end some."""


def _seen(conninfo: str) -> dict[str, Any]:
    with psycopg.connect(conninfo) as connection:
        there = {name for (name,) in connection.execute("select tablename from pg_tables where schemaname = 'public'")}
        counted = {name: connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(name))).fetchone() for name in COUNTED if name in there}
        return {
            "orders": connection.execute(ORDERS).fetchall(),
            "cases": connection.execute(CASES).fetchall(),
            "running": connection.execute(RUNNING).fetchall(),
            **{name: many for name, many in counted.items() if name != "goods"},
        }


def _work(house: House) -> None:
    """Everything the worker does of itself, once: what older data lack is filled in."""
    for chore in TIMETABLE:
        if not chore.apart:
            chore.do(house, clock.now(), clock.unwound())
    for lane in LANES:
        for _ in range(MOST_ROUNDS):
            due = [shop_id for shop_id in lane.shops(house, clock.now(), clock.unwound()) if lane.serve(house, shop_id, clock.now(), clock.unwound(), "test")]
            if not due:
                break


def _pages(house: House, pool: Pool, paths: Sequence[str]) -> dict[str, tuple[int, str]]:
    """What the owner sees."""
    with pool.connection() as tx:
        account = accounts.make(tx, login="lin", password=secrets.token_urlsafe(), display_name="林", now=clock.now())
        shops.add_owner(tx, 1, account.person_id, clock.now())
        owner = accounts.person(tx, PersonId(account.person_id))
    assert owner is not None
    with browser(make_app(house), owner) as lin:
        return {path: (answer.status_code, re.sub(r"\s+", " ", answer.text)) for path in paths for answer in (lin.get(path, follow_redirects=True),)}
