"""Which act a verdict calls for, and what would be sent."""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from zhanggui.core.acts.grounds import Grounds, grounds_of
from zhanggui.core.acts.requests import ActKind, AgreeRefund, AgreeReturn, CancelSending, CannotHold, Request, Ship, digest_of
from zhanggui.core.acts.terms import ActTerms
from zhanggui.core.dispatch.acting import not_by_itself, not_to_send, reason_not_held
from zhanggui.core.dispatch.shapes import Dispatch
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState, OrderFacts, OrderStage, RefundState
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.verdicts import Act, Verdict

_MONEY = frozenset({AftersaleKind.REFUND_ONLY, AftersaleKind.RETURN_AND_REFUND})

_BY_LIMITS = frozenset({ActKind.REFUND_AGREE, ActKind.RETURN_AGREE})
"""Acts that go without a person only where the advice finds them within the shop's limits."""


class Proposal(msgspec.Struct, frozen=True):
    """An act that a verdict calls for: what would be sent, what that rests on, and whether the house may announce it without a person."""

    kind: ActKind
    request: Request
    grounds: Grounds
    by_itself: bool

    @property
    def digest(self) -> str:
        """By what a form says which request somebody saw."""
        return digest_of(self.request)


def proposals(verdict: Verdict, order: OrderKnowledge | None, case: AftersaleFacts | None, terms: Mapping[ActKind, ActTerms]) -> tuple[Proposal, ...]:
    """The acts this verdict leaves open, one of a kind: the one it calls for first, then those of the other answers that were weighed, which a person may
    prefer; never of an answer that is barred. None where there are none or where the facts do not suffice to send one."""
    others = (each.act for each in verdict.weighed if each.act is not verdict.act and each.barred is None) if verdict.confirm else ()
    found: dict[ActKind, Proposal] = {}
    for act in (verdict.act, *others):
        proposed = _proposal(act, verdict, order, case, terms)
        if proposed is not None:
            found.setdefault(proposed.kind, proposed)
    return tuple(found.values())


def proposal(verdict: Verdict, order: OrderKnowledge | None, case: AftersaleFacts | None, terms: Mapping[ActKind, ActTerms]) -> Proposal | None:
    """The first of these."""
    return next(iter(proposals(verdict, order, case, terms)), None)


def _proposal(act: Act, verdict: Verdict, order: OrderKnowledge | None, case: AftersaleFacts | None, terms: Mapping[ActKind, ActTerms]) -> Proposal | None:
    """The act that goes with one answer. Only what the verdict calls for may go without a person."""
    facts, dispatch = (None, None) if order is None else (order.order, order.dispatch)
    case = case or _refund_case(order)
    for kind, offered in _offered(act, verdict, terms):
        request = _cannot_hold(facts, case, dispatch) if kind is ActKind.SENDING_GOES_ON else _REQUESTS[kind](facts, case)
        if request is not None and not_to_send(request, dispatch, by_itself=False) is None:
            is_alone = act is verdict.act and not (kind in _BY_LIMITS and verdict.alone is False)
            alone = offered and is_alone and (order is None or not_by_itself(request, order) is None)
            return Proposal(kind, request, grounds_of(request, facts, case, dispatch), alone)
    return None


def _offered(act: Act, verdict: Verdict, terms: Mapping[ActKind, ActTerms]) -> Iterable[tuple[ActKind, bool]]:
    return ((kind, offer.by_itself) for kind, known in terms.items() for offer in known.offered_on if offer.verdict is act and verdict.confirm)


def _refund_case(order: OrderKnowledge | None) -> AftersaleFacts | None:
    """The one case of the order in which the buyer waits for the money; None where there are none or several."""
    waiting = [case for case in (order.cases if order else ()) if case.state is AftersaleState.SELLER_TO_ANSWER and case.kind in _MONEY]
    return waiting[0] if len(waiting) == 1 else None


def _agree_refund(order: OrderFacts | None, case: AftersaleFacts | None) -> AgreeRefund | None:
    """Only of a case whose turn is ours and whose amount is known; of a return only once a parcel of it is known."""
    if order is None or case is None or case.order_no is None or case.refund_amount is None or case.refund_amount <= 0:
        return None
    if case.kind not in _MONEY or case.state not in (AftersaleState.SELLER_TO_ANSWER, AftersaleState.SELLER_TO_RECEIVE):
        return None
    if case.kind is AftersaleKind.RETURN_AND_REFUND and case.return_tracking_no is None:
        return None
    return AgreeRefund(order_no=case.order_no, case_no=case.case_no, amount=case.refund_amount)


def _cancel_sending(order: OrderFacts | None, case: AftersaleFacts | None) -> CancelSending | None:
    agreed = _agree_refund(order, case)
    if agreed is None or order is None or order.stage is not OrderStage.TO_SHIP or case is None or case.kind is not AftersaleKind.REFUND_ONLY:
        return None
    return CancelSending(order_no=agreed.order_no, case_no=agreed.case_no, amount=agreed.amount)


def _cannot_hold(order: OrderFacts | None, case: AftersaleFacts | None, dispatch: Dispatch | None) -> CannotHold | None:
    """Only while the order still waits to be shipped by what the platform knows: after that it knows better."""
    agreed = _agree_refund(order, case)
    if agreed is None or order is None or order.stage is not OrderStage.TO_SHIP or case is None or case.kind is not AftersaleKind.REFUND_ONLY:
        return None
    reason = reason_not_held(order, dispatch)
    return None if reason is None else CannotHold(order_no=agreed.order_no, case_no=agreed.case_no, reason=reason)


def _agree_return(order: OrderFacts | None, case: AftersaleFacts | None) -> AgreeReturn | None:
    if order is None or case is None or case.order_no is None or case.kind is not AftersaleKind.RETURN_AND_REFUND:
        return None
    if case.state is not AftersaleState.SELLER_TO_ANSWER or case.return_tracking_no is not None:
        return None
    return AgreeReturn(order_no=case.order_no, case_no=case.case_no)


def _ship(order: OrderFacts | None, _: AftersaleFacts | None) -> Ship | None:
    """Only where a number is known that the order does not bear as shipped yet, and nothing forbids it."""
    if order is None or order.stage is not OrderStage.TO_SHIP or not order.tracking_no or not order.carrier:
        return None
    if order.under_review or order.on_hold or order.refund not in (None, RefundState.NONE):
        return None
    return Ship(order_no=order.order_no, tracking_no=order.tracking_no, carrier=order.carrier)


def _never(_: OrderFacts | None, __: AftersaleFacts | None) -> None:
    return None


_REQUESTS: Mapping[ActKind, Callable[[OrderFacts | None, AftersaleFacts | None], Request | None]] = {
    ActKind.REFUND_AGREE: _agree_refund,
    ActKind.SENDING_CANCEL: _cancel_sending,
    ActKind.RETURN_AGREE: _agree_return,
    ActKind.SHIP_UPLOAD: _ship,
    ActKind.ORDER_NOTE: _never,
    ActKind.PRINT_REPORT: _never,
    ActKind.SHIP_CHANGE: _never,
    ActKind.PARCELS_EXTRA: _never,
}
