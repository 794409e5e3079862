"""Whether an order may go a step further, by everything known of it; and what new facts do to one that is on its way out."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from zhanggui.core.abnormal.states import AbnormalState
from zhanggui.core.clocks.pickup import scans_of_parcel
from zhanggui.core.clocks.shipping import is_ended
from zhanggui.core.clocks.way_out import deliveries_of
from zhanggui.core.decide.printing import money_is_asked_back
from zhanggui.core.dispatch.moves import HARMLESS, IN_THE_HOUSE, DispatchEvent, DispatchState
from zhanggui.core.dispatch.parcels import is_settled
from zhanggui.core.dispatch.shapes import Dispatch
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState, ClaimedReceipt, OrderStage, RefundState, ScanStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.say import Say, say

SLOT = timedelta(minutes=10)
"""So long another person is kept from printing what somebody was let print and has not reported."""

ASKED_BACK = say("The buyer has asked for the money back.")
_HELD = say("The platform is still reviewing the order; it must not be shipped.")
_ON_HOLD = say("The platform has put shipping on hold; it must not be shipped.")
_APPROVED = say("The platform agreed that it need not be shipped.")
_REQUESTED = say("The platform was asked whether it need not be shipped, and has not answered yet.")
_REPAID = say("The house is paying the buyer back at this moment, or has done so.")
_BY_STAGE: dict[OrderStage | None, Say | None] = {
    OrderStage.FORMING: say("The group has not formed yet."),
    OrderStage.TO_SHIP: None,
    OrderStage.SHIPPED: None,
    OrderStage.RECEIVED: say("The buyer has received it already."),
}
_UNKNOWN = say("Its state is not one we know; look it up first.")
_NOT_TO_PRINT: dict[DispatchState, Say] = {
    DispatchState.HANDED_OVER: say("It was handed to the carrier already."),
    DispatchState.TO_DESTROY: say("It stands on the destroy list: its label has to be destroyed first."),
}
_NOT_TO_PACK: dict[DispatchState | None, Say] = {
    None: say("Its label has not been printed here."),
    DispatchState.HANDED_OVER: say("It was handed to the carrier already."),
    DispatchState.TO_DESTROY: say("Stop: it must not leave. Put the parcel aside and destroy its label."),
    DispatchState.DESTROYED: say("Stop: its label was destroyed. It must not leave with it."),
    DispatchState.RECALLED: say("The parcel came back. Print a new label before it leaves again."),
}


_MAY_HAVE_LEFT = IN_THE_HOUSE | {DispatchState.TO_DESTROY}
_UNDER_ITS_NUMBER = IN_THE_HOUSE | {DispatchState.HANDED_OVER, DispatchState.RECALLED}
_ON_ITS_WAY = frozenset(ScanStage) - {ScanStage.UNKNOWN, ScanStage.EXCEPTION, ScanStage.RETURN_TO_SENDER}
"""What a carrier says of a parcel only once it has it."""
_NO_RETURN = frozenset({AftersaleState.REJECTED, AftersaleState.CLOSED})
"""Where a return came to nothing."""


def halting(known: OrderKnowledge) -> Say | None:
    """Why the goods must not leave at all, so that a label of theirs has to be destroyed; None where nothing says so."""
    ended = is_ended(known)
    if ended is not None:
        return ended
    if money_is_asked_back(known):
        return ASKED_BACK
    return _APPROVED if known.abnormal is not None and known.abnormal.state is AbnormalState.APPROVED else None


def holding(known: OrderKnowledge) -> Say | None:
    """Why the goods must not leave now, though they may later; None where nothing says so."""
    order = known.order
    if known.abnormal is not None and known.abnormal.state is AbnormalState.ASKED:
        return _REQUESTED
    if order.under_review:
        return _HELD
    if order.on_hold:
        return _ON_HOLD
    if order.refund is RefundState.UNKNOWN:
        return _UNKNOWN
    return _BY_STAGE.get(order.stage, _UNKNOWN)


def not_to_leave(known: OrderKnowledge, *, is_repaid: bool) -> Say | None:
    """Why the goods may not go a step further, by the facts. `is_repaid`: an act of ours pays the buyer back, or has."""
    return halting(known) or (_REPAID if is_repaid else None) or holding(known)


def not_to_print(dispatch: Dispatch, known: OrderKnowledge, by: int | None, now: datetime) -> Say | None:
    """Why no label may be made of an order now, by how far it is on its way out."""
    if dispatch.state in _NOT_TO_PRINT:
        return _NOT_TO_PRINT[dispatch.state]
    if known.order.stage is OrderStage.SHIPPED and dispatch.state is None:
        return say("It has been shipped already, with a label that was not printed here.")
    if dispatch.slot_at is not None and dispatch.slot_by != by and dispatch.slot_at <= now < dispatch.slot_at + SLOT:
        return say("Somebody else has been printing it since {at}.", at=dispatch.slot_at)
    return None


def not_to_pack(dispatch: Dispatch) -> Say | None:
    """Why the parcel may not be closed or handed over, by how far it is on its way out."""
    return None if dispatch.state in IN_THE_HOUSE else _NOT_TO_PACK[dispatch.state]


def kept_by_company(company: Iterable[tuple[Dispatch, Say | None]]) -> Say | None:
    """Why a parcel may not be closed or handed over, by the other orders that lie in it, each with what speaks against its leaving."""
    for dispatch, against in company:
        if dispatch.state is DispatchState.TO_DESTROY:
            return say(
                "Order {order_no} in the same parcel must not leave: take its goods out, and say on the destroy list that it is done.",
                order_no=dispatch.order_no,
            )
        if dispatch.state in IN_THE_HOUSE and against is not None:
            return say("Order {order_no} in the same parcel must not leave now.", order_no=dispatch.order_no)
    return None


def travels_with(company: Iterable[Dispatch]) -> bool:
    """Whether other orders go under the same number, so that a carrier's scan of it tells nothing of one whose goods were taken out."""
    return any(dispatch.state in _UNDER_ITS_NUMBER for dispatch in company)


