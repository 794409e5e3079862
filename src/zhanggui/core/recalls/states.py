"""How far a recall has come, by what persons said and what the tracking events show; and which step may follow which."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from zhanggui.core.clocks.way_out import TURNED, deliveries_of, has_turned
from zhanggui.core.facts import ScanFacts, ScanStage
from zhanggui.core.steps import events_from, step_from


class RecallState(StrEnum):
    """How far a recall has come."""

    ASKED = "recall_asked"
    """Somebody wants the parcel back; the carrier does not know yet."""
    TOLD = "recall_told"
    """The carrier was told; it has not said whether it can stop the parcel."""
    AGREED = "recall_agreed"
    """The carrier says that it stops the parcel."""
    COMING_BACK = "recall_coming_back"
    """The tracking events show it refused or on its way back."""
    BACK = "recall_back"
    FAILED = "recall_failed"
    """The carrier could not stop it, or it was delivered all the same."""
    DROPPED = "recall_dropped"
    """Nobody goes on with it."""
    NEEDLESS = "recall_needless"
    """What it was wanted back for is over before the carrier was told of it."""


class RecallEvent(StrEnum):
    """What a person may tell of a recall; that it is coming back or was delivered, the tracking events tell."""

    TELL = "recall.tell"
    AGREE = "recall.agree"
    FAIL = "recall.fail"
    RECEIVE = "recall.receive"
    SIGN = "recall.sign"
    """The buyer it was that signed for it after refusing it."""
    DROP = "recall.drop"


_S, _E = RecallState, RecallEvent

RECALL_STEPS: Mapping[tuple[RecallState, RecallEvent], RecallState] = {
    (_S.ASKED, _E.TELL): _S.TOLD,
    (_S.ASKED, _E.AGREE): _S.AGREED,
    (_S.TOLD, _E.AGREE): _S.AGREED,
    (_S.ASKED, _E.FAIL): _S.FAILED,
    (_S.TOLD, _E.FAIL): _S.FAILED,
    (_S.AGREED, _E.FAIL): _S.FAILED,
    (_S.TOLD, _E.RECEIVE): _S.BACK,
    (_S.AGREED, _E.RECEIVE): _S.BACK,
    (_S.COMING_BACK, _E.RECEIVE): _S.BACK,
    (_S.BACK, _E.RECEIVE): _S.BACK,  # where its events alone tell that it is back
    (_S.COMING_BACK, _E.SIGN): _S.FAILED,
    (_S.ASKED, _E.DROP): _S.DROPPED,
    (_S.TOLD, _E.DROP): _S.DROPPED,
    (_S.AGREED, _E.DROP): _S.DROPPED,
    (_S.COMING_BACK, _E.DROP): _S.DROPPED,
}
"""Every step a person may make."""

LIVE_RECALLS = frozenset({_S.ASKED, _S.TOLD, _S.AGREED, _S.COMING_BACK})
"""Where something is still to be done or awaited."""


def recall_after(state: RecallState, event: RecallEvent) -> RecallState:
    """The state that follows what a person tells. Raises NotThatStep."""
    return step_from(RECALL_STEPS, state, event)


def recall_events(state: RecallState) -> tuple[RecallEvent, ...]:
    """What a person may tell next."""
    return events_from(RECALL_STEPS, RecallEvent, state)


def recall_stands(
    said: RecallState, scans: Sequence[ScanFacts], *, said_at: datetime | None = None, is_received: bool = False, is_needless: bool = False
) -> RecallState:
    """Where the recall stands: what persons said of it, unless the tracking events, oldest first, or the order know more.

    Computed anew from the facts each time, so that an undone import takes its news along. `said_at`: when persons said so; who signed for the parcel
    before that, they knew. `is_received`: the buyer has the goods. `is_needless`: what the parcel was wanted back for is over; once the carrier was told,
    somebody has to tell it to carry on, so that the recall goes on until then.
    """
    if said in (RecallState.BACK, RecallState.DROPPED):
        return said
    known = [scan for scan in scans if said_at is not None and scan.at <= said_at]
    if said is RecallState.FAILED and not has_turned(scans) and is_signed_for(RecallState.COMING_BACK, known):
        return said
    delivered = [scan.at for scan in scans if scan.stage is ScanStage.DELIVERED]
    if has_turned(scans):
        return RecallState.BACK if len(delivered) > len(deliveries_of(scans)) else RecallState.COMING_BACK
    if any(scan.stage in TURNED for scan in scans) and not (delivered and is_received):
        return RecallState.COMING_BACK  # whoever signed for it after the refusal, the shop or the buyer, no event tells
    if is_received or delivered:
        return RecallState.FAILED
    return RecallState.NEEDLESS if is_needless and said is RecallState.ASKED else said


def is_signed_for(state: RecallState, scans: Sequence[ScanFacts]) -> bool:
    """Whether a parcel on its way back was signed for after a mere refusal, so that a person has to say by whom."""
    if state is not RecallState.COMING_BACK or has_turned(scans):
        return False
    refused_at = min((scan.at for scan in scans if scan.stage in TURNED), default=None)
    return refused_at is not None and any(scan.stage is ScanStage.DELIVERED and scan.at >= refused_at for scan in scans)


def turned_at(state: RecallState, scans: Sequence[ScanFacts]) -> datetime | None:
    """The moment of the tracking event that brought the recall to this state; None where no event did."""
    match state:
        case RecallState.COMING_BACK:
            return min((scan.at for scan in scans if scan.stage in TURNED), default=None)
        case RecallState.BACK | RecallState.FAILED:
            return max((scan.at for scan in scans if scan.stage is ScanStage.DELIVERED), default=None)
        case _:
            return None
