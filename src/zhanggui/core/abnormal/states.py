"""How a suspected order and the request not to ship it come along: one table, read by the actions, the page, the docs and the tests."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from zhanggui.core.abnormal.signs import Sign
from zhanggui.core.acts.moves import Mover


class AbnormalState(StrEnum):
    """What has come of a suspected order."""

    SUSPECTED = "suspected"
    """Signs speak against it; nobody has looked yet."""
    CLEARED = "cleared"
    """A person looked and found nothing wrong."""
    ASKED = "request_asked"
    """The platform was asked to let it not be shipped; until it answers it is kept back, and its term runs on."""
    APPROVED = "request_approved"
    """The platform agreed: it is not shipped, its buyer is paid back, and it counts as no sale."""
    REFUSED = "request_refused"
    """The platform said no: ship it anyway, and in time."""
    WITHDRAWN = "request_withdrawn"
    """The request was taken back: ship it."""


class AbnormalEvent(StrEnum):
    """What may happen to a suspected order."""

    SUSPECT = "suspect"
    CLEAR = "clear"
    ASK = "ask"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    LOOK_AGAIN = "look_again"


class AbnormalStep(msgspec.Struct, frozen=True):
    """One step: from a state (None: nobody suspected it), by an event, to a state, made by somebody."""

    before: AbnormalState | None
    event: AbnormalEvent
    after: AbnormalState
    by: tuple[Mover, ...]


class NoSuchStep(Exception):
    """No step of the table leads from this state by this event."""


_S, _E, _PERSON, _HOUSE = AbnormalState, AbnormalEvent, (Mover.PERSON,), (Mover.HOUSE,)

STEPS: tuple[AbnormalStep, ...] = (
    AbnormalStep(None, _E.SUSPECT, _S.SUSPECTED, _HOUSE),
    AbnormalStep(None, _E.ASK, _S.ASKED, _PERSON),
    AbnormalStep(_S.SUSPECTED, _E.CLEAR, _S.CLEARED, _PERSON),
    AbnormalStep(_S.SUSPECTED, _E.ASK, _S.ASKED, _PERSON),
    AbnormalStep(_S.CLEARED, _E.ASK, _S.ASKED, _PERSON),
    AbnormalStep(_S.CLEARED, _E.LOOK_AGAIN, _S.SUSPECTED, _PERSON),
    AbnormalStep(_S.ASKED, _E.APPROVE, _S.APPROVED, _PERSON),
    AbnormalStep(_S.ASKED, _E.REFUSE, _S.REFUSED, _PERSON),
    AbnormalStep(_S.ASKED, _E.WITHDRAW, _S.WITHDRAWN, _PERSON),
    AbnormalStep(_S.WITHDRAWN, _E.ASK, _S.ASKED, _PERSON),
    # somebody clicked the wrong answer
    AbnormalStep(_S.APPROVED, _E.LOOK_AGAIN, _S.ASKED, _PERSON),
    AbnormalStep(_S.REFUSED, _E.LOOK_AGAIN, _S.ASKED, _PERSON),
)
"""Every step there is."""

_AFTER: Mapping[tuple[AbnormalState | None, AbnormalEvent], AbnormalState] = {(step.before, step.event): step.after for step in STEPS}

KEEPS_BACK = frozenset({AbnormalState.ASKED, AbnormalState.APPROVED})
"""While it is so, nothing of the order is printed, packed or handed over."""


class Abnormal(msgspec.Struct, frozen=True, kw_only=True):
    """A suspected order: why, since when, what was asked and answered, and by whom."""

    order_no: str
    state: AbnormalState
    signs: tuple[Sign, ...] = ()
    found_at: datetime
    asked_at: datetime | None = None
    asked_by: int | None = None
    reason: str = ""
    """In a person's words, why it should not be shipped."""
    answered_at: datetime | None = None
    answered_by: int | None = None
    moved_at: datetime
    moved_by: int | None = None
    version: int = 0

    @property
    def keeps_back(self) -> bool:
        """Whether the order is not to leave."""
        return self.state in KEEPS_BACK


def gone_on(state: AbnormalState | None, event: AbnormalEvent) -> AbnormalState:
    """The state that follows. Raises NoSuchStep."""
    after = _AFTER.get((state, event))
    if after is None:
        raise NoSuchStep(f"{event} does not lead on from {state}")
    return after
