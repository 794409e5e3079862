"""What a promise is."""

from datetime import datetime
from enum import StrEnum

import msgspec


class PromiseKind(StrEnum):
    """What was promised."""

    SHIP = "ship"
    REFUND = "refund"
    REPLY = "reply"
    RESEND = "resend"
    ARRIVE = "arrive"
    PAY = "pay"
    """Compensation, or money for postage."""


class Exactness(StrEnum):
    """How exactly the moment was named. The house asks for the hour; everything else is not exact."""

    EXACT = "exact"
    """An hour, or a number of minutes or hours from now."""
    ABOUT = "about"
    """An hour, but hedged, or one that reads two ways."""
    PART_OF_DAY = "part_of_day"
    """Tomorrow morning: until that part of the day ends."""
    DAY = "day"
    """Today, in three days: until that day ends."""
    EVENT = "event"
    """So long after something that has not happened: once the parcel is back."""
    VAGUE = "vague"
    """Soon, at once: no moment at all."""


class Promise(msgspec.Struct, frozen=True):
    """One promise in a message. `words` are those that decided; `due_at` is missing where no moment can be told."""

    kind: PromiseKind
    words: str
    exactness: Exactness
    due_at: datetime | None = None

    @property
    def is_exact(self) -> bool:
        """Whether the hour was named."""
        return self.exactness is Exactness.EXACT
