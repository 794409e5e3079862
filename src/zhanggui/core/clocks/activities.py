"""The deadlines of an enrolment: its deposit, and the last moment to leave without loss."""

from datetime import datetime

import msgspec

from zhanggui.core.activities.enrolment import Clocks
from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState, DueSource, Subject, SubjectKind
from zhanggui.core.money import Fen
from zhanggui.core.rules import Rule
from zhanggui.core.say import Say, say


class Enrolled(msgspec.Struct, frozen=True, kw_only=True):
    """An enrolment as far as its clocks need it."""

    enrolment_no: int
    made_at: datetime
    starts_at: datetime
    deposit_paid: bool
    is_on: bool
    """Whether the shop still means to take part."""


def enrolment_deadlines(enrolled: Enrolled, clocks: Clocks, now: datetime) -> tuple[Deadline, ...]:
    """What is still to be done or decided. Nothing of one that was left, and nothing once it has begun."""
    if not enrolled.is_on or now >= enrolled.starts_at:
        return ()
    found = []
    if clocks.deposit_by is not None and clocks.deposit_rule is not None and not enrolled.deposit_paid:
        because = say("The activity begins at {at}; its deposit is not paid.", at=enrolled.starts_at)
        if not clocks.is_sure:
            because = say(
                "The activity begins at {at}; its deposit is not paid. The working days of that year are not known here: be early.", at=enrolled.starts_at
            )
        found.append(_deadline(enrolled, DeadlineKind.PAY_DEPOSIT, clocks.deposit_by, clocks.deposit_rule, because))
    if clocks.withdraw_by is not None and clocks.withdraw_rule is not None and now < clocks.withdraw_by:
        because = say("The activity begins at {at}; whoever leaves later loses the deposit.", at=enrolled.starts_at)
        found.append(_deadline(enrolled, DeadlineKind.WITHDRAW_BY, clocks.withdraw_by, clocks.withdraw_rule, because))
    return tuple(found)


def _deadline(enrolled: Enrolled, kind: DeadlineKind, due_at: datetime, rule: Rule, because: Say) -> Deadline:
    return Deadline(
        subject=Subject(SubjectKind.ENROLMENT, str(enrolled.enrolment_no)),
        kind=kind,
        state=DeadlineState.OPEN,
        counts_from="starts_at",
        started_at=enrolled.made_at,
        due_at=due_at,
        due_source=DueSource.SHOP if rule.is_override else DueSource.RULEBOOK,
        rule=rule.cite,
        basis=rule.basis,
        at_risk=Fen(0),
        because=because,
    )
