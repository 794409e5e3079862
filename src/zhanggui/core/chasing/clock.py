"""When a chase is looked at again: some time after the message, while any of its parcels still stands."""

from datetime import datetime

import msgspec

from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState, DueSource, Subject, SubjectKind
from zhanggui.core.money import Fen
from zhanggui.core.rules import Question, Rule, Rulebook
from zhanggui.core.say import say

ALL_MOVED = say("Every parcel of it has moved or is settled.")
ANSWERED = say("Somebody settled it with the carrier.")


class ChaseFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the deadline of a chase depends on."""

    chase_no: int
    sent_at: datetime
    """When the last message went out."""
    check_at: datetime | None
    """When to look again, where a person chose it."""
    carrier: str
    branch: str
    parcels: int
    waiting: int
    """Parcels that have not moved since and that nobody settled."""
    is_closed: bool = False
    order_no: str | None = None
    """The order, where it is about one alone."""


def chase_rule(at: datetime, rulebook: Rulebook) -> Rule | None:
    """The rule that says when to ask again."""
    return rulebook.in_force(Question.CHASE_AGAIN, at=at)


def chase_deadlines(chase: ChaseFacts, rulebook: Rulebook) -> tuple[Deadline, ...]:
    """The deadline to look again, open while something waits."""
    rule = chase_rule(chase.sent_at, rulebook)
    if rule is None or rule.term is None:
        return ()
    is_over = chase.is_closed or chase.waiting == 0
    waits = say("{waiting} of {parcels} parcels have not moved since {carrier} was asked.", waiting=chase.waiting, parcels=chase.parcels, carrier=chase.carrier)
    return (
        Deadline(
            subject=Subject(SubjectKind.CHASE, str(chase.chase_no)),
            kind=DeadlineKind.CHASE_AGAIN,
            state=DeadlineState.MET if is_over else DeadlineState.OPEN,
            counts_from="sent_at",
            started_at=chase.sent_at,
            due_at=chase.check_at or chase.sent_at + rule.term.length,
            due_source=DueSource.SHOP if rule.is_override or chase.check_at is not None else DueSource.RULEBOOK,
            rule=rule.cite,
            basis=rule.basis,
            at_risk=Fen(0),
            because=(ANSWERED if chase.is_closed else ALL_MOVED) if is_over else waits,
            order_no=chase.order_no,
        ),
    )
