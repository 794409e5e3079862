"""What an order takes from the shelves: reserved from the forming of its group until it has left, and nothing once it need not leave any more."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

import msgspec

from zhanggui.core.abnormal.states import AbnormalState
from zhanggui.core.clocks.shipping import is_ended
from zhanggui.core.dispatch.moves import DispatchState
from zhanggui.core.dispatch.shapes import Dispatch, is_of_label
from zhanggui.core.facts import OrderFacts, OrderStage, ScanStage
from zhanggui.core.knowledge import OrderKnowledge

_GONE = frozenset({OrderStage.SHIPPED, OrderStage.RECEIVED})
_HERE = frozenset(DispatchState) - {DispatchState.HANDED_OVER}
_TELLS_NOTHING = frozenset({ScanStage.UNKNOWN, ScanStage.EXCEPTION})


class Taking(StrEnum):
    """How far the goods of an order have come, as the shelves see it."""

    RESERVED = "reserved"
    LEFT = "left"


class Hold(msgspec.Struct, frozen=True):
    """That an order holds goods, and since when they are gone, where they are."""

    taking: Taking
    left_at: datetime | None = None


def hold_of(known: OrderKnowledge, *, is_counted: bool = False) -> Hold | None:
    """What the order does to the shelves; None where it takes nothing (yet, or any more).

    Goods have left with the hand-over, and where nothing was printed of them here with the platform's word that they were shipped; a number that was
    uploaded before its parcel left takes nothing. A parcel that came back brings its goods back whole, until it was opened and counted (`is_counted`):
    then the count says what of them is back, and shows that they had left, though nobody said so. What the platform has agreed not to have shipped takes
    nothing any more.
    """
    order, dispatch = known.order, known.dispatch
    gone_at = None if dispatch is None else _gone_at(order, dispatch, is_counted=is_counted)
    if dispatch is not None and gone_at is not None:
        return Hold(Taking.LEFT, _left_at(known, dispatch, gone_at))
    is_here = dispatch is not None and _is_here(order, dispatch)
    if not is_here and (order.stage in _GONE or order.shipped_at is not None):
        return Hold(Taking.LEFT, order.shipped_at or order.picked_up_at or order.received_at or order.group_formed_at or order.paid_at)
    is_released = known.abnormal is not None and known.abnormal.state is AbnormalState.APPROVED
    if is_released or is_ended(known) is not None:
        return None
    to_ship = is_here or order.stage is OrderStage.TO_SHIP or (order.stage is None and order.group_formed_at is not None)
    return Hold(Taking.RESERVED) if to_ship else None


def _gone_at(order: OrderFacts, dispatch: Dispatch, *, is_counted: bool) -> datetime | None:
    """When the parcel was handed over, where it is gone, or where a count tells what of it came back: then at the latest when it was shipped."""
    if is_counted:
        return dispatch.handed_at or order.shipped_at or dispatch.printed_at
    return dispatch.handed_at if dispatch.state is DispatchState.HANDED_OVER else None


def _is_here(order: OrderFacts, dispatch: Dispatch) -> bool:
    """Whether the goods are in the house by what was done with them here, whatever the platform was told of their number."""
    if dispatch.state not in _HERE or (_is_received(order) and dispatch.state is not DispatchState.RECALLED):
        return False
    # printed once more after it was shipped, it bears another number than the platform knows
    is_printed_anew = order.shipped_at is not None and dispatch.printed_at is not None and dispatch.printed_at > order.shipped_at
    return is_printed_anew or is_of_label(order, dispatch)


def _is_received(order: OrderFacts) -> bool:
    return order.stage is OrderStage.RECEIVED or order.received_at is not None


def _left_at(known: OrderKnowledge, dispatch: Dispatch, handed_at: datetime) -> datetime:
    """When the carrier took it: as somebody said, or as its scans show, whichever is earlier. Where neither tells, it may have left with the upload."""
    seen = list(_scanned_at(known, dispatch))
    if not seen and dispatch.handed_by is None and known.order.shipped_at is not None:
        seen.append(known.order.shipped_at)
    return min([handed_at, *seen])


def _scanned_at(known: OrderKnowledge, dispatch: Dispatch) -> Iterator[datetime]:
    """When the carrier had it in hand under its label."""
    order, since = known.order, dispatch.printed_at
    if order.picked_up_at is not None and order.tracking_no in dispatch.numbers and (since is None or order.picked_up_at >= since):
        yield order.picked_up_at
    for scan in (*known.scans, *known.label_scans):
        if scan.tracking_no in dispatch.numbers and scan.stage not in _TELLS_NOTHING and (since is None or scan.at >= since):
            yield scan.at
