"""A message as it is compared: small letters, half-width signs, no emoticons, known slips mended; every character knows where it stood."""

import re
import unicodedata
from collections.abc import Mapping

import msgspec

from zhanggui.core.intents.kinds import Span

LONGEST = 500
"""What stands further right is not read: a buyer's want comes early, and what is longer is pasted."""
PART = "\n"
"""Stands between two parts of a message."""
_EMOTICON = re.compile(r"\[[^\[\]\s\d]{1,6}\]|#e-s\d+|&nbsp;?|&[lg]t;", re.IGNORECASE)
_PARTING = frozenset(",。.!?;、~…·|/\n\r\t()<>\"'“”‘’「」【】《》:-—_=+*^")
_ASKING = frozenset("!?")
"""Signs that tell something themselves and stay, at the end of their part."""
_WITHIN = frozenset(".:-/_=+*")
"""Signs that belong to numbers and addresses where letters or digits stand on both sides."""


class Clean(msgspec.Struct, frozen=True):
    """The cleaned text, and of each of its characters the place in the message."""

    text: str
    places: tuple[int, ...]
    given: str

    def span(self, start: int, end: int) -> Span:
        """The characters of the message behind these of the cleaned text."""
        first, last = self.places[start], self.places[end - 1] + 1
        return Span(first, last, self.given[first:last])

    def part_around(self, start: int, end: int) -> str:
        """The whole part (or parts) in which these characters stand."""
        first = self.text.rfind(PART, 0, start) + 1
        last = self.text.find(PART, end)
        return self.text[first : len(self.text) if last < 0 else last]


def clean(message: str, slips: Mapping[str, str]) -> Clean:
    """The message, cleaned. `slips` are wrong spellings and what is meant by them, of one length."""
    given = message[:LONGEST]
    kept: list[tuple[str, int]] = []
    for sign, place in _folded(given):
        if sign in _PARTING and not _within_number(given, place, sign):
            if sign in _ASKING and kept and kept[-1][0] != PART:
                kept.append((sign, place))
            kept.append((PART, place))
        elif sign == " ":
            if _parts_words(given, place):
                kept.append((PART, place))
        else:
            kept.append((sign, place))
    joined = [pair for number, pair in enumerate(kept) if pair[0] != PART or (number and kept[number - 1][0] != PART)]
    while joined and joined[-1][0] == PART:
        joined.pop()
    text = "".join(sign for sign, _ in joined)
    for slip, meant in slips.items():
        text = text.replace(slip, meant)
    return Clean(text, tuple(place for _, place in joined), given)


def _folded(given: str) -> list[tuple[str, int]]:
    """Every character in its plain form with its place; emoticons are a blank."""
    blanked = _EMOTICON.sub(lambda found: " " * len(found.group()), given)
    signs = []
    for place, sign in enumerate(blanked):
        if unicodedata.category(sign) in ("So", "Sk", "Cf", "Co", "Cn", "Cs", "Mn"):
            signs.append((" ", place))
            continue
        plain = unicodedata.normalize("NFKC", sign).lower()
        signs.extend((each, place) for each in (plain if not plain.isspace() or sign in "\n\r\t" else " ")[:4])
    return signs


def _within_number(given: str, place: int, sign: str) -> bool:
    """Whether a sign stands inside a number, a moment or an address of a page."""
    if sign not in _WITHIN or place == 0 or place + 1 >= len(given):
        return False
    return (_latin(given[place - 1]) and _latin(given[place + 1])) or given[place : place + 3] in ("://", "//") or given[place - 1 : place + 2] == "://"


def _parts_words(given: str, place: int) -> bool:
    """Whether a blank parts two things said, not a number from its unit."""
    before, after = given[:place].rstrip(), given[place + 1 :].lstrip()
    return bool(before) and bool(after) and not (_latin(before[-1]) or _latin(after[0]))


def _latin(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()
