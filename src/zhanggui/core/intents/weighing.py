"""How what the words tell, what was learnt and what went before are weighed against each other: a chance for every want, from a handful of numbers."""

from collections.abc import Mapping, Sequence
from math import exp, log

import msgspec

from zhanggui.core.intents.kinds import WANTS, Intent, Source, Span, Wanted
from zhanggui.core.intents.reading import STRONG, Words

_FARTHEST = 6.0
MOST = 3
"""A message asks for no more things than this; whoever reads more has guessed."""

_NOT_BOTH = {Intent.REFUND: Intent.CHASE_REFUND, Intent.CHASE_REFUND: Intent.REFUND}
"""Who asks where the money stays speaks of a refund too: the likelier of both is meant."""

Votes = Mapping[Intent, float]
"""For each want the logarithm of the odds that something learnt gives it."""


class Weights(msgspec.Struct, frozen=True):
    """The numbers by which is weighed: of every want alike, and of `other`. In the order of `signs_of` and `signs_of_other`."""

    wants: tuple[float, ...]
    other: tuple[float, ...]
    sure: float = 0.9
    """From so much on a want is sure enough to act on."""
    also: float = 0.5
    """From so much on a want counts beside the first."""


def signs_of(intent: Intent, words: Words, votes: Sequence[Votes], topic: Mapping[Intent, float]) -> tuple[float, ...]:
    """What speaks for and against this want, as numbers."""
    hit = words.hits.get(intent)
    own = 0.0 if hit is None else hit.strength
    others = any(each is not intent and found.strength == STRONG for each, found in words.hits.items())
    spoken = 0.0 if own == STRONG or words.answers else topic.get(intent, 0.0)
    strongest = max(topic.values(), default=0.0)
    return (
        1.0,
        float(own == STRONG),
        float(0 < own < STRONG),
        float(others and own < STRONG),
        float(others and own == STRONG),
        float(words.answers),
        spoken if words.asks else 0.0,
        0.0 if words.asks else spoken,
        float(bool(spoken) and spoken == strongest),
        spoken if others else 0.0,
        spoken if words.leaves_open else 0.0,
        *(value for each in votes for value in (_bound(each[intent]), _lead(each, intent))),
    )


def signs_of_other(words: Words, votes: Sequence[Votes], topic: Mapping[Intent, float]) -> tuple[float, ...]:
    """What speaks for and against that a message carries no want."""
    strong = any(hit.strength == STRONG for hit in words.hits.values())
    spoken = max(topic.values(), default=0.0)
    return (
        1.0,
        float(strong),
        float(bool(words.hits) and not strong),
        float(words.answers),
        spoken if words.asks and not words.answers else 0.0,
        spoken if not (words.asks or words.answers) else 0.0,
        float(words.asks),
        spoken if words.leaves_open else 0.0,
        log(1 + len(words.clean.text)),
        *(value for each in votes for value in (_bound(each[Intent.OTHER]), _lead(each, Intent.OTHER))),
    )


def chances(words: Words, votes: Sequence[Votes], topic: Mapping[Intent, float], weights: Weights) -> dict[Intent, float]:
    """For every want the chance that the message carries it."""
    found = {intent: _share(weights.wants, signs_of(intent, words, votes, topic)) for intent in WANTS}
    return found | {Intent.OTHER: _share(weights.other, signs_of_other(words, votes, topic))}


def wanted(words: Words, found: Mapping[Intent, float], weights: Weights, told: Mapping[Intent, tuple[Span, ...]]) -> tuple[Wanted, ...]:
    """What is wanted, the likeliest first. Where nothing is sure, one first guess that says so. `told` are the characters by which what was learnt decided."""
    ranked = sorted(found, key=lambda intent: -found[intent])
    first = ranked[0]
    chosen = [first, *(intent for intent in ranked[1:] if found[intent] >= weights.also and Intent.OTHER not in (intent, first))][:MOST]
    if len(chosen) > 1:
        chosen = [intent for intent in chosen if intent is not Intent.THANKS] or chosen
    chosen = [intent for intent in chosen if _NOT_BOTH.get(intent) not in chosen or found[intent] > found[_NOT_BOTH[intent]]]
    return tuple(_one(intent, found[intent], words, weights, told) for intent in chosen)


def _one(intent: Intent, chance: float, words: Words, weights: Weights, told: Mapping[Intent, tuple[Span, ...]]) -> Wanted:
    hit = words.hits.get(intent)
    if hit is not None and hit.strength == STRONG:
        spans, source = hit.spans, Source.WORDS
    elif intent is Intent.OTHER and words.answers:
        spans, source = (), Source.WORDS
    else:
        spans, source = told.get(intent, ()) or (() if hit is None else hit.spans), Source.LEARNT
    return Wanted(intent, round(chance, 2), chance >= weights.sure, spans, source)


def _share(weights: Sequence[float], signs: Sequence[float]) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, sum(weight * sign for weight, sign in zip(weights, signs, strict=True))))))


def _bound(value: float) -> float:
    return max(-_FARTHEST, min(_FARTHEST, value))


def _lead(votes: Votes, intent: Intent) -> float:
    """By how much this want leads all others, or is behind the first."""
    return _bound(votes[intent] - max(value for each, value in votes.items() if each is not intent))
