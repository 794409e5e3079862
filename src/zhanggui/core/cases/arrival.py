"""Whether, and when, a return parcel reached the seller."""

from datetime import datetime

from zhanggui.core.facts import AftersaleFacts, ScanStage
from zhanggui.core.knowledge import OrderKnowledge


def return_delivered_at(case: AftersaleFacts, known: OrderKnowledge | None) -> datetime | None:
    """When the return parcel was delivered to us, from the case or from a tracking event of its number."""
    if case.return_delivered_at is not None or known is None or case.return_tracking_no is None:
        return case.return_delivered_at
    scans = (scan.at for scan in known.scans if scan.tracking_no == case.return_tracking_no and scan.stage is ScanStage.DELIVERED)
    return min(scans, default=None)


def says_delivered(case: AftersaleFacts) -> bool:
    """Whether the case's own tracking word says that the return has been delivered, be it without a moment."""
    text = case.return_state_text or ""
    return "签收" in text and not any(word in text for word in ("未签收", "待签收"))
