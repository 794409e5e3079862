"""A text without its disguises: width, case, traditional characters, emoji, and everything that was strewn between the characters."""

import unicodedata
from enum import IntEnum

import msgspec

from zhanggui.core.speech.alike import Alike

LONGEST = 20_000
"""Characters of one message that are looked at; no message of a chat is as long."""
_STOPS = frozenset("。！？；，、：…,!?;:\n\r")
_DASHES = frozenset("-~—–－～")
_KEYCAP = frozenset("️⃣‍")


class Break(IntEnum):
    """What was left out before a character."""

    NONE = 0
    STREWN = 1
    """Blanks and signs, as people put them between characters."""
    DASH = 2
    """A dash or tilde: strewn as well, and between two numbers the sign of a range."""
    STOP = 3
    """Punctuation of a sentence."""


class Folded(msgspec.Struct, frozen=True):
    """The characters that say something, where each came from, and what was left out before it."""

    text: str
    places: tuple[int, ...]
    breaks: tuple[Break, ...]
    """One longer than the text: the last is the end."""
    length: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the text as it was written."""
        return self.places[start], self.places[end - 1] + 1

    def is_edge(self, place: int) -> bool:
        """Whether something was left out there, or the text begins or ends."""
        return place in {0, len(self.text)} or self.breaks[place] is not Break.NONE


def fold(text: str, alike: Alike) -> Folded:
    """The text folded. Places count characters of the text as it was given."""
    letters: list[str] = []
    places: list[int] = []
    breaks: list[Break] = []
    left_out = Break.NONE
    for place, character in enumerate(text[:LONGEST]):
        plain = _plain(character, alike)
        if not plain:
            left_out = max(left_out, _left_out(character))
            continue
        for each in plain:
            letters.append(each)
            places.append(place)
            breaks.append(left_out)
            left_out = Break.NONE
    return Folded("".join(letters), tuple(places), (*breaks, left_out), len(text))


def _plain(character: str, alike: Alike) -> str:
    """What the character says; nothing for blanks, signs and marks."""
    if "一" <= character <= "鿿":
        return alike.in_simple.get(character, character)
    pictured = alike.pictures.get(character)
    if pictured is not None:
        return pictured
    return "".join(alike.pictures.get(each, each) for each in unicodedata.normalize("NFKC", character).casefold() if each.isalnum() or each in alike.pictures)


def _left_out(character: str) -> Break:
    if character in _KEYCAP or unicodedata.category(character) in {"Cf", "Mn"}:
        return Break.NONE
    if character in _DASHES:
        return Break.DASH
    return Break.STOP if character in _STOPS else Break.STREWN
