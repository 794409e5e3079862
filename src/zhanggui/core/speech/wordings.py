"""Finds notions in a folded text: each way people type them, also by sound and in pinyin."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from zhanggui.core.speech.alike import Alike
from zhanggui.core.speech.folding import Break, Folded

MOST = 40
"""Places of one notion that are looked at."""
AMOUNT = r"(?:\d+(?:\.\d+)?|[零一二两三四五六七八九十百千几半壹贰叁肆伍陆柒捌玖拾]+)"
_MOBILE = re.compile(r"(?=(1[3-9]\d{9}))")
_NUMBER = re.compile(r"\d{6,}")
_HANDLE = re.compile(r"(?=([a-z][a-z0-9]{4,19}))")
MOBILE, NUMBER, HANDLE = "mobile", "number", "handle"
"""Notions that are no words: a mobile number, any long number, and a name of letters and digits as accounts have it."""


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One notion and the ways people type it. `#` stands for an amount, `^` and `$` for the edge of a phrase."""

    say: tuple[str, ...]
    sounds: bool = True
    """Whether characters that sound alike, and their pinyin, count as the same."""
    never: tuple[str, ...] = ()
    """What sounds or reads alike and means something else."""
    not_after: str = ""
    """Characters that, standing right before, make another word of it."""
    not_before: str = ""
    """Characters that, standing right behind, make another word of it."""


class Place(NamedTuple):
    """Where a notion stands in the folded text."""

    start: int
    end: int


class Finder:
    """All notions, ready to be looked for."""

    def __init__(self, wordings: Mapping[str, Wording], alike: Alike) -> None:
        self._notions = {name: _Notion(wording, alike) for name, wording in wordings.items()}
        self._digits = str.maketrans(dict(alike.digits))

    def places(self, folded: Folded, name: str) -> Sequence[Place]:
        """Where the notion stands, in order."""
        if name == MOBILE:
            return [place for place in self._mobiles(folded) if folded.is_edge(place.end) or not _is_digit(folded, place.end, self._digits)]
        if name == NUMBER:
            return [Place(*found.span()) for found in _NUMBER.finditer(folded.text.translate(self._digits))]
        if name == HANDLE:
            return [Place(*found.span(1)) for found in _HANDLE.finditer(folded.text) if folded.is_edge(found.start()) and any(map(str.isdigit, found[1]))]
        return list(self._notions[name].places(folded))

    def _mobiles(self, folded: Folded) -> Iterator[Place]:
        for found in _MOBILE.finditer(folded.text.translate(self._digits)):
            if folded.is_edge(found.start()) or not _is_digit(folded, found.start() - 1, self._digits):
                yield Place(*found.span(1))


class Seen:
    """The notions of one text; each is looked for once, however many rules ask for it."""

    def __init__(self, finder: Finder, folded: Folded) -> None:
        self._finder, self._folded = finder, folded
        self._places: dict[str, Sequence[Place]] = {}

    def places(self, name: str) -> Sequence[Place]:
        """Where the notion stands, in order; a text that repeats a word a thousand times needs no thousand findings."""
        if name not in self._places:
            self._places[name] = self._finder.places(self._folded, name)[:MOST]
        return self._places[name]


class _Notion:
    def __init__(self, wording: Wording, alike: Alike) -> None:
        self._wording = wording
        self._exact = frozenset(wording.say)
        ways = sorted(wording.say, key=len, reverse=True)
        self._pattern = re.compile("|".join(_way(way, alike, sounds=wording.sounds) for way in ways))
        self._never = re.compile("|".join(map(re.escape, wording.never))) if wording.never else None
        self._has_edges = any("^" in way or "$" in way for way in ways)
        self._ways = [(re.compile(_way(way, alike, sounds=wording.sounds)), way.startswith("^"), way.endswith("$")) for way in ways]

    def places(self, folded: Folded) -> Iterator[Place]:
        if self._pattern.search(folded.text) is None:
            return
        barred = [found.span() for found in self._never.finditer(folded.text)] if self._never else []
        taken = [False] * len(folded.text)
        found = sorted(place for way in self._ways for place in self._of_way(folded, *way, barred))
        for place in sorted(found, key=lambda place: (place.start, place.start - place.end)):
            if not any(taken[place.start : place.end]):
                taken[place.start : place.end] = [True] * (place.end - place.start)
                yield place

    def _of_way(self, folded: Folded, pattern: re.Pattern[str], from_edge: bool, to_edge: bool, barred: list[tuple[int, int]]) -> Iterator[Place]:
        for match in pattern.finditer(folded.text):
            start, end = match.span()
            if (from_edge and not folded.is_edge(start)) or (to_edge and not folded.is_edge(end)):
                continue
            if any(_bars(low, high, start, end) for low, high in barred) or not self._stands_free(folded, start, end):
                continue
            if _is_one_word(folded, start, end):
                yield Place(start, end)

    def _stands_free(self, folded: Folded, start: int, end: int) -> bool:
        """Whether no neighbour makes another word of it; letters and digits stand alone."""
        text = folded.text
        before, behind = text[start - 1 : start], text[end : end + 1]
        if _runs_on(before, text[start]) and folded.breaks[start] is Break.NONE:
            return False
        if _runs_on(behind, text[end - 1]) and folded.breaks[end] is Break.NONE:
            return False
        return not (before and before in self._wording.not_after) and not (behind and behind in self._wording.not_before)


def _bars(low: int, high: int, start: int, end: int) -> bool:
    """Whether the match is but a piece of other words, or those words themselves."""
    return low <= start and end <= high


def _way(way: str, alike: Alike, *, sounds: bool) -> str:
    """The pattern of one way of typing: every character with its stand-ins, or its syllable."""
    return "".join(_one(character, alike, sounds=sounds and len(way) > 1) for character in way.strip("^$"))


def _one(character: str, alike: Alike, *, sounds: bool) -> str:
    if character == "#":
        return AMOUNT
    if not sounds or not "一" <= character <= "鿿":
        return re.escape(character)
    syllable = alike.sound_of.get(character)
    alone = f"[{re.escape(alike.stand_ins(character))}]"
    return f"(?:{alone}|{syllable})" if syllable and len(syllable) > 1 else alone


def _runs_on(neighbour: str, edge: str) -> bool:
    """Whether a letter goes on beside a letter: then it is the piece of another word."""
    return bool(neighbour) and neighbour.isascii() and edge.isascii() and edge.isalpha() and neighbour.isalnum()


def _is_one_word(folded: Folded, start: int, end: int) -> bool:
    """Whether what stands between the characters was strewn there, and does not part two sentences."""
    inside = folded.breaks[start + 1 : end]
    if Break.STOP not in inside:
        return True
    return all(each is not Break.NONE for each in inside) and folded.is_edge(start) and folded.is_edge(end)


def _is_digit(folded: Folded, place: int, digits: Mapping[int, str]) -> bool:
    return folded.text[place].translate(dict(digits)).isdigit()
