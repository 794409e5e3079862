"""The words on the buttons of reviews and expert reviews, and the colours of their states."""

from collections.abc import Mapping

from zhanggui.core.aspects.kinds import AspectName
from zhanggui.core.complaints.states import ComplaintState
from zhanggui.core.reviews.experts import ExpertEvent, ExpertState
from zhanggui.core.say import Say, say

EXPERT_EVENTS: Mapping[ExpertEvent, Say] = {
    ExpertEvent.PREPARE: say("Make the report ready"),
    ExpertEvent.FILE: say("Filed in the back office"),
    ExpertEvent.WIN: say("It was taken down"),
    ExpertEvent.LOSE: say("It stays"),
    ExpertEvent.DROP: say("Do not report it"),
}
EXPERT_STATES: Mapping[ExpertState, str] = {
    ExpertState.TO_FILE: "hour",
    ExpertState.FILED: "today",
    ExpertState.TAKEN_DOWN: "good",
    ExpertState.KEPT: "overdue",
}
REPORT_STATES: Mapping[ComplaintState, str] = {
    ComplaintState.TO_FILE: "hour",
    ComplaintState.FILED: "today",
    ComplaintState.WON: "good",
    ComplaintState.LOST: "overdue",
}
ONLY: Mapping[str, Say] = {"unanswered": say("unanswered"), "pictures": say("with pictures"), "follow_up": say("with a follow-up")}
ASPECTS = tuple(name.value for name in AspectName)
