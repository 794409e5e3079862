"""The kinds of text, the ways they go, and what becomes of one."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class TextKind(StrEnum):
    """What a text is for."""

    SHIPPED = "text_shipped"
    """The goods have left."""
    RECEIVED = "text_received"
    """They are there; whatever is wrong is to be said in the order."""
    FESTIVAL = "text_festival"
    """A greeting. It counts as advertising: only who agreed to it is sent one."""


class TextWay(StrEnum):
    """By which door a text goes."""

    PLATFORM = "text_platform"
    """The platform's own method: the number stays its ciphertext."""
    ALIYUN = "text_aliyun"
    """阿里云短信, with a number that the shop gave."""


class TextState(StrEnum):
    """What became of a text."""

    WAITS = "text_waits"
    SENDING = "text_sending"
    """It is being sent; whoever did it may have died over it."""
    SENT = "text_sent"
    UNSURE = "text_unsure"
    """Sent perhaps: the answer was lost. It is asked about and never sent again."""
    FAILED = "text_failed"
    """Refused by the door: it was not sent."""
    STOPPED = "text_stopped"
    """Not sent: the facts changed, or a person said so."""


class TextEvent(StrEnum):
    """What may happen to one."""

    CLAIM = "text.claim"
    SEND = "text.send"
    LOSE = "text.lose"
    """The answer was lost, or the sender died."""
    REFUSE = "text.refuse"
    HOLD = "text.hold"
    """The door is busy for the moment: it was surely not sent, and waits."""
    STOP = "text.stop"
    FIND = "text.find"
    """The door's record shows it."""


_S, _E = TextState, TextEvent
MOVES: Mapping[tuple[TextState, TextEvent], TextState] = {
    (_S.WAITS, _E.CLAIM): _S.SENDING,
    (_S.WAITS, _E.STOP): _S.STOPPED,
    (_S.SENDING, _E.SEND): _S.SENT,
    (_S.SENDING, _E.LOSE): _S.UNSURE,
    (_S.SENDING, _E.REFUSE): _S.FAILED,
    (_S.SENDING, _E.HOLD): _S.WAITS,
    (_S.UNSURE, _E.FIND): _S.SENT,
    (_S.UNSURE, _E.REFUSE): _S.FAILED,
    (_S.UNSURE, _E.STOP): _S.STOPPED,
}
"""Every step there is; no way leads back to waiting from where it may have been sent."""


class Step(NamedTuple):
    """One step, as docs and tests read them."""

    before: TextState
    event: TextEvent
    after: TextState


STEPS = tuple(Step(before, event, after) for (before, event), after in MOVES.items())
