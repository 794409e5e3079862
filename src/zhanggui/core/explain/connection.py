"""Steps that explain the deadline to authorise again."""

from zhanggui.core.clocks.connection import SHARE, ending, renewal_rule
from zhanggui.core.connection import Authorisation
from zhanggui.core.deadlines import Deadline, Step
from zhanggui.core.explain.common import rule_steps, start_step
from zhanggui.core.rules import Rulebook
from zhanggui.core.say import say


def authorisation_steps(deadline: Deadline, granted: Authorisation, rulebook: Rulebook) -> tuple[Step, ...]:
    """What was granted, until when, and how long before that it is renewed."""
    start = start_step(deadline.counts_from, deadline.started_at)
    if granted.lapsed_at is not None:
        return (start, *(() if granted.lapse is None else (Step(granted.lapse),)))
    rule, end = renewal_rule(granted, rulebook), ending(granted, rulebook)
    steps = [start]
    if end.rule is None:
        steps.append(Step(say("The platform told the end with the token: {ends_at}.", ends_at=end.ends_at)))
    else:
        steps += rule_steps(end.rule, granted.granted_at)
        steps.append(Step(say("The platform told no end, so the usual term is taken: it ends at {ends_at}.", ends_at=end.ends_at), end.rule.cite))
    steps += rule_steps(rule, granted.granted_at)
    if rule.term is not None and end.ends_at - deadline.due_at < rule.term.length:
        steps.append(Step(say("The grant is short, so it is renewed when one part in {share} of it is left: {due_at}.", share=SHARE, due_at=deadline.due_at)))
    elif rule.term is not None:
        days = rule.term.length.days
        steps.append(Step(say("{ends_at} − {days} days = {due_at}.", ends_at=end.ends_at, days=days, due_at=deadline.due_at), rule.cite))
    return tuple(steps)
