"""Steps of the deadlines of an after-sales case."""

from datetime import datetime

from zhanggui.core.cases.instant import instant_risk
from zhanggui.core.clocks.cases import was_shipped
from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState, DueSource, Step
from zhanggui.core.explain.common import arithmetic_step, rule_steps, start_step
from zhanggui.core.facts import AftersaleFacts, AftersaleKind
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.rules import Question, Rulebook
from zhanggui.core.say import say


def case_steps(deadline: Deadline, case: AftersaleFacts, known: OrderKnowledge | None, rulebook: Rulebook) -> tuple[Step, ...]:
    """What is asked, the start, the platform's own moment where it gives one, the rule, and the arithmetic."""
    rule = rulebook.by_cite(deadline.rule)
    steps = [*_kind_steps(deadline, case, known), start_step(deadline.counts_from, deadline.started_at), *_again(deadline)]
    if deadline.due_source is DueSource.PLATFORM:
        steps.append(Step(say("The platform itself gives the moment, which goes before every rule: {due_at}.", due_at=deadline.due_at), rule.cite))
        return (*steps, *rule_steps(rule, deadline.started_at))
    if rule.counts_from and deadline.counts_from != rule.counts_from[0] and deadline.counts_from in rule.counts_from:
        reason = say("{wanted} is not known, so {event} stands in for it; that is assumed.", wanted=rule.counts_from[0], event=deadline.counts_from)
        steps.append(Step(reason, rule.cite))
    assert rule.term is not None, "a rule that makes a deadline has a term"
    return (
        *steps,
        *rule_steps(rule, deadline.started_at),
        arithmetic_step(rule.term, deadline.started_at, deadline.due_at, rule.cite),
        *_shrunk(deadline, rule.question),
    )


def instant_steps(deadline: Deadline, case: AftersaleFacts, known: OrderKnowledge | None, rulebook: Rulebook, now: datetime) -> tuple[Step, ...]:
    """That the platform may refund before anybody answers, and what keeps it from doing so; for a request that still waits."""
    if deadline.kind is not DeadlineKind.ANSWER_REFUND or deadline.state is not DeadlineState.OPEN or known is None:
        return ()
    is_reported = known.dispatch is not None and known.dispatch.has_label
    risk = instant_risk(case, known, rulebook, now, is_reported=is_reported)
    if risk is None:
        return ()
    return (Step(risk.because, risk.rule), *(() if risk.prevent is None else (Step(risk.prevent),)))


def _kind_steps(deadline: Deadline, case: AftersaleFacts, known: OrderKnowledge | None) -> tuple[Step, ...]:
    kind = case.kind or AftersaleKind.UNKNOWN
    if deadline.kind is not DeadlineKind.ANSWER_REFUND or kind is not AftersaleKind.REFUND_ONLY:
        return (Step(say("The buyer asks for {kind}.", kind=kind)),)
    if was_shipped(case, known):
        return (Step(say("The buyer asks for {kind}, and the goods had been shipped.", kind=kind)),)
    return (Step(say("The buyer asks for {kind}, and the goods had not been shipped.", kind=kind)),)


def _again(deadline: Deadline) -> tuple[Step, ...]:
    if deadline.kind is not DeadlineKind.ANSWER_REFUND or deadline.counts_from != "entered_at":
        return ()
    told = say(
        "The request was made again: it counts from {at}, when the platform showed that, or else when the case was last told of in another turn; "
        "that is assumed.",
        at=deadline.started_at,
    )
    return (Step(told, deadline.rule),)


def _shrunk(deadline: Deadline, question: Question) -> tuple[Step, ...]:
    if deadline.kind is not DeadlineKind.INSPECT_RETURN:
        return ()
    if question is Question.INSPECT_DELIVERED and deadline.counts_from == "as_of":
        reason = say("The return shows as delivered, but no file says when: it was no later than the data that first showed it, so it counts from those.")
        return (Step(reason, deadline.rule),)
    if question is Question.INSPECT_DELIVERED:
        return (Step(say("The return has been delivered, so the shorter term counts."), deadline.rule),)
    return (Step(say("Once the return is delivered the term shrinks; if less was left already, nothing changes."), deadline.rule),)
