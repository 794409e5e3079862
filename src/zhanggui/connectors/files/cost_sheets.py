"""Sheets that say what goods cost the shop, read row by row; what cannot be taken is named by row and column."""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from zhanggui.connectors.files.cells import bare
from zhanggui.connectors.files.containers import BROKEN, broken, members
from zhanggui.connectors.files.masking import storable
from zhanggui.connectors.files.profile import folded
from zhanggui.connectors.files.shapes import Unreadable
from zhanggui.connectors.files.tables import Source, Walk, sources_of
from zhanggui.core.facts import Place
from zhanggui.core.money import Fen, NotMoney, fen_from_yuan
from zhanggui.core.say import Say, say

MOST_ROWS = 20_000
LONGEST_NAME = 100


class CostRow(msgspec.Struct, frozen=True):
    """What one row says a piece costs, by the name it gives the goods."""

    place: Place
    name: str
    fen: Fen


class CostRowRefused(msgspec.Struct, frozen=True):
    """One row that was not taken: where it stands, and why."""

    place: Place
    reason: Say


class CostSheet(msgspec.Struct, frozen=True):
    """Everything a sheet says."""

    rows: tuple[CostRow, ...]
    refused: tuple[CostRowRefused, ...]


class _Headers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reads: dict[str, tuple[str, ...]]


@cache
def cost_headers() -> dict[str, tuple[str, ...]]:
    """The headers of every field, the usual one first."""
    return msgspec.toml.decode((files("zhanggui.connectors.files") / "cost_sheets.toml").read_bytes(), type=_Headers).reads


def read_cost_sheet(path: Path) -> CostSheet:
    """Every row that names goods and says what they cost. Raises Unreadable where there is no such table, or too many rows."""
    told: list[CostRow] = []
    refused: list[CostRowRefused] = []
    tables = 0
    for source in _sources(path):
        heading = _heading(source)
        if heading is None:
            continue
        tables += 1
        for row in _rows(source, *heading):
            told.append(row) if isinstance(row, CostRow) else refused.append(row)
            if len(told) + len(refused) > MOST_ROWS:
                raise Unreadable(say("The sheet holds more than {most} rows. Split it.", most=MOST_ROWS))
    if not tables:
        names, cost = cost_headers()["name"][:2], cost_headers()["cost"][0]
        raise Unreadable(
            say("{file} has no heading row with the goods ({names}) and their cost ({cost}).", file=storable(path.name), names=", ".join(names), cost=cost)
        )
    return CostSheet(tuple(told), tuple(refused))


def _sources(path: Path) -> Iterator[Source]:
    for number, member in enumerate(members(path)):
        if member.problem is not None:
            raise Unreadable(member.problem)
        try:
            yield from sources_of(member, number)
        except BROKEN as problem:
            raise Unreadable(broken(member.name, problem)) from problem


def _heading(source: Source) -> tuple[int, list[str], list[int], int] | None:
    """The line of the headings, the columns that may name the goods in the order in which they are believed, and that of the cost."""
    for line, cells in source.head():
        at = {folded(bare(cell)): place for place, cell in reversed(list(enumerate(cells)))}
        names = [at[folded(name)] for name in cost_headers()["name"] if folded(name) in at]
        cost = next((at[folded(name)] for name in cost_headers()["cost"] if folded(name) in at), None)
        if names and cost is not None:
            return line, cells, names, cost
    return None


def _rows(source: Source, line: int, header: list[str], names: Sequence[int], cost: int) -> Iterator[CostRow | CostRowRefused]:
    for number, cells in Walk(source, line, header):
        place = Place(source.member.name, source.sheet, number)
        if isinstance(cells, Say):
            yield CostRowRefused(place, cells)
            continue
        whole = [*cells, *[""] * (len(header) - len(cells))]
        name = next((text for column in names if (text := bare(whole[column]))), "")
        price = bare(whole[cost])
        if not price:
            continue  # nothing is said of these
        try:
            fen = fen_from_yuan(price)
        except NotMoney:
            yield CostRowRefused(place, say("{typed} is not an amount of yuan, such as 12.50.", typed=storable(price)[:40]))
            continue
        if not name or len(name) > LONGEST_NAME:
            yield CostRowRefused(place, say("The row names no goods: {names} is blank.", names=bare(storable(header[names[0]]))))
        else:
            yield CostRow(place, storable(name), fen)
