"""Rows of the sheets of a workbook, every cell as the text a person would have typed."""

import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import IO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from zhanggui.connectors.files.containers import BROKEN, LARGEST_IN_MEMORY, Member, broken
from zhanggui.connectors.files.shapes import Unreadable
from zhanggui.core.say import Say, say

MOST_CELLS = 30_000_000
_CELL = re.compile(rb' r="([A-Z]{1,3})(\d{1,7})"')
_OLE = b"\xd0\xcf\x11\xe0"
_LOCKED = "EncryptedPackage".encode("utf-16-le")


def is_workbook(head: bytes) -> bool:
    """Whether these first bytes open a workbook, of the new kind or the old."""
    return head[:4] == b"PK\x03\x04" or head[:4] == _OLE


Rows = Callable[[], Iterator[tuple[int, list[str]]]]
"""Walks the rows of a sheet with their numbers, blank ones left out; as often as asked."""


def sheets_of(member: Member) -> list[tuple[str, Rows]]:
    """Every sheet by its name, and how to walk it.

    What a sheet claims to span is not asked: exports are known that claim A1:A1 and hold thousands of rows.
    """
    with member.open() as stream:
        if stream.read(4) == _OLE:
            stream.seek(0)
            if _LOCKED in stream.read(LARGEST_IN_MEMORY):
                raise Unreadable(_locked(member.name))
            stream.seek(0)
            return _read(member.name, stream)
        _check(member.name, stream)
        stream.seek(0)
        return _read(member.name, stream)


def made_at(member: Member) -> list[str]:
    """When the workbook says it was made and last saved, as its core properties write it."""
    try:
        with member.open() as stream, zipfile.ZipFile(stream) as archive, archive.open("docProps/core.xml") as part:
            text = part.read(65_536).decode("utf-8", "replace")
    except (KeyError, *BROKEN):
        return []
    return re.findall(r"<dcterms:(?:created|modified)[^>]*>([^<]{10,40})<", text)


def _check(file: str, stream: IO[bytes]) -> None:
    """Refuses a workbook that is damaged, or that would fill the memory: the reader below holds a whole sheet."""
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > LARGEST_IN_MEMORY or any(entry.flag_bits & 1 for entry in entries):
                raise Unreadable(say("{file} is too large to be read as one workbook. Export it as CSV, or fewer days at a time.", file=file))
            for entry in entries:
                with archive.open(entry) as part:
                    _check_part(file, entry.filename, part)
    except BROKEN as problem:
        raise Unreadable(broken(file, problem)) from problem


def _check_part(file: str, name: str, part: IO[bytes]) -> None:
    widest, lowest = b"A", 0
    is_sheet = name.startswith("xl/worksheets/")
    tail = b""
    while piece := part.read(1024 * 1024):  # read to its end in any case, since only then its checksum is compared
        if not is_sheet:
            continue
        for column, row in _CELL.findall(tail + piece):
            if len(column) > len(widest) or (len(column) == len(widest) and column > widest):
                widest = column
            lowest = max(lowest, int(row))
        tail = piece[-24:]
    if _column_no(widest) * lowest > MOST_CELLS:
        reason = say("{file} spans more cells than any export does. Delete the stray cells far to the right or far below, or export it again.", file=file)
        raise Unreadable(reason)


def _column_no(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _read(file: str, stream: IO[bytes]) -> list[tuple[str, Rows]]:
    try:
        workbook = CalamineWorkbook.from_filelike(stream)
        return [(name, partial(_rows, workbook.get_sheet_by_name(name))) for name in workbook.sheet_names]
    except PasswordError:
        raise Unreadable(_locked(file)) from None
    except (CalamineError, *BROKEN) as problem:
        raise Unreadable(broken(file, problem)) from problem
    except BaseException as problem:
        # the reader is written in Rust; where it meets damage it did not foresee it panics, which is no Exception
        if type(problem).__name__ != "PanicException":
            raise
        raise Unreadable(broken(file, problem)) from None


def _locked(file: str) -> Say:
    return say("{file} is locked with a password. Open it, save it without the password, and drop it in again.", file=file)


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [value if type(value) is str else as_typed(value) for value in row]
        if any(cells):
            yield number, cells


def as_typed(value: object) -> str:
    """The text a person would have typed into this cell.

    Numbers keep 15 digits, all that a spreadsheet holds: a longer id shows up as 1.23E+17 and is refused by whoever reads ids.
    """
    match value:
        case str():
            return value
        case bool():
            return "是" if value else "否"
        case int() | float():
            return f"{value:.15g}".replace("e+", "E+")
        case datetime():
            return (value + timedelta(milliseconds=500)).replace(microsecond=0).isoformat(" ")
        case date() | time():
            return value.isoformat()
        case None:
            return ""
        case _:
            return str(value)
