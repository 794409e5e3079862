"""Message scripts: what to write to the buyer in a situation, in good Chinese with an English gloss, with slots filled from the facts."""

import string
import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import cache

import msgspec

from zhanggui.core.moments import in_shanghai
from zhanggui.core.money import Fen, yuan
from zhanggui.core.verdicts import Draft


class Both(msgspec.Struct, frozen=True):
    """A fill that reads differently in the two languages."""

    zh: str
    en: str


type_of_fill = str | int | datetime | Both


class Fit(StrEnum):
    """How the order stands that a message is about."""

    NO_ORDER = "no_order"
    """The buyer asks before anything is ordered, or the order is not known."""
    TO_SHIP = "to_ship_in_time"
    LATE = "to_ship_late"
    HELD = "not_to_ship_yet"
    """Under review, on hold, or its group is not formed."""
    REFUND_ASKED = "refund_asked"
    """Not shipped, and the money is asked back."""
    ON_ITS_WAY = "on_its_way"
    ARRIVED = "arrived"
    ENDED = "ended"
    UNCLEAR = "unclear"


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One script; `when` says in one sentence of each language what it is for."""

    id: str
    zh: str
    en: str
    when_zh: str
    when_en: str
    situation: str = ""
    """What it answers, for a quick reply; empty for those that only the house itself drafts with."""
    fits: tuple[Fit, ...] = ()
    """How the order must stand for it; empty where that does not matter."""
    room: str = ""
    """The file it stands in; empty for a shop's own."""
    version: int = 0
    """Which version of the shop's own it is; 0 for the words that come along."""

    @property
    def slots(self) -> frozenset[str]:
        """The slots that must be filled."""
        return _slots(self.zh) | _slots(self.en)


class Scripts(msgspec.Struct, frozen=True):
    """All scripts by id."""

    by_id: Mapping[str, Script]

    @staticmethod
    def read(text: str, file: str) -> list[Script]:
        """The scripts of one TOML file; each table is one script, named by its key. Raises ValueError naming the file and the script."""
        try:
            return [msgspec.convert(data | {"id": name, "room": file.removesuffix(".toml")}, Script) for name, data in tomllib.loads(text).items()]
        except (tomllib.TOMLDecodeError, msgspec.ValidationError, TypeError) as problem:
            raise ValueError(f"scripts/{file}: {problem}") from None

    @classmethod
    def of(cls, scripts: Iterable[Script]) -> "Scripts":
        """The scripts by their ids."""
        return cls({script.id: script for script in scripts})

    def draft(self, script_id: str, **fills: type_of_fill) -> Draft | None:
        """The message with its slots filled, or None where a slot has no fill: a message with a hole is worse than none."""
        script = self.by_id[script_id]
        slots = script.slots
        if not slots <= fills.keys():
            return None
        zh = {name: _in_chinese(name, fills[name]) for name in slots}
        en = {name: _in_english(name, fills[name]) for name in slots}
        return Draft(script=script_id, zh=script.zh.format_map(zh).strip(), en=script.en.format_map(en).strip())


@cache
def _slots(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)


def _in_chinese(name: str, value: type_of_fill) -> str:
    """Moments to the hour or minute as buyers read them, money in yuan."""
    if isinstance(value, datetime):
        wall = in_shanghai(value)
        return f"{wall.month}月{wall.day}日{wall.hour}点" + (f"{wall.minute:02d}分" if wall.minute else "")
    return value.zh if isinstance(value, Both) else _money(name, value, "元")


def _in_english(name: str, value: type_of_fill) -> str:
    if isinstance(value, datetime):
        return in_shanghai(value).strftime("%d %b %H:%M")
    return value.en if isinstance(value, Both) else _money(name, value, " yuan")


def _money(name: str, value: str | int, unit: str) -> str:
    return f"{yuan(Fen(value))}{unit}" if name.endswith("_fen") and isinstance(value, int) else str(value)
