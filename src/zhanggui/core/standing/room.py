"""How far a figure is from a line, counted in whole orders, ratings or cases: how many more until it is crossed, how many good ones bring it back.

Standing on the line is still good. Everything is counted by fractions, so that no rounding decides.
"""

from fractions import Fraction
from math import ceil, floor

import msgspec

from zhanggui.core.standing.book import Better, Figure, Unit

_BEST, _WORST = 5, 1
_SECONDS = {Unit.HOURS: 3600, Unit.DAYS: 86400}


class Room(msgspec.Struct, frozen=True):
    """How far it is to the line."""

    is_beyond: bool
    left: int | None
    """How many more bad ones until the line is crossed: 0 once it is; None where no number of them crosses it, or where their size is not given."""
    needed: int | None
    """How many good ones bring it back to the line: 0 where it is not crossed; None where no number of them does."""
    one_more: Fraction | None = None
    """Where durations are averaged: how long one more may take at most, in the unit of the figure."""


def room(figure: Figure, num: int, den: int, line: Fraction) -> Room | None:
    """The distance of what is counted to the line. None where there is nothing to divide by, or where only the platform can count it."""
    match figure.unit:
        case Unit.PERCENT if den > 0:
            return _lower_rate(num, den, line / 100) if figure.better is Better.LOW else _higher_rate(num, den, line / 100)
        case Unit.SCORE if den > 0:
            return _mean_of_stars(num, den, line)
        case Unit.HOURS | Unit.DAYS if den > 0:
            return _mean_duration(num, den, line, _SECONDS[figure.unit])
        case Unit.COUNT:
            return _count(num, line)
    return None


def _lower_rate(num: int, den: int, line: Fraction) -> Room:
    """A share that should be small: a bad one is an order that is among those counted already; a good one is another order."""
    most = floor(line * den)
    if num <= most:
        return Room(False, most + 1 - num if most < den else None, 0)
    return Room(True, 0, ceil(num / line) - den if line > 0 else None)


def _higher_rate(num: int, den: int, line: Fraction) -> Room:
    """A share that should be large: a bad one is one more that misses, a good one is one more that does not."""
    if Fraction(num, den) >= line:
        return Room(False, floor(num / line) - den + 1 if line > 0 else None, 0)
    return Room(True, 0, ceil((line * den - num) / (1 - line)) if line < 1 else None)


def _mean_of_stars(total: int, count: int, line: Fraction) -> Room:
    """A mean of stars: a bad one is a rating of one star, a good one of five."""
    over = total - line * count
    if over >= 0:
        return Room(False, floor(over / (line - _WORST)) + 1 if line > _WORST else None, 0)
    return Room(True, 0, ceil(-over / (_BEST - line)) if line < _BEST else None)


def _mean_duration(seconds: int, count: int, line: Fraction, unit: int) -> Room:
    """A mean duration that should be short: a good one takes no time at all; a bad one has no size of its own, so the longest one that may come is told."""
    limit = line * unit
    if seconds <= limit * count:
        return Room(False, None, 0, (limit * (count + 1) - seconds) / unit)
    return Room(True, 0, ceil(seconds / limit) - count if limit > 0 else None)


def _count(number: int, line: Fraction) -> Room:
    """A number of things that should be large."""
    if number >= line:
        return Room(False, floor(number - line) + 1, 0)
    return Room(True, 0, ceil(line - number))
