"""Terminals and files for the tests of commands."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.cli.terminal import Terminal
from zhanggui.demo.exports import written
from zhanggui.demo.story_data import Damage, FileTold, story
from zhanggui.demo.world import world

MONDAY = datetime(2026, 11, 16, 9, 5)  # noqa: DTZ001 - a reading of the clock in Shanghai, as the story tells moments
SHOP = "林家果园小铺"
NAME = "orders_export20261116090512.csv"


@pytest.fixture
def terminal(database: str, tmp_path: Path) -> Terminal:
    """A terminal over a fresh database of the one server of this run."""
    return Terminal(tmp_path / "home", {"DATABASE_URL": database})


@pytest.fixture(scope="module")
def stocked(conninfo: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A terminal over a shop with one export in it, shared by the tests of a file that only look."""
    name = f"zg_{secrets.token_hex(6)}"
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template)))
    folder = tmp_path_factory.mktemp("stocked")
    terminal = Terminal(folder / "home", {"DATABASE_URL": psycopg.conninfo.make_conninfo(conninfo, dbname=name)})
    terminal.run("import", str(order_export(folder / NAME)), "--shop", SHOP, "--create", "--yes", "--json")
    yield terminal
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def own_terminal() -> Iterator[Terminal]:
    """A terminal whose home has a server of its own, as every merchant's has. The folder is short: a socket's path may not be long."""
    folder = Path(tempfile.mkdtemp(prefix="zg-"))
    opened = Terminal(folder / "home", reads_anew=True)
    yield opened
    opened.leave()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """An order export of 110 orders, written on a Monday morning."""
    return order_export(tmp_path / NAME)


@pytest.fixture
def spoilt_orders(tmp_path: Path) -> Path:
    """The same with a letter in one amount."""
    return order_export(tmp_path / NAME, Damage(order="late_1", column="商家实收金额(元)", text="39.9O"))


def order_export(path: Path, damage: Damage | None = None, *, moment: datetime = MONDAY) -> Path:
    """The demo shop's order export as it would have been written at a moment."""
    path.write_bytes(written(FileTold(name=path.name, kind="orders", encoding="utf-8-sig", damage=damage), world(), story().heard, None, moment))
    return path


def order_no(key: str) -> str:
    """The number of an order the story speaks of."""
    return world().told[key].order_no
