"""What the house may tell the platform of an order, by where its parcel is: the other half of the lock."""

from zhanggui.core.acts.requests import AgreeRefund, CancelSending, CannotHold, Request, Ship
from zhanggui.core.dispatch.moves import IN_THE_HOUSE, DispatchState
from zhanggui.core.dispatch.parcels import may_still_arrive
from zhanggui.core.dispatch.shapes import Dispatch
from zhanggui.core.facts import OrderFacts, OrderStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.numbers import as_number
from zhanggui.core.say import Say, say

NOT_SYNCED, ALREADY_SHIPPED, ALREADY_PRINTED = 1001, 1002, 1003
"""The platform's own reasons why a parcel could not be held back."""

_GONE = frozenset({DispatchState.TO_DESTROY, DispatchState.DESTROYED, DispatchState.RECALLED})
_LEFT = frozenset({OrderStage.SHIPPED, OrderStage.RECEIVED})


def not_to_send(request: Request, dispatch: Dispatch | None, *, by_itself: bool) -> Say | None:
    """Why this act must not be sent as things stand in the house, None where nothing is in its way."""
    if dispatch is None:
        return None
    match request:
        case AgreeRefund():
            return _in_the_way(dispatch) or (_left_by_itself(dispatch) if by_itself else None)
        case CancelSending():
            if dispatch.state is DispatchState.HANDED_OVER:
                return say("The carrier has the parcel: it was not held back. Have it called back.")
            return _in_the_way(dispatch)
        case Ship():
            if dispatch.state in _GONE:
                return say("Its label is destroyed or has to be: no number of it is uploaded.")
            return _under_another(request.tracking_no, dispatch)
        case CannotHold():
            right = reason_not_held(None, dispatch)
            return None if request.reason == right else say("Where the parcel is has changed; the answer would be wrong.")
        case _:
            return None


def not_by_itself(request: Request, known: OrderKnowledge) -> Say | None:
    """Why a person has to decide about this money, by the further parcels of the order; None where none of them may still reach the buyer."""
    out = may_still_arrive(known) if isinstance(request, AgreeRefund | CancelSending) else ()
    return say("Parcel {number} of the order may still reach the buyer, so that a person has to decide.", number=out[0]) if out else None


def reason_not_held(order: OrderFacts | None, dispatch: Dispatch | None) -> int | None:
    """The platform's reason why the parcel of an order cannot be held back, None where nothing keeps it from being held."""
    if (dispatch is not None and dispatch.state is DispatchState.HANDED_OVER) or (order is not None and order.stage in _LEFT):
        return ALREADY_SHIPPED
    if dispatch is not None and _in_the_way(dispatch) is not None:
        return ALREADY_PRINTED
    return None


def _in_the_way(dispatch: Dispatch) -> Say | None:
    """Why no money may go back yet: a label is about that could leave."""
    if dispatch.state in IN_THE_HOUSE or dispatch.state is DispatchState.TO_DESTROY:
        return say("A label was printed: find the parcel, destroy the label, and say so on the destroy list. Then the money may go back.")
    if dispatch.may_be_on_paper:
        return say("Its label may be coming out of the printer: say first what came out.")
    return None


def _under_another(number: str, dispatch: Dispatch) -> Say | None:
    """Why this number is not the order's: its label was printed with another, perhaps after the upload was decided."""
    printed = dispatch.tracking_no
    if not dispatch.has_label or printed is None or as_number(printed) == as_number(number):
        return None
    return say("Its label was printed with {printed}, so {number} is not uploaded.", printed=printed, number=number)


def _left_by_itself(dispatch: Dispatch) -> Say | None:
    return say("The carrier has the parcel, so that a person has to decide.") if dispatch.state is DispatchState.HANDED_OVER else None
