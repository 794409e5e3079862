"""What a fact of a thing is, and how the tables of facts are written."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from zhanggui.core.automation.seen import Seen
from zhanggui.core.automation.values import Value, ValueKind
from zhanggui.core.chats.masking import masked_said
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.say import Say

_HOUR = 3600
FARTHEST_HOURS = 24 * 366
"""Hours are counted up to a year; what lies farther is as far."""

Read = Callable[[Seen], Value | None]


class About(StrEnum):
    """What a rule looks at."""

    ORDER = "about_order"
    CASE = "about_case"
    REVIEW = "about_review"


TRIGGERS: Mapping[DeadlineKind, About] = {
    DeadlineKind.ANSWER_REFUND: About.CASE,
    DeadlineKind.INSPECT_RETURN: About.CASE,
    DeadlineKind.ANSWER_PLATFORM: About.CASE,
    DeadlineKind.SHIP_BY: About.ORDER,
    DeadlineKind.PICKUP_BY: About.ORDER,
    DeadlineKind.PARCEL_MOVES: About.ORDER,
    DeadlineKind.DELIVER_BY: About.ORDER,
    DeadlineKind.ANSWER_REVIEW: About.REVIEW,
}
"""The to-dos on which rules look, and what each is about."""

ALL = frozenset(About)


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """One fact: its name in rules, how it is told, of what, what it means, where it comes from, and how it is read."""

    name: str
    kind: ValueKind
    title: Say
    source: str
    """Where it comes from, for the docs: the field of a fact, or what makes it."""
    read: Read
    about: frozenset[About] = ALL
    words: type[StrEnum] | None = None
    """The closed list, of a fact told in words."""
    prefix: str = ""
    """What stands before its words where they are looked up in a catalog."""
    least: int | None = None
    most: int | None = None
    """What a number can be at all."""
    moves: bool = False
    """Whether time alone changes it."""
    is_free: bool = False
    """Whether people wrote it freely: it is asked for words in it, and nothing of it is kept but the words that were asked."""
    is_whole: bool = False
    """Whether it is only compared as a whole, being a name and no text."""

    @property
    def listed(self) -> tuple[str, ...]:
        """The words it may be; empty where there is no list."""
        return () if self.words is None else tuple(each.value for each in self.words)


def money(name: str, title: Say, source: str, read: Read, about: frozenset[About] = ALL) -> Fact:
    """A sum in fen."""
    return Fact(name=name, kind=ValueKind.MONEY, title=title, source=source, read=read, about=about, least=0)


def number(name: str, title: Say, source: str, read: Read, about: frozenset[About] = ALL, *, least: int = 0, most: int | None = None) -> Fact:
    """A number of things."""
    return Fact(name=name, kind=ValueKind.NUMBER, title=title, source=source, read=read, about=about, least=least, most=most)


def by_clock(name: str, title: Say, read: Read, least: int, most: int) -> Fact:
    """A number that the clock alone tells."""
    source = "the house's clock, Shanghai"
    return Fact(name=name, kind=ValueKind.NUMBER, title=title, source=source, read=read, least=least, most=most, moves=True)


def hours(name: str, title: Say, source: str, read: Read, about: frozenset[About] = ALL) -> Fact:
    """Hours since or until something."""
    return Fact(name=name, kind=ValueKind.HOURS, title=title, source=source, read=read, about=about, least=-FARTHEST_HOURS, most=FARTHEST_HOURS, moves=True)


def word(name: str, title: Say, source: str, read: Read, words: type[StrEnum], about: frozenset[About] = ALL, *, prefix: str = "") -> Fact:
    """One word of a list."""
    return Fact(name=name, kind=ValueKind.WORD, title=title, source=source, read=read, about=about, words=words, prefix=prefix)


def text(name: str, title: Say, source: str, read: Read, about: frozenset[About] = ALL, *, is_whole: bool = False) -> Fact:
    """Any text that a program wrote, or a name."""
    return Fact(name=name, kind=ValueKind.TEXT, title=title, source=source, read=read, about=about, is_whole=is_whole)


def free_text(name: str, title: Say, part: str, field: str, about: frozenset[About] = ALL) -> Fact:
    """What people wrote freely, masked; an empty one is known to be empty."""

    def read(seen: Seen) -> Value | None:
        told = getattr(seen, part)
        return None if told is None else masked_said(getattr(told, field) or "")

    return Fact(name=name, kind=ValueKind.TEXT, title=title, source=f"{part}.{field}, masked", read=read, about=about, is_free=True)


def flag(name: str, title: Say, source: str, read: Read, about: frozenset[About] = ALL) -> Fact:
    """Yes or no."""
    return Fact(name=name, kind=ValueKind.FLAG, title=title, source=source, read=read, about=about)


def hours_between(since: datetime | None, until: datetime | None) -> int | None:
    """Whole hours from one moment to the other, below zero where it lies before; None where one is not known."""
    if since is None or until is None:
        return None
    return max(-FARTHEST_HOURS, min(FARTHEST_HOURS, int((until - since).total_seconds() // _HOUR)))


def of(part: str, field: str) -> Read:
    """A field of a part of what is seen; None where the part is not known, or a text is empty."""

    def read(seen: Seen) -> Value | None:
        told = getattr(seen, part)
        value: Value | None = None if told is None else getattr(told, field)
        return None if value == "" else value

    return read


def has(part: str, field: str) -> Read:
    """Whether the part has it; of a part that is known, what no source says is no."""

    def read(seen: Seen) -> Value | None:
        told = getattr(seen, part)
        return None if told is None else bool(getattr(told, field))

    return read
