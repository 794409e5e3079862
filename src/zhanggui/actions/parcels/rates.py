"""The shop's anomaly rate over the days of the rule: how it stands against the category, by carrier, route, branch and day, and what brings it there."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.parcels.foresight import chance_of_stall
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.moments import shanghai_day, start_of_day
from zhanggui.core.parcels.kinds import ParcelState
from zhanggui.core.parcels.rate import CategoryMean, Reach, Stop, Tally, factor_of, reach, summed, to_stop
from zhanggui.core.rules import Question, Rule
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import category_means, parcel_lists
from zhanggui.records.category_means import MeanRecord
from zhanggui.records.db import Tx
from zhanggui.records.parcel_lists import Wanted

MOST_LOOKED_AT = 400
"""So many parcels under way are asked for their chance; where more are, the sum is scaled up."""


class Group(msgspec.Struct, frozen=True):
    """The parcels of one carrier, route or day."""

    name: str
    tally: Tally


class RateView(msgspec.Struct, frozen=True, kw_only=True):
    """The anomaly rate as it stands."""

    first: date
    last: date
    rule: Rule
    total: Tally
    mean: MeanRecord | None
    reach: Reach | None
    """None while the category's mean is not known."""
    carriers: tuple[Group, ...]
    routes: tuple[Group, ...]
    """By province of destination."""
    pairs: tuple[Group, ...]
    """By carrier and province: the worst of them."""
    branches: tuple[tuple[str, int], ...]
    """Where abnormal parcels stood, and how many."""
    days: tuple[Group, ...]
    stops: tuple[Stop, ...]
    unseen: int
    """Parcels of the span of which nothing was ever told: they can only count as sound."""
    coming: float | None
    """How many more of those under way are expected to become abnormal at their next step; None where nothing was learnt."""
    under_way: int


def anomaly_rate(house: House, by: Person, shop_id: ShopId, now: datetime) -> RateView:
    """How the shop stands by now."""
    by.need(Permission.ORDERS_READ, shop_id)
    with house.pool.connection() as tx:
        rule = rulebook_in(tx, house, shop_id).in_force(Question.ANOMALY_RATE, at=now)
        if rule is None or rule.term is None or not rule.term.days:
            raise Refused(say("No rule says over how many days abnormal parcels are counted. See the rules."))
        last = shanghai_day(now)
        first = last - timedelta(days=rule.term.days - 1)
        handed = parcel_lists.handed(tx, shop_id, first, last)
        abnormal = parcel_lists.abnormal(tx, shop_id, first, last, start_of_day(first), now)
        mean = category_means.in_force(tx, shop_id, last)
        coming, under_way = _coming(tx, shop_id, now, sum(row.parcels for row in handed if row.state == ParcelState.MOVING))
    carriers = _tallies(((row.carrier, row.parcels) for row in handed), ((row.carrier, row.parcels) for row in abnormal))
    routes = _tallies(((row.province, row.parcels) for row in handed), ((row.province, row.parcels) for row in abnormal))
    pairs = _tallies(
        ((f"{row.carrier} → {row.province}", row.parcels) for row in handed if row.carrier and row.province),
        ((f"{row.carrier} → {row.province}", row.parcels) for row in abnormal if row.carrier and row.province),
    )
    days = _tallies(((row.day.isoformat(), row.parcels) for row in handed), ((row.day.isoformat(), row.parcels) for row in abnormal))
    total = summed(carriers.values())
    return RateView(
        first=first,
        last=last,
        rule=rule,
        total=total,
        mean=mean,
        reach=None if mean is None else reach(total, CategoryMean(mean.share_ppm, mean.orders), factor_of(rule)),
        carriers=_by_abnormal(carriers),
        routes=_by_abnormal(routes),
        pairs=tuple(group for group in _by_abnormal(pairs) if group.tally.abnormal)[:10],
        branches=_branches((row.place, row.parcels) for row in abnormal),
        days=tuple(Group(day, days.get(day, Tally())) for day in _days(first, last)),
        stops=to_stop(total, {"carrier": carriers, "route": routes, "pair": pairs}),
        unseen=sum(row.parcels for row in handed if row.state == ParcelState.UNSEEN),
        coming=coming,
        under_way=under_way,
    )


def _coming(tx: Tx, shop_id: ShopId, now: datetime, moving: int) -> tuple[float | None, int]:
    """How many of the parcels under way are expected to stall at their next step, and how many are under way; those abnormal already left out."""
    wanted = Wanted(shop_ids=[int(shop_id)], state=ParcelState.MOVING.value, limit=MOST_LOOKED_AT)
    some = [parcel for row in parcel_lists.page(tx, wanted, now) if not ((parcel := row.parcel).abnormal_at and parcel.abnormal_at <= now)]
    chances = chance_of_stall(tx, shop_id, [parcel.tracking_no for parcel in some], now)
    if not chances:
        return None, moving
    scale = max(moving, len(some)) / max(len(some), 1) if moving > MOST_LOOKED_AT else 1.0
    return scale * sum(chance.p for chance in chances.values()), moving


def _tallies(handed: Iterable[tuple[str, int]], abnormal: Iterable[tuple[str, int]]) -> dict[str, Tally]:
    sums: dict[str, Tally] = {}
    for name, many in handed:
        sums[name] = sums.get(name, Tally()).plus(Tally(many, 0))
    for name, many in abnormal:
        sums[name] = sums.get(name, Tally()).plus(Tally(0, many))
    return sums


def _by_abnormal(tallies: Mapping[str, Tally]) -> tuple[Group, ...]:
    return tuple(sorted((Group(name, tally) for name, tally in tallies.items()), key=lambda group: (-group.tally.abnormal, -group.tally.parcels, group.name)))


def _branches(told: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    sums: dict[str, int] = {}
    for place, many in told:
        sums[place] = sums.get(place, 0) + many
    return tuple(sorted(sums.items(), key=lambda one: (-one[1], one[0])))[:12]


def _days(first: date, last: date) -> list[str]:
    return [(first + timedelta(days=number)).isoformat() for number in range((last - first).days + 1)]
