"""The deadline to put a wrong tracking number right."""

from datetime import datetime

import msgspec

from zhanggui.core.clocks.shipping import is_over
from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState, DueSource, Subject, SubjectKind
from zhanggui.core.facts import OrderStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.renumbering.states import ChangeState
from zhanggui.core.risks import finding_risk
from zhanggui.core.rules import Question, Rulebook
from zhanggui.core.say import Say, say

RIGHT_NOW = say("The platform shows the right number.")
RIGHT_LATE = say("The number was put right after the term.")
RIGHT_UNKNOWN_WHEN = say("The platform shows the right number, but nobody knows since when; it is not counted as late.")
RECEIVED = say("The buyer has received it already.")


class ChangeFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the deadline of a change depends on."""

    change_no: int
    order_no: str
    state: ChangeState
    uploaded_at: datetime
    """When the wrong number was uploaded; where nobody knows, when the mistake was noticed."""
    said_at: datetime | None = None
    """When somebody said that it is done, or the house itself told the platform."""
    done_at: datetime | None = None
    """When it was said to be done, or first seen."""


def change_deadlines(change: ChangeFacts, known: OrderKnowledge | None, rulebook: Rulebook) -> tuple[Deadline, ...]:
    """The deadline to put the number right, open or closed; none where it was dropped."""
    rule = rulebook.in_force(Question.FIX_NUMBER, at=change.uploaded_at)
    if rule is None or rule.term is None or change.state is ChangeState.DROPPED:
        return ()
    due_at = change.uploaded_at + rule.term.length
    fen, risk_rule = (Fen(0), None) if known is None else finding_risk("false_shipment", known.order, due_at, rulebook)
    state, closed_at, because = _stands(change, known, due_at)
    return (
        Deadline(
            subject=Subject(SubjectKind.NUMBER_CHANGE, str(change.change_no)),
            kind=DeadlineKind.FIX_NUMBER,
            state=state,
            counts_from="shipped_at",
            started_at=change.uploaded_at,
            due_at=due_at,
            due_source=DueSource.SHOP if rule.is_override else DueSource.RULEBOOK,
            rule=rule.cite,
            basis=rule.basis,
            at_risk=Fen(0) if state is DeadlineState.WAIVED else fen,
            risk_rule=None if risk_rule is None else risk_rule.cite,
            closed_at=closed_at,
            because=because,
            order_no=change.order_no,
        ),
    )


def _stands(change: ChangeFacts, known: OrderKnowledge | None, due_at: datetime) -> tuple[DeadlineState, datetime | None, Say | None]:
    """How far it is, since when, and why. Only a person's word says that it was late: when the right number was first seen, it may have stood there long."""
    if change.state is ChangeState.DONE:
        if change.said_at is not None and change.said_at > due_at:
            return DeadlineState.MISSED, change.done_at, RIGHT_LATE
        is_in_time = change.done_at is not None and change.done_at <= due_at
        return (DeadlineState.MET, change.done_at, RIGHT_NOW) if is_in_time else (DeadlineState.MET, None, RIGHT_UNKNOWN_WHEN)
    ended = None if known is None else _ended(known)
    return (DeadlineState.OPEN, None, None) if ended is None else (DeadlineState.WAIVED, None, ended)


def _ended(known: OrderKnowledge) -> Say | None:
    """Why the number need not be put right any more, if that is so."""
    is_received = known.order.received_at is not None or known.order.stage is OrderStage.RECEIVED
    return RECEIVED if is_received else is_over(known)
