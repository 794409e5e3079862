"""A house of its own for a proof on real data, and what it takes to bring files into it."""

import csv
import gzip
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from proofs.support import ROOT
from zhanggui import rulebook
from zhanggui.actions import importing, shops
from zhanggui.actions.house import House
from zhanggui.actions.views import BatchView
from zhanggui.people.permissions import ShopId, operator
from zhanggui.records.db import open_pool
from zhanggui.records.migrate import migrate
from zhanggui.server import OwnServer

DATA = ROOT.parent / "shared" / "data"
_BESIDE = {"batches", "journal", "buyer_keys", "data_keys"}
NOW = datetime(2026, 11, 21, tzinfo=UTC)
QUICK_ROWS = 3_000


@dataclass(frozen=True)
class Shop:
    """An empty shop in a house of its own."""

    house: House
    shop_id: ShopId

    def bring(self, files: Sequence[Path], profile: str) -> BatchView:
        """Preview and confirm an import of these files."""
        previewed = importing.preview(self.house, operator(), self.shop_id, files, NOW, profile=profile)
        return importing.confirm(self.house, operator(), self.shop_id, previewed.batch_id, NOW)

    def undo(self, batch: BatchView) -> None:
        """Take an import back."""
        importing.undo(self.house, operator(), self.shop_id, batch.batch_id, NOW)

    def counted(self) -> dict[str, int]:
        """How many rows stand in every table that holds what was imported; what is counted of it later, and the keys of the shop, are no part of it."""
        with self.house.pool.connection() as tx:
            names = [name for (name,) in tx.execute("select tablename from pg_tables where schemaname = 'public' order by tablename")]
            return {
                name: _count(tx.execute(f"select count(*) from {name}").fetchone()) for name in names if name not in _BESIDE and not name.startswith("measure_")
            }


@contextmanager
def an_empty_shop() -> Iterator[Shop]:
    """A shop in a house that is thrown away afterwards."""
    with tempfile.TemporaryDirectory(prefix="zg-proof-") as folder, OwnServer(Path(folder) / "server") as server:
        migrate(server.conninfo)
        with open_pool(server.conninfo) as pool:
            house = House(pool=pool, home=Path(folder) / "home", rulebook=rulebook.load())
            yield Shop(house, shops.create_shop(house, operator(), "proof", NOW))


@contextmanager
def first_rows(names: Sequence[str], rows: int | None) -> Iterator[Path]:
    """A folder with these files, cut off after so many rows; the real folder where nothing is to be cut."""
    if rows is None:
        yield DATA
        return
    with tempfile.TemporaryDirectory(prefix="zg-proof-") as folder:
        for name in names:
            with (
                gzip.open(DATA / name, "rt", encoding="utf-8", newline="") as source,
                gzip.open(Path(folder) / name, "wt", encoding="utf-8", newline="") as cut,
            ):
                writer = csv.writer(cut)
                writer.writerows(row for number, row in enumerate(csv.reader(source)) if number <= rows)
        yield Path(folder)


def _count(row: tuple[int] | None) -> int:
    return row[0] if row else 0
