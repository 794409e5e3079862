"""Sheets in which a shop keeps what lies where and what it knows of its goods, read row by row; what cannot be taken is named by row and column."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from zhanggui.connectors.files.cells import NotUnderstood, bare, code, count, grams, id_parser, named
from zhanggui.connectors.files.containers import BROKEN, broken, members
from zhanggui.connectors.files.masking import storable
from zhanggui.connectors.files.profile import folded
from zhanggui.connectors.files.shapes import Unreadable
from zhanggui.connectors.files.tables import Source, Walk, sources_of
from zhanggui.core.facts import Place
from zhanggui.core.say import Say, say

MOST_ROWS = 20_000
_NAMES = ("sku_id", "code", "barcode")
_TELLS = ("pieces", "weight_g", "packing_g", "pick_at", "warn_at", "barcodes")


class StockRow(msgspec.Struct, frozen=True, kw_only=True):
    """What one row tells of a SKU. `given` names the columns that hold something."""

    place: Place
    sku_id: str | None = None
    code: str | None = None
    barcode: str | None = None
    pieces: int | None = None
    location: str | None = None
    weight_g: int | None = None
    packing_g: int | None = None
    barcodes: tuple[str, ...] | None = None
    pick_at: str | None = None
    warn_at: int | None = None


class StockRowRefused(msgspec.Struct, frozen=True):
    """One row that was not taken: where it stands, and why."""

    place: Place
    reason: Say


class StockSheet(msgspec.Struct, frozen=True):
    """Everything a sheet tells."""

    rows: tuple[StockRow, ...]
    refused: tuple[StockRowRefused, ...]


class _Headers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reads: dict[str, tuple[str, ...]]


@cache
def headers() -> dict[str, tuple[str, ...]]:
    """The headers of every field, the usual one first."""
    return msgspec.toml.decode((files("zhanggui.connectors.files") / "stock_sheets.toml").read_bytes(), type=_Headers).reads


def read_stock_sheet(path: Path) -> StockSheet:
    """Every row of every table in this file that names goods and tells something of them. Raises Unreadable where there is none, or too many rows."""
    told: list[StockRow] = []
    refused: list[StockRowRefused] = []
    tables = 0
    for source in _sources(path):
        found = _heading(source)
        if found is None:
            continue
        tables += 1
        for row in _rows(source, *found):
            told.append(row) if isinstance(row, StockRow) else refused.append(row)
            if len(told) + len(refused) > MOST_ROWS:
                raise Unreadable(say("The sheet holds more than {most} rows. Split it.", most=MOST_ROWS))
    if not tables:
        raise Unreadable(
            say(
                "{file} has no heading row that names goods ({names}) and tells something of them ({tells}). Add the headings and try again.",
                file=storable(path.name),
                names=", ".join(headers()[name][0] for name in _NAMES),
                tells=", ".join(headers()[name][0] for name in _TELLS),
            )
        )
    return StockSheet(tuple(told), tuple(refused))


def _sources(path: Path) -> Iterator[Source]:
    for number, member in enumerate(members(path)):
        if member.problem is not None:
            raise Unreadable(member.problem)
        try:
            yield from sources_of(member, number)
        except BROKEN as problem:
            raise Unreadable(broken(member.name, problem)) from problem


def _heading(source: Source) -> tuple[int, list[str], dict[str, int]] | None:
    for line, cells in source.head():
        at = {folded(bare(cell)): place for place, cell in reversed(list(enumerate(cells)))}
        columns = {field: next(at[folded(name)] for name in names if folded(name) in at) for field, names in headers().items() if _stands(names, at)}
        if any(name in columns for name in _NAMES) and any(name in columns for name in _TELLS):
            return line, cells, columns
    return None


def _stands(names: Sequence[str], at: dict[str, int]) -> bool:
    return any(folded(name) in at for name in names)


def _rows(source: Source, line: int, header: list[str], columns: dict[str, int]) -> Iterator[StockRow | StockRowRefused]:
    for number, cells in Walk(source, line, header):
        place = Place(source.member.name, source.sheet, number)
        if isinstance(cells, Say):
            yield StockRowRefused(place, cells)
        else:
            yield _row(cells + [""] * (len(header) - len(cells)), header, columns, place)


def _row(cells: Sequence[str], header: Sequence[str], columns: dict[str, int], place: Place) -> StockRow | StockRowRefused:
    told: dict[str, Any] = {}
    for field, index in columns.items():
        try:
            value = _READ[field](cells[index])
        except NotUnderstood as problem:
            column = bare(storable(header[index]))
            return StockRowRefused(Place(place.file, place.sheet, place.row, column), problem.reason(column))
        if value is not None:
            told[field] = value
    if not any(told.get(name) for name in _NAMES):
        names = ", ".join(bare(storable(header[columns[name]])) for name in _NAMES if name in columns)
        return StockRowRefused(place, say("The row names no goods: {names} is blank.", names=names))
    return StockRow(place=place, **told)


def _codes(cell: str) -> tuple[str, ...] | None:
    text = named(cell)
    parts = tuple(dict.fromkeys(part for part in (text or "").replace("，", ",").replace("、", ",").replace(";", ",").replace(" ", ",").split(",") if part))
    return parts or None


_READ: dict[str, Callable[[str], Any]] = {
    "sku_id": id_parser(None),
    "code": code,
    "barcode": id_parser(None),
    "pieces": count,
    "location": named,
    "weight_g": grams,
    "packing_g": grams,
    "barcodes": _codes,
    "pick_at": named,
    "warn_at": count,
}
