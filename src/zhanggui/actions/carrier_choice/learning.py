"""What the shop's own past tells a plan: when orders come, how long carriers take, how fast people pack. Learned now and then, kept whole."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.carrier_choice.naming import carrier_code
from zhanggui.actions.house import House
from zhanggui.actions.platform_carriers import carriers_in
from zhanggui.core.carriers.experiments import Experiment, drawn
from zhanggui.core.carriers.prices import short_province
from zhanggui.core.moments import shanghai_day, start_of_day
from zhanggui.core.parcels import ParcelState
from zhanggui.core.planning.calling import next_visit
from zhanggui.estimates.arrivals import WEEKS, Arrivals, learn_arrivals
from zhanggui.estimates.carriers import Route
from zhanggui.estimates.pickup_lag import Lag, binned
from zhanggui.people.permissions import ShopId
from zhanggui.records import carriers, planning, shops
from zhanggui.records.carriers import Visit
from zhanggui.records.db import Tx, transact
from zhanggui.records.planning import Pace, ParcelRecord

LOOKED_BACK = timedelta(days=60)
MOST_PARCELS = 40_000
PACE_SINCE, MOST_PACKED = timedelta(days=14), 20_000
ENOUGH_PACKED = 30
YOUNG = timedelta(days=4)
"""A parcel under way for less may still stall: unless it has, it is not judged yet."""
SEEN = frozenset({ParcelState.MOVING, ParcelState.AT_POINT, ParcelState.ARRIVED_HOME, ParcelState.TURNED_BACK, ParcelState.NO_PICKUP})
ENDED = frozenset({ParcelState.AT_POINT, ParcelState.ARRIVED_HOME, ParcelState.TURNED_BACK})


class Trial(msgspec.Struct, frozen=True, array_like=True):
    """What one carrier of an experiment has brought so far."""

    experiment_no: int
    route: Route
    lags: tuple[Lag, ...]
    otherwise: int
    """Parcels that drew it and went with another carrier, by a person's choice."""


