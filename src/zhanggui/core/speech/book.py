"""The rules of forbidden speech as data: which words, standing together how, under which clause, and what to say instead."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property

import msgspec

from zhanggui.core.speech.alike import Alike
from zhanggui.core.speech.wordings import Finder, Wording


class Bilingual(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One sentence in both languages."""

    zh: str
    en: str


class Ground(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a rule rests on from a day on: a clause of a law or of the platform, and how surely we know it."""

    clause: Bilingual
    effective_from: datetime
    effective_until: datetime | None = None
    source: str
    checked: date
    basis: str
    grade: str

    def holds_at(self, moment: datetime) -> bool:
        """Whether the clause is in force at the moment."""
        return self.effective_from <= moment and (self.effective_until is None or moment < self.effective_until)


class Pattern(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Notions that together are forbidden."""

    all: tuple[str, ...]
    within: int = 12
    """How many characters may lie between one notion and the next."""
    in_order: bool = False
    one_phrase: bool = False
    """Whether no punctuation may stand between them."""
    unless_before: tuple[str, ...] = ()
    """Notions that take it back where they stand right before it, in the same phrase."""
    unless_behind: tuple[str, ...] = ()
    """Notions that take it back where they follow right behind, in the same phrase: "cash for reviews is not done here"."""
    unless_denied: tuple[str, ...] = ()
    """Notions that take it back where they stand right before any of its parts."""
    unless_near: tuple[str, ...] = ()
    """Notions that take it back where they stand anywhere near."""


class SpeechRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing that must not be said, why, and what to say instead."""

    id: str
    title: Bilingual
    why: Bilingual
    safe: Bilingual
    grounds: tuple[Ground, ...]
    patterns: tuple[Pattern, ...] = ()


class SpeechBook(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Everything the check knows."""

    rules: tuple[SpeechRule, ...]
    wordings: Mapping[str, Wording]
    alike: Alike

    @cached_property
    def by_id(self) -> Mapping[str, SpeechRule]:
        """The rules by their names."""
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def finder(self) -> Finder:
        """What finds the notions in a text; made once, since it is dear to make."""
        return Finder(self.wordings, self.alike)
