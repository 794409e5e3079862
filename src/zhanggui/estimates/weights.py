"""What a parcel of known goods should weigh, from the parcels with the same goods that were put on the scales, or from what its pieces weigh."""

from collections.abc import Sequence
from statistics import median

import msgspec

LEAST_WEIGHED = 3
"""From so many weighed parcels on their own weights are believed rather than the sum of the pieces."""
MOST_WEIGHED = 50
_SPREAD = 4.0
"""So many times the usual deviation still counts as the same goods: the scales, the box and the filling differ."""
_LEAST_SHARE, _LEAST_GRAMS = 0.04, 10
_SUM_SHARE, _SUM_GRAMS = 0.15, 30
"""Weights that were typed in, or told by the platform, are rough, and leave out the filling."""


class Range(msgspec.Struct, frozen=True):
    """Between which weights a parcel should lie, in grams, and from how many weighed parcels that is learnt; 0 where it was added up from its pieces."""

    low_g: int
    high_g: int
    learnt_from: int

    def holds(self, weight_g: int) -> bool:
        """Whether a weight lies in it."""
        return self.low_g <= weight_g <= self.high_g


def learnt_range(weighed_g: Sequence[int]) -> Range | None:
    """The range that weighed parcels with the same goods teach; None where they are too few.

    Built on the middle and the usual distance from it, so that one parcel that was packed wrong does not widen it.
    """
    if len(weighed_g) < LEAST_WEIGHED:
        return None
    middle = median(weighed_g)
    usual = 1.4826 * median(abs(weight - middle) for weight in weighed_g)
    slack = max(_SPREAD * usual, middle * _LEAST_SHARE, _LEAST_GRAMS)
    return Range(max(round(middle - slack), 1), round(middle + slack), len(weighed_g))


def added_range(pieces_g: int, packing_g: int) -> Range:
    """The range for goods that were never weighed together: the sum of the pieces and the packing, with room for what those figures leave out."""
    whole = pieces_g + packing_g
    slack = max(whole * _SUM_SHARE, _SUM_GRAMS)
    return Range(max(round(whole - slack), 1), round(whole + slack), 0)
