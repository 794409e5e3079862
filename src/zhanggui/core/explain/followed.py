"""Steps of the deadlines of what is followed up: a chase, a recall, a claim, a change of number, and whatever else a person began about an order."""

from collections.abc import Sequence

from zhanggui.core.deadlines import Deadline, DeadlineKind, Step
from zhanggui.core.explain.common import plain_steps, rule_steps, start_step, state_steps
from zhanggui.core.rules import NoSuchRule, Rulebook
from zhanggui.core.say import say


def followed_steps(deadline: Deadline, rulebook: Rulebook) -> Sequence[Step]:
    """What it counts from, the rule, the arithmetic or the moment that somebody chose, what is awaited, and what is at stake."""
    try:
        rule = rulebook.by_cite(deadline.rule)
    except NoSuchRule:  # a rule of the shop's own that it has taken away since
        return (start_step(deadline.counts_from, deadline.started_at), *state_steps(deadline))
    is_by_rule = rule.term is not None and deadline.started_at + rule.term.length == deadline.due_at
    if is_by_rule:
        steps = [*plain_steps(deadline, rulebook)]
    else:
        chosen = (
            say("The moment was named to the buyer: {due_at}.", due_at=deadline.due_at)
            if deadline.kind is DeadlineKind.KEEP_PROMISE
            else say("The moment to look again was chosen or told, which goes before the rule: {due_at}.", due_at=deadline.due_at)
        )
        steps = [start_step(deadline.counts_from, deadline.started_at), *rule_steps(rule, deadline.started_at), Step(chosen, rule.cite)]
    stake = (
        say("At stake with it: {sum_fen}.", sum_fen=deadline.at_risk)
        if deadline.at_risk
        else say("It puts no money at risk beyond what the order's own to-dos hold.")
    )
    return (*steps, *state_steps(deadline), Step(stake, deadline.risk_rule))
