"""The tables of words and places, decoded once. They come along as part of the program, like the code beside them."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from re import Pattern

import msgspec

from zhanggui.core.facts import ScanStage

FOLDER = Path(__file__).parent


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that name a stage. `names` is false where names in brackets must not decide."""

    stage: ScanStage
    confidence: float
    words: str
    names: bool = True


class NotYet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words by which a parcel is only announced, and those that outweigh them."""

    words: str
    unless: str


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole table of words."""

    checked: date
    leave_out: tuple[str, ...]
    not_yet: NotYet
    stage: tuple[Entry, ...]


class Province(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A province: where its capital lies (degrees north and east), and the names by which texts call it and its cities."""

    name: str
    north: float
    east: float
    cities: tuple[str, ...]
    lesser: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Towns among these that belong to one of the others."""


class Places(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole table of places."""

    where: tuple[str, ...]
    no_place: str
    province: tuple[Province, ...]


class Reader(msgspec.Struct, frozen=True):
    """One entry, ready to be looked for."""

    stage: ScanStage
    confidence: float
    words: Pattern[str]
    names: bool


@cache
def words() -> Words:
    """The table of words."""
    return msgspec.toml.decode((FOLDER / "words.toml").read_bytes(), type=Words)


@cache
def readers() -> tuple[Reader, ...]:
    """The entries of the table in their order."""
    return tuple(Reader(entry.stage, entry.confidence, re.compile(entry.words), entry.names) for entry in words().stage)


@cache
def places() -> Places:
    """The table of places."""
    return msgspec.toml.decode((FOLDER / "places.toml").read_bytes(), type=Places)
