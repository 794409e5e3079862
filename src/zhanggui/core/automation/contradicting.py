"""Rules that contradict each other: on the same thing both would fire, and they decide the same matter otherwise.

Found on sets of values, so for every thing there may ever be, and not only for those that were tried.
"""

from collections.abc import Mapping, Sequence

import msgspec

from zhanggui.core.automation.conditions import boxes, overlap
from zhanggui.core.automation.deeds import DEEDS, verdict_on
from zhanggui.core.automation.rules import AutoRule, Deed
from zhanggui.core.automation.values import Allowed, Value
from zhanggui.core.deadlines import DeadlineKind

_Box = Mapping[str, Allowed]


class Contradiction(msgspec.Struct, frozen=True, kw_only=True):
    """Two rules that meet, the deeds that contradict each other, and a thing on which they would."""

    one: str
    other: str
    deed: Deed
    against: Deed
    on: DeadlineKind
    example: Mapping[str, Value]
    """Facts on which both fire; what is not named may be anything."""


def contradictions(rules: Sequence[AutoRule]) -> tuple[Contradiction, ...]:
    """Every two of these rules that contradict each other. One that gives way to the other does not."""
    ways = [(rule, boxes(rule)) for rule in rules]
    found = []
    for at, (rule, own) in enumerate(ways):
        for other, others in ways[at + 1 :]:
            clash = _clash(rule, own, other, others)
            if clash is not None:
                found.append(clash)
    return tuple(found)


def against_itself(rule: AutoRule) -> tuple[Deed, Deed] | None:
    """Two deeds of one rule that decide the same matter otherwise."""
    return _clashing(rule.do, rule.do)


def _clash(one: AutoRule, ways: Sequence[_Box], other: AutoRule, other_ways: Sequence[_Box]) -> Contradiction | None:
    if other.id in one.gives_way_to or one.id in other.gives_way_to:
        return None
    on = next((kind for kind in one.on if kind in other.on), None)
    deeds = _clashing(one.do, other.do)
    if on is None or deeds is None:
        return None
    both = next((met for box in ways for other_box in other_ways if (met := overlap(box, other_box)) is not None), None)
    if both is None:
        return None
    example = {name: told.example() for name, told in both.items()}
    return Contradiction(one=one.id, other=other.id, deed=deeds[0], against=deeds[1], on=on, example=example)


def _clashing(some: Sequence[Deed], others: Sequence[Deed]) -> tuple[Deed, Deed] | None:
    for deed in some:
        matter = DEEDS[deed.act].decides
        for other in others:
            if matter and matter == DEEDS[other.act].decides and verdict_on(deed) != verdict_on(other):
                return deed, other
    return None
