"""The bulk-shipping file that a merchant uploads by hand in the back office: as CSV, or as a workbook in which every cell is text."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from enum import StrEnum
from xml.sax.saxutils import escape, quoteattr

import msgspec

from zhanggui.connectors.files.slip_profile import SlipProfile


class SheetForm(StrEnum):
    """The forms of the file."""

    CSV = "csv"
    XLSX = "xlsx"


class Parcel(msgspec.Struct, frozen=True):
    """One line of the file."""

    order_no: str
    carrier: str
    tracking_no: str


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_CONTENT_TYPES = f"""<Types xmlns="{_PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>
<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>"""
_WORKBOOK = f"""<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name={{name}} sheetId="1" r:id="rId1"/></sheets></workbook>"""
_PLAIN = 'fontId="0" fillId="0" borderId="0"'
_STYLES = f"""<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" {_PLAIN}/></cellStyleXfs>
<cellXfs count="2"><xf numFmtId="0" {_PLAIN} xfId="0"/><xf numFmtId="49" {_PLAIN} xfId="0" applyNumberFormat="1"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""
_SHEET = f"""<worksheet xmlns="{_MAIN}"><cols><col min="1" max="{{columns}}" width="26" style="1" customWidth="1"/></cols>
<sheetData>{{lines}}</sheetData></worksheet>"""
_BEGINS_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""Members carry no moment, so that the same parcels make the same bytes."""


def bulk_file(parcels: Sequence[Parcel], profile: SlipProfile, form: SheetForm) -> bytes:
    """The file with a line for each parcel, its columns as the profile has them, carriers as the platform writes them."""
    columns = profile.writes.columns
    rows = [[column.header for column in columns]]
    for parcel in parcels:
        cells = {"order_no": parcel.order_no, "carrier": profile.carrier_name(parcel.carrier), "tracking_no": parcel.tracking_no}
        rows.append([cells[column.holds] for column in columns])
    return _as_csv(rows, profile.writes.encoding) if form is SheetForm.CSV else _as_workbook(rows, profile.writes.sheet)


def _as_csv(rows: Iterable[Sequence[str]], encoding: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([[inert(cell) for cell in row] for row in rows])
    return out.getvalue().encode(encoding, "replace")


def inert(cell: str) -> str:
    """The cell as a spreadsheet shows it and works nothing out: behind an apostrophe where it would begin a formula. No number or name of ours begins so."""
    return f"'{cell}" if cell.lstrip(" ")[:1] in _BEGINS_FORMULA and cell else cell


def _as_workbook(rows: Sequence[Sequence[str]], sheet: str) -> bytes:
    """One sheet whose cells are text, also where they look like numbers: a spreadsheet would round the long ones."""
    lines = "".join(f'<row r="{number}">{"".join(_cell(number, place, text) for place, text in enumerate(row))}</row>' for number, row in enumerate(rows, 1))
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": _WORKBOOK.format(name=quoteattr(sheet[:31])),
        "xl/_rels/workbook.xml.rels": _relations(("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")),
        "xl/styles.xml": _STYLES,
        "xl/worksheets/sheet1.xml": _SHEET.format(columns=len(rows[0]), lines=lines),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), (_XML + text).encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _cell(row: int, column: int, text: str) -> str:
    return f'<c r="{_letters(column)}{row}" s="1" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _letters(column: int) -> str:
    before, last = divmod(column, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _relations(*told: tuple[str, str]) -> str:
    lines = "".join(f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for number, (kind, target) in enumerate(told, 1))
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'
