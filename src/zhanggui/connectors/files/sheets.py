"""The frame of every sheet of our own form: tables are found by their headings, rows read one by one, and what cannot be taken is named by row and column."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from zhanggui.connectors.files.cells import bare
from zhanggui.connectors.files.containers import BROKEN, broken, members
from zhanggui.connectors.files.profile import folded
from zhanggui.connectors.files.shapes import Unreadable
from zhanggui.connectors.files.tables import Source, Walk, sources_of
from zhanggui.core.facts import Place
from zhanggui.core.say import Say

Row = TypeVar("Row")
Columns = TypeVar("Columns")


class RowRefused(msgspec.Struct, frozen=True):
    """One row that was not taken: where it stands, and why."""

    place: Place
    reason: Say


class Told(msgspec.Struct, Generic[Row], frozen=True):
    """Everything the tables of a file tell."""

    rows: tuple[Row, ...]
    refused: tuple[RowRefused, ...]


class Form(msgspec.Struct, Generic[Row, Columns], frozen=True):
    """What a sheet looks like: which columns its heading names, None for a row that is none; and what a row of so many cells tells."""

    columns: Callable[[Sequence[str]], Columns | None]
    row: Callable[[list[str], Sequence[str], Columns, Place], Iterator[Row | RowRefused]]
    most: int
    too_many: Say


def read_tables(path: Path, form: Form[Row, Columns]) -> Told[Row] | None:
    """Every row of every table in the file that has the form; None where there is no such table. Raises Unreadable, also for too many rows."""
    rows: list[Row] = []
    refused: list[RowRefused] = []
    tables = 0
    for source in _sources(path):
        found = _heading(source, form)
        if found is None:
            continue
        tables += 1
        for row in _rows(source, form, *found):
            refused.append(row) if isinstance(row, RowRefused) else rows.append(row)
            if len(rows) + len(refused) > form.most:
                raise Unreadable(form.too_many)
    return Told(tuple(rows), tuple(refused)) if tables else None


def places_of(cells: Sequence[str]) -> dict[str, int]:
    """Where each heading stands, the first of two that are alike."""
    return {folded(bare(cell)): place for place, cell in reversed(list(enumerate(cells)))}


def found_under(headings: Sequence[str], at: dict[str, int]) -> tuple[int, ...]:
    """The columns that bear one of these headings, in the order of the headings."""
    return tuple(at[name] for heading in headings if (name := folded(heading)) in at)


def _sources(path: Path) -> Iterator[Source]:
    for number, member in enumerate(members(path)):
        if member.problem is not None:
            raise Unreadable(member.problem)
        try:
            yield from sources_of(member, number)
        except BROKEN as problem:
            raise Unreadable(broken(member.name, problem)) from problem


def _heading(source: Source, form: Form[Row, Columns]) -> tuple[int, list[str], Columns] | None:
    for line, cells in source.head():
        columns = form.columns(cells)
        if columns is not None:
            return line, cells, columns
    return None


def _rows(source: Source, form: Form[Row, Columns], line: int, header: list[str], columns: Columns) -> Iterator[Row | RowRefused]:
    """What each row tells; a short one is filled up with blanks."""
    for number, cells in Walk(source, line, header):
        place = Place(source.member.name, source.sheet, number)
        if isinstance(cells, Say):
            yield RowRefused(place, cells)
        else:
            yield from form.row(cells + [""] * (len(header) - len(cells)), header, columns, place)
