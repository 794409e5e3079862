"""Conversations copied as a table: from a sheet with tabs, or as lines with commas below a heading."""

import csv
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from zhanggui.core.chats.folding import half
from zhanggui.core.chats.orders import order_numbers
from zhanggui.core.chats.stamps import stamp_at
from zhanggui.core.chats.words import words

_FEWEST_ROWS = 2
_SPEAKERS_AT_MOST = 12


class Row(NamedTuple):
    """One row: the lines of the paste it takes, and its cells."""

    first: int
    last: int
    cells: tuple[str, ...]


class Columns(NamedTuple):
    """Which column holds what."""

    text: int
    speaker: int
    moments: tuple[int, ...]
    heading: Row | None


def table_of(texts: Sequence[str]) -> list[Row] | None:
    """The rows, where the paste is a table; None where it is not."""
    filled = [text for text in texts if text.strip()]
    if len(filled) < _FEWEST_ROWS:
        return None
    for separator in ("\t", ","):
        rows = _rows(texts, separator)
        if rows is None:
            continue
        with_heading = _by_heading(rows[0]) is not None
        if with_heading or (separator == "\t" and sum(text.count("\t") >= 2 for text in filled) * 5 >= len(filled) * 4):
            return rows
    return None


def columns_of(rows: Sequence[Row], now: datetime) -> Columns | None:
    """Which column holds what, by the heading or by what stands in them."""
    return _by_heading(rows[0]) or _by_content(rows, now)


def _rows(texts: Sequence[str], separator: str) -> list[Row] | None:
    reader = csv.reader([f"{text}\n" for text in texts], delimiter=separator)
    rows, first = [], 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append(Row(first, reader.line_num, tuple(cell.strip() for cell in cells)))
            first = reader.line_num + 1
    except csv.Error:
        return None
    return rows if len(rows) >= _FEWEST_ROWS else None


def _by_heading(row: Row) -> Columns | None:
    cells = [half(cell).strip().casefold() for cell in row.cells]

    def column(name: str) -> int | None:
        return next((number for number, cell in enumerate(cells) if cell in words().headings[name]), None)

    text, speaker = column("text"), column("speaker")
    if text is None or speaker is None or text == speaker:
        return None
    day, clock = column("day"), column("clock")
    moment = column("time")
    moments = tuple(
        number
        for number in ((day, moment if clock is None else clock) if day is not None else (moment if moment is not None else clock,))
        if number is not None
    )
    return Columns(text, speaker, moments, row)


def _by_content(rows: Sequence[Row], now: datetime) -> Columns | None:
    width = min(len(row.cells) for row in rows) if rows else 0
    width = max(width, 2) if rows else 0
    columns = [[row.cells[number] if number < len(row.cells) else "" for row in rows] for number in range(width)]
    moments = tuple(number for number, cells in enumerate(columns) if sum(_is_moment(cell, now) for cell in cells) * 5 >= len(rows) * 4)
    left = [number for number in range(width) if number not in moments and not all(order_numbers(cell) for cell in columns[number])]
    few = [
        number
        for number in left
        if len(set(columns[number])) <= min(_SPEAKERS_AT_MOST, max(2, len(rows) - 1)) and all(0 < len(cell) <= 30 for cell in columns[number])
    ]
    if not moments or not few:
        return None
    speaker = min(few, key=lambda number: (len(set(columns[number])), number))
    rest = [number for number in left if number != speaker]
    return Columns(max(rest, key=lambda number: sum(map(len, columns[number]))), speaker, moments, None) if rest else None


def _is_moment(cell: str, now: datetime) -> bool:
    stamp = stamp_at(half(cell), 0, now)
    return stamp is not None and stamp.end == len(cell)
