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
_BEFORE, _BEHIND, _NEAR = 4, 6, 14


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


def time_to_ship(due_at: datetime | None, at: datetime) -> timedelta:
    """How long an order that is to leave by then may still take; as long as is usual where no limit of it is known."""
    return SHIP_WITHIN if due_at is None else max(timedelta(), due_at - at)


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
    if not all(seen.places(name) for name in pattern.all):
        return
    first, *others = pattern.all
    sought = [seen.places(name) for name in others]
    for anchor in seen.places(first):
        parts = _together(anchor, sought, pattern)
        if not parts:
            continue
        whole = _whole(parts)
        if not _is_torn(pattern, folded, whole) and not _taken_back(pattern, seen, folded, parts):
            yield whole


def _together(anchor: Place, sought: Sequence[Sequence[Place]], pattern: Pattern) -> list[Place]:
    """The anchor and the nearest of each other notion, where they stand near enough; nothing where one is missing."""
    parts = [anchor]
    for places in sought:
        low, high = _whole(parts)
        fitting = [place for place in places if _fits(place, parts, low, high, pattern)]
        if not fitting:
            return []
        parts.append(min(fitting, key=lambda place: max(place.start - high, low - place.end)))
    return parts


def _whole(parts: Sequence[Place]) -> Place:
    return Place(min(part.start for part in parts), max(part.end for part in parts))


def _fits(place: Place, parts: Sequence[Place], low: int, high: int, pattern: Pattern) -> bool:
    if any(place.start < other.end and other.start < place.end for other in parts):
        return False
    if pattern.in_order and place.start < parts[-1].end:
        return False
    return place.start - high <= pattern.within and low - place.end <= pattern.within


def _is_torn(pattern: Pattern, folded: Folded, whole: Place) -> bool:
    """Whether punctuation stands within, where the notions must stand in one phrase."""
    return pattern.one_phrase and Break.STOP in folded.breaks[whole.start + 1 : whole.end]


def _taken_back(pattern: Pattern, seen: Seen, folded: Folded, parts: Sequence[Place]) -> bool:
    whole = _whole(parts)
    if any(_stands_before(seen.places(name), whole, folded) for name in pattern.unless_before):
        return True
    if any(_stands_behind(seen.places(name), whole, folded) for name in pattern.unless_behind):
        return True
    if any(_stands_before(seen.places(name), part, folded) for name in pattern.unless_denied for part in parts):
        return True
    return any(_stands_near(seen.places(name), whole) for name in pattern.unless_near)


def _stands_before(places: Sequence[Place], part: Place, folded: Folded) -> bool:
    """Whether one of the places ends right before, in the same phrase."""
    return any(part.start - _BEFORE <= place.end <= part.start and Break.STOP not in folded.breaks[place.end : part.start + 1] for place in places)


def _stands_behind(places: Sequence[Place], whole: Place, folded: Folded) -> bool:
    """Whether one of the places begins right behind, in the same phrase."""
    return any(whole.end <= place.start <= whole.end + _BEHIND and Break.STOP not in folded.breaks[whole.end : place.start + 1] for place in places)


def _stands_near(places: Sequence[Place], whole: Place) -> bool:
    return any(place.start < whole.end + _NEAR and place.end > whole.start - _NEAR for place in places)
