"""How figures of a shop's standing are written wherever the overview tells them."""

from fractions import Fraction

from zhanggui.core.standing.book import Unit

_PLACES = {Unit.STARS: 1, Unit.COUNT: 0}
_SIGNS = {Unit.PERCENT: " %", Unit.RANK: " %", Unit.HOURS: " h", Unit.DAYS: " d"}


def written(unit: str, value: Fraction | None) -> str:
    """The value with its sign: stars with one place, things whole, everything else with two."""
    if value is None:
        return "—"
    kind = Unit(unit)
    return f"{float(value):.{_PLACES.get(kind, 2)}f}{_SIGNS.get(kind, '')}"
