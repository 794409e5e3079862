"""The deadlines of a complaint: to file it, then to hear of it."""

from datetime import datetime, timedelta

import msgspec

from zhanggui.core.complaints.states import LIVE_COMPLAINTS, ComplaintKind, ComplaintState
from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState, DueSource, Subject, SubjectKind
from zhanggui.core.moments import shanghai_day, start_of_day
from zhanggui.core.money import Fen
from zhanggui.core.rules import Question, Rule, Rulebook, Term
from zhanggui.core.say import Say, say
from zhanggui.core.working_time import UnknownYear

AWAITED = say("It has been filed; the platform's answer is awaited.")


class ComplaintFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the deadlines of a complaint depend on."""

    complaint_no: int
    kind: ComplaintKind
    order_no: str | None
    state: ComplaintState
    noticed_at: datetime
    """What its term counts from: the refund, the return, the deduction, or when somebody noticed."""
    stepped_at: datetime
    """When it came to the state it is in."""
    at_stake: Fen
    because: Say | None = None
    due: datetime | None = None
    """A moment that somebody knows better than the rule."""


def complaint_deadlines(complaint: ComplaintFacts, rulebook: Rulebook) -> tuple[Deadline, ...]:
    """The one deadline that runs, by the state of the complaint; none once it is over, and none where no rule sets a term."""
    if complaint.state not in LIVE_COMPLAINTS:
        return ()
    if complaint.state is ComplaintState.TO_FILE:
        rule = rulebook.in_force(Question.COMPLAIN_BY, at=complaint.noticed_at, complaint=complaint.kind.value)
        return _deadline(complaint, DeadlineKind.COMPLAIN_BY, rule, "noticed_at", complaint.noticed_at, complaint.because, complaint.due, rulebook)
    rule = rulebook.in_force(Question.COMPLAINT_ANSWER, at=complaint.stepped_at, complaint=complaint.kind.value)
    return _deadline(complaint, DeadlineKind.COMPLAINT_ANSWER, rule, "stepped_at", complaint.stepped_at, AWAITED, None, rulebook)


def _deadline(
    complaint: ComplaintFacts,
    kind: DeadlineKind,
    rule: Rule | None,
    counts_from: str,
    started_at: datetime,
    because: Say | None,
    due: datetime | None,
    rulebook: Rulebook,
) -> tuple[Deadline, ...]:
    if rule is None or rule.term is None:
        return ()
    due_at = _due(rule.term, started_at, rulebook) if due is None else due
    return (
        Deadline(
            subject=Subject(SubjectKind.COMPLAINT, str(complaint.complaint_no)),
            kind=kind,
            state=DeadlineState.OPEN,
            counts_from=counts_from,
            started_at=min(started_at, due_at),
            due_at=due_at,
            due_source=DueSource.SHOP if rule.is_override or due is not None else DueSource.RULEBOOK,
            rule=rule.cite,
            basis=rule.basis,
            at_risk=complaint.at_stake,
            risk_rule=None,
            because=because,
            order_no=complaint.order_no,
        ),
    )


def _due(term: Term, started_at: datetime, rulebook: Rulebook) -> datetime:
    """The end of the last working day, where the term is told in those and the calendar of that year is known; else so many days on."""
    if term.working_days:
        try:
            last = rulebook.calendar.add_working_days(shanghai_day(started_at), term.working_days)
        except UnknownYear:
            return started_at + term.length
        return start_of_day(last + timedelta(days=1))
    return started_at + term.length