def has_left(dispatch: Dispatch, known: OrderKnowledge) -> bool:
    """Whether the carrier or the platform shows that the parcel with this label has left, whatever was said of it in the house."""
    order = known.order
    if order.stage is OrderStage.RECEIVED or order.received_at is not None:
        return True
    return _was_scanned(dispatch, known)


def _was_scanned(dispatch: Dispatch, known: OrderKnowledge) -> bool:
    """Whether the carrier has scanned the label since it was printed."""
    order, since = known.order, dispatch.printed_at
    if order.picked_up_at is not None and order.tracking_no == dispatch.tracking_no and (since is None or order.picked_up_at >= since):
        return True
    scans = (*known.scans, *known.label_scans)
    return any(scan.tracking_no in dispatch.numbers and scan.stage in _ON_ITS_WAY and (since is None or scan.at >= since) for scan in scans)


def _left_all_the_same(dispatch: Dispatch, known: OrderKnowledge) -> bool:
    """Whether a label that was said to be destroyed travels. That the buyer has goods tells nothing: they may have come under another label."""
    return dispatch.state is DispatchState.DESTROYED and dispatch.printed_at is not None and _was_scanned(dispatch, known)


def follows(
    dispatch: Dispatch, known: OrderKnowledge | None, *, is_repaid: bool = False, is_in_company: bool = False
) -> tuple[DispatchEvent, Say | None] | None:
    """What the facts do by themselves to an order on its way out: it is halted, or spared; None where it goes on as before.

    `is_in_company`: other orders travel under its number.
    """
    if known is None:
        return None
    if dispatch.state in _MAY_HAVE_LEFT and dispatch.has_label and has_left(dispatch, known):
        return DispatchEvent.LEFT, None
    if not is_in_company and _left_all_the_same(dispatch, known):
        return DispatchEvent.LEFT, None
    why = halting(known) or (_REPAID if is_repaid else None)
    if why is not None and (dispatch.state in IN_THE_HOUSE or (dispatch.state in HARMLESS and dispatch.may_be_on_paper)):
        return DispatchEvent.HALT, why
    if why is None and dispatch.state is DispatchState.TO_DESTROY:
        return (DispatchEvent.SPARE if dispatch.has_label else DispatchEvent.RELEASE), None
    return None


def asks_for_recall(dispatch: Dispatch, known: OrderKnowledge | None) -> Say | None:
    """Why what has left should come back, None where nothing says so, no parcel is left to call back, or the buyer sends the goods back himself."""
    if known is None or dispatch.state is not DispatchState.HANDED_OVER or is_settled(dispatch, known):
        return None
    return None if buyer_sends_back(known) else halting(known)


def buyer_sends_back(known: OrderKnowledge) -> bool:
    """Whether the buyer himself sends the goods back, or has: in a return that is still on, or one that was paid for goods he had."""
    return any(case.kind is AftersaleKind.RETURN_AND_REFUND and case.state not in _NO_RETURN and _is_of_goods(case, known) for case in known.cases)


def _is_of_goods(case: AftersaleFacts, known: OrderKnowledge) -> bool:
    """Whether the return is of goods: one that still runs; one that was paid where the buyer sent something, or had something to send."""
    if case.state is not AftersaleState.REFUNDED:
        return True
    has_sent = case.return_tracking_no is not None or case.return_sent_at is not None or case.return_delivered_at is not None
    return has_sent or case.claimed_receipt is ClaimedReceipt.RECEIVED or bool(deliveries_of(scans_of_parcel(known)))
