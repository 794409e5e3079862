"""What a text judges, which way, and by which words: phrases first, then things with a judging word of their clause.

A clause is what lies between two signs. A judging word goes to the thing named last before it, and to those linked with that one; else to the first
thing after it; else, where the clause names none, to the thing of the clause before. What judges nothing that is named is not guessed at.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from re import Pattern
from typing import NamedTuple, TypeVar

from zhanggui.core.aspects.kinds import Aspect, AspectName, Polarity, Span, Told
from zhanggui.core.aspects.table import Cues, Table, table
from zhanggui.core.intents.cleaning import LONGEST, PART, Clean, clean

CERTAINTY: Mapping[Told, float] = {Told.PHRASE: 0.85, Told.JUDGED: 0.65, Told.CARRIED: 0.5}
"""How often each way was right on sentences that nobody looked at while the words were made (docs/proof/aspects.md), to the next twentieth below."""
MOST_READ = 5_000
"""What stands further right is not read."""
_NEAR = 14
"""A judging word that stands further behind a thing is not about it."""
_CARRIED = 8
"""A clause may judge the thing of the one before only where it is as short as this."""


_WIDE = frozenset({AspectName.QUALITY, AspectName.QUANTITY})
_NOES = "不没無无未"


class Hit(NamedTuple):
    """One judgement in a cleaned clause, by its places in the cleaned text."""

    name: AspectName
    is_good: bool | None
    start: int
    end: int
    told: Told


class _Thing(NamedTuple):
    cues: Cues
    start: int
    end: int


class _Word(NamedTuple):
    is_good: bool
    start: int
    end: int
    owner: AspectName | None
    """The one aspect it judges; None where any."""


Found = TypeVar("Found", Hit, _Thing, _Word)


def aspects_of(text: str) -> tuple[Aspect, ...]:
    """What the text judges, in the order of the first word that tells it."""
    found: dict[AspectName, list[tuple[bool | None, Told, Span]]] = {}
    for offset, piece in _pieces(text[:MOST_READ]):
        cleaned = clean(piece, table().slips)
        for hit in _hits(cleaned, table()):
            span = cleaned.span(hit.start, hit.end)
            placed = Span(span.start + offset, span.end + offset, span.text)
            found.setdefault(hit.name, []).append((hit.is_good, hit.told, placed))
    return tuple(sorted((_aspect(name, told) for name, told in found.items()), key=lambda each: each.words[0].start))


def _aspect(name: AspectName, told: Sequence[tuple[bool | None, Told, Span]]) -> Aspect:
    ways = {is_good for is_good, _, _ in told}
    polarity = Polarity.BOTH if len(ways) > 1 or None in ways else Polarity.GOOD if True in ways else Polarity.BAD
    return Aspect(name, polarity, _apart(span for _, _, span in told), max(CERTAINTY[way] for _, way, _ in told))


def _apart(spans: Iterator[Span]) -> tuple[Span, ...]:
    """The longest of the spans that lie over one another, in their order."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda each: each.start - each.end):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return tuple(sorted(kept, key=lambda each: each.start))


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The text in pieces that can be cleaned at once, cut where a sentence or a clause ends, if one does."""
    start = 0
    while start < len(text):
        end = min(start + LONGEST, len(text))
        if end < len(text):
            cut = max(text.rfind(sign, start + LONGEST // 2, end) for sign in "。！？!?，,；;\n ")
            end = cut + 1 if cut > 0 else end
        yield start, text[start:end]
        start = end


def _hits(cleaned: Clean, words: Table) -> Iterator[Hit]:
    before: Sequence[_Thing] = ()
    alone: Sequence[Hit] = ()
    for start, end in _clauses(cleaned.text):
        clause = cleaned.text[start:end]
        things = _things(clause, words)
        found = [hit for hit in _told(clause, things, before, words) if not (hit.is_good and words.past.search(clause))]
        yield from (hit._replace(start=hit.start + start, end=hit.end + start) for hit in found)
        if found and alone:
            first = min(found, key=lambda hit: hit.start)
            yield from (hit._replace(is_good=first.is_good) for hit in alone)
        before = () if found else things or before
        alone = () if found else [Hit(thing.cues.name, None, thing.start + start, thing.end + start, Told.CARRIED) for thing in _named_alone(clause, things)]


def _told(clause: str, things: Sequence[_Thing], before: Sequence[_Thing], words: Table) -> list[Hit]:
    """What one clause judges; where it hopes or asks, only what is told of as bad by a phrase."""
    phrases = _phrases(clause, words)
    if words.open.search(clause):
        return [hit for hit in phrases if hit.is_good is False]
    return [*phrases, *_judged(clause, things, before, phrases, words)]


def _named_alone(clause: str, things: Sequence[_Thing]) -> Sequence[_Thing]:
    """The things of a clause that names them and says no more: what is said next is said of them too."""
    return things if things and len(clause) <= sum(thing.end - thing.start for thing in things) + 1 else ()


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    edges = [-1, *(at for at, sign in enumerate(text) if sign == PART), len(text)]
    return ((left + 1, right) for left, right in pairwise(edges) if left + 1 < right)


def _phrases(clause: str, words: Table) -> list[Hit]:
    """What hardly means anything else. Of two aspects told by the same characters both stand, since one thing said may judge two."""
    found: list[Hit] = []
    for cues in words.cues:
        if cues.unless.search(clause):
            continue
        found += _longest(
            [
                Hit(cues.name, _turned(clause, match.start(), is_good, words), match.start(), match.end(), Told.PHRASE)
                for pattern, is_good in ((cues.good, True), (cues.bad, False), (cues.both, None))
                for match in pattern.finditer(clause)
                if match.end() > match.start()
            ]
        )
    return [hit for hit in found if hit.name not in _WIDE or not any(_lies_in(hit, other) for other in found)]


def _lies_in(hit: Hit, other: Hit) -> bool:
    """Whether another aspect is told by the same characters and more: what is told of goods in general is meant of that one then."""
    return other.name is not hit.name and other.start <= hit.start and hit.end <= other.end and other.end - other.start > hit.end - hit.start


def _turned(clause: str, start: int, is_good: bool | None, words: Table) -> bool | None:
    """Which way it is meant where words before it may turn it round; what begins with a no has been turned already."""
    if is_good is None or clause[start] in _NOES or words.flipped.search(clause, 0, start) is None:
        return is_good
    return not is_good


def _things(clause: str, words: Table) -> list[_Thing]:
    """The things named, in order; of several named by the same characters the longest."""
    found = [_Thing(cues, match.start(), match.end()) for cues in words.cues for match in cues.things.finditer(clause) if match.end() > match.start()]
    return _longest(found)


def _judged(clause: str, things: Sequence[_Thing], before: Sequence[_Thing], phrases: Sequence[Hit], words: Table) -> Iterator[Hit]:
    """The things of the clause that a judging word goes to."""
    for word in _opinions(clause, things or before, phrases, words):
        if things:
            for thing in _meant(word, things, clause, words):
                yield Hit(thing.cues.name, word.is_good, min(thing.start, word.start), max(thing.end, word.end), Told.JUDGED)
        elif before and len(clause) <= _CARRIED and word.owner in (None, before[-1].cues.name):
            yield Hit(before[-1].cues.name, word.is_good, word.start, word.end, Told.CARRIED)


def _opinions(clause: str, things: Sequence[_Thing], phrases: Sequence[Hit], words: Table) -> list[_Word]:
    """The judging words that no phrase holds already, turned round where something before them does so."""
    taken = [(hit.start, hit.end) for hit in phrases]
    sources: list[tuple[Pattern[str], bool, AspectName | None]] = [(words.good, True, None), (words.bad, False, None)]
    for cues in {thing.cues.name: thing.cues for thing in things}.values():
        if not cues.unless.search(clause):
            sources += [(cues.own_good, True, cues.name), (cues.own_bad, False, cues.name)]
    found = []
    for pattern, is_good, owner in sources:
        for match in pattern.finditer(clause):
            start, end = match.span()
            if start < end and not any(left < end and start < right for left, right in taken):
                turn = words.flipped.search(clause, 0, start)
                found.append(_Word(is_good is (turn is None), turn.start() if turn else start, end, owner))
    return _longest(found)


def _longest(found: Sequence[Found]) -> list[Found]:
    """The longest of those that lie over one another, in their order."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda each: each.start - each.end):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda each: each.start)


def _meant(word: _Word, things: Sequence[_Thing], clause: str, words: Table) -> list[_Thing]:
    """The thing named last before the word with those linked to it, else the first after it."""
    fitting = [thing for thing in things if word.owner in (None, thing.cues.name)]
    ends = [thing.end for thing in fitting]
    last = bisect_right(ends, word.start) - 1
    if last < 0 or word.start - ends[last] > _NEAR:
        after = [thing for thing in fitting if thing.start >= word.end and thing.start - word.end <= _NEAR]
        return after[:1]
    chosen = [fitting[last]]
    for thing in reversed(fitting[:last]):
        if not words.links.match(clause[thing.end : chosen[-1].start]):
            break
        chosen.append(thing)
    return chosen
