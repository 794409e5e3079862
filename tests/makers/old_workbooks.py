"""Workbooks of the old kind (XLS), as few bytes as make one: sheets of texts in records, in a compound file of sectors."""

from collections.abc import Mapping, Sequence
from struct import pack

from tests.makers.exports import Export

Cells = Mapping[tuple[int, int], str]
"""Texts by row and column, counted from nought."""

_SECTOR = 512
_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_SMALL = 4096


def as_xls(export: Export) -> bytes:
    """The table as the only sheet of an old workbook."""
    rows = [export.headers, *export.rows]
    return xls_of([("Sheet1", {(row, column): cell for row, cells in enumerate(rows) for column, cell in enumerate(cells) if cell})])


def xls_of(sheets: Sequence[tuple[str, Cells]], *, skipping: int = 0) -> bytes:
    """An old workbook of these sheets. With `skipping` it says of each that it begins so many bytes later than it does."""
    bodies = [_beginning(0x10) + b"".join(_text(row, column, text) for (row, column), text in sorted(cells.items())) + _record(0x000A) for _, cells in sheets]
    at = len(_globals([(name, 0) for name, _ in sheets]))
    places = []
    for (name, _), body in zip(sheets, bodies, strict=True):
        places.append((name, at + skipping))
        at += len(body)
    return _compound((_globals(places) + b"".join(bodies)).ljust(_SMALL, b"\0"))


def _globals(places: Sequence[tuple[str, int]]) -> bytes:
    named = b"".join(_record(0x0085, pack("<IBBBB", at, 0, 0, len(name), 1) + name.encode("utf-16-le")) for name, at in places)
    return _beginning(0x05) + named + _record(0x000A)


def _beginning(kind: int) -> bytes:
    return _record(0x0809, pack("<HHHHII", 0x0600, kind, 0, 0, 0, 0))


def _text(row: int, column: int, text: str) -> bytes:
    return _record(0x0204, pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def _record(kind: int, data: bytes = b"") -> bytes:
    return pack("<HH", kind, len(data)) + data


def _compound(book: bytes) -> bytes:
    """The stream in sectors: those that tell which follows on which, one of entries, then the stream."""
    size = -(-len(book) // _SECTOR)
    tables = 1
    while tables * _SECTOR // 4 < tables + 1 + size:
        tables += 1
    assert tables <= 109
    follows = [_TABLE] * tables + [_END] + [tables + 2 + number for number in range(size - 1)] + [_END]
    follows += [_FREE] * (tables * _SECTOR // 4 - len(follows))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += pack("<IIIIIIIII", 0, tables, tables, 0, _SMALL, _END, 0, _END, 0)
    header += b"".join(pack("<I", number if number < tables else _FREE) for number in range(109))
    entries = _entry("Root Entry", 5, _END, 0, child=1) + _entry("Workbook", 2, tables + 1, len(book)) + _entry("", 0, 0, 0) * 2
    return header + pack(f"<{len(follows)}I", *follows) + entries + book.ljust(size * _SECTOR, b"\0")


def _entry(name: str, kind: int, start: int, size: int, *, child: int = _FREE) -> bytes:
    raw = name.encode("utf-16-le")
    length = len(raw) + 2 if name else 0
    return raw.ljust(64, b"\0") + pack("<HBBIII", length, kind, 1, _FREE, _FREE, child) + bytes(36) + pack("<IQ", start, size)
