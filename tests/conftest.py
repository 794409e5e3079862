"""What every test may ask for: a real PostgreSQL, a fresh database in it, a house over that, and the same people everywhere.

One server runs for the whole test run: DATABASE_URL where given, else the embedded one in a short folder of its own. Every test that asks for `pool`
gets a database of its own: cloned from a migrated template, or one that another test is done with, wiped and under a new name. What is thrown away after
the run lies in memory where there is plenty of it: a database has a thousand files, and making them on a disk takes ten times as long.
"""

import gc
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from argon2 import PasswordHasher
from psycopg import sql

from tests.cast import Cast, make_cast
from tests.keeping import CLONE, DROP, Keeping
from tests.wiping import Blank, blank_of, wiped
from zhanggui import rulebook
from zhanggui.actions.house import House
from zhanggui.people import passwords
from zhanggui.records.db import Pool, open_pool
from zhanggui.records.migrate import migrate
from zhanggui.server import embedded

IN_CI = os.environ.get("CI") == "true"
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
"""Real data sets, kept beside the checkout and never inside it."""
MEMORY, PLENTY = Path("/dev/shm"), 6 << 30  # noqa: S108 - a folder of this run alone is made in it


def _lie_in_memory() -> None:
    """Have this process and its children put what is temporary into memory, unless a place is given or memory is scarce."""
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and os.access(MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(MEMORY).free > PLENTY:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


# what was compiled is kept, whatever the machine says: a program that a test starts takes half as long, and there are hundreds of them
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

HASHER = passwords._hasher
"""How passwords are really hashed: slowly, on purpose. Only tests of that wait for it."""
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)

_lie_in_memory()
gc.disable()  # six thousand tests are collected first, and none of that is garbage


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first, so that no worker is left alone with one of them at the end while the other cores rest."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: looking through it for garbage again and again took a third of the whole run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()


@pytest.fixture(scope="session")
def conninfo() -> Iterator[str]:
    """What is needed to connect to the one server of this run."""
    home = Path(tempfile.mkdtemp(prefix="zg-"))
    try:
        with embedded(home) as info:
            if "DATABASE_URL" not in os.environ:
                _hurry(info)
            try:
                yield info
            finally:
                while _STANDING:
                    _STANDING.popitem()[1].close()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _hurry(info: str) -> None:
    """This server's data are thrown away after the run, so it need not wait for the disk. tests/server tests the careful settings."""
    with psycopg.connect(info, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            connection.execute(sql.SQL("alter system set {} = off").format(sql.Identifier(setting)))
        connection.execute("select pg_reload_conf()")


@pytest.fixture(scope="session")
def template(conninfo: str) -> Iterator[str]:
    """The name of a migrated, empty database to clone from."""
    name = f"zg_template_{secrets.token_hex(4)}"
    _on_server(conninfo, "create database {}", name)
    migrate(psycopg.conninfo.make_conninfo(conninfo, dbname=name))
    yield name
    _on_server(conninfo, DROP, name)


@pytest.fixture(scope="session")
def blank(conninfo: str, template: str) -> Iterator[Blank]:
    """How the template stands; what was wiped to stand so is dropped at the end."""
    yield blank_of(psycopg.conninfo.make_conninfo(conninfo, dbname=template))
    while _WIPED:
        _on_server(conninfo, DROP, _WIPED.pop()[0])


@pytest.fixture
def database(conninfo: str, template: str, blank: Blank) -> Iterator[str]:
    """What is needed to connect to a fresh, migrated database of this test's own."""
    name, uses = f"zg_{secrets.token_hex(6)}", 1
    if len(_WIPED) > 1:  # the one wiped last may not have seen yet that whoever wiped it is gone
        wiped_name, uses = _WIPED.pop(0)
        _on_server(conninfo, "alter database {} rename to {}", wiped_name, name)
    else:
        # the files are copied as they are, which is half the work of writing every page of them anew
        _on_server(conninfo, CLONE, name, template)
    info = psycopg.conninfo.make_conninfo(conninfo, dbname=name)
    yield info
    if uses < MOST_USES and wiped(info, blank):
        _WIPED.append((name, uses + 1))
    else:
        _on_server(conninfo, DROP, name)


@pytest.fixture(scope="session")
def keeping(conninfo: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keeping]:
    """Houses that are furnished once, and copied."""
    made = Keeping(conninfo, template, tmp_path_factory.mktemp("kept"), partial(_on_server, conninfo))
    yield made
    made.drop()


@pytest.fixture
def pool(database: str) -> Iterator[Pool]:
    """Connections to a fresh, migrated database."""
    with open_pool(database) as opened:
        yield opened


@pytest.fixture
def house(pool: Pool, tmp_path: Path) -> House:
    """A house over a fresh database and an empty home folder, with the real rulebook."""
    return House(pool=pool, home=tmp_path, rulebook=rulebook.load())


@pytest.fixture
def people(house: House) -> Cast:
    """The people of every story, in their two shops: 林, 小美 and 老周 in one, 郑 in the other."""
    return make_cast(house.pool)


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real data sets. In CI it must be there."""
    if not DATA.exists() and not IN_CI:
        pytest.skip("the real data sets are not beside this checkout")
    assert DATA.exists(), f"the real data sets must be at {DATA} in CI"
    return DATA


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """In CI a skipped test is a failed test: what was skipped was not shown to work. Only what root alone can do may be left out by others."""
    report: pytest.TestReport = yield  # type: ignore[assignment]  # a wrapper is sent the result
    if IN_CI and report.skipped and "only root" not in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, which CI does not allow: {report.longrepr}"
    return report  # type: ignore[return-value]  # and hands it on


_WIPED: list[tuple[str, int]] = []
"""Databases that stand as the template does, each with how many tests it served and one."""
MOST_USES = 40
"""What tests deleted stays in the files until nobody can see it any more; a new clone has none of it."""

_STANDING: dict[str, psycopg.Connection[Any]] = {}
"""The connection that databases are made and dropped through, by conninfo. It stays, since a new one costs a fifth of what it is opened for."""


def _on_server(conninfo: str, statement: str, *names: str) -> None:
    connection = _STANDING.get(conninfo)
    if connection is None or connection.closed:
        connection = _STANDING[conninfo] = psycopg.connect(conninfo, autocommit=True)
    connection.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))
