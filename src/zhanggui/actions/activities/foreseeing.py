"""Forecasts of the shop's measures, back-tested on its own past."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.measures import counted, series
from zhanggui.actions.measures.told import began, is_told, kinds_known
from zhanggui.core.activities.book import Need, Told
from zhanggui.core.measures.book import Formula
from zhanggui.core.measures.book import Unit as MeasureUnit
from zhanggui.core.moments import shanghai_day
from zhanggui.estimates.forecasts import Crossing, DayBrought, Forecast, Kind, crossing, fallen_below, forecast
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import regulars
from zhanggui.records.db import Tx
from zhanggui.rulebook.measures import measure_book

FORESEEN = ("shop_rating", "valid_ratings", "logistics_abnormal_rate", "quality_refund_rate")
"""The measures that the page looks ahead of."""
AHEAD = 45
_MOST = {MeasureUnit.RATE: 1.0, MeasureUnit.SCORE: 5.0}
PAST = 270
"""So many days of the past are looked at."""


class Foreseen(msgspec.Struct, frozen=True):
    """A measure with where it goes."""

    formula: Formula
    found: Forecast
    least: Crossing | None
    """Of a count: when it reaches the least number with which the platform shows the rating; None for others."""
    falls: date | None
    """Of a count: the day on which it is below that if nothing more comes."""
    is_told: bool
    """False where nobody has ever told the facts it is made of: then nothing of it is known."""


def forecasts_of(house: House, by: Person, shop_id: ShopId, now: datetime, *, ahead: int = AHEAD) -> tuple[Foreseen, ...]:
    """Where the shop's rating, its valid ratings, its anomaly rate and its refund rate go."""
    by.need(Permission.ORDERS_READ, shop_id)
    with house.pool.connection() as tx:
        return tuple(foreseen(tx, shop_id, measure, now, ahead=ahead) for measure in FORESEEN if _formula(measure, now) is not None)


def foreseen(tx: Tx, shop_id: ShopId, measure: str, now: datetime, *, ahead: int = AHEAD) -> Foreseen:
    """Where one measure goes. Raises KeyError for one that nobody counts."""
    formula = _formula(measure, now)
    if formula is None:
        raise KeyError(measure)
    today = shanghai_day(now)
    is_count = formula.unit is MeasureUnit.COUNT
    has_facts = is_told(formula, counted(tx, shop_id, measure, today), kinds_known(tx, shop_id))
    first = began(tx, shop_id, (formula,), _first(tx, shop_id, today), today)[measure] if has_facts else today
    told = [DayBrought(each.day, each.num, each.den) for each in series(tx, shop_id, measure, first, today - timedelta(days=1))] if first < today else []
    found = forecast(
        told, ahead, today=today, window=formula.window_days, kind=Kind.COUNT if is_count else Kind.RATIO, first=first, most=_MOST.get(formula.unit)
    )
    if measure != "valid_ratings":
        return Foreseen(formula, found, None, None, has_facts)
    least = _least(now)
    return Foreseen(formula, found, crossing(found, least), fallen_below(found, least), has_facts)


def need_crossing(tx: Tx, shop_id: ShopId, need: Need, threshold: float, now: datetime, *, ahead: int = AHEAD) -> Crossing | None:
    """When a threshold of an activity is reached, as far as its figure can be looked ahead of. None where it cannot, or the past is too short."""
    if need.told is Told.MEASURE:
        found = foreseen(tx, shop_id, need.figure, now, ahead=ahead).found
    elif need.figure == "paid_orders":
        today = shanghai_day(now)
        first = _first(tx, shop_id, today)
        past = _brought(regulars.paid_orders(tx, shop_id, first, today))
        found = forecast(past, ahead, today=today, window=need.days, kind=Kind.COUNT, first=first)
    else:
        return None
    return None if found.is_short else crossing(found, threshold, at_least=not need.is_upper, is_strict=need.above is not None)


def _first(tx: Tx, shop_id: ShopId, today: date) -> date:
    """The first day of the past that is looked at: days before the shop's first known order tell nothing."""
    known = regulars.first_day(tx, shop_id)
    return today if known is None else max(known, today - timedelta(days=PAST))


def _brought(paid: Iterable[tuple[date, int]]) -> Sequence[DayBrought]:
    return [DayBrought(day, orders, 0) for day, orders in paid]


def _formula(measure: str, now: datetime) -> Formula | None:
    book = measure_book()
    return book.measure(measure).in_force(shanghai_day(now)) if measure in book.ids else None


def _least(now: datetime) -> int:
    """With how many ratings the platform shows the score."""
    rating = _formula("shop_rating", now)
    return 50 if rating is None or not rating.least else rating.least
