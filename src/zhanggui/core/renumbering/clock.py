"""The deadline to put a wrong tracking number right."""

from datetime import datetime

import msgspec

from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState, DueSource, Subject, SubjectKind
from zhanggui.core.facts import OrderFacts
from zhanggui.core.money import Fen
from zhanggui.core.renumbering.states import ChangeState
from zhanggui.core.risks import finding_risk
from zhanggui.core.rules import Question, Rulebook
from zhanggui.core.say import say

RIGHT_NOW = say("The platform shows the right number.")
RIGHT_LATE = say("The number was put right after the term.")


class ChangeFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the deadline of a change depends on."""

    change_no: int
    order_no: str
    state: ChangeState
    uploaded_at: datetime
    """When the wrong number was uploaded; where nobody knows, when the mistake was noticed."""
    done_at: datetime | None = None


def change_deadlines(change: ChangeFacts, order: OrderFacts | None, rulebook: Rulebook) -> tuple[Deadline, ...]:
    """The deadline to put the number right, open or closed; none where it was dropped."""
    rule = rulebook.in_force(Question.FIX_NUMBER, at=change.uploaded_at)
    if rule is None or rule.term is None or change.state is ChangeState.DROPPED:
        return ()
    due_at = change.uploaded_at + rule.term.length
    fen, risk_rule = (Fen(0), None) if order is None else finding_risk("false_shipment", order, due_at, rulebook)
    is_done = change.state is ChangeState.DONE
    is_late = is_done and change.done_at is not None and change.done_at > due_at
    return (
        Deadline(
            subject=Subject(SubjectKind.NUMBER_CHANGE, str(change.change_no)),
            kind=DeadlineKind.FIX_NUMBER,
            state=(DeadlineState.MISSED if is_late else DeadlineState.MET) if is_done else DeadlineState.OPEN,
            counts_from="shipped_at",
            started_at=change.uploaded_at,
            due_at=due_at,
            due_source=DueSource.SHOP if rule.is_override else DueSource.RULEBOOK,
            rule=rule.cite,
            basis=rule.basis,
            at_risk=fen,
            risk_rule=None if risk_rule is None else risk_rule.cite,
            closed_at=change.done_at if is_done else None,
            because=(RIGHT_LATE if is_late else RIGHT_NOW) if is_done else None,
            order_no=change.order_no,
        ),
    )
