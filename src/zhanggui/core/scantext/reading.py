"""What a line of Chinese tracking text says happened to the parcel, by which words, where, and how surely."""

import re
from functools import cache
from re import Match, Pattern

import msgspec

from zhanggui.core.facts import ScanStage
from zhanggui.core.scantext.places import place_of
from zhanggui.core.scantext.table import Reader, readers, words

_LONGEST = 1000
"""No carrier writes a longer event; what stands further right is not read."""

_IN_BRACKETS = 0.8
_NAMES = re.compile(r"【[^】]*】|\[[^\]]*\]")


class Reading(msgspec.Struct, frozen=True):
    """How one text was read. `words` are the very characters that decided, `place` the branch or hub it names."""

    stage: ScanStage
    confidence: float = 0.0
    words: str = ""
    place: str | None = None


def read_scan(text: str) -> Reading:
    """The stage a tracking text names with its reasons; `unknown` and no confidence where none of our words occurs: never the nearest guess."""
    text = text[:_LONGEST]
    place = place_of(text)
    said = _without_advice(text)
    if _is_only_announced(said):
        return Reading(ScanStage.UNKNOWN, place=place)
    found = _first(said, _NAMES.sub(_blank, said))
    if found is not None:
        return _reading(text, *found, place, 1.0)
    # Some services set the whole event in brackets: better than nothing, and less sure.
    found = _first(said, said)
    return Reading(ScanStage.UNKNOWN, place=place) if found is None else _reading(text, *found, place, _IN_BRACKETS)


def stage_of(text: str) -> ScanStage:
    """The stage a tracking text names, `unknown` where none of our words occurs."""
    return read_scan(text).stage


def _first(said: str, bare: str) -> tuple[Reader, Match[str]] | None:
    """The first entry of the table that occurs, and where; `bare` is the text without the names in brackets."""
    for reader in readers():
        found = reader.words.search(said if reader.names else bare)
        if found is not None:
            return reader, found
    return None


def _reading(text: str, reader: Reader, found: Match[str], place: str | None, share: float) -> Reading:
    return Reading(reader.stage, round(reader.confidence * share, 2), text[found.start() : found.end()], place)


def _without_advice(text: str) -> str:
    """The text with advice, forecasts and advertising blanked out; as long as before, so that places in it stay the same."""
    for pattern in _advice():
        text = pattern.sub(_blank, text)
    return text


def _is_only_announced(said: str) -> bool:
    not_yet, unless = _not_yet()
    return bool(not_yet.search(said)) and not unless.search(said)


def _blank(found: Match[str]) -> str:
    return " " * len(found[0])


@cache
def _advice() -> tuple[Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in words().leave_out)


@cache
def _not_yet() -> tuple[Pattern[str], Pattern[str]]:
    return re.compile(words().not_yet.words), re.compile(words().not_yet.unless)
