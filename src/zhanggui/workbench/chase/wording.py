"""The words on the buttons that move recalls and claims on, and the colours of their states."""

from collections.abc import Mapping

from zhanggui.core.claims.states import ClaimEvent, ClaimState
from zhanggui.core.recalls.states import RecallEvent, RecallState
from zhanggui.core.say import Say, say

RECALL_EVENTS: Mapping[RecallEvent, Say] = {
    RecallEvent.TELL: say("The carrier was told"),
    RecallEvent.AGREE: say("The carrier stops it"),
    RecallEvent.FAIL: say("Cannot be stopped"),
    RecallEvent.RECEIVE: say("It is here again"),
    RecallEvent.SIGN: say("The buyer has it"),
    RecallEvent.DROP: say("Drop it"),
}
CLAIM_EVENTS: Mapping[ClaimEvent, Say] = {
    ClaimEvent.FILE: say("Filed with the carrier"),
    ClaimEvent.OFFER: say("The carrier agrees to"),
    ClaimEvent.PAY: say("Paid"),
    ClaimEvent.REFUSE: say("Refused"),
    ClaimEvent.COMPLAIN: say("Complained to 12305"),
    ClaimEvent.DROP: say("Drop it"),
}
RECALL_STATES: Mapping[RecallState, str] = {
    RecallState.ASKED: "overdue",
    RecallState.TOLD: "hour",
    RecallState.AGREED: "today",
    RecallState.COMING_BACK: "today",
    RecallState.BACK: "good",
    RecallState.FAILED: "overdue",
}
"""The colour of the chip; none is the plain one."""
CLAIM_STATES: Mapping[ClaimState, str] = {
    ClaimState.TO_FILE: "hour",
    ClaimState.FILED: "today",
    ClaimState.OFFERED: "today",
    ClaimState.PAID: "good",
    ClaimState.REFUSED: "overdue",
    ClaimState.COMPLAINED: "hour",
}
"""The same for claims."""
