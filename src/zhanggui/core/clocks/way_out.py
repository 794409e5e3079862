"""The way out of a parcel, told apart from its way home: who signs for it there is the shop, not the buyer."""

from collections.abc import Sequence
from datetime import datetime

from zhanggui.core.facts import ScanFacts, ScanStage

TURNED = frozenset({ScanStage.REFUSED, ScanStage.RETURN_TO_SENDER})
"""From one of these on the parcel goes back, and whatever is scanned then belongs to the way home."""


def until_turned(scans: Sequence[ScanFacts]) -> Sequence[ScanFacts]:
    """The events before the parcel turned back, of all oldest first: what picks it up on the way home is no pickup of ours."""
    turned = next((place for place, scan in enumerate(scans) if scan.stage in TURNED), len(scans))
    return scans[:turned]


def has_turned(scans: Sequence[ScanFacts]) -> bool:
    """Whether the carrier took the parcel back; one that was only refused may be delivered all the same."""
    return any(scan.stage is ScanStage.RETURN_TO_SENDER for scan in scans)


def comes_back(scans: Sequence[ScanFacts]) -> bool:
    """Whether the parcel does not reach the buyer any more: it was sent back, or the last that is told is its refusal."""
    return has_turned(scans) or (bool(scans) and scans[-1].stage is ScanStage.REFUSED)


def deliveries_of(scans: Sequence[ScanFacts]) -> list[datetime]:
    """The moments at which the parcel was signed for on its way out, of all events oldest first; its homecoming is none of them."""
    sent_back = next((place for place, scan in enumerate(scans) if scan.stage is ScanStage.RETURN_TO_SENDER), len(scans))
    return [scan.at for scan in scans[:sent_back] if scan.stage is ScanStage.DELIVERED]
