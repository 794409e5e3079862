"""Whether a parcel that the house itself wanted back is still wanted back."""

from zhanggui.core.clocks.way_out import TURNED
from zhanggui.core.dispatch import Dispatch, DispatchState
from zhanggui.core.dispatch.judging import asks_for_recall, buyer_sends_back, halting
from zhanggui.core.dispatch.moves import IN_THE_HOUSE
from zhanggui.core.dispatch.parcels import scans_of
from zhanggui.core.facts import OrderStage, ScanFacts
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.say import Say, say


def needless(tracking_no: str, dispatch: Dispatch | None, known: OrderKnowledge | None) -> Say | None:
    """Why the parcel need not come back any more; None while it should, and where nothing is known of it here."""
    if known is None or dispatch is None or tracking_no not in dispatch.numbers:
        return None
    if dispatch.state in IN_THE_HOUSE:
        return say("The parcel had not left after all.")
    if dispatch.state is not DispatchState.HANDED_OVER or asks_for_recall(dispatch, known) is not None:
        return None
    if buyer_sends_back(known):
        return say("The buyer sends the goods back himself.")
    return None if halting(known) is not None else say("The buyer asks for the money back no more.")


def is_received(tracking_no: str, known: OrderKnowledge | None) -> bool:
    """Whether the buyer has this very parcel, by what the order tells.

    The stage alone tells it only of a parcel that was never refused: a signature at the shop's own door may have moved the order on as well.
    """
    if known is None or known.order.tracking_no != tracking_no:
        return False
    if known.order.received_at is not None:
        return True
    return known.order.stage is OrderStage.RECEIVED and not any(scan.stage in TURNED for scan in scans_under(tracking_no, known))


def scans_under(tracking_no: str, known: OrderKnowledge | None) -> list[ScanFacts]:
    """The tracking events of this very parcel, oldest first."""
    return [] if known is None else scans_of(tracking_no, known)
