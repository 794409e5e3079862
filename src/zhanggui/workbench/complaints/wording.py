"""The words on the buttons that move disputes and complaints on, and the colours of their states."""

from collections.abc import Mapping

from zhanggui.core.complaints.states import ComplaintEvent, ComplaintState
from zhanggui.core.disputes.states import DisputeEvent, DisputeState
from zhanggui.core.say import Say, say

DISPUTE_EVENTS: Mapping[DisputeEvent, Say] = {
    DisputeEvent.AGREE: say("Settled with the buyer"),
    DisputeEvent.WITHDRAW: say("The buyer took it back"),
    DisputeEvent.RULE_FOR: say("Ruled for us"),
    DisputeEvent.RULE_AGAINST: say("Ruled against us"),
    DisputeEvent.RULE_SPLIT: say("Each bears a part"),
    DisputeEvent.APPEAL: say("The appeal is filed"),
    DisputeEvent.WIN_APPEAL: say("The appeal is won"),
    DisputeEvent.LOSE_APPEAL: say("The appeal is lost"),
    DisputeEvent.ACCEPT: say("Leave it as it is"),
    DisputeEvent.TAKE_BACK: say("Said by mistake: take it back"),
}
COMPLAINT_EVENTS: Mapping[ComplaintEvent, Say] = {
    ComplaintEvent.FILE: say("Filed in the back office"),
    ComplaintEvent.WIN: say("Won"),
    ComplaintEvent.LOSE: say("Lost"),
    ComplaintEvent.APPEAL: say("Filed once more"),
    ComplaintEvent.DROP: say("Drop it"),
    ComplaintEvent.TAKE_UP: say("Take it up again"),
    ComplaintEvent.TAKE_BACK: say("Said by mistake: take it back"),
}
DISPUTE_STATES: Mapping[DisputeState, str] = {
    DisputeState.GATHERING: "overdue",
    DisputeState.PROPOSED: "hour",
    DisputeState.SIGNED: "hour",
    DisputeState.SUBMITTED: "today",
    DisputeState.AGREED: "today",
    DisputeState.RULED_FOR: "good",
    DisputeState.RULED_AGAINST: "overdue",
    DisputeState.RULED_SPLIT: "overdue",
    DisputeState.WITHDRAWN: "good",
    DisputeState.APPEALED: "today",
    DisputeState.APPEAL_WON: "good",
    DisputeState.APPEAL_LOST: "overdue",
}
"""The colour of the chip; none is the plain one."""
COMPLAINT_STATES: Mapping[ComplaintState, str] = {
    ComplaintState.TO_FILE: "hour",
    ComplaintState.FILED: "today",
    ComplaintState.WON: "good",
    ComplaintState.LOST: "overdue",
}
"""The same for complaints."""
