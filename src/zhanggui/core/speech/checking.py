"""Reads a text for what must not be said to a buyer."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.core.speech.book import Ground, Pattern, SpeechBook, SpeechRule
from zhanggui.core.speech.folding import Break, Folded, fold
from zhanggui.core.speech.promises import late_shipping
from zhanggui.core.speech.wordings import Place, Seen

SHIP_WITHIN = timedelta(hours=48)
"""The longest that spot goods may take to leave, where the caller knows no limit of the order itself."""
PROMISE = "over_promise"
_BEFORE, _NEAR = 4, 14


class Finding(msgspec.Struct, frozen=True):
    """One thing that must not be said: the rule, where it stands, in which words, and the clauses in force."""

    rule: SpeechRule
    start: int
    end: int
    words: str
    grounds: tuple[Ground, ...]

    @property
    def safe(self) -> str:
        """What to say instead, in Chinese."""
        return self.rule.safe.zh


def check(text: str, book: SpeechBook, at: datetime, *, ship_within: timedelta | None = SHIP_WITHIN) -> tuple[Finding, ...]:
    """What must not be said in the text, by the clauses in force at the moment, in the order it stands there; one finding for each rule and place.

    `ship_within` is how long the order may still take to leave; None where no limit is known and every term may be named.
    """
    folded = fold(text, book.alike)
    seen = Seen(book.finder, folded)
    found: list[Finding] = []
    for rule in book.rules:
        grounds = tuple(ground for ground in rule.grounds if ground.holds_at(at))
        if not grounds:
            continue
        found += [_finding(rule, grounds, text, folded, place) for place in _apart(_places(rule, seen, folded, ship_within))]
    return tuple(sorted(found, key=lambda each: (each.start, each.rule.id)))


def _finding(rule: SpeechRule, grounds: tuple[Ground, ...], text: str, folded: Folded, place: Place) -> Finding:
    start, end = folded.span(place.start, place.end)
    return Finding(rule, start, end, text[start:end], grounds)


def _places(rule: SpeechRule, seen: Seen, folded: Folded, ship_within: timedelta | None) -> Iterator[Place]:
    for pattern in rule.patterns:
        yield from _of_pattern(pattern, seen, folded)
    if rule.id == PROMISE and ship_within is not None:
        yield from late_shipping(seen, folded, ship_within)


def _apart(places: Iterator[Place]) -> list[Place]:
    """The shortest of the places that lie over one another."""
    kept: list[Place] = []
    for place in sorted(places, key=lambda each: each.end - each.start):
        if all(place.end <= other.start or other.end <= place.start for other in kept):
            kept.append(place)
    return kept


def _of_pattern(pattern: Pattern, seen: Seen, folded: Folded) -> Iterator[Place]:
    first, *others = pattern.all
    sought = [seen.places(name) for name in others] if others else []
    if not all(sought):
        return
    for anchor in seen.places(first):
        together = _together(anchor, sought, pattern)
        if together is not None and pattern.one_phrase and Break.STOP in folded.breaks[together.start + 1 : together.end]:
            continue
        if together is not None and not _taken_back(pattern, seen, folded, together):
            yield together


def _together(anchor: Place, sought: Sequence[Sequence[Place]], pattern: Pattern) -> Place | None:
    """The stretch that holds the anchor and the nearest of each other notion, where they stand near enough."""
    low, high = anchor
    chosen = [anchor]
    for places in sought:
        fitting = [place for place in places if _fits(place, chosen, low, high, pattern)]
        if not fitting:
            return None
        nearest = min(fitting, key=lambda place: max(place.start - high, low - place.end))
        chosen.append(nearest)
        low, high = min(low, nearest.start), max(high, nearest.end)
    return Place(low, high)


def _fits(place: Place, chosen: Sequence[Place], low: int, high: int, pattern: Pattern) -> bool:
    if any(place.start < other.end and other.start < place.end for other in chosen):
        return False
    if pattern.in_order and place.start < chosen[-1].end:
        return False
    return place.start - high <= pattern.within and low - place.end <= pattern.within


def _taken_back(pattern: Pattern, seen: Seen, folded: Folded, found: Place) -> bool:
    for name in pattern.unless_before:
        for place in seen.places(name):
            if found.start - _BEFORE <= place.end <= found.start and Break.STOP not in folded.breaks[place.end : found.start + 1]:
                return True
    for name in pattern.unless_near:
        for place in seen.places(name):
            if place.start < found.end + _NEAR and place.end > found.start - _NEAR:
                return True
    return False
