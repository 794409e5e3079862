"""How figures, gaps and forecasts are written, and where what helps is done."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from urllib.parse import urlencode

import msgspec

from zhanggui.actions.activities.foreseeing import Foreseen
from zhanggui.actions.activities.seeing import ActivitySeen, NeedSeen, Way
from zhanggui.core.activities.book import Told, Unit
from zhanggui.core.activities.eligibility import NeedNow
from zhanggui.core.measures.book import Unit as MeasureUnit
from zhanggui.core.money import Fen
from zhanggui.core.say import Say, say
from zhanggui.estimates.forecasts import Crossing, Kind, Tried, told
from zhanggui.people.permissions import ShopId
from zhanggui.words.shapes import money_text
from zhanggui.workbench.charts import Point

_EVERY = 5
"""Of the days to come every so manieth stands in the table beside the drawing."""


class Help(msgspec.Struct, frozen=True):
    """Something that brings a figure further, and where it is done."""

    said: Say
    href: str | None = None


def written(value: Fraction | float | None, unit: Unit | MeasureUnit) -> str:
    """A figure as people read it."""
    if value is None:
        return "—"
    match unit.value:
        case "rate":
            return f"{float(value) * 100:.2f}%"
        case "fen":
            return money_text(Fen(round(value)))
        case "count":
            return f"{float(value):.0f}"
        case _:
            return f"{float(value):.2f}"


def counted(need: NeedNow) -> str:
    """The numerator over the denominator, where it is a share or a mean; empty otherwise."""
    value = need.value
    if value is None or need.need.unit in (Unit.COUNT, Unit.FEN) or need.need.told is Told.TYPED:
        return ""
    return f"{value.num}/{value.den}"


def asked(need: NeedNow) -> str:
    """The threshold with its sign."""
    if need.threshold is None:
        return "?"
    sign = "≤" if need.need.is_upper else ">" if need.need.above is not None else "≥"
    return f"{sign} {written(need.threshold, need.need.unit)}"


def lacks(need: NeedNow) -> Say | None:
    """What is missing, in what can be counted."""
    if need.gap is None or not need.gap:
        return None
    if need.best_ratings:
        return say("{n} ratings of five stars and none other would lift it so far", n=need.best_ratings)
    if need.clean:
        return say("{n} more without one would bring it down so far", n=need.clean)
    if need.need.unit is Unit.COUNT:
        return say("{n} to go", n=written(need.gap, need.need.unit))
    if need.need.is_upper:
        return say("{n} too high", n=written(need.gap, need.need.unit))
    return say("{n} short", n=written(need.gap, need.need.unit))


def helps(need: NeedSeen, shop_id: ShopId, *, may_ask: bool) -> tuple[Help, ...]:
    """What can be done about it, and where, for whoever may."""
    shop = urlencode({"shop": shop_id})
    found: Mapping[Way, Help] = {
        Way.ASK: Help(say("Ask for honest reviews: see who can be asked now"), f"/activities?view=asking&{shop}" if may_ask else None),
        Way.MEND: Help(say("Mend what bad reviews name"), f"/reviews?{shop}"),
        Way.RETURNS: Help(say("See why goods come back"), f"/reasons?{shop}"),
        Way.SELL: Help(say("Only real orders count; orders made up cost the shop")),
        Way.READ: Help(say("Read it in the back office and type it here")),
        Way.READ_TARGET: Help(say("Type the threshold that the enrolment page shows")),
    }
    return tuple(found[way] for way in need.ways)


def likely(seen: ActivitySeen) -> Say:
    """From when on an activity is likely open, as far as anything tells of it."""
    day, early = seen.day, _iso(seen.early or seen.day)
    if day is None:
        return say("when, cannot be told") if seen.until is None else say("as things go, not by {until}", until=_iso(seen.until))
    if seen.late is None:
        return say("likely from {day}, at the earliest {early}; by {until} not surely", day=_iso(day), early=early, until=_iso(seen.until))
    return say("likely from {day}, nine times in ten between {early} and {late}", day=_iso(day), early=early, late=_iso(seen.late))


def reached(found: Crossing) -> Say:
    """When the ratings become enough to be shown."""
    if found.day is None:
        return say("As things go, 50 are not reached by {day}.", day=_iso(found.looked_to))
    early = _iso(found.early or found.day)
    if found.late is None:
        return say(
            "50 are likely reached on {day}, at the earliest {early}; by {until} not surely.", day=_iso(found.day), early=early, until=_iso(found.looked_to)
        )
    return say("50 are likely reached on {day}, nine times in ten between {early} and {late}.", day=_iso(found.day), early=early, late=_iso(found.late))


def points(seen: Foreseen) -> tuple[Point, ...]:
    """The measure of the last days and of those to come, with the bounds of these."""
    unit, kind = seen.formula.unit, seen.found.kind
    was = [Point(_day(each.day), told(each.num, each.den, kind), _shown(each.num, each.den, unit, kind)) for each in seen.found.past]
    ahead = [
        Point(
            _day(each.day),
            each.value,
            f"{written(each.value, unit)} ({written(each.low, unit)} – {written(each.high, unit)})",
            low=each.low,
            high=each.high,
        )
        for each in seen.found.points
    ]
    return (*was, *ahead)


def off_by(tried: Tried, unit: MeasureUnit) -> str:
    """How far off the forecast was."""
    return _off(tried.error, unit)


def off_by_naive(tried: Tried, unit: MeasureUnit) -> str:
    """How far off it would have been to say that nothing changes."""
    return _off(tried.naive, unit)


def _off(error: float, unit: MeasureUnit) -> str:
    """A difference: of shares in points of a percent, of counts with one place."""
    if unit is MeasureUnit.RATE:
        return f"{error * 100:.2f}%"
    return f"{error:.1f}" if unit is MeasureUnit.COUNT else f"{error:.3f}"


def _shown(num: int, den: int, unit: MeasureUnit, kind: Kind) -> str:
    value = written(told(num, den, kind), unit)
    return value if kind is Kind.COUNT else f"{value} ({num}/{den})"


def _iso(day: date | None) -> str:
    return "?" if day is None else day.isoformat()


def _day(day: date) -> str:
    return day.strftime("%m-%d")
