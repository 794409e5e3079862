"""What is foreseen as the page shows it: the error of the forecasts, the chance by carrier, destination and hour, and the versions."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.parcels.foresight import Chance, Learnt, chance_ahead, learn_in_shop, learnt_of
from zhanggui.actions.refused import Refused
from zhanggui.core.moments import in_shanghai
from zhanggui.core.parcels.legs import FIRST_HOP
from zhanggui.core.say import Say
from zhanggui.estimates.extra import MISSING, StatisticsMissing, is_there
from zhanggui.estimates.stall_model import BAND_HOURS
from zhanggui.estimates.stalls import LEAST_LEGS, Report
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import stalls
from zhanggui.records.db import Tx

MOST_ROUTES = 30


class RouteChance(msgspec.Struct, frozen=True):
    """A carrier and a destination, how many of its parcels are known, and the chance of one handed in now."""

    carrier: str
    province: str
    known: int
    chance: Chance


class ForesightView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the page tells; without a report nothing was learnt yet."""

    can_learn: bool
    missing: Say = MISSING
    least: int = LEAST_LEGS
    version: int | None = None
    made_at: datetime | None = None
    report: Report | None = None
    routes: tuple[RouteChance, ...] = ()
    hours: tuple[tuple[int, Chance], ...] = ()
    """The route asked for, else the most travelled one, by the hour of hand-in."""
    hours_carrier: str = ""
    hours_province: str = ""
    versions: tuple[tuple[int, datetime, Report], ...] = ()


def foresight(house: House, by: Person, shop_id: ShopId, now: datetime, route: tuple[str, str] = ("", "")) -> ForesightView:
    """What was learnt of the shop's parcels; `route` is the carrier and province to be told by the hour."""
    by.need(Permission.ORDERS_READ, shop_id)
    with house.pool.connection() as tx:
        learnt = learnt_of(tx, shop_id)
        if learnt is None:
            return ForesightView(can_learn=is_there())
        travelled = _travelled(learnt)
        hour = in_shanghai(now).hour
        routes = [RouteChance(carrier, province, known, _ahead(tx, shop_id, carrier, province, hour)) for (carrier, province), known in travelled.items()]
        most = route if route in travelled else next(iter(travelled), ("", ""))
        kept = [(version, made_at, msgspec.json.decode(report, type=Report)) for version, made_at, report in stalls.versions(tx, shop_id)]
        return ForesightView(
            can_learn=is_there(),
            version=learnt.version,
            made_at=learnt.made_at,
            report=learnt.report,
            routes=tuple(sorted(routes, key=lambda row: -row.chance.p)),
            hours=tuple((start, _ahead(tx, shop_id, *most, start)) for start in range(0, 24, BAND_HOURS)),
            hours_carrier=most[0],
            hours_province=most[1],
            versions=tuple(kept),
        )


def learn_now(house: House, by: Person, shop_id: ShopId, now: datetime) -> bool:
    """Whether a new version was made. Raises Refused where the extra is missing."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    try:
        return learn_in_shop(house, shop_id, now, again=True)
    except StatisticsMissing:
        raise Refused(MISSING) from None


def _travelled(learnt: Learnt) -> Mapping[tuple[str, str], int]:
    """The routes with the most parcels known, by carrier and province."""
    counted: dict[tuple[str, str], int] = {}
    for name, legs, _ in learnt.report.means:
        parts = name.split("/", 2)
        if len(parts) == 3 and parts[0] == FIRST_HOP and parts[2]:
            counted[parts[1], parts[2]] = legs
    return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:MOST_ROUTES])


def _ahead(tx: Tx, shop_id: ShopId, carrier: str, province: str, hour: int) -> Chance:
    chance = chance_ahead(tx, shop_id, carrier, province, hour)
    assert chance is not None, "something was learnt a moment ago"
    return chance
