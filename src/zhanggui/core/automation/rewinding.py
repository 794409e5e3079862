"""An order as it was known at a moment of the past, as far as its own moments tell: what a dry run looks at."""

from datetime import datetime

import msgspec

from zhanggui.core.dispatch.moves import DispatchState
from zhanggui.core.dispatch.shapes import Dispatch
from zhanggui.core.facts import AftersaleFacts, AftersaleState, OrderFacts, OrderStage, RefundState
from zhanggui.core.knowledge import OrderKnowledge


def rewound(known: OrderKnowledge, at: datetime) -> OrderKnowledge:
    """What was known of the order then. What bears no moment (amounts, goods, places, notes) is taken as it is now."""
    return msgspec.structs.replace(
        known,
        order=_order(known.order, at),
        scans=tuple(scan for scan in known.scans if scan.at <= at),
        label_scans=tuple(scan for scan in known.label_scans if scan.at <= at),
        cases_past={},
        cases=tuple(_case(case, at) for case in known.cases if case.applied_at is not None and case.applied_at <= at),
        dispatch=None if known.dispatch is None else _dispatch(known.dispatch, at),
        abnormal=known.abnormal if known.abnormal is not None and known.abnormal.found_at <= at else None,
    )


def as_returned(case: AftersaleFacts) -> AftersaleFacts | None:
    """The case as it stood when its return was here and nobody had answered yet; None where none came."""
    if case.return_delivered_at is None or case.return_tracking_no is None:
        return None
    return msgspec.structs.replace(case, state=AftersaleState.SELLER_TO_RECEIVE, expire_at=None)


def _order(order: OrderFacts, at: datetime) -> OrderFacts:
    has_left = order.shipped_at is not None and order.shipped_at <= at
    has_come = order.received_at is not None and order.received_at <= at
    return msgspec.structs.replace(
        order,
        stage=OrderStage.RECEIVED if has_come else OrderStage.SHIPPED if has_left else OrderStage.TO_SHIP,
        refund=RefundState.NONE,
        refund_amount=None,
        shipped_at=order.shipped_at if has_left else None,
        picked_up_at=order.picked_up_at if order.picked_up_at is not None and order.picked_up_at <= at else None,
        received_at=order.received_at if has_come else None,
        tracking_no=order.tracking_no if has_left else None,
        carrier=order.carrier if has_left else None,
        under_review=None,
        on_hold=None,
    )


def _case(case: AftersaleFacts, at: datetime) -> AftersaleFacts:
    """A case beside it: what ended later had not ended then."""
    if case.state is not AftersaleState.REFUNDED or case.updated_at is None or case.updated_at <= at:
        return case
    return msgspec.structs.replace(case, state=AftersaleState.SELLER_TO_ANSWER)


def _dispatch(dispatch: Dispatch, at: datetime) -> Dispatch | None:
    steps = ((dispatch.handed_at, DispatchState.HANDED_OVER), (dispatch.packed_at, DispatchState.PACKED), (dispatch.printed_at, DispatchState.PRINTED))
    state = next((state for moment, state in steps if moment is not None and moment <= at), None)
    if state is None:
        return None
    return msgspec.structs.replace(
        dispatch,
        state=state,
        packed_at=dispatch.packed_at if state is not DispatchState.PRINTED else None,
        handed_at=dispatch.handed_at if state is DispatchState.HANDED_OVER else None,
        halted_at=None,
        destroyed_at=None,
        recall_asked_at=None,
        recalled_at=None,
    )
