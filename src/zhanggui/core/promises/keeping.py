"""Whether a promise was kept: by the facts where they tell it (shipped, refunded, arrived), else by what a person said of it."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec

from zhanggui.core.clocks.pickup import scans_of_parcel
from zhanggui.core.clocks.shipping import GOODS_AGAIN, is_ended, is_over
from zhanggui.core.clocks.way_out import deliveries_of
from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState, DueSource, Subject, SubjectKind
from zhanggui.core.facts import RUNNING_CASES, AftersaleState, OrderStage, RefundState
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.promises.shapes import PromiseKind
from zhanggui.core.rules import Question, Rulebook
from zhanggui.core.say import Say, say

SAID_KEPT = say("Somebody said that it was kept.")
SAID_BROKEN = say("Somebody said that it was not kept.")
SAID_VOID = say("Somebody said that it no longer holds.")
ENDED = say("The order was cancelled or refunded first.")
DONE_BEFORE = say("It was done before it was promised, so that the promise was about something else, or needless.")
UNKNOWN_WHEN = say("It was done, but nothing tells when; it is not counted as late.")


class PromiseSaid(StrEnum):
    """What a person said of a promise."""

    NOTHING = ""
    KEPT = "kept"
    BROKEN = "broken"
    VOID = "void"


class PromiseState(StrEnum):
    """Where a promise stands."""

    OPEN = "promise_open"
    KEPT = "promise_kept"
    LATE = "promise_late"
    """Done, but after the moment that was named."""
    BROKEN = "promise_broken"
    VOID = "promise_void"


class PromiseFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the deadline of a promise depends on."""

    promise_no: int
    kind: PromiseKind
    words: str
    rep: str
    promised_at: datetime | None
    due_at: datetime | None
    said: PromiseSaid = PromiseSaid.NOTHING
    said_at: datetime | None = None
    order_no: str | None = None


class Stand(NamedTuple):
    """Where a promise stands, since when it is done, and what says so."""

    state: PromiseState
    done_at: datetime | None = None
    because: Say | None = None


def promise_stands(promise: PromiseFacts, known: OrderKnowledge | None) -> Stand:
    """Where the promise stands by what a person said, which goes first, and by the facts of its order."""
    match promise.said:
        case PromiseSaid.KEPT:
            return Stand(PromiseState.KEPT, promise.said_at, SAID_KEPT)
        case PromiseSaid.BROKEN:
            return Stand(PromiseState.BROKEN, promise.said_at, SAID_BROKEN)
        case PromiseSaid.VOID:
            return Stand(PromiseState.VOID, promise.said_at, SAID_VOID)
    if known is None:
        return Stand(PromiseState.OPEN)
    is_done, done_at = _done(promise, known)
    if is_done:
        if done_at is None:
            return Stand(PromiseState.KEPT, None, UNKNOWN_WHEN)
        if promise.promised_at is not None and done_at < promise.promised_at:
            return Stand(PromiseState.VOID, done_at, DONE_BEFORE)
        is_late = promise.due_at is not None and done_at > promise.due_at
        return Stand(PromiseState.LATE if is_late else PromiseState.KEPT, done_at)
    return Stand(PromiseState.VOID, None, ENDED) if _is_over(promise.kind, known) else Stand(PromiseState.OPEN)


def promise_deadlines(promise: PromiseFacts, known: OrderKnowledge | None, rulebook: Rulebook) -> tuple[Deadline, ...]:
    """The deadline of a promise; none where no moment was named."""
    if promise.due_at is None or promise.promised_at is None:
        return ()
    rule = rulebook.in_force(Question.KEEP_PROMISE, at=promise.promised_at)
    if rule is None:
        return ()
    stand = promise_stands(promise, known)
    told = say("{rep} promised the buyer: {words}", rep=promise.rep, words=promise.words)
    return (
        Deadline(
            subject=Subject(SubjectKind.PROMISE, str(promise.promise_no)),
            kind=DeadlineKind.KEEP_PROMISE,
            state=_STATES[stand.state],
            counts_from="promised_at",
            started_at=promise.promised_at,
            due_at=promise.due_at,
            due_source=DueSource.SHOP,
            rule=rule.cite,
            basis=rule.basis,
            at_risk=Fen(0),
            closed_at=stand.done_at,
            because=stand.because or told,
            order_no=promise.order_no,
        ),
    )


_STATES = {
    PromiseState.OPEN: DeadlineState.OPEN,
    PromiseState.KEPT: DeadlineState.MET,
    PromiseState.LATE: DeadlineState.MISSED,
    PromiseState.BROKEN: DeadlineState.MISSED,
    PromiseState.VOID: DeadlineState.WAIVED,
}


def _done(promise: PromiseFacts, known: OrderKnowledge) -> tuple[bool, datetime | None]:
    """Whether what was promised is done by the facts, and when; of an answer, a parcel sent anew or a payment no fact tells."""
    order = known.order
    match promise.kind:
        case PromiseKind.SHIP:
            return order.shipped_at is not None or order.stage in (OrderStage.SHIPPED, OrderStage.RECEIVED), order.shipped_at
        case PromiseKind.REFUND:
            return _refunded(promise, known)
        case PromiseKind.ARRIVE:
            moments = [at for at in (*deliveries_of(scans_of_parcel(known))[:1], order.received_at) if at is not None]
            return bool(moments) or order.stage is OrderStage.RECEIVED, min(moments) if moments else None
    return False, None


def _refunded(promise: PromiseFacts, known: OrderKnowledge) -> tuple[bool, datetime | None]:
    """Whether money went back, and when: the first that did after the promise; what went before it is another refund while money is still asked for."""
    refunded = [case.updated_at for case in known.cases if case.state is AftersaleState.REFUNDED]
    moments = sorted(at for at in refunded if at is not None)
    since = next((at for at in moments if promise.promised_at is None or at >= promise.promised_at), None)
    if since is not None:
        return True, since
    if moments and _is_asked(known):
        return False, None
    return bool(refunded) or known.order.refund is RefundState.REFUNDED, moments[-1] if moments and None not in refunded else None


def _is_asked(known: OrderKnowledge) -> bool:
    """Whether the buyer still waits for money."""
    return known.order.refund is RefundState.OPEN or any(case.state in RUNNING_CASES and case.kind not in GOODS_AGAIN for case in known.cases)


def _is_over(kind: PromiseKind, known: OrderKnowledge) -> bool:
    """Whether the order ended, so that nothing is to be shipped or delivered any more; what has left is, where only a part of the money went back."""
    if kind is PromiseKind.ARRIVE and (known.order.shipped_at is not None or known.order.stage in (OrderStage.SHIPPED, OrderStage.RECEIVED)):
        return is_over(known) is not None
    return kind in (PromiseKind.SHIP, PromiseKind.ARRIVE) and is_ended(known) is not None
