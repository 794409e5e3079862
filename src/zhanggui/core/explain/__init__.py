"""Explanations: how a deadline came about, step by step, from the first event to the age of the data."""

from collections.abc import Collection, Sequence
from datetime import datetime

from zhanggui.core.clocks import authorisation_deadline, case_deadlines, conversation_deadlines, freshness_deadline, order_deadlines, review_deadlines
from zhanggui.core.connection import Authorisation
from zhanggui.core.deadlines import Deadline, DeadlineKind, Explanation, Step
from zhanggui.core.explain.cases import case_steps, instant_steps
from zhanggui.core.explain.common import age_step, basis_step, plain_steps, state_steps
from zhanggui.core.explain.connection import authorisation_steps
from zhanggui.core.explain.followed import followed_steps
from zhanggui.core.explain.money import case_money_steps, compensation_steps, silence_steps
from zhanggui.core.explain.parcels import delivery_steps, movement_steps, pickup_steps
from zhanggui.core.explain.shipping import ship_steps
from zhanggui.core.facts import AftersaleFacts, FactKind, MessageFacts, ReviewFacts
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.rules import Rulebook
from zhanggui.core.say import say


def explain_order(known: OrderKnowledge, rulebook: Rulebook, now: datetime) -> tuple[Explanation, ...]:
    """Explanations of every deadline of an order, open or closed."""
    deadlines = order_deadlines(known, rulebook)
    return tuple(
        Explanation(deadline, (*_order_steps(deadline, known, rulebook), basis_step(deadline), age_step(known.data_as_of, now))) for deadline in deadlines
    )


def explain_case(case: AftersaleFacts, known: OrderKnowledge | None, rulebook: Rulebook, now: datetime) -> tuple[Explanation, ...]:
    """Explanations of every deadline of a case, open or closed."""
    age = () if known is None else (age_step(known.age_of(case), now),)
    return tuple(
        Explanation(
            deadline,
            (
                *case_steps(deadline, case, known, rulebook),
                *instant_steps(deadline, case, known, rulebook, now),
                *state_steps(deadline),
                *case_money_steps(deadline, case, rulebook),
                basis_step(deadline),
                *age,
            ),
        )
        for deadline in case_deadlines(case, known, rulebook)
    )


def explain_review(review: ReviewFacts, rulebook: Rulebook, now: datetime) -> tuple[Explanation, ...]:
    """Explanations of the deadline of a review."""
    deadlines = review_deadlines(review, rulebook)
    return tuple(
        Explanation(deadline, (*plain_steps(deadline, rulebook), *state_steps(deadline), basis_step(deadline), _left(deadline, now))) for deadline in deadlines
    )


def explain_conversation(
    order_no: str, messages: Sequence[MessageFacts], rulebook: Rulebook, now: datetime, needing_none: Collection[str] = ()
) -> tuple[Explanation, ...]:
    """Explanations of the deadline of a conversation; `needing_none` are the numbers of messages that need no answer."""
    deadlines = conversation_deadlines(order_no, messages, rulebook, needing_none)
    return tuple(
        Explanation(deadline, (*plain_steps(deadline, rulebook), *state_steps(deadline), basis_step(deadline), _left(deadline, now))) for deadline in deadlines
    )


def explain_followed(deadline: Deadline, as_of: datetime, rulebook: Rulebook, now: datetime) -> Explanation:
    """The explanation of the deadline of something that is followed up, as it was stored by what was known then."""
    return Explanation(deadline, (*followed_steps(deadline, rulebook), basis_step(deadline), age_step(as_of, now)))


def explain_freshness(kind: FactKind, as_of: datetime, rulebook: Rulebook, now: datetime) -> Explanation:
    """The explanation of the deadline to export one kind of fact again."""
    deadline = freshness_deadline(kind, as_of, rulebook)
    return Explanation(deadline, (*plain_steps(deadline, rulebook), basis_step(deadline), _left(deadline, now)))


def explain_authorisation(granted: Authorisation, rulebook: Rulebook, now: datetime) -> Explanation:
    """The explanation of the deadline to authorise again."""
    deadline = authorisation_deadline(granted, rulebook)
    return Explanation(deadline, (*authorisation_steps(deadline, granted, rulebook), basis_step(deadline), _left(deadline, now)))


def _order_steps(deadline: Deadline, known: OrderKnowledge, rulebook: Rulebook) -> tuple[Step, ...]:
    match deadline.kind:
        case DeadlineKind.SHIP_BY:
            return (*ship_steps(deadline, known, rulebook), *state_steps(deadline), *compensation_steps(deadline, known.order, "late_shipment", rulebook))
        case DeadlineKind.ASK_NOT_TO_SHIP:
            return (*plain_steps(deadline, rulebook), *state_steps(deadline))
        case DeadlineKind.PICKUP_BY:
            return pickup_steps(deadline, known, rulebook)
        case DeadlineKind.PARCEL_MOVES:
            return (*movement_steps(deadline, known, rulebook), *state_steps(deadline), *silence_steps(deadline, known.order, rulebook))
        case _:
            return (*delivery_steps(deadline, rulebook), *state_steps(deadline))


def _left(deadline: Deadline, now: datetime) -> Step:
    if now > deadline.due_at:
        return Step(say("Now it is {now}: the moment has passed.", now=now))
    return Step(say("Now it is {now}: the moment is still ahead.", now=now))
