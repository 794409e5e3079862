"""How likely a parcel is to stall: learnt from the shop's own parcels by a chore, asked for by pages and by whoever chooses a carrier."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.facts import ScanStage
from zhanggui.core.parcels.legs import DELIVERY, FIRST_HOP, HANDED_IN, TRANSIT, Leg, current_leg, legs_of, limits_of
from zhanggui.core.say import Say, say
from zhanggui.estimates.extra import is_there
from zhanggui.estimates.stall_model import StallModel
from zhanggui.estimates.stalls import Report, learn
from zhanggui.people.permissions import ShopId
from zhanggui.records import parcels, shops, stalls
from zhanggui.records.db import Tx

LEARNT_BACK = timedelta(days=90)
MOST_PARCELS = 8_000
"""So many of the newest parcels are learnt from; more would only take longer."""
LEARN_EVERY = timedelta(hours=20)
ENOUGH = 30
"""From so many steps on a share is told as a reason."""
_KEPT: dict[tuple[object, ...], "Learnt"] = {}
_MOST_KEPT = 64


class Chance(msgspec.Struct, frozen=True):
    """The chance that the next event of a parcel comes too late, between which bounds it lies, and what it rests on."""

    p: float
    low: float
    high: float
    because: Say
    waited_hours: int
    limit_hours: int


class Learnt(msgspec.Struct, frozen=True):
    """The model in use: its version, when it was made, and what it can."""

    version: int
    made_at: datetime
    report: Report
    model: StallModel


def chance_of_stall(tx: Tx, shop_id: ShopId, tracking_nos: Sequence[str], now: datetime) -> Mapping[str, Chance]:
    """The chance of each parcel that waits for its next event; those that wait for none, or of which nothing is known, are left out."""
    learnt = learnt_of(tx, shop_id)
    found = {parcel.tracking_no: parcel for parcel in parcels.of_numbers(tx, shop_id, tracking_nos)} if learnt else {}
    told = stalls.events(tx, shop_id, list(found)) if found else {}
    if learnt is None:
        return {}
    legs = {no: current_leg(parcel, told.get(no, ()), learnt.report.limits, now) for no, parcel in found.items()}
    return {no: _chance(learnt, leg) for no, leg in legs.items() if leg is not None}


def chance_ahead(tx: Tx, shop_id: ShopId, carrier: str, province: str, hour: int) -> Chance | None:
    """The chance that a parcel handed in now with this carrier for this province stalls at some step of its way; None where nothing was learnt.

    Each step is taken as often as the shop's parcels have had it on average. `hour` is that of the day in Shanghai.
    """
    learnt = learnt_of(tx, shop_id)
    if learnt is None:
        return None
    means = {name: (legs, stalled) for name, legs, stalled in learnt.report.means}
    ways = max(means.get(FIRST_HOP, (0, 0))[0], 1)
    limits = learnt.report.limits
    hours = {
        HANDED_IN: limits.handed_in,
        FIRST_HOP: limits.of(ScanStage.PICKED_UP),
        TRANSIT: limits.of(ScanStage.IN_TRANSIT),
        DELIVERY: limits.of(ScanStage.OUT_FOR_DELIVERY),
    }
    legs = [
        (Leg(step, carrier, province, learnt.made_at, hour, 0.0, False, limit), means.get(step, (0, 0))[0] / ways)
        for step, limit in hours.items()
        if limit is not None
    ]
    chance = learnt.model.at_any(legs)
    return Chance(chance.p, chance.low, chance.high, _reason(learnt.report, TRANSIT, carrier, province), 0, 0)


def learnt_of(tx: Tx, shop_id: ShopId) -> Learnt | None:
    """What the shop's parcels taught last; the numbers of a version are read once."""
    newest = stalls.newest_version(tx, shop_id)
    if newest is None:
        return None
    key = (tx.info.host, tx.info.port, tx.info.dbname, int(shop_id), *newest)
    kept = _KEPT.get(key)
    if kept is None:
        row = stalls.newest(tx, shop_id)
        assert row is not None, "a version that stands is kept until newer ones take its place"
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        kept = Learnt(row.version, row.made_at, msgspec.json.decode(row.report, type=Report), msgspec.msgpack.decode(row.model, type=StallModel))
        _KEPT[key] = kept
    return kept


def learn_stalls(house: House, now: datetime) -> None:
    """Learns anew in every shop that has newer parcels than its last version; where the extra is missing, nothing is learnt."""
    if not is_there():
        return
    with house.pool.connection() as tx:
        shop_ids = [ShopId(shop.shop_id) for shop in shops.every(tx)]
    for shop_id in shop_ids:
        learn_in_shop(house, shop_id, now)


def learn_in_shop(house: House, shop_id: ShopId, now: datetime, *, again: bool = False) -> bool:
    """Whether a new version was made. Raises StatisticsMissing."""
    with house.pool.connection() as tx:
        newest = stalls.newest_version(tx, shop_id)
        if newest is not None and not again and now - newest[1] < LEARN_EVERY:
            return False
        limits = limits_of(rulebook_in(tx, house, shop_id), now)
        known = stalls.histories(tx, shop_id, now - LEARNT_BACK, now, MOST_PARCELS)
        legs = [leg for parcel, told in known for leg in legs_of(parcel, told, limits, now)]
    made = learn(legs, limits, now)
    if made is None:
        return False
    model, report = made
    with house.pool.connection() as tx:
        stalls.put(
            tx,
            shop_id,
            made_at=now,
            learnt_to=report.learnt_to,
            legs=report.legs,
            report=msgspec.json.encode(report).decode(),
            model=msgspec.msgpack.encode(model),
        )
    return True


def _chance(learnt: Learnt, leg: Leg) -> Chance:
    chance = learnt.model.chance(leg)
    return Chance(chance.p, chance.low, chance.high, _reason(learnt.report, leg.step, leg.carrier, leg.province), int(leg.waited), int(leg.limit))


def _reason(report: Report, step: str, carrier: str, province: str) -> Say:
    """What was seen of the like: of this carrier to this province where that is enough, else of the carrier, else of all."""
    means = {name: (legs, stalled) for name, legs, stalled in report.means}
    legs, stalled = means.get(f"{step}/{carrier}/{province}", (0, 0))
    if legs >= ENOUGH and province:
        return say("{carrier} to {province}: {stalled} of {legs} such steps took too long.", carrier=carrier, province=province, stalled=stalled, legs=legs)
    legs, stalled = means.get(f"{step}/{carrier}", (0, 0))
    if legs >= ENOUGH and carrier:
        return say("{carrier}: {stalled} of {legs} such steps took too long; too few to this province to go by.", carrier=carrier, stalled=stalled, legs=legs)
    legs, stalled = means.get(step, (0, 0))
    return say("Too little is known of this carrier: of all parcels {stalled} of {legs} such steps took too long.", stalled=stalled, legs=legs)
