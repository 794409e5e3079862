"""Houses that take seconds to furnish: furnished once by each process of a run, and copied for every test that begins with one.

A database is cloned in a tenth of a second, and a home folder is a few files.
"""

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import psycopg

from zhanggui import rulebook
from zhanggui.actions.house import House
from zhanggui.records.db import open_pool

T = TypeVar("T")

CLONE = "create database {} template {} strategy file_copy"
DROP = "drop database {} with (force)"


@dataclass(frozen=True)
class Kept(Generic[T]):
    """A furnished house that nobody lives in."""

    database: str
    home: Path
    told: T
    """What whoever furnished it told of it."""


class Keeping:
    """The furnished houses of this process. `on_server` carries a statement with the names of databases out."""

    def __init__(self, conninfo: str, template: str, folder: Path, on_server: Callable[..., None]) -> None:
        self._conninfo, self._template, self._folder, self._on_server = conninfo, template, folder, on_server
        self._kept: dict[Callable[[House], Any], Kept[Any]] = {}

    def kept(self, furnish: Callable[[House], T]) -> Kept[T]:
        """The house that this furnishes; it does so when it is first asked for."""
        if furnish not in self._kept:
            name = self._clone(self._template)
            home = self._folder / name
            home.mkdir()
            with self._house(name, home) as house:
                self._kept[furnish] = Kept(name, home, furnish(house))
        return self._kept[furnish]

    @contextmanager
    def copied(self, kept: Kept[Any], home: Path) -> Iterator[House]:
        """A house of one's own that stands as the kept one does, in this home folder."""
        shutil.copytree(kept.home, home, dirs_exist_ok=True)
        name = self._clone(kept.database)
        with self._house(name, home) as house:
            yield house
        self._on_server(DROP, name)

    def drop(self) -> None:
        """Throws the kept houses away."""
        for kept in self._kept.values():
            self._on_server(DROP, kept.database)

    def _clone(self, template: str) -> str:
        name = f"zg_{secrets.token_hex(6)}"
        self._on_server(CLONE, name, template)
        return name

    @contextmanager
    def _house(self, name: str, home: Path) -> Iterator[House]:
        with open_pool(psycopg.conninfo.make_conninfo(self._conninfo, dbname=name)) as pool:
            yield House(pool=pool, home=home, rulebook=rulebook.load())
