"""The faults as data: the words that tell them, the clauses they touch, the indicators they cost, their weights, and what is good instead."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from re import Pattern

import msgspec

from zhanggui.core.speech.book import Bilingual, Ground


class FaultKind(StrEnum):
    """What may be wrong with the shop's side of a conversation."""

    LATE = "late"
    RUDE = "rude"
    OVER_PROMISED = "over_promised"
    PASSED_BUCK = "passed_buck"
    FORBIDDEN = "forbidden"
    UNANSWERED = "unanswered"
    CONTRADICTED = "contradicted"


class FaultRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One kind of fault: its weight out of a hundred, what it costs where, and what is good instead."""

    kind: FaultKind
    points: int
    indicator: Bilingual
    costs: Bilingual
    good: Bilingual
    grounds: tuple[Ground, ...]
    words: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    def grounds_at(self, moment: datetime) -> tuple[Ground, ...]:
        """The clauses in force at the moment."""
        return tuple(ground for ground in self.grounds if ground.holds_at(moment))


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Regular expressions that tell something, and those that take it back."""

    words: tuple[str, ...]
    unless: tuple[str, ...] = ()


class QualityBook(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True, kw_only=True):
    """Everything the grading knows."""

    checked: date
    points_basis: str
    fault: tuple[FaultRule, ...]
    cold: Words
    claims: Mapping[str, Words]
    touches: Mapping[str, tuple[str, ...]]

    @cached_property
    def rules(self) -> Mapping[FaultKind, FaultRule]:
        """The rules by their kind."""
        return {rule.kind: rule for rule in self.fault}

    @cached_property
    def passing(self) -> "Told":
        """Words by which the buck is passed."""
        rule = self.rules[FaultKind.PASSED_BUCK]
        return told_by(Words(rule.words, rule.unless))

    @cached_property
    def coldness(self) -> "Told":
        """Cold words that no rule forbids."""
        return told_by(self.cold)

    @cached_property
    def claimed(self) -> Mapping[str, "Told"]:
        """What may be claimed of an order."""
        return {name: told_by(words) for name, words in self.claims.items()}

    @cached_property
    def touching(self) -> Mapping[str, Pattern[str]]:
        """By which words an answer touches a want; `any` those of every want."""
        return {want: re.compile("|".join(f"(?:{word})" for word in words)) for want, words in self.touches.items()}


class Told(msgspec.Struct, frozen=True):
    """Compiled words, and compiled words that take them back."""

    words: Pattern[str]
    unless: Pattern[str] | None

    def first(self, text: str) -> re.Match[str] | None:
        """The first place where the text says it and nothing takes it back."""
        found = self.words.search(text)
        return None if found is None or (self.unless is not None and self.unless.search(text)) else found


def told_by(words: Words) -> Told:
    """Compiled."""
    joined = ["|".join(f"(?:{word})" for word in each) for each in (words.words, words.unless)]
    return Told(re.compile(joined[0]), re.compile(joined[1]) if joined[1] else None)
