"""Steps that every explanation shares."""

from datetime import datetime, timedelta

from zhanggui.core.deadlines import Deadline, DeadlineState, DueSource, Step
from zhanggui.core.rules import Rule, Rulebook, Term
from zhanggui.core.say import Say, say

_NEAR = timedelta(days=366)


def start_step(name: str, at: datetime, cites: str | None = None) -> Step:
    """The event the term counts from."""
    return Step(say("It counts from {event}: {at}.", event=name, at=at), cites)


def rule_steps(rule: Rule, at: datetime) -> tuple[Step, ...]:
    """What the rule rests on: source, grade, and the marks of doubt it carries. A rough beginning matters only near it."""
    steps = [Step(say("The rule rests on: {source} (grade {grade}, {basis}; checked {checked}).", **_source(rule)), rule.cite)]
    if rule.is_override:
        steps.append(Step(say("It is the shop's own rule, laid over the rulebook."), rule.cite))
    if rule.from_is_approximate and at - rule.effective_from < _NEAR:
        steps.append(Step(say("When it came into force is only known approximately; {day} is taken.", day=rule.version.isoformat()), rule.cite))
    return tuple(steps)


def arithmetic_step(term: Term, start: datetime, due_at: datetime, cites: str | None) -> Step:
    """The sum that leads from the start to the due moment."""
    return Step(_arithmetic(term, start, due_at), cites)


def plain_steps(deadline: Deadline, rulebook: Rulebook) -> tuple[Step, ...]:
    """Start, rule and arithmetic of a deadline that is nothing but a term from one event."""
    rule = rulebook.by_cite(deadline.rule)
    steps = [start_step(deadline.counts_from, deadline.started_at), *rule_steps(rule, deadline.started_at)]
    if rule.hours_of_day and rule.term is not None:
        periods = ", ".join(f"{start}–{end}" for start, end in rule.hours_of_day)
        steps.append(
            Step(
                say("What is asked at these times of the day counts at once, anything else from when they begin again: {periods}.", periods=periods), rule.cite
            )
        )
        minutes = int(rule.term.length / timedelta(minutes=1))
        moved = say("{start}, {minutes} min counted so: {due_at}.", start=deadline.started_at, minutes=minutes, due_at=deadline.due_at)
        steps.append(Step(moved, rule.cite))
    elif rule.term is not None:
        steps.append(arithmetic_step(rule.term, deadline.started_at, deadline.due_at, rule.cite))
    return tuple(steps)


def source_step(deadline: Deadline) -> Step:
    """Which of the sources of a due moment spoke, and which were silent before it."""
    match deadline.due_source:
        case DueSource.PLATFORM:
            sentence = say("The platform itself gives the moment, which goes before every rule: {due_at}.", due_at=deadline.due_at)
        case DueSource.SHOP:
            sentence = say("The platform gives no moment of its own; the shop's own word comes next and decides.")
        case DueSource.LEARNT:
            sentence = say("Neither the platform nor the shop gives a term; other orders of the same product tell it.")
        case DueSource.RULEBOOK:
            sentence = say("Neither the platform, nor the shop, nor other orders of the product give a term; the rulebook decides.")
    return Step(sentence, deadline.rule)


def state_steps(deadline: Deadline) -> tuple[Step, ...]:
    """Whether it is met, and by how much."""
    steps = [] if deadline.because is None else [Step(deadline.because)]
    if deadline.closed_at is not None:
        steps.append(Step(_closed(deadline.closed_at, deadline.due_at)))
    elif deadline.state is DeadlineState.OPEN and deadline.because is None:
        steps.append(Step(say("Nothing we know has ended it: it is open.")))
    return tuple(steps)


def basis_step(deadline: Deadline) -> Step:
    """What the due moment rests on, all in all: no more than the weakest of what it was made from."""
    return Step(say("Taken together, this moment is {basis}.", basis=deadline.basis), deadline.rule)


def age_step(as_of: datetime, now: datetime) -> Step:
    """How old the facts are."""
    minutes = max(int((now - as_of) / timedelta(minutes=1)), 0)
    if minutes == 0:
        return Step(say("The facts are from {as_of}, just now.", as_of=as_of))
    return Step(say("The facts are from {as_of}, {hours} h {minutes} min ago.", as_of=as_of, hours=minutes // 60, minutes=minutes % 60))


def _closed(closed_at: datetime, due_at: datetime) -> Say:
    seconds = abs(int((closed_at - due_at).total_seconds()))
    spans = {"hours": seconds // 3600, "minutes": seconds // 60 % 60, "seconds": seconds % 60}
    if closed_at > due_at:
        return say("Done at {closed_at}, {hours} h {minutes} min {seconds} s too late.", closed_at=closed_at, **spans)
    return say("Done at {closed_at}, with {hours} h {minutes} min {seconds} s to spare.", closed_at=closed_at, **spans)


def _arithmetic(term: Term, start: datetime, due_at: datetime) -> Say:
    if term.field is not None:
        return say("The moment is given, so nothing is added: {due_at}.", due_at=due_at)
    if term.end_of_day:
        return say("{start}, to the end of that day: {due_at}.", start=start, due_at=due_at)
    seconds = int(term.length.total_seconds())
    if seconds % 3600:
        return say("{start} + {minutes} min = {due_at}.", start=start, minutes=seconds // 60, due_at=due_at)
    return say("{start} + {hours} h = {due_at}.", start=start, hours=seconds // 3600, due_at=due_at)


def _source(rule: Rule) -> dict[str, str]:
    return {"source": rule.source, "grade": rule.grade.value, "basis": rule.basis, "checked": rule.checked.isoformat()}
