"""Archives that are traps, locked, nested, broken, or hold more than one table."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.connectors.desk import NO, told, words
from tests.makers import containers, exports, old_workbooks
from tests.makers.headers import AFTERSALES
from zhanggui.connectors.files import Refused, Unreadable, survey
from zhanggui.core.facts import FactKind

_RELATIONS = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ROW = f"订单号,商品,快递单号\n{NO},x,1\n".encode()


def put(folder: Path, data: bytes, name: str = "3f9a0c77d1e24b6c") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def reason_of(path: Path) -> str:
    with pytest.raises(Unreadable) as caught:
        survey(path)
    return words(caught.value.say)


def test_it_reads_several_tables_of_one_archive(tmp_path: Path) -> None:
    members = {"订单.csv": containers.as_csv(exports.orders("a")), "售后.xlsx": containers.as_xlsx(exports.aftersales()), "读我.txt": "你好".encode()}

    found = survey(put(tmp_path, containers.as_zip(members, gbk_names=True), "all.zip"))

    assert [(table.file, table.kind, table.refused) for table in found.tables] == [
        ("all.zip/订单.csv", FactKind.ORDER, False),
        ("all.zip/售后.xlsx", FactKind.AFTERSALE, False),
        ("all.zip/读我.txt", None, True),
    ]


def test_it_reads_every_sheet_and_says_which_it_does_not_know(tmp_path: Path) -> None:

    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "封面"
    first.append(["导出说明"])
    second = book.create_sheet("售后信息")
    second.append([])
    for row in ([], ["标题"], AFTERSALES, *exports.aftersales(3).rows):
        second.append(list(row))
    packed = io.BytesIO()
    book.save(packed)

    found = survey(put(tmp_path, packed.getvalue(), "b.xlsx"))

    assert [(table.sheet, table.kind, table.rows) for table in found.tables] == [("封面", None, 0), ("售后信息", FactKind.AFTERSALE, 3)]
    assert [one.place.row for one in told(put(tmp_path, packed.getvalue(), "b.xlsx"))] == [5, 6, 7]


def test_it_refuses_an_archive_that_would_grow_beyond_measure(tmp_path: Path) -> None:
    bomb = containers.as_zip({"bomb.csv": ROW + b"0" * 40_000_000})

    assert reason_of(put(tmp_path, bomb)) == (
        "3f9a0c77d1e24b6c/bomb.csv would grow beyond all measure when unpacked, as no export does. It was not opened; export it again."
    )


def test_it_refuses_a_gzip_that_grows_beyond_measure(tmp_path: Path) -> None:
    assert "would grow beyond all measure" in reason_of(put(tmp_path, containers.as_gzip(ROW + b"0" * 40_000_000)))


def test_it_opens_no_archive_whose_many_small_parts_blow_up_together(tmp_path: Path) -> None:
    members = {f"{number}.csv": ROW + b"0" * 900_000 for number in range(40)}

    assert "would grow beyond all measure" in reason_of(put(tmp_path, containers.as_zip(members)))


def test_it_looks_for_no_headers_in_a_line_of_endless_columns(tmp_path: Path) -> None:
    header, values = ROW.decode().splitlines()

    found = survey(put(tmp_path, f"{header}{',x' * 3000}\n{values}\n".encode()))

    assert [(table.kind, table.refused) for table in found.tables] == [(None, True)]


def test_it_refuses_an_archive_three_deep(tmp_path: Path) -> None:
    deep = containers.as_zip({"a.zip": containers.as_zip({"b.zip": containers.as_zip({"c.csv": ROW})})})

    assert "lies inside an archive inside an archive" in reason_of(put(tmp_path, deep))


def test_it_says_what_to_do_with_a_locked_archive(tmp_path: Path) -> None:
    data = bytearray(containers.as_zip({"a.csv": ROW}))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        at = data.index(mark) + (6 if mark == b"PK\x03\x04" else 8)
        data[at] |= 1

    assert reason_of(put(tmp_path, bytes(data))) == (
        "3f9a0c77d1e24b6c/a.csv is locked with a password. Unpack it with the password yourself, then drop in the files that were inside."
    )


def test_it_refuses_an_archive_whose_checksum_does_not_fit(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.csv", ROW)
    data = packed.getvalue().replace(b",x,1", b",x,2")

    assert "a.csv is damaged and was not read (Bad CRC-32" in reason_of(put(tmp_path, data))


def test_it_refuses_a_gzip_that_was_cut_off(tmp_path: Path) -> None:
    whole = containers.as_gzip(containers.as_csv(exports.orders("a", 200)))

    assert "is damaged and was not read" in reason_of(put(tmp_path, whole[:-20]))


def test_it_refuses_a_workbook_with_stray_cells_far_away(tmp_path: Path) -> None:
    book = containers.as_xlsx(exports.orders("a", 2))
    stray = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    far = _with_part(book, "xl/worksheets/sheet1.xml", lambda part: part.replace(b"</sheetData>", stray))

    assert "spans more cells than any export does" in reason_of(put(tmp_path, far))


@pytest.mark.parametrize(
    "stray",
    [
        b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        b'<row r="1048576"><c t="n"\n r = "XFD1048576"><v>1</v></c></row>',
        b'<row r="1048576"><c><v>1</v></c></row><row r="1048577"><c r="XFD1"><v>1</v></c></row>',
        b'<row r="1048576"><c r="xfd01048576"><v>1</v></c></row>',
    ],
)
def test_it_sees_stray_cells_however_they_are_written(tmp_path: Path, stray: bytes) -> None:
    book = containers.as_xlsx(exports.orders("a", 2))
    far = _with_part(book, "xl/worksheets/sheet1.xml", lambda part: part.replace(b"</sheetData>", stray + b"</sheetData>"))

    assert "spans more cells than any export does" in reason_of(put(tmp_path, far))


def test_it_adds_the_cells_of_all_sheets_up(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for number in range(4):
        page = book.create_sheet(f"{number}")
        page.cell(1_000_000, 10).value = "x"
        page.cell(1, 1).value = "x"
    packed = io.BytesIO()
    book.save(packed)

    assert "spans more cells than any export does" in reason_of(put(tmp_path, packed.getvalue()))


def test_it_counts_the_cells_of_a_sheet_as_often_as_it_is_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page["A1"], page["J1000000"] = "x", "x"
    packed = io.BytesIO()
    book.save(packed)
    again = b"".join(b'<sheet name="again %d" sheetId="%d" r:id="rId1" xmlns:r="%s"/>' % (number, number + 2, _RELATIONS) for number in range(3))

    many = _with_part(packed.getvalue(), "xl/workbook.xml", lambda part: part.replace(b"</sheets>", again + b"</sheets>"))

    assert "spans more cells than any export does" in reason_of(put(tmp_path, many))


def test_it_reads_cells_that_name_no_address(tmp_path: Path) -> None:
    book = containers.as_xlsx(exports.aftersales(300))
    bare = _with_part(book, "xl/worksheets/sheet1.xml", lambda part: re.sub(rb'<(row|c) r="[A-Z]*\d+"', rb"<\1", part))

    (table,) = survey(put(tmp_path, bare)).tables

    assert (table.kind, table.rows) == (FactKind.AFTERSALE, 300)


def test_it_reads_a_workbook_of_the_old_kind(tmp_path: Path) -> None:
    export = exports.aftersales(300)

    old, new = (told(put(tmp_path, pack(export), "a")) for pack in (old_workbooks.as_xls, containers.as_xlsx))

    assert len(old) == 300
    assert [one.facts for one in old if not isinstance(one, Refused)] == [one.facts for one in new if not isinstance(one, Refused)]


@pytest.mark.parametrize(("sheets", "skipping"), [(3, 0), (3, 20), (1, 0)])
def test_it_refuses_a_workbook_of_the_old_kind_with_stray_cells(tmp_path: Path, sheets: int, skipping: int) -> None:
    far = (65_535, 65_535 if sheets == 1 else 255)
    book = old_workbooks.xls_of([(f"{number}", {(0, 0): "x", far: "x"}) for number in range(sheets)], skipping=skipping)

    assert "spans more cells than any export does" in reason_of(put(tmp_path, book))


@pytest.mark.parametrize("part", ["xl/workbook.bin", "content.xml"])
def test_it_reads_no_workbook_of_other_kinds(tmp_path: Path, part: str) -> None:
    book = containers.as_zip({"[Content_Types].xml": b"<x/>", "mimetype": b"application/vnd.oasis.opendocument.spreadsheet", part: b"<x/>"})

    assert reason_of(put(tmp_path, book)) == (
        "3f9a0c77d1e24b6c is a workbook of a kind that is not read here, XLSB or ODS. Save it as XLSX or CSV and drop that in."
    )


def test_it_refuses_a_web_page_that_calls_itself_a_spreadsheet(tmp_path: Path) -> None:
    assert "is a web page, whatever its name says" in reason_of(put(tmp_path, "<html><table><tr><td>订单号</td></tr></table></html>".encode(), "orders.xls"))


@pytest.mark.parametrize(("data", "reason"), [(b"", "is empty"), (bytes(range(256)) * 20, "is neither a table nor text")])
def test_it_says_what_is_no_table(tmp_path: Path, data: bytes, reason: str) -> None:
    assert reason in reason_of(put(tmp_path, data))


def test_it_names_the_line_where_an_encoding_breaks(tmp_path: Path) -> None:
    data = containers.as_csv(exports.orders("a", 30)).split(b"\r\n")
    data[17] = data[17][:60] + b"\xff" + data[17][60:]

    assert reason_of(put(tmp_path, b"\r\n".join(data))) == (
        "3f9a0c77d1e24b6c is damaged in line 18: what stands there is no UTF-8, in which the rest is written. Nothing of it was read; export it again."
    )


def test_it_refuses_a_text_whose_quotation_never_closes(tmp_path: Path) -> None:
    found = survey(put(tmp_path, ROW + f'{NO[:-1]}6,"y,2\n{NO[:-1]}7,z,3\n'.encode()))

    (table,) = found.tables
    assert table.refused
    assert "opens a quotation mark in line 3 that never closes" in words(table.note)
    assert told(put(tmp_path, ROW + f'{NO[:-1]}6,"y,2\n'.encode())) == []


def test_it_refuses_a_row_with_a_stray_quotation_mark_and_goes_on(tmp_path: Path) -> None:
    first, second, third = told(put(tmp_path, ROW + f'{NO[:-1]}6,"y"z,2\n{NO[:-1]}7,z,3\n'.encode()))

    assert isinstance(second, Refused)
    assert second.place.row == 3
    assert not isinstance(first, Refused)
    assert not isinstance(third, Refused)


def _with_part(book: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            part = source.read(entry)
            target.writestr(entry, change(part) if entry.filename == name else part)
    return packed.getvalue()
