"""Explanations: how a deadline came about, step by step."""

from collections.abc import Sequence
from datetime import datetime

from zhanggui.core.clocks import case_deadlines, conversation_deadlines, freshness_deadline, order_deadlines, review_deadlines
from zhanggui.core.deadlines import Explanation
from zhanggui.core.facts import AftersaleFacts, FactKind, MessageFacts, ReviewFacts
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.rules import Rulebook


def explain_order(known: OrderKnowledge, rulebook: Rulebook, now: datetime) -> tuple[Explanation, ...]:
    """Explanations of every deadline of an order."""
    return tuple(Explanation(deadline, ()) for deadline in order_deadlines(known, rulebook))


def explain_case(case: AftersaleFacts, known: OrderKnowledge | None, rulebook: Rulebook, now: datetime) -> tuple[Explanation, ...]:
    """Explanations of every deadline of a case."""
    return tuple(Explanation(deadline, ()) for deadline in case_deadlines(case, known, rulebook))


def explain_review(review: ReviewFacts, rulebook: Rulebook, now: datetime) -> tuple[Explanation, ...]:
    """Explanations of the deadline of a review."""
    return tuple(Explanation(deadline, ()) for deadline in review_deadlines(review, rulebook))


def explain_conversation(order_no: str, messages: Sequence[MessageFacts], rulebook: Rulebook, now: datetime) -> tuple[Explanation, ...]:
    """Explanations of the deadline of a conversation."""
    return tuple(Explanation(deadline, ()) for deadline in conversation_deadlines(order_no, messages, rulebook))


def explain_freshness(kind: FactKind, as_of: datetime, rulebook: Rulebook, now: datetime) -> Explanation:
    """The explanation of the deadline to export again."""
    return Explanation(freshness_deadline(kind, as_of, rulebook), ())
