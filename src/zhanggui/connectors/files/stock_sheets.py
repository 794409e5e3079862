"""Sheets in which a shop keeps what lies where and what it knows of its goods, read row by row; what cannot be taken is named by row and column."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from zhanggui.connectors.files.cells import NotUnderstood, bare, code, count, grams, id_parser, named
from zhanggui.connectors.files.masking import storable
from zhanggui.connectors.files.shapes import Unreadable
from zhanggui.connectors.files.sheets import Form, RowRefused, Told, found_under, places_of, read_tables
from zhanggui.core.facts import Place
from zhanggui.core.say import say

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


class _Headers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reads: dict[str, tuple[str, ...]]


@cache
def headers() -> dict[str, tuple[str, ...]]:
    """The headers of every field, the usual one first."""
    return msgspec.toml.decode((files("zhanggui.connectors.files") / "stock_sheets.toml").read_bytes(), type=_Headers).reads


def read_stock_sheet(path: Path) -> Told[StockRow]:
    """Every row of every table in this file that names goods and tells something of them. Raises Unreadable where there is none, or too many rows."""
    told = read_tables(path, Form(_columns, _row, MOST_ROWS, say("The sheet holds more than {most} rows. Split it.", most=MOST_ROWS)))
    if told is None:
        raise Unreadable(
            say(
                "{file} has no heading row that names goods ({names}) and tells something of them ({tells}). Add the headings and try again.",
                file=storable(path.name),
                names=", ".join(headers()[name][0] for name in _NAMES),
                tells=", ".join(headers()[name][0] for name in _TELLS),
            )
        )
    return told


def _columns(cells: Sequence[str]) -> dict[str, int] | None:
    at = places_of(cells)
    columns = {field: found[0] for field, names in headers().items() if (found := found_under(names, at))}
    return columns if any(name in columns for name in _NAMES) and any(name in columns for name in _TELLS) else None


def _row(cells: list[str], header: Sequence[str], columns: dict[str, int], place: Place) -> Iterator[StockRow | RowRefused]:
    told: dict[str, Any] = {}
    for field, index in columns.items():
        try:
            value = _READ[field](cells[index])
        except NotUnderstood as problem:
            column = bare(storable(header[index]))
            yield RowRefused(Place(place.file, place.sheet, place.row, column), problem.reason(column))
            return
        if value is not None:
            told[field] = value
    if any(told.get(name) for name in _NAMES):
        yield StockRow(place=place, **told)
    else:
        names = ", ".join(bare(storable(header[columns[name]])) for name in _NAMES if name in columns)
        yield RowRefused(place, say("The row names no goods: {names} is blank.", names=names))


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
