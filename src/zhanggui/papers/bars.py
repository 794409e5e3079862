"""Barcodes: Code 128 as the symbols a printer is told and the bars a sheet is drawn with, QR as squares. Both of the same encoding, so both are as wide."""

import re

import msgspec
import segno

from zhanggui.core.say import say
from zhanggui.papers.extra import needed
from zhanggui.papers.trouble import CannotEncode

DOTS_A_MM = 8
"""Heads of 203 dpi have eight dots a millimetre; bars are whole dots wide, so that no head has to round them."""
_WIDEST, _NARROWEST = 4, 2
_QUIET = 10
_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{2,47}", re.ASCII)
_MASK = 2
"""Which of the eight masks is best takes six times as long to find out as all else together, and every mask reads."""


class Bars(msgspec.Struct, frozen=True):
    """A number as Code 128: its symbols without the checksum, and its modules, 1 for a bar."""

    number: str
    symbols: tuple[int, ...]
    modules: str

    def dots(self, width_mm: float) -> int:
        """How many dots of 1/8 mm a module may be wide so that the bars and their quiet zones fit. Raises CannotEncode."""
        room = int(width_mm * DOTS_A_MM) // (len(self.modules) + 2 * _QUIET)
        if room < _NARROWEST:
            raise CannotEncode(say("The number {number} is too long for the barcode of this label. Take the larger size.", number=self.number))
        return min(room, _WIDEST)


def bars_of(number: str) -> Bars:
    """The number as Code 128. Raises CannotEncode for anything but capital letters, digits and hyphens."""
    if not _NUMBER.fullmatch(number):
        raise CannotEncode(say("A barcode here holds 3 to 48 letters, digits and hyphens, which {number} does not.", number=number[:48]))
    code128 = needed("barcode.codex").Code128
    return Bars(number, tuple(code128(number).encoded), code128(number).build()[0])


def told_to_printer(bars: Bars) -> str:
    """The symbols as ZPL writes them, each change of set said, so that every printer draws the same bars."""
    first, *rest = bars.symbols
    written, of_digits = [_START[first]], first == _OF_DIGITS
    for symbol in rest:
        # 99 changes the set among letters and is a pair of digits among digits
        if symbol == (_TO_LETTERS if of_digits else _TO_DIGITS):
            written.append(">6" if of_digits else ">5")
            of_digits = not of_digits
        else:
            written.append(f"{symbol:02d}" if of_digits else chr(symbol + 32))
    return "".join(written)


_TO_DIGITS, _TO_LETTERS = 99, 100
_OF_LETTERS, _OF_DIGITS = 104, 105
_START = {_OF_LETTERS: ">:", _OF_DIGITS: ">;"}


def bars_svg(bars: Bars) -> str:
    """The bars as a drawing one module a unit, to be stretched to its place."""
    runs = "".join(f"M{run.start()} 0h{len(run.group())}v1h-{len(run.group())}z" for run in re.finditer("1+", bars.modules))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(bars.modules)} 1" preserveAspectRatio="none"><path d="{runs}"/></svg>'


def qr_svg(text: str) -> str:
    """The text as a QR code, one module a unit, without its quiet zone."""
    matrix = segno.make(text, error="m", micro=False, mask=_MASK).matrix
    rows = ("".join("1" if module else "0" for module in row) for row in matrix)
    runs = "".join(f"M{run.start()} {y}h{len(run.group())}v1h-{len(run.group())}z" for y, row in enumerate(rows) for run in re.finditer("1+", row))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(matrix)} {len(matrix)}"><path d="{runs}"/></svg>'
