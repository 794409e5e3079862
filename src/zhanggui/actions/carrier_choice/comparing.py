"""The shop's carriers side by side: what each has shown, what a parcel would cost with each, and what experiments have brought."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.carrier_choice.advising import Chooser
from zhanggui.actions.carrier_choice.naming import carrier_name, is_ceased
from zhanggui.actions.house import House
from zhanggui.connectors.pdd.carriers import Carriers
from zhanggui.core.carriers.choosing import CarrierAdvice, Parcel
from zhanggui.core.carriers.coverage import OutOfRange
from zhanggui.core.carriers.experiments import WHOLE, Experiment
from zhanggui.core.carriers.prices import PriceBand
from zhanggui.core.money import Fen
from zhanggui.core.planning.chances import Chance
from zhanggui.core.say import Say, say
from zhanggui.estimates.carriers import RouteBook
from zhanggui.estimates.pickup_lag import LagBook
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import carriers as records

USUAL_PROVINCE = "浙江"
MOST_PLACES = 40


class CarrierRow(msgspec.Struct, frozen=True, kw_only=True):
    """One carrier, with what it has shown over the last two months."""

    code: str
    name: str
    is_used: bool
    is_named: bool
    """Whether the shop itself said that it works with it."""
    is_ceased: bool
    """Whether the platform takes no parcels of it any more."""
    times: str
    """When it comes; empty where nobody entered it."""
    weekdays: str
    lag_half: int | None
    """Minutes after which half of its pickup scans have come."""
    lag_most: int | None
    """Minutes after which nine in ten have come."""
    lag_seen: int
    stalls: Chance
    transit_half: int | None
    transit_seen: int
    prices: int
    gaps: tuple[OutOfRange, ...]


class PlaceRow(msgspec.Struct, frozen=True, kw_only=True):
    """One carrier to one province."""

    province: str
    parcels: int
    stalls: Chance
    transit_half: int | None
    price: Fen | None


class Arm(msgspec.Struct, frozen=True, kw_only=True):
    """What one carrier of an experiment has brought."""

    carrier: str
    share: int
    """In percent."""
    parcels: int
    otherwise: int
    """Parcels that drew it and went with another, by a person's choice."""
    stalls: Chance
    lag_half: int | None
    transit_half: int | None


class ExperimentView(msgspec.Struct, frozen=True, kw_only=True):
    """An experiment with its arms, and what can be said of it so far."""

    experiment: Experiment
    arms: tuple[Arm, ...]
    verdict: Say


class CarriersView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the Carriers page tells."""

    rows: tuple[CarrierRow, ...]
    advice: CarrierAdvice
    province: str
    weight_g: int
    places: tuple[PlaceRow, ...]
    place_of: str | None
    """The carrier whose places these are."""
    experiments: tuple[ExperimentView, ...]
    bands: tuple[PriceBand, ...]
    learned_at: datetime
    parcels: int
    unseen: int


def carriers_seen(
    house: House, by: Person, shop_id: ShopId, now: datetime, *, province: str = "", weight_g: int | None = None, place_of: str | None = None
) -> CarriersView:
    """The carriers in use and those of the last parcels; a parcel of this weight to this province with each; one carrier's places."""
    by.need(Permission.ORDERS_READ, shop_id)
    with house.pool.connection() as tx:
        chooser = Chooser(tx, shop_id, now)
        gaps, bands, experiments = records.gaps(tx, shop_id), records.prices(tx, shop_id), records.experiments(tx, shop_id)
    where, weight = province or _usual_province(chooser), weight_g or chooser.terms.weight_g
    codes = tuple(
        dict.fromkeys((*chooser.carriers, *chooser.ceased, *chooser.routes.carriers, *(visit.carrier for visit in chooser.visits), *chooser.prices.carriers))
    )
    shown = place_of if place_of in codes else next(iter(codes), None)
    return CarriersView(
        rows=tuple(_row(code, chooser, gaps, bands) for code in codes if code),
        advice=chooser.advice(Parcel(order_no="", province=where, weight_g=weight)),
        province=where,
        weight_g=weight,
        places=tuple(_places(shown, chooser, weight)) if shown else (),
        place_of=shown,
        experiments=tuple(_experiment(each, chooser) for each in experiments),
        bands=tuple(bands),
        learned_at=chooser.learnt_at,
        parcels=chooser.learnt.parcels,
        unseen=chooser.learnt.unseen,
    )


