"""What the words of a message tell, without anything learnt: for each want whether strong or weak words stand there, and where."""

import re
from collections.abc import Mapping, Sequence
from re import Pattern

import msgspec

from zhanggui.core.intents.cleaning import Clean, clean
from zhanggui.core.intents.kinds import Intent, Said, Span, Speaker
from zhanggui.core.intents.table import Cues, table

STRONG, WEAK = 1.0, 0.4
_SHORT = 16
"""Up to so many characters a message may be a short answer; the pattern for them looks at every way to part it."""
_QUESTION = re.compile(r"[?吗么呢]|什么|怎么|咋|啥|哪|多久|几|为何|谁|能不能|可不可以|是不是|有没有|能否|不$|没$", re.MULTILINE)
_FADES = 0.6
"""How much less a message counts for each that came after it."""
_FARTHEST = 6
_GOES_ON: Mapping[Intent, Mapping[Intent, float]] = {Intent.THANKS: {}, Intent.REFUND: {Intent.CHASE_REFUND: 1.0, Intent.REFUND: 0.7}}
"""How talk goes on after a want: who asked for the money asks next where it stays; after thanks nothing does."""
_OF_REP = 0.4
"""What the rep speaks of is less often what the buyer wants."""


class Hit(msgspec.Struct, frozen=True):
    """How strongly words tell a want, and where they stand."""

    strength: float
    spans: tuple[Span, ...]


class Words(msgspec.Struct, frozen=True):
    """What the words of one message tell."""

    clean: Clean
    hits: Mapping[Intent, Hit]
    answers: bool
    """Whether the whole message is an answer, a greeting, a number or a sign."""
    asks: bool
    """Whether it is a question."""
    leaves_open: bool
    """Whether it asks without saying what for: what was spoken of before tells."""


def words_of(message: str) -> Words:
    """What the words of the message tell."""
    cleaned = clean(message, table().slips)
    answers = is_answer(cleaned.text)
    hits = {} if answers else {cues.intent: hit for cues in table().cues if (hit := _hit(cleaned, cues)) is not None}
    return Words(cleaned, hits, answers, bool(_QUESTION.search(cleaned.text)), not answers and bool(table().open.search(cleaned.text)))


def is_answer(text: str) -> bool:
    """Whether this cleaned text asks nothing by itself: nothing, a greeting, a yes, a number, a link."""
    plain = text.strip("?!\n")
    if len(plain) <= 1:
        return True
    if table().long.fullmatch(plain):
        return True
    parts = [part for part in re.split(r"[\n?!]+", plain) if part]
    return len(plain) <= _SHORT and all(len(part) <= 1 or table().short.fullmatch(part) for part in parts)


def topics(before: Sequence[Said]) -> Mapping[Intent, float]:
    """What was spoken of before, the latest most: up to 1 for each want."""
    found: dict[Intent, float] = {}
    weight = 1.0
    for said in list(before)[: -_FARTHEST - 1 : -1]:
        words = words_of(said.text)
        for intent, hit in words.hits.items():
            share = hit.strength * weight * (1.0 if said.by is Speaker.BUYER else _OF_REP)
            for spoken, part in _GOES_ON.get(intent, {intent: 1.0}).items():
                found[spoken] = max(found.get(spoken, 0.0), part * share)
        if not words.answers:
            weight *= _FADES
    return found


def _hit(cleaned: Clean, cues: Cues) -> Hit | None:
    strong = _spans(cleaned, cues.strong, cues.unless)
    if strong:
        return Hit(STRONG, strong)
    weak = () if cues.weak is None else _spans(cleaned, cues.weak, cues.unless)
    return Hit(WEAK, weak) if weak else None


def _spans(cleaned: Clean, pattern: Pattern[str], unless: Pattern[str] | None) -> tuple[Span, ...]:
    found = []
    for match in pattern.finditer(cleaned.text):
        start, end = match.span()
        if start < end and (unless is None or unless.search(cleaned.part_around(start, end)) is None):
            found.append(cleaned.span(start, end))
    return tuple(found)
