"""What an order takes from the shelves: reserved from the forming of its group until it has left, and nothing once it need not leave any more."""

from datetime import datetime
from enum import StrEnum

import msgspec

from zhanggui.core.abnormal.states import AbnormalState
from zhanggui.core.clocks.shipping import is_ended
from zhanggui.core.facts import OrderStage
from zhanggui.core.knowledge import OrderKnowledge

_GONE = frozenset({OrderStage.SHIPPED, OrderStage.RECEIVED})


class Taking(StrEnum):
    """How far the goods of an order have come, as the shelves see it."""

    RESERVED = "reserved"
    LEFT = "left"


class Hold(msgspec.Struct, frozen=True):
    """That an order holds goods, and since when they are gone, where they are."""

    taking: Taking
    left_at: datetime | None = None


def hold_of(known: OrderKnowledge, handed_at: datetime | None = None) -> Hold | None:
    """What the order does to the shelves; None where it takes nothing (yet, or any more).

    Goods have left with the hand-over or with the platform's word that they were shipped, whichever is earlier. What the platform has
    agreed not to have shipped takes nothing any more.
    """
    order = known.order
    if handed_at is not None or order.stage in _GONE or order.shipped_at is not None:
        moments = [moment for moment in (handed_at, order.shipped_at) if moment is not None]
        return Hold(Taking.LEFT, min(moments) if moments else order.picked_up_at or order.received_at or order.group_formed_at or order.paid_at)
    is_released = known.abnormal is not None and known.abnormal.state is AbnormalState.APPROVED
    if is_released or is_ended(known) is not None:
        return None
    to_ship = order.stage is OrderStage.TO_SHIP or (order.stage is None and order.group_formed_at is not None)
    return Hold(Taking.RESERVED) if to_ship else None
