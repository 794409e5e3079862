"""The deadline of a recall's next step: tell the carrier, hear from it, see the parcel turn, have it back."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState, DueSource, Subject, SubjectKind
from zhanggui.core.money import Fen
from zhanggui.core.recalls.states import LIVE_RECALLS, RecallState
from zhanggui.core.rules import Question, Rulebook
from zhanggui.core.say import Say, say

NEXT: Mapping[RecallState, Say] = {
    RecallState.ASKED: say("The carrier has not been told yet; every hour lowers the chance."),
    RecallState.TOLD: say("The carrier has been told and has not said whether it can stop the parcel."),
    RecallState.AGREED: say("The carrier has agreed; no tracking event shows the parcel turning back yet."),
    RecallState.COMING_BACK: say("The parcel is on its way back; it has not arrived yet."),
}
"""What is awaited in each state."""
TOLD_STATES = frozenset({RecallState.TOLD, RecallState.AGREED})
SIGNED_FOR = say("It was signed for after the refusal: say whether it came to you or to the buyer.")
CARRY_ON = say("It need not come back any more: tell the carrier to deliver it after all, then drop the recall.")


class RecallFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the deadline of a recall depends on."""

    recall_no: int
    order_no: str
    state: RecallState
    stepped_at: datetime
    """When it came to the state it is in; of a parcel that turned, the moment of that event."""
    worth: Fen
    """What is lost with the goods."""
    needless: Say | None = None
    """Why it need not come back any more, though the carrier was told."""
    is_signed_for: bool = False
    """Whether somebody signed for it after it was refused, and nothing shows who."""


def recall_deadlines(recall: RecallFacts, rulebook: Rulebook) -> tuple[Deadline, ...]:
    """The deadline of the next step; none once the recall is over."""
    if recall.state not in LIVE_RECALLS:
        return ()
    rule = rulebook.in_force(Question.RECALL_CHECK, at=recall.stepped_at, recall=recall.state.value)
    if rule is None or rule.term is None:
        return ()
    return (
        Deadline(
            subject=Subject(SubjectKind.RECALL, str(recall.recall_no)),
            kind=DeadlineKind.RECALL_CHECK,
            state=DeadlineState.OPEN,
            counts_from="stepped_at",
            started_at=recall.stepped_at,
            due_at=recall.stepped_at + rule.term.length,
            due_source=DueSource.SHOP if rule.is_override else DueSource.RULEBOOK,
            rule=rule.cite,
            basis=rule.basis,
            at_risk=recall.worth,
            because=_because(recall),
            order_no=recall.order_no,
        ),
    )


def _because(recall: RecallFacts) -> Say:
    if recall.is_signed_for:
        return SIGNED_FOR
    return CARRY_ON if recall.needless is not None and recall.state in TOLD_STATES else NEXT[recall.state]
