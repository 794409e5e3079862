"""The deadlines of what waits for an answer: conversations, reviews, and our own data that grow old."""

from collections.abc import Sequence
from datetime import datetime

from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState, DueSource, Subject, SubjectKind
from zhanggui.core.facts import FactKind, MessageFacts, ReviewFacts
from zhanggui.core.money import Fen
from zhanggui.core.rules import Basis, Rulebook


def review_deadlines(review: ReviewFacts, rulebook: Rulebook) -> tuple[Deadline, ...]:
    """The deadline to answer a middling or bad review."""
    return ()


def conversation_deadlines(order_no: str, messages: Sequence[MessageFacts], rulebook: Rulebook) -> tuple[Deadline, ...]:
    """The deadline to answer a buyer who waits."""
    return ()


def freshness_deadline(kind: FactKind, as_of: datetime, rulebook: Rulebook) -> Deadline:
    """The deadline to export one kind of fact again."""
    subject = Subject(SubjectKind.SOURCE, kind.value)
    return Deadline(
        subject=subject, kind=DeadlineKind.FRESHEN_DATA, state=DeadlineState.OPEN, counts_from="as_of", started_at=as_of, due_at=as_of,
        due_source=DueSource.RULEBOOK, rule="", basis=Basis.ASSUMED, at_risk=Fen(0),
    )
