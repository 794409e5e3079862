"""Sheets that say what goods cost the shop, read row by row; what cannot be taken is named by row and column."""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from zhanggui.connectors.files.cells import bare
from zhanggui.connectors.files.masking import storable
from zhanggui.connectors.files.shapes import Unreadable
from zhanggui.connectors.files.sheets import Form, RowRefused, Told, found_under, places_of, read_tables
from zhanggui.core.facts import Place
from zhanggui.core.money import Fen, NotMoney, fen_from_yuan
from zhanggui.core.say import say

MOST_ROWS = 20_000
LONGEST_NAME = 100


class CostRow(msgspec.Struct, frozen=True):
    """What one row says a piece costs, by the name it gives the goods."""

    place: Place
    name: str
    fen: Fen


class _Columns(msgspec.Struct, frozen=True):
    """The columns that may name the goods, in the order in which they are believed, and that of the cost."""

    names: tuple[int, ...]
    cost: int


class _Headers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reads: dict[str, tuple[str, ...]]


@cache
def cost_headers() -> dict[str, tuple[str, ...]]:
    """The headers of every field, the usual one first."""
    return msgspec.toml.decode((files("zhanggui.connectors.files") / "cost_sheets.toml").read_bytes(), type=_Headers).reads


def read_cost_sheet(path: Path) -> Told[CostRow]:
    """Every row that names goods and says what they cost. Raises Unreadable where there is no such table, or too many rows."""
    told = read_tables(path, Form(_columns, _row, MOST_ROWS, say("The sheet holds more than {most} rows. Split it.", most=MOST_ROWS)))
    if told is None:
        names, cost = cost_headers()["name"][:2], cost_headers()["cost"][0]
        raise Unreadable(
            say("{file} has no heading row with the goods ({names}) and their cost ({cost}).", file=storable(path.name), names=", ".join(names), cost=cost)
        )
    return told


def _columns(cells: Sequence[str]) -> _Columns | None:
    at = places_of(cells)
    names, cost = found_under(cost_headers()["name"], at), found_under(cost_headers()["cost"], at)
    return _Columns(names, cost[0]) if names and cost else None


def _row(cells: list[str], header: Sequence[str], columns: _Columns, place: Place) -> Iterator[CostRow | RowRefused]:
    name = next((text for column in columns.names if (text := bare(cells[column]))), "")
    price = bare(cells[columns.cost])
    if not price:
        return  # nothing is said of these
    try:
        fen = fen_from_yuan(price)
    except NotMoney:
        yield RowRefused(place, say("{typed} is not an amount of yuan, such as 12.50.", typed=storable(price)[:40]))
        return
    if not name or len(name) > LONGEST_NAME:
        yield RowRefused(place, say("The row names no goods: {names} is blank.", names=bare(storable(header[columns.names[0]]))))
    else:
        yield CostRow(place, storable(name), fen)
