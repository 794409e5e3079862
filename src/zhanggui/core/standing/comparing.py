"""What the back office shows against what the house counts of the same days: equal, explained, or said to be unexplained."""

from datetime import date
from enum import StrEnum
from fractions import Fraction

import msgspec

from zhanggui.core.standing.book import Figure, Unit
from zhanggui.core.standing.standing import HasCounted, Reading

_HALF = Fraction(1, 2)
_SHOWN = {Unit.COUNT: Fraction(1), Unit.STARS: Fraction(1, 10)}
"""The last place that is shown; two places where nothing stands here."""


class Why(StrEnum):
    """How the two fit together."""

    SAME = "figures_agree"
    NOTHING_COUNTED = "nothing_counted"
    """The house knows nothing that counts in these days."""
    OLD_DATA = "data_end_before"
    """What the house knows ends before those days did."""
    UNEXPLAINED = "figures_differ"


class Compared(msgspec.Struct, frozen=True):
    """One figure of the back office beside ours of the same days."""

    reading: Reading
    ours: Fraction | None
    counted: HasCounted | None
    why: Why
    hits: int | None = None
    """How many more (or fewer) than we count would make the back office's figure, where it is a rate or a number."""


def compared(figure: Figure, reading: Reading, counted: HasCounted | None, known_until: date | None) -> Compared:
    """How the reading fits what was counted of its days; `known_until` is the last whole day the house knows of."""
    ours = None if counted is None else figure.read(counted.num, counted.den)
    if counted is None or ours is None:
        return Compared(reading, None, None, Why.NOTHING_COUNTED)
    place = _SHOWN.get(figure.unit, Fraction(1, 100))
    if abs(reading.value - ours) <= place * _HALF:
        return Compared(reading, ours, counted, Why.SAME)
    why = Why.OLD_DATA if known_until is None or known_until < reading.day else Why.UNEXPLAINED
    return Compared(reading, ours, counted, why, _hits(figure, reading.value, counted))


def _hits(figure: Figure, value: Fraction, counted: HasCounted) -> int | None:
    if figure.unit is Unit.COUNT:
        return round(value) - counted.num
    if figure.unit is Unit.PERCENT and counted.den:
        return round(value * counted.den / 100) - counted.num
    return None
