"""The table of words, decoded and compiled once. It comes along as part of the program, like the code beside it."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from re import Pattern

import msgspec

from zhanggui.core.aspects.kinds import AspectName

_FILE = Path(__file__).parent / "words.toml"
_FLAGS = re.MULTILINE
"""Ends of a clause count as ends."""
_NEVER = re.compile(r"(?!)")


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of one aspect, as they are written down."""

    things: tuple[str, ...] = ()
    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    both: tuple[str, ...] = ()
    own_good: tuple[str, ...] = ()
    own_bad: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


class Opinions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words by which any thing may be judged, and what turns them round, suspends them, or joins two things."""

    good: tuple[str, ...]
    bad: tuple[str, ...]
    flips: str
    open: tuple[str, ...]
    past: tuple[str, ...]
    links: str


class Cues(msgspec.Struct, frozen=True):
    """The compiled words of one aspect."""

    name: AspectName
    things: Pattern[str]
    good: Pattern[str]
    bad: Pattern[str]
    both: Pattern[str]
    own_good: Pattern[str]
    own_bad: Pattern[str]
    unless: Pattern[str]


class Table(msgspec.Struct, frozen=True):
    """Everything the words tell by."""

    slips: Mapping[str, str]
    good: Pattern[str]
    bad: Pattern[str]
    flipped: Pattern[str]
    """Matches where what stands before a judging word turns it round."""
    open: Pattern[str]
    """The clause hopes, asks or waits."""
    past: Pattern[str]
    """The clause tells how things were before."""
    links: Pattern[str]
    cues: tuple[Cues, ...]


@cache
def table() -> Table:
    """The table as it comes with the program."""
    data = tomllib.loads(_FILE.read_text("utf-8"))
    slips = msgspec.convert(data["slips"], dict[str, str])
    opinions = msgspec.convert(data["opinions"], Opinions)
    cues = tuple(_cues(name, msgspec.convert(data[name.value], Entry)) for name in AspectName)
    flipped = re.compile(f"(?:{opinions.flips})$")
    return Table(slips, _any(opinions.good), _any(opinions.bad), flipped, _any(opinions.open), _any(opinions.past), re.compile(opinions.links), cues)


def _cues(name: AspectName, entry: Entry) -> Cues:
    fields = (entry.things, entry.good, entry.bad, entry.both, entry.own_good, entry.own_bad, entry.unless)
    return Cues(name, *map(_any, fields))


def _any(patterns: tuple[str, ...]) -> Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), _FLAGS) if patterns else _NEVER
