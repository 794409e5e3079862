"""Rows of the sheets of a workbook, every cell as the text a person would have typed."""

import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import IO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from zhanggui.connectors.files import spans
from zhanggui.connectors.files.containers import BROKEN, LARGEST_IN_MEMORY, Member, broken
from zhanggui.connectors.files.shapes import Unreadable
from zhanggui.core.say import Say, say

MOST_CELLS = 30_000_000
"""Of all its sheets together: the reader takes 24 bytes or more for each, empty or not."""
_OTHER_KINDS = frozenset({"xl/workbook.bin", "content.xml"})
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
        check = _check_old if stream.read(4) == _OLE else _check
        stream.seek(0)
        check(member.name, stream)
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
    """Refuses a workbook that is damaged, or that would fill the memory: the reader below holds whole sheets."""
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > LARGEST_IN_MEMORY or any(entry.flag_bits & 1 for entry in entries):
                raise Unreadable(_too_large(file))
            if not _OTHER_KINDS.isdisjoint(entry.filename.replace("\\", "/").casefold() for entry in entries):
                raise Unreadable(say("{file} is a workbook of a kind that is not read here, XLSB or ODS. Save it as XLSX or CSV and drop that in.", file=file))
            cells = 0
            for entry in entries:
                with archive.open(entry) as part:
                    cells += spans.of_part(part)
                _check_span(file, cells)
    except BROKEN as problem:
        raise Unreadable(broken(file, problem)) from problem


def _check_old(file: str, stream: IO[bytes]) -> None:
    """Refuses a workbook of the old kind that is damaged or locked, or that would fill the memory."""
    data = stream.read(LARGEST_IN_MEMORY + 1)
    if len(data) > LARGEST_IN_MEMORY:
        raise Unreadable(_too_large(file))
    if _LOCKED in data:
        raise Unreadable(_locked(file))
    try:
        if zipfile.is_zipfile(stream):  # the reader would take what was not looked at
            raise ValueError("two workbooks in one")
        cells = spans.of_old(data)
    except BROKEN as problem:
        raise Unreadable(broken(file, problem)) from problem
    if cells is None:
        raise Unreadable(_locked(file))
    _check_span(file, cells)


def _check_span(file: str, cells: int) -> None:
    if cells > MOST_CELLS:
        reason = say("{file} spans more cells than any export does. Delete the stray cells far to the right or far below, or export it again.", file=file)
        raise Unreadable(reason)


def _read(file: str, stream: IO[bytes]) -> list[tuple[str, Rows]]:
    try:
        workbook = CalamineWorkbook.from_filelike(stream)
        return list(_sheets(file, workbook))
    except PasswordError:
        raise Unreadable(_locked(file)) from None
    except (CalamineError, *BROKEN) as problem:
        raise Unreadable(broken(file, problem)) from problem
    except BaseException as problem:
        # the reader is written in Rust; where it meets damage it did not foresee it panics, which is no Exception
        if type(problem).__name__ != "PanicException":
            raise
        raise Unreadable(broken(file, problem)) from None


def _sheets(file: str, workbook: CalamineWorkbook) -> Iterator[tuple[str, Rows]]:
    """Every sheet, held as long as they are walked. What spans little in the file may be named often, so they are counted once more."""
    cells = 0
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        cells += sheet.height * sheet.width
        _check_span(file, cells)
        yield name, partial(_rows, sheet)


def _too_large(file: str) -> Say:
    return say("{file} is too large to be read as one workbook. Export it as CSV, or fewer days at a time.", file=file)


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
        case date():
            return f"{value.isoformat()} 00:00:00"  # a cell holds a day and its hour in one number, and midnight leaves the day alone
        case time():
            return value.isoformat()
        case None:
            return ""
        case _:
            return str(value)
