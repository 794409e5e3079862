"""The deadline to ask that a suspected order need not be shipped."""

from zhanggui.core.abnormal.states import AbnormalState
from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState, DueSource, Subject, SubjectKind
from zhanggui.core.facts import OrderStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.rules import Question, Rulebook
from zhanggui.core.say import Say, say

_CLEARED = say("Somebody looked at it and found nothing wrong.")
_LEFT = say("It does not wait to be shipped any more.")


def request_deadline(known: OrderKnowledge, rulebook: Rulebook) -> Deadline | None:
    """The deadline to ask that this order need not be shipped; None where nothing speaks against it, or nobody knows when its group formed."""
    abnormal, order = known.abnormal, known.order
    if abnormal is None or order.group_formed_at is None:
        return None
    rule = rulebook.in_force(Question.ASK_NOT_TO_SHIP, at=order.group_formed_at)
    if rule is None or rule.term is None:
        return None
    state, because = _state(abnormal.state, waits=order.stage is OrderStage.TO_SHIP)
    return Deadline(
        subject=Subject(SubjectKind.ORDER, order.order_no),
        kind=DeadlineKind.ASK_NOT_TO_SHIP,
        state=state,
        counts_from="group_formed_at",
        started_at=order.group_formed_at,
        due_at=order.group_formed_at + rule.term.length,
        due_source=DueSource.SHOP if rule.is_override else DueSource.RULEBOOK,
        rule=rule.cite,
        basis=rule.basis,
        at_risk=Fen(0),
        closed_at=None if state is DeadlineState.OPEN else abnormal.asked_at or abnormal.moved_at,
        because=because,
        order_no=order.order_no,
    )


def _state(at: AbnormalState, *, waits: bool) -> tuple[DeadlineState, Say | None]:
    if at is AbnormalState.CLEARED:
        return DeadlineState.WAIVED, _CLEARED
    if at is not AbnormalState.SUSPECTED:
        return DeadlineState.MET, None
    return (DeadlineState.OPEN, None) if waits else (DeadlineState.WAIVED, _LEFT)
