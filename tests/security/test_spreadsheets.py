"""No sheet that we write works anything out in the reader's spreadsheet, whatever stands in its cells."""

import csv
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

import zhanggui
from zhanggui.connectors.files.bulk_shipping import Parcel, SheetForm, bulk_file, inert
from zhanggui.connectors.files.slip_profile import slip_profile

ROOT = Path(zhanggui.__file__).parent
FORMULAS = ('=cmd|"/c calc"!A1', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1+1", '=HYPERLINK("http://evil.example")', "＝1+1")
WRITES_SHEETS = {"connectors/files/bulk_shipping.py"}
"""Whoever else comes to write sheets for people has every cell go through `inert`, and is named here."""
TELLS_STORIES = ("demo", "emulator")


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_cell_that_would_be_a_formula_is_text_in_both_forms(formula: str) -> None:
    parcel = [Parcel(formula, formula, formula)]

    told = bulk_file(parcel, slip_profile(), SheetForm.CSV).decode(slip_profile().writes.encoding)
    book = openpyxl.load_workbook(io.BytesIO(bulk_file(parcel, slip_profile(), SheetForm.XLSX)))

    cells = list(csv.reader(io.StringIO(told, newline="")))[1]
    assert [cell[:1] for cell in cells] == ["'"] * 3
    assert {cell.data_type for row in book.worksheets[0].iter_rows(min_row=2) for cell in row} == {"s"}


@pytest.mark.parametrize("cell", ["261121-111111111111111", "YT7351946208153", "圆通速递", ""])
def test_numbers_and_names_stay_as_they_are(cell: str) -> None:
    assert inert(cell) == cell


def test_a_workbook_holds_no_formula_link_or_macro() -> None:
    with zipfile.ZipFile(io.BytesIO(bulk_file([Parcel("=1+1", "x", "x")], slip_profile(), SheetForm.XLSX))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}

    assert not [name for name, text in parts.items() if "<f>" in text or "TargetMode" in text or "vba" in name.lower()]


def test_nobody_else_writes_sheets_for_people() -> None:
    writers = {
        str(file.relative_to(ROOT))
        for file in ROOT.rglob("*.py")
        if file.relative_to(ROOT).parts[0] not in TELLS_STORIES and any(mark in file.read_text("utf-8") for mark in ("csv.writer", "DictWriter", "inlineStr"))
    }

    assert writers == WRITES_SHEETS
