"""Whether a parcel that a carrier was asked about has moved since."""

from datetime import datetime

from zhanggui.core.clocks.shipping import is_over
from zhanggui.core.facts import OrderStage
from zhanggui.core.knowledge import OrderKnowledge


def moved_at(tracking_no: str, last_at: datetime | None, known: OrderKnowledge) -> datetime | None:
    """Since when it needs no asking any more: its next event, or what ended the matter; None while it still stands."""
    order = known.order
    later = [scan.at for scan in known.scans if scan.tracking_no == tracking_no and (last_at is None or scan.at > last_at)]
    if later:
        return min(later)
    if order.received_at is not None:
        return order.received_at
    is_settled = order.stage is OrderStage.RECEIVED or is_over(known) is not None or order.tracking_no != tracking_no
    return known.data_as_of if is_settled else None
