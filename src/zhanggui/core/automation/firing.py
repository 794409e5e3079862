"""Which of several rules fire on a thing: those whose conditions hold, but for those that give way to another that fires."""

from collections.abc import Mapping, Sequence

import msgspec

from zhanggui.core.automation.conditions import Outcome, judge
from zhanggui.core.automation.rules import AutoRule
from zhanggui.core.automation.values import Value
from zhanggui.core.deadlines import DeadlineKind


class Fired(msgspec.Struct, frozen=True):
    """A rule that fires on a thing, and what was seen."""

    rule: AutoRule
    outcome: Outcome


def fired(rules: Sequence[AutoRule], on: DeadlineKind, facts: Mapping[str, Value | None]) -> tuple[Fired, ...]:
    """The rules that fire on a thing with this open to-do and these facts, in their order."""
    held = {rule.id: Fired(rule, outcome) for rule in rules for outcome in (judge(rule, on, facts),) if outcome.fires}
    stands: dict[str, bool] = {}
    return tuple(each for each in held.values() if _stands(each.rule, held, stands))


def gives_way(rule: AutoRule, rules: Sequence[AutoRule], on: DeadlineKind, facts: Mapping[str, Value | None]) -> str | None:
    """The id of a rule that fires on the thing and to which this one gives way, whatever this one's own conditions say; None where none does."""
    others = [other for other in rules if other.id != rule.id]
    firing = {each.rule.id for each in fired(others, on, facts)}
    return next((other for other in rule.gives_way_to if other in firing), None)


def _stands(rule: AutoRule, held: Mapping[str, Fired], stands: dict[str, bool]) -> bool:
    """Whether no rule that it gives way to fires; rules that give way in a circle were refused when they were switched on, and then none of them fires."""
    if rule.id not in stands:
        stands[rule.id] = False
        stands[rule.id] = not any(other in held and _stands(held[other].rule, held, stands) for other in rule.gives_way_to)
    return stands[rule.id]
