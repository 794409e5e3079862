"""Barcodes: Code 128 as the symbols a printer is told and the bars a sheet is drawn with, QR as squares. Both of the same symbols, so both are as wide.

Code 128 is written here: the library at hand lost the first two digits of numbers that begin with 99.
"""

import re

import msgspec
import segno

from zhanggui.core.say import say
from zhanggui.papers.trouble import CannotEncode

DOTS_A_MM = 8
"""Heads of 203 dpi have eight dots a millimetre; bars are whole dots wide, so that no head has to round them."""
_WIDEST, _NARROWEST = 4, 2
_QUIET = 10
_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{2,47}", re.ASCII)
_MASK = 2
"""Which of the eight masks of a QR code is best takes six times as long to find out as all else together, and every mask reads."""

_WIDTHS = (  # noqa: SIM905 - a hundred and six strings read better in rows
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 123221 223211 221132 "
    "221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 "
    "231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 "
    "314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 "
    "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 "
    "114131 311141 411131 211412 211214 211232"
).split()
"""The widths of bars and gaps of each symbol, by its value."""
_STOP = "2331112"
_OF_LETTERS, _OF_PAIRS = 104, 105
_TO_PAIRS, _TO_LETTERS = 99, 100


class Bars(msgspec.Struct, frozen=True):
    """A number as Code 128: its symbols without the checksum."""

    number: str
    symbols: tuple[int, ...]

    @property
    def modules(self) -> str:
        """The modules, 1 for a bar, with checksum and stop."""
        first, *rest = self.symbols
        check = (first + sum(place * symbol for place, symbol in enumerate(rest, start=1))) % 103
        widths = "".join(_WIDTHS[symbol] for symbol in (*self.symbols, check)) + _STOP
        return "".join("10"[place % 2] * int(width) for place, width in enumerate(widths))

    def dots(self, width_mm: float) -> int:
        """How many dots of 1/8 mm a module may be wide so that the bars and their quiet zones fit. Raises CannotEncode."""
        room = int(width_mm * DOTS_A_MM) // (len(self.modules) + 2 * _QUIET)
        if room < _NARROWEST:
            raise CannotEncode(say("The number {number} is too long for the barcode of this label. Take the larger size.", number=self.number))
        return min(room, _WIDEST)


def bars_of(number: str) -> Bars:
    """The number as Code 128. Raises CannotEncode for anything but letters, digits and hyphens."""
    if not _NUMBER.fullmatch(number):
        raise CannotEncode(say("A barcode here holds 3 to 48 letters, digits and hyphens, which {number} does not.", number=number[:48]))
    symbols: list[int] = []
    for part, of_pairs in _parts(number):
        if not symbols:
            symbols.append(_OF_PAIRS if of_pairs else _OF_LETTERS)
        else:
            symbols.append(_TO_PAIRS if of_pairs else _TO_LETTERS)
        symbols += [int(part[place : place + 2]) for place in range(0, len(part), 2)] if of_pairs else [ord(sign) - 32 for sign in part]
    return Bars(number, tuple(symbols))


def _parts(number: str) -> list[tuple[str, bool]]:
    """The number cut into letters and pairs of digits: pairs where at least four digits follow each other, since changing the set costs a symbol each way."""
    parts: list[tuple[str, bool]] = []
    for pair_run in re.finditer(r"(?P<odd>\d?)(?P<pairs>(?:\d\d){2,})(?!\d)|\d{1,3}(?!\d)|\D+", number):
        pairs = pair_run["pairs"] or ""
        _join(parts, pair_run["odd"] if pairs else pair_run.group(), of_pairs=False)
        _join(parts, pairs, of_pairs=True)
    return parts


def _join(parts: list[tuple[str, bool]], text: str, *, of_pairs: bool) -> None:
    """The text behind the parts, in one with the last where both are of the same set."""
    if text and parts and parts[-1][1] == of_pairs:
        parts[-1] = (parts[-1][0] + text, of_pairs)
    elif text:
        parts.append((text, of_pairs))


def told_to_printer(bars: Bars) -> str:
    """The symbols as ZPL writes them, each change of set said, so that every printer draws the same bars."""
    first, *rest = bars.symbols
    written, of_pairs = [_START[first]], first == _OF_PAIRS
    for symbol in rest:
        # 99 changes the set among letters and is a pair of digits among pairs
        if symbol == (_TO_LETTERS if of_pairs else _TO_PAIRS):
            written.append(">6" if of_pairs else ">5")
            of_pairs = not of_pairs
        else:
            written.append(f"{symbol:02d}" if of_pairs else chr(symbol + 32))
    return "".join(written)


_START = {_OF_LETTERS: ">:", _OF_PAIRS: ">;"}


def bars_svg(modules: str) -> str:
    """The bars as a drawing one module a unit, to be stretched to its place."""
    runs = "".join(f"M{run.start()} 0h{len(run.group())}v1h-{len(run.group())}z" for run in re.finditer("1+", modules))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(modules)} 1" preserveAspectRatio="none"><path d="{runs}"/></svg>'


def qr_svg(text: str) -> str:
    """The text as a QR code, one module a unit, without its quiet zone."""
    matrix = segno.make(text, error="m", micro=False, mask=_MASK).matrix
    rows = ("".join("1" if module else "0" for module in row) for row in matrix)
    runs = "".join(f"M{run.start()} {y}h{len(run.group())}v1h-{len(run.group())}z" for y, row in enumerate(rows) for run in re.finditer("1+", row))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(matrix)} {len(matrix)}"><path d="{runs}"/></svg>'
