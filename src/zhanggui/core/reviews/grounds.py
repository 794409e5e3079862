"""On which of the platform's eight grounds a review may be reported, and the words that say so. A person reads the review and decides."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

import msgspec

from zhanggui.core.moments import shanghai_day
from zhanggui.core.rules import Basis, Grade, Title

_WIDE = {0xFEE0 + code: code for code in map(ord, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+*_@/")} | {0x3000: 0x20}
"""Letters and digits of full width; signs between phrases stay what they are, since they part them."""
_LONGEST_WORD = 60


class ReportGround(StrEnum):
    """What a review may be reported for. A low rating, a harsh opinion and a mistake are no ground."""

    ADVERTISING = "ground_advertising"
    ABUSE = "ground_abuse"
    PRIVACY = "ground_privacy"
    INDECENT = "ground_indecent"
    VIOLENT = "ground_violent"
    """Politics, violence, terror, drugs, arms."""
    UNLAWFUL = "ground_unlawful"
    EXTORTION = "ground_extortion"
    """The review is used to press for something."""
    RIVAL = "ground_rival"
    """A rival means harm."""


class GroundTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """One dated block about a ground: the words that bear it, those that may, and those before them that take it back."""

    ground: ReportGround
    title: Title
    effective_from: date
    sure: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    """Words that a fair review may hold, too: they point at the ground and do not bear it alone."""
    unless_before: tuple[str, ...] = ()
    """What takes a word back where it stands right before it in the same phrase: "the shop said it pays for a better review" presses nobody."""
    reason: Title
    """The sentence of the report; {words} are what decided."""
    shows: Title
    """What is attached to it."""
    source: str
    checked: date
    basis: Basis
    grade: Grade

    @cached_property
    def patterns(self) -> tuple[tuple[re.Pattern[str], bool], ...]:
        """The words as patterns, with whether they bear the ground alone."""
        return tuple((re.compile(word), is_sure) for words, is_sure in ((self.sure, True), (self.maybe, False)) for word in words)

    @cached_property
    def taken_back(self) -> tuple[re.Pattern[str], ...]:
        """What stands right before a word that bears nothing."""
        return tuple(re.compile(rf"(?:{word})[^，。！？!?；;\n]{{0,10}}$") for word in self.unless_before)


class Deciding(msgspec.Struct, frozen=True):
    """Words that decided: where they stand, in the review itself or in what the buyer wrote to the shop."""

    words: str
    span: tuple[int, int]
    is_sure: bool
    in_chat: bool = False


class Match(msgspec.Struct, frozen=True):
    """A ground with the words that speak for it, in their order; `is_sure` where one of them bears it alone."""

    terms: GroundTerms
    deciding: tuple[Deciding, ...]

    @property
    def ground(self) -> ReportGround:
        """The ground."""
        return self.terms.ground

    @property
    def is_sure(self) -> bool:
        """Whether one of the words bears the ground alone."""
        return any(each.is_sure for each in self.deciding)


def grounds_of(texts: Iterable[str | None], blocks: Sequence[GroundTerms], at: datetime, chat: Iterable[str] = ()) -> tuple[Match, ...]:
    """The grounds the texts of a review bear, the sure ones first. Of what the buyer wrote to the shop only pressing counts."""
    written = "\n".join(text for text in texts if text)
    said = "\n".join(chat)
    found = []
    for terms in in_force(blocks, at):
        deciding = _deciding(written, terms, in_chat=False)
        if terms.ground is ReportGround.EXTORTION:
            deciding += _deciding(said, terms, in_chat=True)
        if deciding:
            found.append(Match(terms, tuple(deciding)))
    return tuple(sorted(found, key=lambda match: not match.is_sure))


def in_force(blocks: Sequence[GroundTerms], at: datetime) -> tuple[GroundTerms, ...]:
    """The newest block of every ground that has begun at that moment, in the order of the grounds."""
    day = shanghai_day(at)
    begun = {block.ground: block for block in sorted(blocks, key=lambda one: one.effective_from) if block.effective_from <= day}
    return tuple(begun[ground] for ground in ReportGround if ground in begun)


def _deciding(text: str, terms: GroundTerms, *, in_chat: bool) -> list[Deciding]:
    plain = text.translate(_WIDE).casefold()
    if len(plain) != len(text):
        plain = text  # a letter that folds into two would shift every place behind it
    found: dict[tuple[int, int], Deciding] = {}
    for pattern, is_sure in terms.patterns:
        for hit in pattern.finditer(plain):
            if hit.end() == hit.start() or any(before.search(plain[max(0, hit.start() - 24) : hit.start()]) for before in terms.taken_back):
                continue
            if not any(start < hit.end() and hit.start() < end for start, end in found):
                found[hit.span()] = Deciding(text[hit.start() : hit.end()][:_LONGEST_WORD], hit.span(), is_sure, in_chat)
    return [found[span] for span in sorted(found)]
