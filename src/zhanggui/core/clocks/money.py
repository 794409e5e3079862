"""The deadlines of money that is not where it should be: a refund for which the bill took too much, and a withdrawal on its way."""

from datetime import datetime

from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState, DueSource, Subject, SubjectKind
from zhanggui.core.money import Fen
from zhanggui.core.rules import Question, Rule, Rulebook
from zhanggui.core.say import say


def refund_differs_deadline(order_no: str, told: Fen, billed: Fen, noticed_at: datetime, rulebook: Rulebook, *, order_known: bool = True) -> Deadline | None:
    """By when to ask for what the bill took beyond the refund; None where it took no more than that.

    The sums of the bill are told on the Money page alone, to whoever may see it: neither the sentence nor what is at risk gives them away to the others.
    """
    rule = rulebook.in_force(Question.REFUND_DIFFERS, at=noticed_at)
    if billed <= told or rule is None or rule.term is None:
        return None
    return Deadline(
        subject=Subject(SubjectKind.REFUND_MATCH, order_no),
        kind=DeadlineKind.REFUND_DIFFERS,
        state=DeadlineState.OPEN,
        counts_from="noticed_at",
        started_at=noticed_at,
        due_at=noticed_at + rule.term.length,
        due_source=_source(rule),
        rule=rule.cite,
        basis=rule.basis,
        at_risk=Fen(0),
        because=say("The bill took more than was refunded; the Money page shows both sums."),
        order_no=order_no if order_known else None,
    )


def withdrawal_deadline(withdrawal_no: int, asked_at: datetime, due_at: datetime, rulebook: Rulebook) -> Deadline | None:
    """By when a withdrawal should be in the bank. Its sum is told on the Money page alone, to whoever may see it."""
    rule = rulebook.in_force(Question.WITHDRAWAL_ARRIVES, at=asked_at)
    if rule is None:
        return None
    return Deadline(
        subject=Subject(SubjectKind.WITHDRAWAL, str(withdrawal_no)),
        kind=DeadlineKind.WITHDRAWAL_ARRIVES,
        state=DeadlineState.OPEN,
        counts_from="asked_at",
        started_at=asked_at,
        due_at=due_at,
        due_source=_source(rule),
        rule=rule.cite,
        basis=rule.basis,
        at_risk=Fen(0),
        because=say("Money was withdrawn on {at}; nobody has said yet that it arrived.", at=asked_at),
    )


def _source(rule: Rule) -> DueSource:
    return DueSource.SHOP if rule.is_override else DueSource.RULEBOOK
