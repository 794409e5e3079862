"""A matter: one thing that may have to be said aloud, with the next act. One matter has one alert, however often it is heard of."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from zhanggui.core.deadlines import DeadlineKind, Subject
from zhanggui.core.money import Fen
from zhanggui.core.rules import Basis
from zhanggui.core.say import Say

SAME_MOMENT = timedelta(minutes=10)
"""Two due moments that differ by less are the same: files and the platform round differently, and nobody wants to hear of it twice."""


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """Something that has to be done by a moment."""

    kind: DeadlineKind
    subject: Subject
    act: Say
    """The next act, as one short sentence."""
    because: Say
    due_at: datetime
    money: Fen
    """What missing it costs, 0 where nothing is known."""
    is_money_clock: bool = False
    """Whether it breaks the quiet hours."""
    assignee: int | None = None
    """The person it was handed to."""
    is_watched: bool = False
    """Whether it is a running deadline, with which the alert ends by itself; else whoever raised it ends it."""


class AlertState(StrEnum):
    """Where an alert stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    ENDED = "ended"


class Stage(StrEnum):
    """Why somebody is told of it now."""

    WARNED = "warned"
    ESCALATED = "escalated"
    OVERDUE = "overdue"


class MatterTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From when on one kind of matter rings, unless the shop decides otherwise."""

    kind: DeadlineKind
    warn_minutes: int | None = None
    """So long before it is due; 0 only once it is overdue; None never."""
    is_money_clock: bool = False
    """Whether it breaks the quiet hours where money is at risk."""
    stays_inside: bool = False
    """Whether it never rings: what it says is not for everybody whom a channel reaches."""
    basis: Basis
    source: str


Known = Mapping[DeadlineKind, MatterTerms]


def is_same_ring(told_of: datetime, due_at: datetime) -> bool:
    """Whether an alert about the one moment already says what the other would say."""
    return abs(told_of - due_at) < SAME_MOMENT
