"""A changed rule laid over what has been: which clocks would have run otherwise, which would have been missed, and what that would have cost."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from zhanggui.core.clocks import case_deadlines, order_deadlines
from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.rules import Question, Rule, Rulebook

_SHIPS = frozenset({Question.SHIP_BY, Question.SHIP_START, Question.SHIP_ENDS})
_ANSWERS = frozenset({Question.ANSWER_CASE, Question.INSPECT_RETURN, Question.INSPECT_DELIVERED, Question.ANSWER_PLATFORM})


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """One clock as it ran, and as it would have run."""

    now: Deadline
    then: Deadline
    missed_now: bool
    missed_then: bool
    follows: bool = False
    """A pickup that was due by the moment to leave, or would have been: it moves with the order's own clock, which the rule sets."""

    @property
    def cost(self) -> Fen:
        """What the change costs here: what would have been lost beyond what was."""
        return Fen((self.then.at_risk if self.missed_then else 0) - (self.now.at_risk if self.missed_now else 0))


class RuleTrial(msgspec.Struct, frozen=True, kw_only=True):
    """What a changed rule would have done to the clocks of a month."""

    orders: int
    """So many orders were looked at."""
    left_off: bool
    """Whether there were more, which were not."""
    clocks: int
    """So many clocks would have run by the changed rule."""
    missed_now: int
    missed_then: int
    lost_now: Fen
    lost_then: Fen
    changed: tuple[Changed, ...]
    """Those that would have ended otherwise, the dearest first."""


def as_if_always(rule: Rule, since: datetime) -> Rule:
    """The changed rule as if it had held since then already."""
    return msgspec.structs.replace(rule, effective_from=min(rule.effective_from, since), effective_until=None, is_override=True)


def changed_clocks(known: OrderKnowledge, before: Rulebook, after: Rulebook, rule: Rule, now: datetime) -> tuple[Changed, ...]:
    """The clocks of an order and of its cases that would have run by the changed rule, as they ran and as they would have; and pickups that follow them."""
    bare = _without_platform(known, rule)
    was = {_key(each): each for each in _clocks(known, before)}
    would = {_key(each): each for each in _clocks(bare, after)}
    leaves = {then.subject for then in would.values() if then.kind is DeadlineKind.SHIP_BY and then.rule == rule.cite}
    found = []
    for key, then in would.items():
        ran = was.get(key)
        if ran is None:
            continue
        is_set = rule.cite in (then.rule, then.risk_rule)
        if not is_set and not (then.kind is DeadlineKind.PICKUP_BY and then.subject in leaves and then.due_at != ran.due_at):
            continue
        found.append(Changed(now=ran, then=then, missed_now=is_missed(ran, now), missed_then=is_missed(then, now), follows=not is_set))
    return tuple(found)


def trial_of(changed: Iterable[Changed], *, orders: int, left_off: bool, most: int = 50) -> RuleTrial:
    """The clocks of a month that the rule sets, counted; the list holds those that would have ended otherwise."""
    every = tuple(each for each in changed if not each.follows)
    otherwise = sorted((each for each in every if each.missed_now != each.missed_then or each.cost), key=lambda each: (-abs(each.cost), _key(each.then)))
    return RuleTrial(
        orders=orders,
        left_off=left_off,
        clocks=len(every),
        missed_now=sum(each.missed_now for each in every),
        missed_then=sum(each.missed_then for each in every),
        lost_now=Fen(sum(each.now.at_risk for each in every if each.missed_now)),
        lost_then=Fen(sum(each.then.at_risk for each in every if each.missed_then)),
        changed=tuple(otherwise[:most]),
    )


def is_missed(deadline: Deadline, now: datetime) -> bool:
    """Whether it was done too late, or runs on past its moment."""
    return deadline.state is DeadlineState.MISSED or (deadline.state is DeadlineState.OPEN and deadline.due_at < now)


def _key(deadline: Deadline) -> tuple[str, str, str]:
    return deadline.subject.kind.value, deadline.subject.no, deadline.kind.value


def _clocks(known: OrderKnowledge, rulebook: Rulebook) -> tuple[Deadline, ...]:
    return (*order_deadlines(known, rulebook), *(each for case in known.cases for each in case_deadlines(case, known, rulebook)))


def _without_platform(known: OrderKnowledge, rule: Rule) -> OrderKnowledge:
    """The order without the moments that the platform gave by the rule as it was; under the changed one it would have given others."""
    if rule.question in _SHIPS:
        return msgspec.structs.replace(known, order=msgspec.structs.replace(known.order, ship_by=None), lines_ship_by=None)
    if rule.question in _ANSWERS:
        return msgspec.structs.replace(known, cases=tuple(msgspec.structs.replace(case, expire_at=None) for case in known.cases))
    return known
