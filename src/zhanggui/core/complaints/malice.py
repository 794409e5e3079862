"""Signs that a quality refund was asked in bad faith. Signs only: a person reads the case before anything is filed."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from zhanggui.core.abnormal.signs import Sign
from zhanggui.core.complaints.terms import MaliceTerms
from zhanggui.core.facts import MessageFacts, Speaker

_SHOWN = 40


class MaliceKind(StrEnum):
    """What speaks of malice."""

    THREAT = "malice_threat"
    """The buyer threatens."""
    CLUSTER = "malice_cluster"
    """Orders of one receiver, one address or one burst."""
    REPEAT = "malice_repeat"
    """The same masked buyer asks again and again."""


class Malice(msgspec.Struct, frozen=True):
    """One sign, with the words or the number that make it one."""

    kind: MaliceKind
    told: str


def malice_of(messages: Iterable[MessageFacts], signs: Iterable[Sign], repeats: int, terms: MaliceTerms) -> tuple[Malice, ...]:
    """The signs on one order: what its buyer wrote, what it shares with other orders, how often the buyer asked."""
    found = []
    threat = next((each.text for each in messages if each.speaker is Speaker.BUYER and any(word in each.text for word in terms.words)), None)
    if threat is not None:
        found.append(Malice(MaliceKind.THREAT, threat[:_SHOWN]))
    shared = max((sign.orders for sign in signs), default=0)
    if shared:
        found.append(Malice(MaliceKind.CLUSTER, str(shared)))
    if repeats >= terms.repeat_cases:
        found.append(Malice(MaliceKind.REPEAT, str(repeats)))
    return tuple(found)


def chance_with(base: float, signs: int, terms: MaliceTerms) -> float:
    """The chance to win with so many signs; none without any."""
    return min(terms.most_chance, base * terms.times_per_sign ** (signs - 1)) if signs > 0 else 0.0
