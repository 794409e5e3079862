"""Which share of its peers a value exceeds, as far as the readings of the back office tell: only between two of them can one say."""

from collections.abc import Sequence
from fractions import Fraction

from zhanggui.core.standing.book import Better


def percentile_of(value: Fraction, pairs: Sequence[tuple[Fraction, Fraction]], better: Better) -> Fraction | None:
    """The share for the value, straight between the two nearest readings around it; a value read before has its newest share.

    `pairs` are values with their shares, the newest first. None outside of what was read, and where the two nearest contradict each other.
    """
    newest: dict[Fraction, Fraction] = {}
    for read, share in pairs:
        newest.setdefault(read, share)
    if value in newest:
        return newest[value]
    below = max((read for read in newest if read < value), default=None)
    above = min((read for read in newest if read > value), default=None)
    if below is None or above is None:
        return None
    low, high = newest[below], newest[above]
    if low != high and (low < high) != (better is Better.HIGH):
        return None
    return low + (high - low) * (value - below) / (above - below)
