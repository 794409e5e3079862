"""The profile of lists of tracking numbers and of the bulk-shipping file: which headings are read, which columns are written. It is data."""

import codecs
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from zhanggui.connectors.files.shapes import Unreadable
from zhanggui.core.numbers import carrier_of
from zhanggui.core.say import say

Field = Literal["order_no", "carrier", "tracking_no"]
NAME = "slips.toml"


class Reads(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The headings under which a list tells each field, the best first."""

    order_no: tuple[str, ...]
    carrier: tuple[str, ...]
    tracking_no: tuple[str, ...]


class WrittenColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column of the file to upload."""

    header: str
    holds: Field


class Writes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the file to upload looks like."""

    columns: tuple[WrittenColumn, ...]
    sheet: str = "Sheet1"
    encoding: str = "utf-8-sig"


class SlipProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Both, how well they are known, and how the platform writes each carrier."""

    grade: str
    checked: date
    source: str
    reads: Reads
    writes: Writes
    carriers: dict[str, str] = {}

    def carrier_name(self, told: str) -> str:
        """The carrier as the platform writes it, as far as is known; else the word as it was told."""
        known = carrier_of(told)
        return told if known is None else self.carriers.get(known.code, told)


def slip_profile(home: Path | None = None) -> SlipProfile:
    """The profile of this house: its own slips.toml where there is one, else the one that comes along. Raises Unreadable."""
    own = None if home is None else home / NAME
    if own is None or not own.is_file():
        return _built_in()
    try:
        made = msgspec.toml.decode(own.read_bytes(), type=SlipProfile)
        codecs.lookup(made.writes.encoding)
    except (msgspec.DecodeError, UnicodeDecodeError, LookupError, OSError) as problem:
        sentence = say("{file} cannot be used: {problem}. Mend it, or take it away to use the one that comes along.", file=str(own), problem=str(problem)[:200])
        raise Unreadable(sentence) from None
    return made


@cache
def _built_in() -> SlipProfile:
    return msgspec.toml.decode(Path(__file__).with_name(NAME).read_bytes(), type=SlipProfile)
