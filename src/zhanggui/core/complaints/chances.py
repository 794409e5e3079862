"""How often one wins: the shop's own past, drawn towards an assumed share while it is thin, with the bounds of what it shows."""

from math import sqrt

import msgspec

_Z = 1.96
"""Ninety-five in a hundred."""


class Record(msgspec.Struct, frozen=True):
    """How many were decided, and how many of them were won."""

    won: int
    decided: int


class Chance(msgspec.Struct, frozen=True):
    """The chance to win, as it is counted with, and between which bounds the shop's own past puts it; none where there is no past."""

    share: float
    low: float
    high: float
    decided: int


def chance_of(record: Record, assumed: float, weight: float) -> Chance:
    """The chance by the shop's own past, in which the assumed share counts as much as `weight` cases."""
    share = (record.won + weight * assumed) / (record.decided + weight)
    low, high = wilson(record.won, record.decided)
    return Chance(share, low, high, record.decided)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The bounds between which the true share lies ninety-five times in a hundred (Wilson, 1927); 0 and 1 where nothing was counted."""
    if of <= 0:
        return 0.0, 1.0
    share, square = hits / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z * sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return max(0.0, middle - half), min(1.0, middle + half)
