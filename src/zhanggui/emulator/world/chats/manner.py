"""How buyers chat, as data: their tempers, their wants with the lines they write, what they hear in an answer, and how they take it."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

FILE = Path(__file__).parent.parent.parent / "data" / "chats.toml"


class Temper(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of buyer: how often they come, what anger they begin with, how fast it grows, and what they do once it is full."""

    weight: float
    anger: int
    heat: float
    nudges_after: tuple[int, int]
    """Minutes without an answer after which they ask whether anybody is there: the first time, and every further one."""
    reads_in: tuple[int, int]
    """Seconds until they have read an answer and written back."""
    slips: float
    pieces: float
    wants_hour: bool
    second: float
    ends: Mapping[str, float]
    greets: tuple[str, ...] = ()
    adds: tuple[str, ...] = ()


class Want(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing a buyer may want: at which stage of an order, in which lines, and which things heard content them or help them half the way."""

    weight: float
    stages: tuple[str, ...]
    opens: tuple[str, ...]
    again: tuple[str, ...]
    glad: tuple[str, ...]
    content_by: tuple[tuple[str, ...], ...]
    half_by: tuple[str, ...] = ()
    shows: float = 0.0
    refund_after: bool = False
    """Whether a content buyer then asks for the money through the platform, as they were told."""
    others: tuple[str, ...] = ()
    """What they may want next, once content."""


class Manner(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """The whole file."""

    since: str
    basis: str
    source: str
    cues: Mapping[str, str]
    anger: Mapping[str, int]
    full: int
    replies: Mapping[str, tuple[str, ...]]
    nudges: tuple[str, ...]
    gives_up: tuple[str, ...]
    slips: Mapping[str, str]
    nicks: tuple[str, ...]
    tempers: Mapping[str, Temper]
    wants: Mapping[str, Want]


@cache
def manner() -> Manner:
    """The file, read once."""
    return msgspec.toml.decode(FILE.read_bytes(), type=Manner)


@cache
def cues() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What may be heard in an answer, compiled once."""
    return tuple((name, re.compile(pattern)) for name, pattern in manner().cues.items())
