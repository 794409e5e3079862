"""Labels as ZPL II: all that is written as graphic fields, the barcode as the printer's own.

Chinese as text (^A@, ^CI28) needs a font with Chinese in the printer's memory; which one, if any, differs from printer to printer, and most have none.
A graphic field (^GF) is drawn by every printer that understands ZPL II, clones too, exactly as the PDF looks. It also leaves no place where a name or an
address could become a command: the only field data are numbers of letters, digits and hyphens.
"""

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec

from zhanggui.papers.bars import DOTS_A_MM, told_to_printer
from zhanggui.papers.drawing import barcode_of, checked_label, label_sheet
from zhanggui.papers.engine import typeset_pictures
from zhanggui.papers.extra import needed
from zhanggui.papers.geometry import Size
from zhanggui.papers.shapes import Label

MM_AN_INCH = 25.4
DPI = {203: 203.2, 300: 300.0}
"""Heads by the name they go by, and the dots an inch they really have: 203 means eight a millimetre."""
_DARK = 150
"""A pixel darker than this is burnt; a little above the middle, since thin strokes of small Chinese must not break."""
_GAP_ROWS = 16
"""So many white rows part two fields; below that one field is shorter than two."""
_MOST_ROWS = 160
"""A field no printer's memory is too small for."""


class Field(msgspec.Struct, frozen=True):
    """A piece of the picture with something on it: where it begins, its rows as bytes."""

    x: int
    y: int
    rows: tuple[bytes, ...]


def labels_zpl(labels: Sequence[Label], size: Size, *, dpi: int = 203, fonts: Path | None = None) -> str:
    """The labels as ZPL, one after the other. Raises PaperTrouble, and then writes none."""
    for label in labels:
        checked_label(label, size)
    pictures = typeset_pictures("label", label_sheet(labels, size, with_bars=False), dots_per_inch=DPI[dpi], folder=fonts)
    return "".join(_written(label, picture, size, DPI[dpi]) for label, picture in zip(labels, pictures, strict=True))


def _written(label: Label, picture: bytes, size: Size, dots_per_inch: float) -> str:
    with needed("PIL.Image").open(BytesIO(picture)) as opened:
        dark = opened.convert("L").point(lambda light: 255 if light < _DARK else 0).convert("1")
    lines = ["^XA", f"^PW{dark.width}", f"^LL{dark.height}", "^LH0,0"]
    lines += [_graphic(field) for field in fields_of(dark)]
    lines += [_bars(label, size, dots_per_inch / MM_AN_INCH, dark.width), "^XZ", ""]
    return "\n".join(lines)


def _bars(label: Label, size: Size, dots_a_mm: float, width: int) -> str:
    """The barcode: whole dots a module, in the middle, without the printer's own line of text."""
    bars, eighths = barcode_of(label, size)
    module = max(int(eighths / DOTS_A_MM * dots_a_mm), 1)
    left = (width - len(bars.modules) * module) // 2
    top, height = int(size.bars.y * dots_a_mm), int(size.bars.height * dots_a_mm)
    return f"^BY{module}^FO{left},{top}^BCN,{height},N,N,N^FD{told_to_printer(bars)}^FS"


def fields_of(picture: Any) -> Iterator[Field]:
    """The dark pieces of a picture of one bit a pixel, from above, each cut to what is dark, its left edge on a byte."""
    wide = (picture.width + 7) // 8
    bits = picture.tobytes()
    rows = [bits[begin : begin + wide] for begin in range(0, len(bits), wide)]
    filled = [number for number, row in enumerate(rows) if any(row)]
    for _, group in groupby(enumerate(filled), key=_Bands()):
        band = [number for _, number in group]
        piece = rows[band[0] : band[-1] + 1]
        first = min(len(row) - len(row.lstrip(b"\0")) for row in piece if any(row))
        last = max(len(row.rstrip(b"\0")) for row in piece)
        yield Field(first * 8, band[0], tuple(row[first:last] for row in piece))


class _Bands:
    """Tells the rows of one field from those of the next."""

    def __init__(self) -> None:
        self._band, self._first, self._before = 0, 0, -_GAP_ROWS

    def __call__(self, numbered: tuple[int, int]) -> int:
        row = numbered[1]
        if row - self._before > _GAP_ROWS or row - self._first >= _MOST_ROWS:
            self._band, self._first = self._band + 1, row
        self._before = row
        return self._band


def _graphic(field: Field) -> str:
    """The field as ^GFA with the letters that stand for repeats, which every ZPL II printer reads."""
    wide, total = len(field.rows[0]), len(field.rows[0]) * len(field.rows)
    written, before = [], None
    for row in field.rows:
        written.append(":" if row == before else _packed(row))
        before = row
    return f"^FO{field.x},{field.y}^GFA,{total},{total},{wide},{''.join(written)}^FS"


def _packed(row: bytes) -> str:
    digits = row.hex().upper()
    bare = digits.rstrip("0")
    rest = len(digits) - len(bare)
    ended = "," if rest > 1 else "0" * rest
    return _REPEATED.sub(_run, bare) + ended


_REPEATED = re.compile(r"(.)\1{2,}")


def _run(found: re.Match[str]) -> str:
    return _times(len(found.group()), found[1])


def _times(count: int, digit: str) -> str:
    """A hexadecimal digit so many times: G to Y are 1 to 19, g to z are 20 to 400 in twenties."""
    twenties, ones = divmod(min(count, 419), 20)
    far = chr(ord("g") + twenties - 1) if twenties else ""
    near = chr(ord("G") + ones - 1) if ones else ""
    return far + near + digit + (_times(count - 419, digit) if count > 419 else "")