def _usual_province(chooser: Chooser) -> str:
    counts: dict[str, int] = {}
    for route in chooser.learnt.routes:
        counts[route.province] = counts.get(route.province, 0) + route.judged
    return max(counts, key=lambda each: (counts[each], each), default="") or USUAL_PROVINCE


def _row(code: str, chooser: Chooser, gaps: Sequence[OutOfRange], bands: Sequence[PriceBand]) -> CarrierRow:
    lag, transit = chooser.lags.of_carrier(code), chooser.routes.transit(code)
    visits = [visit for visit in chooser.visits if visit.carrier == code]
    return CarrierRow(
        code=code,
        name=carrier_name(code, chooser.known),
        is_used=code in chooser.carriers,
        is_named=code in chooser.named,
        is_ceased=is_ceased(code, chooser.known),
        times=" ".join(f"{visit.at_minute // 60:02}:{visit.at_minute % 60:02}" for visit in visits),
        weekdays=visits[0].weekdays if visits else "1234567",
        lag_half=lag.quantile(0.5),
        lag_most=lag.quantile(0.9),
        lag_seen=lag.seen,
        stalls=chooser.routes.stalls(code),
        transit_half=transit.quantile(0.5),
        transit_seen=transit.seen,
        prices=sum(band.carrier == code for band in bands),
        gaps=tuple(gap for gap in gaps if gap.carrier == code),
    )


def _places(code: str, chooser: Chooser, weight_g: int) -> list[PlaceRow]:
    return [
        PlaceRow(
            province=route.province,
            parcels=route.judged,
            stalls=chooser.routes.stalls(code, route.province),
            transit_half=chooser.routes.transit(code, route.province).quantile(0.5),
            price=chooser.prices.price(code, route.province, weight_g),
        )
        for route in chooser.routes.provinces(code)[:MOST_PLACES]
        if route.province
    ]


def _experiment(experiment: Experiment, chooser: Chooser) -> ExperimentView:
    own = {trial.route.carrier: trial for trial in chooser.learnt.trials if trial.experiment_no == experiment.experiment_no}
    routes, lags = RouteBook(trial.route for trial in own.values()), LagBook(lag for trial in own.values() for lag in trial.lags)
    arms = tuple(
        Arm(
            carrier=carrier,
            share=share * 100 // WHOLE,
            parcels=own[carrier].route.judged if carrier in own else 0,
            otherwise=own[carrier].otherwise if carrier in own else 0,
            stalls=routes.stalls(carrier),
            lag_half=lags.of_carrier(carrier).quantile(0.5) if carrier in own else None,
            transit_half=routes.transit(carrier).quantile(0.5) if carrier in own else None,
        )
        for carrier, share in sorted(experiment.shares.items())
    )
    return ExperimentView(experiment=experiment, arms=arms, verdict=_verdict(arms, chooser.known))


def _verdict(arms: Sequence[Arm], carriers: Carriers) -> Say:
    """Which carrier stalls less, once its bounds lie apart from the others'."""
    seen = sorted((arm for arm in arms if arm.parcels), key=lambda arm: arm.stalls.p)
    if len(seen) < 2:
        return say("Too early: fewer than two carriers have parcels that can be judged.")
    best, second = seen[0], seen[1]
    name = carrier_name(best.carrier, carriers)
    if best.stalls.high < second.stalls.low:
        return say("{carrier} stalls less, beyond doubt of nine in ten.", carrier=name)
    return say("Too close to tell after {n} parcels: {carrier} stalls least so far.", n=sum(arm.parcels for arm in seen), carrier=name)
