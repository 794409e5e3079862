"""Expert reviews (行家心得): how far a report of one has come, and which step may follow which."""

from collections.abc import Mapping
from enum import StrEnum

from zhanggui.core.steps import events_from, step_from


class ExpertState(StrEnum):
    """Where an expert review stands."""

    SHOWN = "expert_shown"
    """It is known, and nothing is done about it."""
    TO_FILE = "expert_to_file"
    """A report is made ready."""
    FILED = "expert_filed"
    """The platform has the report."""
    TAKEN_DOWN = "expert_taken_down"
    """The platform took it down or hid it."""
    KEPT = "expert_kept"
    """The platform lets it stand."""


class ExpertEvent(StrEnum):
    """What may happen; persons tell all of it, since the platform offers no door for it."""

    PREPARE = "expert.prepare"
    FILE = "expert.file"
    WIN = "expert.win"
    LOSE = "expert.lose"
    DROP = "expert.drop"


_S, _E = ExpertState, ExpertEvent

EXPERT_STEPS: Mapping[tuple[ExpertState, ExpertEvent], ExpertState] = {
    (_S.SHOWN, _E.PREPARE): _S.TO_FILE,
    (_S.TO_FILE, _E.PREPARE): _S.TO_FILE,
    (_S.TO_FILE, _E.FILE): _S.FILED,
    (_S.TO_FILE, _E.DROP): _S.SHOWN,
    (_S.FILED, _E.WIN): _S.TAKEN_DOWN,
    (_S.FILED, _E.LOSE): _S.KEPT,
    (_S.KEPT, _E.PREPARE): _S.TO_FILE,
}
"""Every step there is. Whether a report may be filed once more is not on record; the house lets a person try."""


def expert_after(state: ExpertState, event: ExpertEvent) -> ExpertState:
    """The state that follows. Raises NotThatStep."""
    return step_from(EXPERT_STEPS, state, event)


def expert_events(state: ExpertState) -> tuple[ExpertEvent, ...]:
    """What may happen next, in the order in which it usually does."""
    return events_from(EXPERT_STEPS, ExpertEvent, state)
