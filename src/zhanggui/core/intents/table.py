"""The table of words, decoded and compiled once. It comes along as part of the program, like the code beside it."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from re import Pattern
from typing import Any

import msgspec

from zhanggui.core.intents.kinds import WANTS, Intent

_FILE = Path(__file__).parent / "words.toml"
_FLAGS = re.MULTILINE | re.DOTALL
"""Ends of a part count as ends; what stands between may reach over one."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of one want: those that tell it, those that lean that way, and those that take a hit back."""

    strong: tuple[str, ...]
    weak: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


class Answers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whole messages that ask nothing by themselves."""

    short: tuple[str, ...]
    long: tuple[str, ...]


class Open(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Questions that say nothing of what they ask for."""

    words: tuple[str, ...]


class Cues(msgspec.Struct, frozen=True):
    """The compiled words of one want."""

    intent: Intent
    strong: Pattern[str]
    weak: Pattern[str] | None
    unless: Pattern[str] | None


class Table(msgspec.Struct, frozen=True):
    """Everything the words tell by."""

    slips: Mapping[str, str]
    short: Pattern[str]
    long: Pattern[str]
    open: Pattern[str]
    """Questions that say nothing of what they ask for."""
    cues: tuple[Cues, ...]


@cache
def table() -> Table:
    """The table as it comes with the program."""
    data = tomllib.loads(_FILE.read_text("utf-8"))
    slips = msgspec.convert(data.pop("typos"), dict[str, str])
    answers = msgspec.convert(data.pop("answers"), Answers)
    left_open = msgspec.convert(data.pop("open"), Open)
    return Table(slips, _any(answers.short), _any(answers.long), _any(left_open.words), tuple(_cues(intent, data[intent.value]) for intent in WANTS))


def _cues(intent: Intent, data: Any) -> Cues:
    entry = msgspec.convert(data, Entry)
    return Cues(intent, _any(entry.strong), _any(entry.weak) if entry.weak else None, _any(entry.unless) if entry.unless else None)


def _any(patterns: tuple[str, ...]) -> Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), _FLAGS)
