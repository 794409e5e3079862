"""How many cells the sheets of a workbook span, told from its bytes.

The reader lays out every cell between the first and the last of a sheet, the empty ones too, so two cells far apart would fill the memory.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from struct import unpack_from
from typing import IO

_PIECE = 1024 * 1024
_BEYOND_ALL = 2**31
_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')
_ROW = re.compile(rb'<row r="(\d{1,7})"')
_ODD = (b":c", b":row", *(b"<" + name + after for name in (b"c", b"row") for after in (b">", b"/", b"\t", b"\n", b"\r")))
"""What stands in a text whose rows and cells are not all written as nearly every program writes them."""
_ROW_OR_CELL = re.compile(
    rb"<(?:[\w.-]+:)?(row|c)(?=[\s/>])(?:\s+r\s*=\s*[\"']([A-Za-z]*)(\d+)[\"'])?"
    rb"|\sr\s*=\s*[\"']([A-Za-z]*)(\d+)[\"']"
)
"""A row or a cell with its address, or an address that stands behind other attributes. Rows and cells may leave it out: then each follows the one before."""


def of_part(part: IO[bytes]) -> int:
    """How many cells the sheet in this part of a workbook spans, nought where it is no sheet. Raises ValueError for what no program writes.

    Reads the part to its end in any case, since only then its checksum is compared.
    """
    sheet = _Sheet()
    for text in _of_a_sheet(part):
        if not sheet.take_plain(text):
            sheet.take_odd(text)
    return sheet.widest * sheet.lowest


class _Sheet:
    """A sheet as it is walked: where the walk stands, and how far right and down there were cells."""

    def __init__(self) -> None:
        self.row = self.column = self.widest = self.lowest = 0

    def take_plain(self, text: bytes) -> bool:
        """Whether every row and cell of the text is written in the usual way; these are taken in, ten times as fast as others."""
        cells, rows = _CELL.findall(text), _ROW.findall(text)
        if len(cells) != text.count(b"<c ") or len(rows) != text.count(b"<row ") or any(odd in text for odd in _ODD):
            return False
        if rows:
            self.row = max(self.row, *map(int, rows))
        if cells:
            self.widest = max(self.widest, *map(_column_no, {letters for letters, _ in cells}))
            self.lowest = max(self.lowest, *(int(number) for _, number in cells))
        if rows or cells:
            self.column = 0 if text.rfind(b"<row ") > text.rfind(b"<c ") else _column_no(cells[-1][0])
        return True

    def take_odd(self, text: bytes) -> None:
        """Takes the rows and cells of the text in, however they are written."""
        for name, letters, number, later_letters, later_number in _ROW_OR_CELL.findall(text):
            if name == b"row":
                self.row, self.column = self.row + 1, 0
            elif name:
                self.column += 1
            told = int(number or later_number or 0)
            if letters or later_letters:
                self.column = max(self.column, _column_no((letters or later_letters)[:4]))
                self.lowest = max(self.lowest, told)
            else:
                self.row = max(self.row, told)
            if self.column:
                self.lowest, self.widest = max(self.lowest, self.row), max(self.widest, self.column)


def _of_a_sheet(part: IO[bytes]) -> Iterator[bytes]:
    """The text of a sheet from its data on, in pieces that cut no tag in two; nothing of other parts."""
    is_sheet = False
    left = b""
    while piece := part.read(_PIECE):
        text = left + piece
        is_sheet = is_sheet or b"sheetData" in text
        cut = max(text.rfind(b"<"), 0) if is_sheet else len(text)
        left = text[cut:] if is_sheet else text[-16:]
        if len(left) > _PIECE:
            raise ValueError("a cell without end")
        if is_sheet:
            yield text[:cut]
    if is_sheet:
        yield left


@lru_cache(20_000)
def _column_no(letters: bytes) -> int:
    if len(letters) > 3:
        return _BEYOND_ALL
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


_MARKS = 0xFFFFFFFA
"""Sector numbers from here on are marks: free, end of chain."""
_MINI = 64
_SMALL = 4096
_EOF, _FILE_PASS, _BOUND_SHEET, _MANY_NUMBERS, _MANY_DIMENSIONS, _BOF = 0x000A, 0x002F, 0x0085, 0x00BD, 0x0200, (0x0009, 0x0209, 0x0409, 0x0809)
_CELLS = frozenset({0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x0206, 0x027E, 0x0406})
"""Records that hold one cell and begin with its row and column; formats and blanks are no cells to the reader."""
_MOST_ROWS, _MOST_COLUMNS = 65_536, 256


def of_old(data: bytes) -> int | None:
    """How many cells the sheets of an old workbook (XLS) span, None where it is locked with a password. Raises ValueError or struct.error for a damaged one."""
    book = _book_in(data)
    starts = []
    for _, kind, record in _records(book, 0):
        if kind == _FILE_PASS:
            return None
        if kind == _BOUND_SHEET:
            starts.append(unpack_from("<I", record)[0])
    cells = end = 0
    for start in sorted(starts):
        if start < end:
            raise ValueError("its sheets overlap")
        spanned, end = _of_old_sheet(book, start)
        cells += spanned
    return cells


def _of_old_sheet(book: bytes, start: int) -> tuple[int, int]:
    """How many cells the sheet that begins here spans, and where it ends."""
    lowest = widest = 0
    end = start
    for at, kind, record in _records(book, start):
        end = at
        if kind in _CELLS or kind == _MANY_NUMBERS:
            row, column = unpack_from("<HH", record)
            if kind == _MANY_NUMBERS:
                column = unpack_from("<H", record, len(record) - 2)[0]
            lowest, widest = max(lowest, row + 1), max(widest, column + 1)
        elif kind == _MANY_DIMENSIONS:
            rows, columns = unpack_from("<4xI2xH" if len(record) >= 14 else "<2xH2xH", record)
            if rows > _MOST_ROWS or columns > _MOST_COLUMNS:
                raise ValueError("a sheet larger than there are")
    return lowest * widest, end


def _records(book: bytes, at: int) -> Iterator[tuple[int, int, bytes]]:
    """The records of the stream that begins here, each with where it begins, up to its end; what lies embedded in it too."""
    depth = 0
    while at + 4 <= len(book):
        kind, length = unpack_from("<HH", book, at)
        yield at, kind, book[at + 4 : at + 4 + length]
        depth += (kind in _BOF) - (kind == _EOF)
        if kind == _EOF and depth <= 0:
            return
        at += 4 + length


def _book_in(data: bytes) -> bytes:
    """The stream that holds the workbook, put together from its sectors."""
    shift, mini_shift = unpack_from("<HH", data, 30)
    first_entry, small, first_mini, first_more = unpack_from("<I4xII4xI", data, 48)
    if shift not in {9, 12} or 1 << mini_shift != _MINI or small != _SMALL:
        raise ValueError("sectors of no known size")
    table = _table(data, 1 << shift, first_more)
    entries = _chained(data, 1 << shift, 1 << shift, first_entry, table)
    _, root, root_size = _entry(entries, 0)
    for at in range(128, len(entries) - 127, 128):
        name, start, size = _entry(entries, at)
        if name.casefold() in {"workbook", "book"}:
            if size >= _SMALL:
                return _chained(data, 1 << shift, 1 << shift, start, table)[:size]
            mini_table = _numbers(_chained(data, 1 << shift, 1 << shift, first_mini, table))
            return _chained(_chained(data, 1 << shift, 1 << shift, root, table)[:root_size], 0, _MINI, start, mini_table)[:size]
    raise ValueError("no workbook in it")


def _table(data: bytes, size: int, more: int) -> list[int]:
    """Which sector follows on which: the numbers of the sectors that tell it stand in the header, and where those do not suffice in sectors of their own."""
    telling = list(unpack_from("<109I", data, 76))
    for _ in range(len(data) // size):
        if more >= _MARKS:
            break
        *further, more = _numbers(_sector(data, size, size, more))
        telling += further
    return _numbers(b"".join(_sector(data, size, size, number) for number in telling if number < _MARKS))


def _chained(data: bytes, before: int, size: int, first: int, table: list[int]) -> bytes:
    sectors: list[bytes] = []
    while first < _MARKS:
        if first >= len(table) or len(sectors) > len(table):
            raise ValueError("its sectors lead nowhere")
        sectors.append(_sector(data, before, size, first))
        first = table[first]
    return b"".join(sectors)


def _sector(data: bytes, before: int, size: int, number: int) -> bytes:
    return data[before + number * size : before + (number + 1) * size]


def _numbers(text: bytes) -> list[int]:
    return list(unpack_from(f"<{len(text) // 4}I", text))


def _entry(entries: bytes, at: int) -> tuple[str, int, int]:
    name = entries[at : at + 64].decode("utf-16-le", "replace").split("\0")[0]
    start, size = unpack_from("<II", entries, at + 116)
    return name, start, size
