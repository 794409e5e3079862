"""A probability as it is told to people: with its bounds, and from how much it was learned."""

from collections.abc import Callable
from datetime import datetime

import msgspec


class Chance(msgspec.Struct, frozen=True, gc=False):
    """A probability, the bounds that hold nine times in ten, and how many samples of the very case it rests on."""

    p: float
    low: float
    high: float
    seen: int = 0


CERTAIN, NONE = Chance(1.0, 1.0, 1.0), Chance(0.0, 0.0, 0.0)

OnTime = Callable[[str, datetime, datetime], Chance]
"""The chance that what this carrier takes at this moment is scanned by that moment."""
