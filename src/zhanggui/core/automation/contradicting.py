"""Rules that contradict each other: on the same thing both would fire, and they decide the same matter otherwise.

Found on sets of values, so for every thing there may ever be, and not only for those that were tried.
"""

from collections.abc import Mapping, Sequence

import msgspec

from zhanggui.core.automation.conditions import conditions, overlap
from zhanggui.core.automation.deeds import DEEDS, verdict_on
from zhanggui.core.automation.rules import AutoRule, Deed
from zhanggui.core.automation.values import Allowed, Value
from zhanggui.core.deadlines import DeadlineKind


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
    boxes = [(rule, conditions(rule)) for rule in rules]
    found = []
    for at, (rule, box) in enumerate(boxes):
        for other, other_box in boxes[at + 1 :]:
            clash = _clash(rule, box, other, other_box)
            if clash is not None:
                found.append(clash)
    return tuple(found)


def against_itself(rule: AutoRule) -> tuple[Deed, Deed] | None:
    """Two deeds of one rule that decide the same matter otherwise."""
    return _clashing(rule.do, rule.do)


def _clash(one: AutoRule, box: Mapping[str, Allowed], other: AutoRule, other_box: Mapping[str, Allowed]) -> Contradiction | None:
    if other.id in one.gives_way_to or one.id in other.gives_way_to:
        return None
    on = next((kind for kind in one.on if kind in other.on), None)
    deeds = _clashing(one.do, other.do)
    if on is None or deeds is None:
        return None
    both = overlap(box, other_box)
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
