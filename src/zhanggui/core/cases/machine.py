"""Every step an after-sales case can take, as one table: from, event, to, whose step it is, what falls due with it, and the rules it rests on.

Pages, docs and tests read this table. What the platform shows is never refused: where no step leads, the jump is kept as a jump.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from zhanggui.core.cases.states import ASKED, CLOSED_STATES, PAYING, CaseEvent, CaseMover, CaseState, Course
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.facts import AftersaleKind

_S, _E, _W, _C, _D, _K = CaseState, CaseEvent, CaseMover, Course, DeadlineKind, AftersaleKind

_ANY = frozenset({_K.REFUND_ONLY, _K.RETURN_AND_REFUND, _K.EXCHANGE, _K.RESEND, _K.REPAIR})
_MONEY = frozenset({_K.REFUND_ONLY, _K.RETURN_AND_REFUND})
_BACK = frozenset({_K.RETURN_AND_REFUND, _K.EXCHANGE, _K.REPAIR})
"""The kinds in which goods come back."""
_UNSHIPPED, _SHIPPED = "pdd.answer_case.refund_only_unshipped", "pdd.answer_case.refund_only_shipped"
_RETURN, _GOODS = "pdd.answer_case.return_and_refund", "pdd.answer_case.goods_again"
_SEND_BACK, _INSPECT, _DELIVERED = "pdd.buyer_sends_back", "pdd.inspect_return", "pdd.inspect_delivered"
_CALLS, _EVIDENCE, _TIMEOUT = "pdd.buyer_calls_platform", "pdd.answer_platform", "pdd.case_loss.timeout"


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """One step. `before` is None where a case begins."""

    course: Course
    before: CaseState | None
    event: CaseEvent
    after: CaseState
    who: CaseMover
    falls_due: DeadlineKind | None = None
    """The clock that begins to run with it."""
    cites: tuple[str, ...] = ()
    """The rules it rests on, without their versions: which version holds depends on the moment."""
    kinds: frozenset[AftersaleKind] = _ANY
    """The kinds of case that take it, as the case is afterwards."""


def _moves() -> Iterator[Move]:
    yield from _refund_only()
    yield from _return_and_refund()
    yield from _exchange()
    yield from _resend()
    yield from _repair()
    yield from _refusal()
    yield from _instant()
    yield from _intervention()


def _refund_only() -> Iterator[Move]:
    only = frozenset({_K.REFUND_ONLY})
    asked = (_UNSHIPPED, _SHIPPED)
    yield _move(_C.REFUND_ONLY, None, _E.ASK, _S.REFUND_ASKED, _W.BUYER, _D.ANSWER_REFUND, asked, only)
    yield _move(_C.REFUND_ONLY, _S.REFUND_ASKED, _E.AGREE_REFUND, _S.REFUND_AGREED, _W.SELLER, kinds=only)
    yield from _refusable(_C.REFUND_ONLY, _S.REFUND_ASKED, asked, only)
    yield _move(_C.REFUND_ONLY, _S.REFUND_ASKED, _E.TIME_OUT, _S.PLATFORM_REFUNDS, _W.CLOCK, None, (_TIMEOUT, _UNSHIPPED), only)
    yield _move(_C.REFUND_ONLY, _S.REJECTED, _E.AGREE_REFUND, _S.REFUND_AGREED, _W.SELLER, kinds=_MONEY)
    yield _move(_C.REFUND_ONLY, _S.REJECTED, _E.TIME_OUT, _S.BUYER_SILENT, _W.CLOCK, None, (_CALLS,))
    yield _move(_C.REFUND_ONLY, _S.REJECTED, _E.WITHDRAW, _S.WITHDRAWN, _W.BUYER)
    yield _move(_C.REFUND_ONLY, _S.REFUND_AGREED, _E.PAY, _S.REFUNDED, _W.PLATFORM)
    yield _move(_C.REFUND_ONLY, _S.PLATFORM_REFUNDS, _E.PAY, _S.REFUNDED, _W.PLATFORM)
    for kind, state in _ASKED_BY_KIND.items():
        yield from _asked_again(kind, state)


def _return_and_refund() -> Iterator[Move]:
    only = frozenset({_K.RETURN_AND_REFUND})
    yield _move(_C.RETURN_AND_REFUND, None, _E.ASK, _S.RETURN_ASKED, _W.BUYER, _D.ANSWER_REFUND, (_RETURN,), only)
    yield _move(_C.RETURN_AND_REFUND, _S.RETURN_ASKED, _E.AGREE_RETURN, _S.TO_SEND_BACK, _W.SELLER, _D.BUYER_SENDS_BACK, (_SEND_BACK,), only)
    yield from _refusable(_C.RETURN_AND_REFUND, _S.RETURN_ASKED, (_RETURN,), only)
    yield _move(_C.RETURN_AND_REFUND, _S.RETURN_ASKED, _E.TIME_OUT, _S.TO_SEND_BACK, _W.CLOCK, _D.BUYER_SENDS_BACK, (_RETURN, _SEND_BACK), only)
    yield from _coming_back(_C.RETURN_AND_REFUND, only)
    for state in (_S.RETURN_ASKED, _S.TO_SEND_BACK, _S.ON_WAY_BACK, _S.BACK_HERE):
        yield _move(_C.RETURN_AND_REFUND, state, _E.AGREE_REFUND, _S.REFUND_AGREED, _W.SELLER, kinds=only)
    for state in (_S.ON_WAY_BACK, _S.BACK_HERE):
        yield _move(_C.RETURN_AND_REFUND, state, _E.TIME_OUT, _S.PLATFORM_REFUNDS, _W.CLOCK, None, (_TIMEOUT, _INSPECT), only)
        yield _move(_C.RETURN_AND_REFUND, _S.REJECTED, _E.ASK_AGAIN, state, _W.BUYER, _D.INSPECT_RETURN, (_INSPECT,), only)


def _exchange() -> Iterator[Move]:
    only = frozenset({_K.EXCHANGE})
    yield _move(_C.EXCHANGE, None, _E.ASK, _S.EXCHANGE_ASKED, _W.BUYER, _D.ANSWER_REFUND, (_GOODS,), only)
    yield _move(_C.EXCHANGE, _S.EXCHANGE_ASKED, _E.AGREE_RETURN, _S.TO_SEND_BACK, _W.SELLER, _D.BUYER_SENDS_BACK, (_SEND_BACK,), only)
    yield from _refusable(_C.EXCHANGE, _S.EXCHANGE_ASKED, (_GOODS,), only)
    yield _move(_C.EXCHANGE, _S.EXCHANGE_ASKED, _E.TIME_OUT, _S.TO_SEND_BACK, _W.CLOCK, _D.BUYER_SENDS_BACK, (_GOODS, _SEND_BACK), only)
    yield from _coming_back(_C.EXCHANGE, only)
    yield from _sent_again(_C.EXCHANGE, (_S.ON_WAY_BACK, _S.BACK_HERE), ("pdd.inspect_delivered.exchange",), only)
    yield _move(_C.EXCHANGE, _S.TO_SEND_BACK, _E.TIME_OUT, _S.GOODS_FAILED, _W.CLOCK, None, (_SEND_BACK,), only)


def _resend() -> Iterator[Move]:
    only = frozenset({_K.RESEND})
    yield _move(_C.RESEND, None, _E.ASK, _S.RESEND_ASKED, _W.BUYER, _D.ANSWER_REFUND, (_GOODS,), only)
    yield _move(_C.RESEND, None, _E.ASK, _S.TO_SEND_AGAIN, _W.BUYER, _D.ANSWER_REFUND, (_GOODS,), only)
    yield _move(_C.RESEND, _S.RESEND_ASKED, _E.AGREE_GOODS, _S.TO_SEND_AGAIN, _W.SELLER, _D.ANSWER_REFUND, (_GOODS,), only)
    yield from _refusable(_C.RESEND, _S.RESEND_ASKED, (_GOODS,), only)
    yield from _refusable(_C.RESEND, _S.TO_SEND_AGAIN, (_GOODS,), only, asks_again=False)
    yield from _sent_again(_C.RESEND, (_S.RESEND_ASKED, _S.TO_SEND_AGAIN), (_GOODS,), only)
    yield _move(_C.RESEND, _S.TO_SEND_AGAIN, _E.TIME_OUT, _S.GOODS_FAILED, _W.CLOCK, None, (_GOODS,), only)
    yield _move(_C.RESEND, _S.RESEND_ASKED, _E.TIME_OUT, _S.TO_SEND_AGAIN, _W.CLOCK, _D.ANSWER_REFUND, (_GOODS,), only)


def _repair() -> Iterator[Move]:
    only = frozenset({_K.REPAIR})
    yield _move(_C.REPAIR, None, _E.ASK, _S.REPAIR_ASKED, _W.BUYER, _D.ANSWER_REFUND, (_GOODS,), only)
    yield _move(_C.REPAIR, _S.REPAIR_ASKED, _E.AGREE_RETURN, _S.TO_SEND_BACK, _W.SELLER, _D.BUYER_SENDS_BACK, (_SEND_BACK,), only)
    yield from _refusable(_C.REPAIR, _S.REPAIR_ASKED, (_GOODS,), only)
    yield _move(_C.REPAIR, _S.REPAIR_ASKED, _E.WITHDRAW, _S.GOODS_FAILED, _W.BUYER, kinds=only)
    yield _move(_C.REPAIR, _S.REPAIR_ASKED, _E.TIME_OUT, _S.TO_SEND_BACK, _W.CLOCK, _D.BUYER_SENDS_BACK, (_GOODS, _SEND_BACK), only)
    yield from _coming_back(_C.REPAIR, only)
    yield from _sent_again(_C.REPAIR, (_S.ON_WAY_BACK, _S.BACK_HERE), (_INSPECT,), only)
    yield _move(_C.REPAIR, _S.TO_SEND_BACK, _E.TIME_OUT, _S.GOODS_FAILED, _W.CLOCK, None, (_SEND_BACK,), only)


def _refusal() -> Iterator[Move]:
    only = frozenset({_K.REFUND_ONLY})
    refuses, recall = "pdd.buyer_refuses_parcel", "pdd.recall_parcel"
    yield _move(_C.REFUSAL, _S.REFUND_ASKED, _E.AGREE_REFUSAL, _S.TO_REFUSE, _W.SELLER, _D.BUYER_SENDS_BACK, (refuses,), only)
    yield _move(_C.REFUSAL, _S.TO_REFUSE, _E.PARCEL_BACK, _S.REFUND_AGREED, _W.SELLER, kinds=only)
    yield _move(_C.REFUSAL, _S.TO_REFUSE, _E.TIME_OUT, _S.BUYER_LATE, _W.CLOCK, None, (refuses,), only)
    yield _move(_C.REFUSAL, _S.TO_REFUSE, _E.WITHDRAW, _S.WITHDRAWN, _W.BUYER, kinds=only)
    yield _move(_C.REFUSAL, _S.REFUND_ASKED, _E.AGREE_RECALL, _S.RECALLING, _W.SELLER, _D.INSPECT_RETURN, (recall,), only)
    yield _move(_C.REFUSAL, _S.RECALLING, _E.PARCEL_BACK, _S.REFUND_AGREED, _W.SELLER, kinds=only)
    yield _move(_C.REFUSAL, _S.RECALLING, _E.RECALL_FAILED, _S.REFUND_ASKED, _W.SELLER, _D.ANSWER_REFUND, (_SHIPPED,), only)
    yield _move(_C.REFUSAL, _S.RECALLING, _E.TIME_OUT, _S.PLATFORM_REFUNDS, _W.CLOCK, None, (_TIMEOUT, recall), only)
    yield _move(_C.REFUSAL, _S.RECALLING, _E.WITHDRAW, _S.WITHDRAWN, _W.BUYER, kinds=only)


def _instant() -> Iterator[Move]:
    rules = ("pdd.instant_refund.shipped", "pdd.contest_refund")
    for state in (None, _S.REFUND_ASKED, _S.RETURN_ASKED, _S.TO_REFUSE, _S.ON_WAY_BACK, _S.BACK_HERE):
        yield _move(_C.INSTANT_REFUND, state, _E.REFUND_AT_ONCE, _S.PLATFORM_REFUNDS, _W.PLATFORM, _D.CONTEST_REFUND, rules, _MONEY)


def _intervention() -> Iterator[Move]:
    course, evidence = _C.INTERVENTION, (_EVIDENCE,)
    waits = (*sorted(ASKED), _S.REJECTED, _S.TO_SEND_BACK, _S.ON_WAY_BACK, _S.BACK_HERE, _S.TO_REFUSE, _S.RECALLING, _S.TO_SEND_AGAIN, _S.SENT_AGAIN)
    for state in waits:
        yield _move(course, state, _E.CALL_PLATFORM, _S.WITH_PLATFORM, _W.BUYER, _D.ANSWER_PLATFORM, evidence)
    for state in sorted(CLOSED_STATES):
        yield _move(course, state, _E.REOPEN, _S.WITH_PLATFORM, _W.PLATFORM, _D.ANSWER_PLATFORM, evidence)
    yield _move(course, _S.WITH_PLATFORM, _E.RULE_FOR_BUYER, _S.PLATFORM_REFUNDS, _W.PLATFORM, None, evidence)
    yield _move(course, _S.WITH_PLATFORM, _E.RULE_FOR_SELLER, _S.PLATFORM_REFUSED, _W.PLATFORM, None, evidence)
    yield _move(course, _S.WITH_PLATFORM, _E.RULE_RETURN, _S.TO_SEND_BACK, _W.PLATFORM, _D.BUYER_SENDS_BACK, (_SEND_BACK,), _BACK)
    yield _move(course, _S.WITH_PLATFORM, _E.TIME_OUT, _S.PLATFORM_REFUNDS, _W.CLOCK, None, (_TIMEOUT, _EVIDENCE))
    yield _move(course, _S.WITH_PLATFORM, _E.AGREE_REFUND, _S.REFUND_AGREED, _W.SELLER)
    yield _move(course, _S.WITH_PLATFORM, _E.WITHDRAW, _S.WITHDRAWN, _W.BUYER)


def _refusable(course: Course, state: CaseState, cites: tuple[str, ...], kinds: frozenset[AftersaleKind], *, asks_again: bool = True) -> Iterator[Move]:
    """What may become of a request beside consent: the seller says no, the buyer takes it back, or asks once more after the no."""
    yield _move(course, state, _E.REJECT, _S.REJECTED, _W.SELLER, _D.BUYER_CALLS_PLATFORM, (_CALLS,), kinds)
    yield _move(course, state, _E.WITHDRAW, _S.WITHDRAWN, _W.BUYER, kinds=kinds)
    if asks_again:
        yield _move(course, _S.REJECTED, _E.ASK_AGAIN, state, _W.BUYER, _D.ANSWER_REFUND, cites, kinds)


def _coming_back(course: Course, kinds: frozenset[AftersaleKind]) -> Iterator[Move]:
    """Goods on their way back to the seller, who may refuse what comes."""
    yield _move(course, _S.TO_SEND_BACK, _E.SEND_BACK, _S.ON_WAY_BACK, _W.BUYER, _D.INSPECT_RETURN, (_INSPECT,), kinds)
    yield _move(course, _S.TO_SEND_BACK, _E.TIME_OUT, _S.BUYER_LATE, _W.CLOCK, None, (_SEND_BACK,), kinds)
    yield _move(course, _S.TO_SEND_BACK, _E.WITHDRAW, _S.WITHDRAWN, _W.BUYER, kinds=kinds)
    yield _move(course, _S.ON_WAY_BACK, _E.ARRIVE, _S.BACK_HERE, _W.CARRIER, _D.INSPECT_RETURN, (_DELIVERED,), kinds)
    for state in (_S.ON_WAY_BACK, _S.BACK_HERE):
        yield _move(course, state, _E.REJECT, _S.REJECTED, _W.SELLER, _D.BUYER_CALLS_PLATFORM, (_CALLS,), kinds)
        yield _move(course, state, _E.WITHDRAW, _S.WITHDRAWN, _W.BUYER, kinds=kinds)


def _sent_again(course: Course, states: Iterable[CaseState], cites: tuple[str, ...], kinds: frozenset[AftersaleKind]) -> Iterator[Move]:
    """Goods on their way to the buyer once more."""
    for state in states:
        yield _move(course, state, _E.SEND_GOODS, _S.SENT_AGAIN, _W.SELLER, None, cites, kinds)
    yield _move(course, _S.SENT_AGAIN, _E.CONFIRM, _S.GOODS_DONE, _W.BUYER, kinds=kinds)
    yield _move(course, _S.SENT_AGAIN, _E.TIME_OUT, _S.GOODS_DONE, _W.CLOCK, kinds=kinds)


_ASKED_BY_KIND: Mapping[AftersaleKind, CaseState] = {
    _K.REFUND_ONLY: _S.REFUND_ASKED,
    _K.RETURN_AND_REFUND: _S.RETURN_ASKED,
    _K.EXCHANGE: _S.EXCHANGE_ASKED,
    _K.RESEND: _S.RESEND_ASKED,
    _K.REPAIR: _S.REPAIR_ASKED,
}
_ANSWER_RULES: Mapping[AftersaleKind, tuple[str, ...]] = {_K.REFUND_ONLY: (_UNSHIPPED, _SHIPPED), _K.RETURN_AND_REFUND: (_RETURN,)}


def _asked_again(kind: AftersaleKind, state: CaseState) -> Iterator[Move]:
    """A buyer who asks for something else instead, or once more after the case was closed."""
    kinds, cites = frozenset({kind}), _ANSWER_RULES.get(kind, (_GOODS,))
    course = Course(kind.value)
    for other in sorted({*ASKED, _S.TO_SEND_BACK} - {state}):
        yield _move(course, other, _E.CHANGE, state, _W.BUYER, _D.ANSWER_REFUND, cites, kinds)
    for closed in sorted(CLOSED_STATES):
        yield _move(course, closed, _E.ASK_AGAIN, state, _W.BUYER, _D.ANSWER_REFUND, cites, kinds)


def _move(
    course: Course,
    before: CaseState | None,
    event: CaseEvent,
    after: CaseState,
    who: CaseMover,
    falls_due: DeadlineKind | None = None,
    cites: tuple[str, ...] = (),
    kinds: frozenset[AftersaleKind] = _ANY,
) -> Move:
    return Move(course=course, before=before, event=event, after=after, who=who, falls_due=falls_due, cites=cites, kinds=kinds)


MOVES: tuple[Move, ...] = tuple(_moves())
"""Every step there is, course by course."""

CLOCKS: Mapping[CaseState, DeadlineKind | None] = {move.after: move.falls_due for move in reversed(MOVES) if move.after not in PAYING}
"""The clock that runs while a case is in a state; None where nothing is asked of seller or buyer any more."""


def moves_from(state: CaseState | None, kind: AftersaleKind | None = None) -> tuple[Move, ...]:
    """The steps that lead on from a state, of one kind of case or of any."""
    return tuple(move for move in MOVES if move.before is state and (kind is None or kind in move.kinds))


def moves_between(before: CaseState | None, after: CaseState, kind: AftersaleKind | None) -> tuple[Move, ...]:
    """The single steps that lead from one state to the other; several where different things may have happened."""
    return tuple(move for move in moves_from(before, _known(kind)) if move.after is after)


def steps_between(before: CaseState | None, after: CaseState, kind: AftersaleKind | None) -> int | None:
    """How many steps the shortest way takes; None where none leads there. A source that does not say how a case was closed may mean any way."""
    wanted = CLOSED_STATES if after is CaseState.CLOSED else frozenset({after})
    starts: tuple[CaseState | None, ...] = tuple(CLOSED_STATES) if before is CaseState.CLOSED else (before,)
    seen: set[CaseState | None] = set(starts)
    queue: deque[tuple[CaseState | None, int]] = deque((start, 0) for start in starts)
    while queue:
        state, steps = queue.popleft()
        for move in moves_from(state, _known(kind)):
            if move.after in wanted:
                return steps + 1
            if move.after not in seen:
                seen.add(move.after)
                queue.append((move.after, steps + 1))
    return None


def _known(kind: AftersaleKind | None) -> AftersaleKind | None:
    return None if kind is AftersaleKind.UNKNOWN else kind
