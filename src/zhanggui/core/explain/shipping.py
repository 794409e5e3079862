"""Steps of the ship-by deadline."""

from datetime import timedelta

from zhanggui.core.clocks.shipping import start_of, way_of
from zhanggui.core.deadlines import Deadline, DueSource, Step
from zhanggui.core.explain.common import arithmetic_step, rule_steps, source_step, start_step
from zhanggui.core.facts import OrderFacts
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.rules import Question, Rule, Rulebook
from zhanggui.core.say import Say, say


def ship_steps(deadline: Deadline, known: OrderKnowledge, rulebook: Rulebook) -> tuple[Step, ...]:
    """Start, way of shipping, source, rule, arithmetic, holds, and what ends it."""
    rule = rulebook.by_cite(deadline.rule)
    return (
        *_start_steps(deadline, known, rulebook),
        *_way_steps(deadline, known),
        source_step(deadline),
        *rule_steps(rule, deadline.started_at),
        _sum(deadline, known, rulebook),
        *_hold_steps(known.order, deadline, rulebook),
        *_end_steps(deadline, rulebook),
    )


def _start_steps(deadline: Deadline, known: OrderKnowledge, rulebook: Rulebook) -> tuple[Step, ...]:
    start = start_of(known.order, rulebook)
    if start is None:
        return (Step(say("No event is known from which a term could count; only the platform's own moment is.")),)
    name, at, stands_in = start
    rule = rulebook.in_force(Question.SHIP_START, at=at)
    if deadline.counts_from == "ship_by":
        return (Step(say("The moment given lies before {event} ({at}), so no term is counted from that.", event=name, at=at)),)
    cite = None if rule is None else rule.cite
    if not stands_in or rule is None:
        return (start_step(name, at, cite),)
    reason = say("{wanted} is not known, so {event} stands in for it; that is assumed.", wanted=rule.counts_from[0], event=name)
    return (start_step(name, at, cite), Step(reason, cite))


def _way_steps(deadline: Deadline, known: OrderKnowledge) -> tuple[Step, ...]:
    if deadline.due_source is DueSource.PLATFORM:
        return ()
    if known.order.shipping_kind is None:
        return (Step(say("The data do not say how the goods are shipped; they are taken as spot goods.")),)
    return (Step(say("The goods are shipped as {way}.", way=way_of(known.order))),)


def _sum(deadline: Deadline, known: OrderKnowledge, rulebook: Rulebook) -> Step:
    rule = rulebook.by_cite(deadline.rule)
    if deadline.due_source is DueSource.PLATFORM and known.order.ship_by is None:
        return Step(say("The order's lines have a ship-by of their own; the latest counts: {due_at}.", due_at=deadline.due_at), rule.cite)
    if rule.question is Question.PROMISED:
        hours = int((deadline.due_at - deadline.started_at) / timedelta(hours=1))
        return Step(say("{start} + {hours} h = {due_at}.", start=deadline.started_at, hours=hours, due_at=deadline.due_at), rule.cite)
    assert rule.term is not None, "a rule that makes a deadline has a term"
    return arithmetic_step(rule.term, deadline.started_at, deadline.due_at, rule.cite)


def _hold_steps(order: OrderFacts, deadline: Deadline, rulebook: Rulebook) -> tuple[Step, ...]:
    steps = []
    for hold, holds in (("under_review", order.under_review), ("on_hold", order.on_hold)):
        rule = rulebook.in_force(Question.MAY_SHIP, at=deadline.started_at, hold=hold) if holds else None
        if rule is not None:
            steps.append(Step(_held(hold, rule), rule.cite))
    return tuple(steps)


def _held(hold: str, rule: Rule) -> Say:
    if rule.clock_runs:
        return say("{hold}: it must not be shipped. No source says that the term pauses, so it runs on.", hold=hold)
    return say("{hold}: it must not be shipped, and the term pauses. By how much is not known, so the moment shown is the earliest it can be.", hold=hold)


def _end_steps(deadline: Deadline, rulebook: Rulebook) -> tuple[Step, ...]:
    rule = rulebook.in_force(Question.SHIP_ENDS, at=deadline.started_at)
    if rule is None:
        return ()
    if "picked_up" in rule.counts_to:
        return (Step(say("Two things end it: the number uploaded, and the carrier's pickup scan, both by then."), rule.cite),)
    return (Step(say("The uploaded tracking number ends it."), rule.cite),)
