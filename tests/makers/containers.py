"""Packs a made export into the containers that shops meet: text in several encodings, workbooks, archives."""

import csv
import gzip
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime

import openpyxl

from tests.makers.exports import IDS, MOMENTS, MONEY, Export

ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16")


def as_csv(export: Export, encoding: str = "utf-8", *, delimiter: str = ",", line_end: str = "\r\n") -> bytes:
    """The plain text table."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end)
    writer.writerow(export.headers)
    writer.writerows(export.rows)
    return text.getvalue().encode(encoding)


def as_xlsx(export: Export, *, sheet: str = "Sheet1", claims_a1: bool = False, typed: bool = False, titles: int = 0, saved: datetime | None = None) -> bytes:
    """A workbook; typed ones hold numbers and dates as a spreadsheet keeps them, others hold everything as text."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for number in range(titles):
        page.append([f"导出说明 {number + 1}"])
    page.append(list(export.headers))
    for row in export.rows:
        page.append([_typed(header, cell) if typed else cell for header, cell in zip(export.headers, row, strict=True)])
    if saved is not None:
        book.properties.created = book.properties.modified = saved
    packed = io.BytesIO()
    book.save(packed)
    return _claiming_a1(packed.getvalue()) if claims_a1 else packed.getvalue()


def as_gzip(data: bytes) -> bytes:
    """The bytes, gzipped."""
    return gzip.compress(data, mtime=0)


def as_zip(members: Mapping[str, bytes], *, gbk_names: bool = False, dated: tuple[int, int, int, int, int, int] = (2026, 11, 21, 10, 20, 30)) -> bytes:
    """An archive; with GBK names it is as Chinese Windows packs them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, data) in enumerate(members.items()):
            entry = zipfile.ZipInfo(f"n{number}" if gbk_names else name, dated)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return _with_gbk_names(packed.getvalue(), list(members)) if gbk_names else packed.getvalue()


def after_excel(export: Export) -> Export:
    """The table after a round trip through a spreadsheet as text: short dates, thousands commas."""
    return _mapped(export, lambda header, cell: _short(cell) if header in MOMENTS else _thousands(cell) if header in MONEY else cell)


def with_tabs(export: Export) -> Export:
    """The table with tabs glued to its ids, as the back office writes them so that spreadsheets keep them whole."""
    return _mapped(export, lambda header, cell: f"{cell}\t" if header in IDS and cell else cell)


def with_titles_and_totals(export: Export) -> list[list[str]]:
    """The rows of a table that has a title above its header and totals below."""
    return [["拼多多商家后台导出"], list(export.headers), *export.rows, ["总计", *("1,234.00" for _ in export.headers[1:])]]


def _mapped(export: Export, change: Callable[[str, str], str]) -> Export:
    return Export(export.headers, [[change(header, cell) for header, cell in zip(export.headers, row, strict=True)] for row in export.rows])


def _short(cell: str) -> str:
    if not cell:
        return cell
    moment = datetime.fromisoformat(cell)
    return f"{moment.year}/{moment.month}/{moment.day} {moment.hour}:{moment.minute:02d}"


def _thousands(cell: str) -> str:
    return f"{float(cell):,.2f}" if cell else cell


def _typed(header: str, cell: str) -> object:
    if cell and header in MOMENTS:
        return datetime.fromisoformat(cell)
    if cell and (header in MONEY or header in {"商品id", "样式ID", "商品数量(件)"}):
        return float(cell)
    return cell or None


def _claiming_a1(data: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            part = source.read(entry)
            if entry.filename.startswith("xl/worksheets/"):
                part = re.sub(rb"<dimension[^>]*/>", b'<dimension ref="A1:A1"/>', part)
            target.writestr(entry, part)
    return packed.getvalue()


def _with_gbk_names(data: bytes, names: list[str]) -> bytes:
    """Writes the real names over placeholders of the same length, in GBK and without the mark of UTF-8."""
    placeholders = [f"{number}-".ljust(len(name.encode("gbk")), "x") for number, name in enumerate(names)]
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for entry, placeholder in zip(source.infolist(), placeholders, strict=True):
            renamed = zipfile.ZipInfo(placeholder, entry.date_time)
            renamed.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(renamed, source.read(entry))
    finished = packed.getvalue()
    for name, placeholder in zip(names, placeholders, strict=True):
        finished = finished.replace(placeholder.encode(), name.encode("gbk"))
    return finished
