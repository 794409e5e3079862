"""A paste as lines that can be compared: parted as any system parts them, invisible signs gone, personal data masked at once."""

import re
from typing import NamedTuple

from zhanggui.core.chats.masking import masked_chat
from zhanggui.core.masking import storable

_BREAK = re.compile(r"\r\n|[\n\r\u2028\u2029\x85\v\f]")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]")
_BLANKS = re.compile("[ \t\u3000\u00a0\u2000-\u200a\u202f]{65,}")
_MOST_BLANKS = 64
"""No more of one run are kept: every pattern that allows blanks would try each of their places anew."""
_SAME = str.maketrans("０１２３４５６７８９：﹕︰∶꞉ː／－（）［］｜　\u00a0\u2002\u2003\u2009\u202f", "0123456789::::::/-()[]|      ")
"""One character for one, so that places in the one text are places in the other."""


class Line(NamedTuple):
    """One line: its number from 1, its text as it may be kept, and the same in half width, to be compared."""

    no: int
    text: str
    half: str
    masked: frozenset[str] = frozenset()

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written on it."""
        return not self.half


def lines_of(text: str) -> list[Line]:
    """The lines of the text, masked, without blanks at their edges."""
    return [line_of(no, line) for no, line in enumerate(_BREAK.split(text), start=1)]


def line_of(no: int, text: str) -> Line:
    """One line, masked."""
    clean = _INVISIBLE.sub("", storable(text)).strip(" \t\u3000\u00a0\u2002\u2003\u2009\u202f")
    masked = masked_chat(_BLANKS.sub(lambda run: run.group()[:_MOST_BLANKS], clean))
    return Line(no, masked.text, half(masked.text), masked.kinds)


def half(text: str) -> str:
    """The text in half width, as long as before."""
    return text.translate(_SAME)
