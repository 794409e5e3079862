"""Every activity with its thresholds, the shop's gap to each, the earliest day, and what can be done about it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction

import msgspec

from zhanggui.actions.activities.figures import best_product, targets_of, values_of
from zhanggui.actions.activities.foreseeing import need_crossing
from zhanggui.actions.house import House
from zhanggui.core.activities.book import Activity, Need, Told
from zhanggui.core.activities.eligibility import Eligibility, Names, NeedNow, eligible, named
from zhanggui.core.moments import shanghai_day
from zhanggui.estimates.forecasts import Crossing
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import regulars
from zhanggui.records.db import Tx
from zhanggui.rulebook.activities import activity_book
from zhanggui.rulebook.measures import measure_book


class Way(StrEnum):
    """What brings a figure further; the page knows where it is done."""

    ASK = "way_ask"
    """Ask buyers whose goods arrived well for an honest review."""
    MEND = "way_mend"
    """Mend what bad reviews name."""
    RETURNS = "way_returns"
    """Look why goods come back."""
    SELL = "way_sell"
    """Real orders alone count."""
    READ = "way_read"
    """Read the figure in the back office and type it here."""
    READ_TARGET = "way_read_target"
    """Read the threshold on the enrolment page and type it here."""


class NeedSeen(msgspec.Struct, frozen=True, kw_only=True):
    """One threshold, with when it is likely reached."""

    now: NeedNow
    crossing: Crossing | None
    """None where it cannot be looked ahead of, or holds already."""
    lag_days: int
    """How far behind the platform shows the figure."""
    ways: tuple[Way, ...]


class ActivitySeen(msgspec.Struct, frozen=True, kw_only=True):
    """One activity as it stands for this shop."""

    activity: Activity
    is_met: bool | None
    needs: tuple[NeedSeen, ...]
    day: date | None
    """The likely day from which everything known holds, as the platform shows it; today where it does already."""
    early: date | None
    late: date | None
    """None: not within the days looked at."""
    until: date | None
    """The last day looked at, where it is likely not open by then, or not surely; None where nothing tells when it is."""
    goods_id: str | None = None
    goods_title: str | None = None
    """The product that comes nearest, where each product is judged."""


class ActivitiesSeen(msgspec.Struct, frozen=True):
    """The activities in force, and the past ones."""

    today: date
    seen: tuple[ActivitySeen, ...]
    past: tuple[Activity, ...]


Ahead = Mapping[tuple[Names, Fraction | None, bool, bool], Crossing | None]
"""When a figure reaches a threshold."""
_WAYS = {
    "valid_ratings": (Way.ASK,),
    "shop_rating": (Way.MEND, Way.ASK),
    "return_rate": (Way.RETURNS,),
    "paid_orders": (Way.SELL,),
    "daily_sales": (Way.SELL,),
}


def activities_of(house: House, by: Person, shop_id: ShopId, now: datetime) -> ActivitiesSeen:
    """What each activity in force asks, beside what the shop has, with the day on which it is likely there."""
    by.need(Permission.ORDERS_READ, shop_id)
    today = shanghai_day(now)
    book = activity_book()
    in_force = book.in_force(today)
    with house.pool.connection() as tx:
        stands = standing_of(tx, shop_id, in_force, now)
        ahead = _ahead(tx, shop_id, stands, now)
        seen = tuple(_seen(tx, shop_id, each, ahead, now) for each in stands)
    return ActivitiesSeen(today, seen, book.past(today))


def standing_of(tx: Tx, shop_id: ShopId, activities: Iterable[Activity], now: datetime) -> tuple[Eligibility, ...]:
    """How the shop stands towards these activities, without looking ahead."""
    held = tuple(activities)
    return eligible(held, values_of(tx, shop_id, held, now), targets_of(tx, shop_id))


def _ahead(tx: Tx, shop_id: ShopId, stands: Iterable[Eligibility], now: datetime) -> Ahead:
    """When each figure that is missing is likely reached; activities that ask for the same look ahead once."""
    missing = {_asked(each.need, each.threshold): each for stand in stands for each in stand.missing}
    return {name: need_crossing(tx, shop_id, each.need, float(each.threshold), now) for name, each in missing.items() if each.threshold is not None}


def _asked(need: Need, threshold: Fraction | None) -> tuple[Names, Fraction | None, bool, bool]:
    """What is asked of a figure: the same number may have to be reached, passed, or kept below."""
    return named(need), threshold, need.above is not None, need.is_upper


def _seen(tx: Tx, shop_id: ShopId, stands: Eligibility, ahead: Ahead, now: datetime) -> ActivitySeen:
    today = shanghai_day(now)
    needs = tuple(_need(each, ahead, now) for each in stands.needs)
    waited = [each for each in needs if each.now.is_met is False]
    day = _last([_shown(each, "day") for each in waited], today)
    lacking = [each for each in waited if each.crossing is not None and getattr(each.crossing, "late" if day else "day") is None]
    best = None
    if any(each.need.is_of_goods for each in stands.needs):
        days = max(each.need.days for each in stands.needs)
        best = best_product(tx, shop_id, days, today)
    return ActivitySeen(
        activity=stands.activity,
        is_met=stands.is_met,
        needs=needs,
        day=day,
        early=_last([_shown(each, "early") for each in waited], today),
        late=_last([_shown(each, "late") for each in waited], today),
        until=max((until for each in lacking if (until := _shown(each, "looked_to")) is not None), default=None),
        goods_id=None if best is None else best.goods_id,
        goods_title=None if best is None else regulars.titles(tx, shop_id, [best.goods_id]).get(best.goods_id),
    )


def _need(now_: NeedNow, ahead: Ahead, now: datetime) -> NeedSeen:
    need = now_.need
    ways = _WAYS.get(need.figure, ()) if now_.is_met is False else ()
    if now_.is_met is None:
        ways = (*((Way.READ,) if now_.value is None and need.told is Told.TYPED else ()), *((Way.READ_TARGET,) if now_.threshold is None else ()))
    return NeedSeen(now=now_, crossing=ahead.get(_asked(need, now_.threshold)), lag_days=_lag(need.figure, need.told, now), ways=ways)


def _lag(figure: str, told: Told, now: datetime) -> int:
    formula = measure_book().measure(figure).in_force(shanghai_day(now)) if told is Told.MEASURE else None
    return 0 if formula is None else max(0, formula.lag_days - 1)


def _shown(need: NeedSeen, which: str) -> date | None:
    """The day of its crossing as the platform shows it."""
    day: date | None = None if need.crossing is None else getattr(need.crossing, which)
    return None if day is None else day + timedelta(days=need.lag_days)


def _last(days: list[date | None], today: date) -> date | None:
    """The last of these days, since all must hold; None where one is not known."""
    known = [day for day in days if day is not None]
    return max(known, default=today) if len(known) == len(days) else None
