"""What a claim needs in hand, as a list to tick; missing pieces are named before it is filed."""

from collections.abc import Mapping
from enum import StrEnum

from zhanggui.core.claims.states import Loss


class Evidence(StrEnum):
    """One piece of evidence."""

    WAYBILL = "evidence_waybill"
    """Tracking number and picture of the label."""
    TRACE = "evidence_trace"
    """The tracking events with the last one's time."""
    ORDER_VALUE = "evidence_order_value"
    """Order and payment that show what the goods are worth."""
    CARRIER_TALK = "evidence_carrier_talk"
    """What the carrier answered, with times and the number of its ticket."""
    OUTER_PHOTOS = "evidence_outer_photos"
    """All six sides of the box and the place of the damage."""
    INNER_PHOTOS = "evidence_inner_photos"
    """The broken goods, best an unbroken film of the opening."""
    BUYER_STATEMENT = "evidence_buyer_statement"
    """What the buyer wrote, with times; names and numbers covered."""
    INSURANCE = "evidence_insurance"
    """The declared value on the waybill, where there is one."""


NEEDED: Mapping[Loss, tuple[Evidence, ...]] = {
    Loss.LOST: (Evidence.WAYBILL, Evidence.TRACE, Evidence.ORDER_VALUE, Evidence.CARRIER_TALK),
    Loss.DAMAGED: (Evidence.WAYBILL, Evidence.OUTER_PHOTOS, Evidence.INNER_PHOTOS, Evidence.ORDER_VALUE, Evidence.BUYER_STATEMENT),
}
"""What each kind of claim needs."""


def needed(loss: Loss, *, is_insured: bool) -> tuple[Evidence, ...]:
    """What this claim needs; an insured one also the proof of that."""
    return NEEDED[loss] + ((Evidence.INSURANCE,) if is_insured else ())