class Learnt(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was learned, and from what."""

    lags: tuple[Lag, ...] = ()
    routes: tuple[Route, ...] = ()
    trials: tuple[Trial, ...] = ()
    arrivals: Arrivals
    pace: Pace | None = None
    parcels: int = 0
    unseen: int = 0
    """Parcels of which no tracking is known: they teach nothing of pickups and stalls."""
    since: datetime


def learn(house: House, now: datetime) -> None:
    """Learns every shop anew; done now and then by the worker."""
    with house.pool.connection() as tx:
        every = [ShopId(shop.shop_id) for shop in shops.every(tx)]
    for shop_id in every:
        learn_shop(house, shop_id, now)


def learn_shop(house: House, shop_id: ShopId, now: datetime) -> Learnt:
    """Learns the shop anew from what stands, and keeps it."""

    def work(tx: Tx) -> Learnt:
        told = _learnt(tx, shop_id, now)
        planning.keep_learnt(tx, shop_id, msgspec.json.encode(told).decode(), now)
        return told

    return transact(house.pool, work)


def what_is_learnt(tx: Tx, shop_id: ShopId, now: datetime) -> tuple[Learnt, datetime]:
    """What was learned last, and when; learned at once where it never was."""
    kept = planning.learnt(tx, shop_id)
    if kept is None:
        return _learnt(tx, shop_id, now), now
    try:
        return msgspec.json.decode(kept[0], type=Learnt), kept[1]
    except msgspec.ValidationError:
        # kept by another version of the program
        return _learnt(tx, shop_id, now), now


def _learnt(tx: Tx, shop_id: ShopId, now: datetime) -> Learnt:
    first, today = shanghai_day(now) - timedelta(weeks=WEEKS), shanghai_day(now)
    counts = planning.arrived(tx, shop_id, start_of_day(first), start_of_day(today))
    began = max(first, min((day for day, _ in counts), default=today))
    visits = carriers.visits(tx, shop_id)
    parcels = _by_code(tx, planning.parcels(tx, shop_id, now - LOOKED_BACK, now, MOST_PARCELS))
    pace = planning.pace(tx, shop_id, now - PACE_SINCE, MOST_PACKED)
    return Learnt(
        lags=_lags(parcels, visits),
        routes=_routes(parcels, now),
        trials=_trials(parcels, visits, carriers.experiments(tx, shop_id), shop_id, now),
        arrivals=learn_arrivals(counts, began, today),
        pace=pace if pace is not None and pace.seen >= ENOUGH_PACKED else None,
        parcels=len(parcels),
        unseen=sum(parcel.state == ParcelState.UNSEEN for parcel in parcels),
        since=now - LOOKED_BACK,
    )


def _by_code(tx: Tx, parcels: Iterable[ParcelRecord]) -> list[ParcelRecord]:
    """The parcels with the platform's codes of their carriers, whatever words named them."""
    carriers = carriers_in(tx)
    return [msgspec.structs.replace(parcel, carrier=carrier_code(parcel.carrier, carriers)) for parcel in parcels]


def _lags(parcels: Iterable[ParcelRecord], visits: Sequence[Visit]) -> tuple[Lag, ...]:
    """How long the scan took, from the first visit after the parcel was there; where no visits are entered, from when it was there."""
    by_carrier: dict[str, list[Visit]] = defaultdict(list)
    for visit in visits:
        by_carrier[visit.carrier].append(visit)

    def seen() -> Iterable[tuple[str, datetime, datetime | None, datetime]]:
        for parcel in parcels:
            if parcel.picked_up_at is None and (parcel.state != ParcelState.NO_PICKUP or parcel.last_at is None):
                continue
            if parcel.handed_at is None and parcel.picked_up_at is not None and parcel.picked_up_at <= parcel.shipped_at:
                continue  # noted or uploaded only after the scan: nobody knows how long it had waited for that
            carrier, there = parcel.carrier, parcel.handed_at or parcel.shipped_at
            taken = next_visit(by_carrier[carrier], there) if carrier in by_carrier else there
            yield carrier, taken or there, parcel.picked_up_at, parcel.last_at or there

    return binned(seen())


def _routes(parcels: Iterable[ParcelRecord], now: datetime) -> tuple[Route, ...]:
    grouped: dict[tuple[str, str], list[ParcelRecord]] = defaultdict(list)
    for parcel in parcels:
        if parcel.state in SEEN:
            grouped[parcel.carrier, short_province(parcel.province)].append(parcel)
    return tuple(_route(carrier, province, members, now) for (carrier, province), members in sorted(grouped.items()))


def _route(carrier: str, province: str, parcels: Iterable[ParcelRecord], now: datetime) -> Route:
    judged = stalled = 0
    transit: dict[tuple[int, bool], int] = defaultdict(int)
    for parcel in parcels:
        bad = parcel.abnormal_at is not None and parcel.abnormal_at <= now
        if bad or parcel.state in ENDED or now - parcel.shipped_at > YOUNG:
            judged += 1
            stalled += bad
        until = parcel.delivered_at or parcel.last_at
        if parcel.picked_up_at is not None and until is not None and until >= parcel.picked_up_at:
            hours = -(-int((until - parcel.picked_up_at).total_seconds()) // 3600)
            transit[hours * 60, parcel.delivered_at is not None] += 1
    return Route(carrier, province, judged, stalled, tuple((minutes, ended, count) for (minutes, ended), count in sorted(transit.items())))


def _trials(parcels: Iterable[ParcelRecord], visits: Sequence[Visit], experiments: Sequence[Experiment], shop_id: ShopId, now: datetime) -> tuple[Trial, ...]:
    """Each experiment judged by the parcels it drew. What an order drew follows from its number; where a person took another carrier, it counts for none."""
    grouped: dict[tuple[int, str], list[ParcelRecord]] = defaultdict(list)
    otherwise: dict[tuple[int, str], int] = defaultdict(int)
    for parcel in parcels:
        found = _drew(parcel, experiments, shop_id)
        if found is not None:
            if found[1] == parcel.carrier:
                grouped[found].append(parcel)
            else:
                otherwise[found] += 1
    return tuple(
        Trial(
            number,
            _route(carrier, "", [each for each in grouped[number, carrier] if each.state in SEEN], now),
            _lags(grouped[number, carrier], visits),
            otherwise[number, carrier],
        )
        for number, carrier in sorted({*grouped, *otherwise})
    )


def _drew(parcel: ParcelRecord, experiments: Sequence[Experiment], shop_id: ShopId) -> tuple[int, str] | None:
    """The experiment the order took part in when it was printed, and the carrier it drew."""
    at = parcel.printed_at or parcel.shipped_at
    for experiment in experiments:
        if experiment.runs_at(at) and experiment.holds_in(parcel.province):
            carrier = drawn(experiment, shop_id, parcel.order_no)
            if carrier is not None:
                return experiment.experiment_no, carrier
    return None
