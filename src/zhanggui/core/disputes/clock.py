"""The deadlines of a dispute beside the case's own: to appeal against a ruling, then to hear of the appeal."""

from datetime import datetime

import msgspec

from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState, DueSource, Subject, SubjectKind
from zhanggui.core.disputes.states import DisputeState
from zhanggui.core.money import Fen
from zhanggui.core.rules import Question, Rulebook
from zhanggui.core.say import Say, say

APPEAL = "ruling_appeal"
"""What the appeal is called where the rules speak of complaints."""
RULED = say("The platform has ruled against the shop; an appeal is possible.")
AWAITED = say("The appeal has been filed; the platform's answer is awaited.")


class DisputeFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the deadlines of a dispute depend on."""

    dispute_no: int
    order_no: str | None
    state: DisputeState
    stepped_at: datetime
    at_stake: Fen


def dispute_deadlines(dispute: DisputeFacts, rulebook: Rulebook) -> tuple[Deadline, ...]:
    """The deadline that runs, by the state of the dispute. That of the evidence is the case's own."""
    match dispute.state:
        case DisputeState.RULED_AGAINST | DisputeState.RULED_SPLIT:
            return _deadline(dispute, DeadlineKind.APPEAL_BY, Question.APPEAL_BY, {}, RULED, rulebook)
        case DisputeState.APPEALED:
            return _deadline(dispute, DeadlineKind.COMPLAINT_ANSWER, Question.COMPLAINT_ANSWER, {"complaint": APPEAL}, AWAITED, rulebook)
        case _:
            return ()


def _deadline(dispute: DisputeFacts, kind: DeadlineKind, question: Question, facts: dict[str, str], because: Say, rulebook: Rulebook) -> tuple[Deadline, ...]:
    rule = rulebook.in_force(question, at=dispute.stepped_at, **facts)
    if rule is None or rule.term is None:
        return ()
    return (
        Deadline(
            subject=Subject(SubjectKind.DISPUTE, str(dispute.dispute_no)),
            kind=kind,
            state=DeadlineState.OPEN,
            counts_from="stepped_at",
            started_at=dispute.stepped_at,
            due_at=dispute.stepped_at + rule.term.length,
            due_source=DueSource.SHOP if rule.is_override else DueSource.RULEBOOK,
            rule=rule.cite,
            basis=rule.basis,
            at_risk=dispute.at_stake,
            risk_rule=None,
            because=because,
            order_no=dispute.order_no,
        ),
    )
