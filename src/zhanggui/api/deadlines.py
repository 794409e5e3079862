"""Deadlines and to-dos as programs are told of them, with the fields of `zhanggui todo --json`."""

import msgspec

from zhanggui.actions.views import TodoItem
from zhanggui.api.asked import Asked
from zhanggui.api.units import At, FenOut, MaybeAt, Said
from zhanggui.core.deadlines import Deadline, Explanation
from zhanggui.core.verdicts import Verdict


class DeadlineOut(msgspec.Struct, frozen=True, kw_only=True):
    """One obligation: until when, counted from what, by which rule, and what missing it costs."""

    subject: str
    no: str
    kind: str
    state: str
    counts_from: str
    started_at: At
    due_at: At
    due_source: str
    rule: str
    basis: str
    at_risk_fen: FenOut
    risk_rule: str | None
    closed_at: MaybeAt
    because: str | None
    order_no: str | None


class StepOut(msgspec.Struct, frozen=True):
    """One step of how a deadline came about, and the rule it rests on."""

    said: Said
    cites: str | None


class ExplainedOut(msgspec.Struct, frozen=True):
    """A deadline and how it came about."""

    deadline: DeadlineOut
    steps: tuple[StepOut, ...]


class MessageDraft(msgspec.Struct, frozen=True):
    """A message drafted for the buyer. A person looks at it first."""

    script: str
    zh: str
    en: str


class VerdictOut(msgspec.Struct, frozen=True, kw_only=True):
    """The next act and its reasons."""

    act: str
    next_step: Said
    because: tuple[str, ...]
    check: tuple[str, ...]
    cites: tuple[str, ...]
    confirm: bool
    until: MaybeAt
    runner_up: str | None
    message: MessageDraft | None


class TodoOut(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do: how urgent, what it costs to leave it, the next step and its reasons."""

    band: str
    order_no: str | None
    title: str | None
    deadline: DeadlineOut
    seconds_left: int
    expected_loss_fen: FenOut
    verdict: VerdictOut
    data_as_of: At
    data_is_stale: bool
    mark: str | None
    link: str | None


def deadline_out(asked: Asked, deadline: Deadline) -> DeadlineOut:
    """The deadline for a program."""
    return DeadlineOut(
        subject=deadline.subject.kind.value,
        no=deadline.subject.no,
        kind=deadline.kind.value,
        state=deadline.state.value,
        counts_from=deadline.counts_from,
        started_at=deadline.started_at,
        due_at=deadline.due_at,
        due_source=deadline.due_source.value,
        rule=deadline.rule,
        basis=deadline.basis.value,
        at_risk_fen=deadline.at_risk,
        risk_rule=deadline.risk_rule,
        closed_at=deadline.closed_at,
        because=asked.said(deadline.because),
        order_no=deadline.order_no,
    )


def explained_out(asked: Asked, explanation: Explanation) -> ExplainedOut:
    """The explanation for a program."""
    steps = tuple(StepOut(asked.words.render(step.say), step.cites) for step in explanation.steps)
    return ExplainedOut(deadline_out(asked, explanation.deadline), steps)


def verdict_out(asked: Asked, verdict: Verdict) -> VerdictOut:
    """The verdict for a program."""
    render = asked.words.render
    return VerdictOut(
        act=verdict.act.value,
        next_step=render(verdict.headline),
        because=tuple(map(render, verdict.because)),
        check=tuple(map(render, verdict.check)),
        cites=verdict.cites,
        confirm=verdict.confirm,
        until=verdict.until,
        runner_up=None if verdict.runner_up is None else verdict.runner_up.value,
        message=None if verdict.message is None else MessageDraft(verdict.message.script, verdict.message.zh, verdict.message.en),
    )


def todo_out(asked: Asked, item: TodoItem) -> TodoOut:
    """The to-do for a program."""
    return TodoOut(
        band=item.band.name.lower(),
        order_no=item.deadline.order_no,
        title=item.title,
        deadline=deadline_out(asked, item.deadline),
        seconds_left=int((item.deadline.due_at - asked.now).total_seconds()),
        expected_loss_fen=item.expected_loss,
        verdict=verdict_out(asked, item.verdict),
        data_as_of=item.data_as_of,
        data_is_stale=item.data_is_stale,
        mark=None if item.mark is None else item.mark.mark,
        link=item.link,
    )
