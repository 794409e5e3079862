"""The carrier that costs least in all: its price, the money at stake when it scans late, what stalled parcels cost, and the days on the way."""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from zhanggui.core.carriers.coverage import Coverage
from zhanggui.core.carriers.experiments import Experiment, drawn
from zhanggui.core.carriers.prices import PriceTable
from zhanggui.core.money import Fen
from zhanggui.core.planning.chances import Chance
from zhanggui.core.planning.latest import percent
from zhanggui.core.say import Say, say


class Parcel(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What has to travel: the order, where to, how heavy, and until when the carrier has to have scanned it."""

    order_no: str
    province: str | None
    city: str | None = None
    district: str | None = None
    weight_g: int
    weight_is_assumed: bool = False
    due_at: datetime | None = None
    at_risk: Fen = Fen(0)
    promised: str | None = None
    """The carrier that was promised to the buyer."""


class Record(msgspec.Struct, frozen=True, gc=False):
    """How a carrier has done to a place: the share that stalls, the usual minutes on the way, and the chance of a scan in time."""

    stalls: Chance
    transit_minutes: int | None
    on_time: Chance | None


class Worth(msgspec.Struct, frozen=True):
    """What a shop puts on what is no price: a stalled parcel, a day sooner."""

    stall_fen: Fen
    day_fen: Fen


class Offer(msgspec.Struct, frozen=True):
    """One carrier for one parcel: everything together in fen, its bounds, and each part."""

    carrier: str
    total: Fen
    low: Fen
    high: Fen
    price: Fen | None
    stall_loss: Fen
    late_loss: Fen
    days_worth: Fen
    stalls: Chance
    transit_minutes: int | None
    on_time: Chance | None
    out_of_range: bool = False


class CarrierAdvice(msgspec.Struct, frozen=True):
    """The carrier an order should go with, why, and what the others would cost."""

    carrier: str | None
    """Its code; None where the shop has named no carrier that comes there."""
    because: Say
    others: tuple[Offer, ...] = ()
    """Every carrier that was looked at, the best first, the chosen one among them."""
    experiment_no: int | None = None
    is_close: bool = False
    """Whether another carrier may as well be the better one."""


Known = Callable[[str, Parcel], Record]
NO_CARRIER = say("No carrier is named for this shop. Name those it works with under Carriers.")
NOBODY_COMES = say("None of the shop's carriers comes to {place}.")


def advise(
    parcel: Parcel,
    shop_id: int,
    carriers: Sequence[str],
    *,
    prices: PriceTable,
    coverage: Coverage,
    known: Known,
    worth: Worth,
    experiments: Sequence[Experiment] = (),
    now: datetime,
    names: Callable[[str], str] = str,
) -> CarrierAdvice:
    """The carrier of those in use that costs least in all; before that what was promised to the buyer, then what an experiment draws."""
    if not carriers:
        return CarrierAdvice(None, NO_CARRIER)
    offers = sorted((_offer(carrier, parcel, prices, coverage, known(carrier, parcel), worth) for carrier in carriers), key=_rank)
    coming = [offer for offer in offers if not offer.out_of_range]
    if not coming:
        place = " ".join(part for part in (parcel.province, parcel.city, parcel.district) if part)
        return CarrierAdvice(None, Say(NOBODY_COMES.text, {"place": place}), tuple(offers))
    there = {offer.carrier for offer in coming}
    if parcel.promised in there:
        return CarrierAdvice(parcel.promised, say("{carrier} was promised to the buyer.", carrier=names(str(parcel.promised))), tuple(offers))
    for experiment in experiments:
        tried = _tried(experiment, shop_id, parcel, now)
        if tried in there:
            sentence = say("The experiment “{name}” sends this order with {carrier}.", name=experiment.name, carrier=names(str(tried)))
            return CarrierAdvice(tried, sentence, tuple(offers), experiment.experiment_no)
    return _cheapest(coming, tuple(offers), names)


def _offer(carrier: str, parcel: Parcel, prices: PriceTable, coverage: Coverage, record: Record, worth: Worth) -> Offer:
    price = prices.price(carrier, parcel.province, parcel.weight_g)
    late = record.on_time or Chance(1.0, 1.0, 1.0)
    days = Fen(round(worth.day_fen * (record.transit_minutes or 0) / 1440))
    stall, late_loss = _part(worth.stall_fen, record.stalls.p), _part(parcel.at_risk, 1 - late.p)
    base = (price or 0) + days
    return Offer(
        carrier=carrier,
        total=Fen(base + stall + late_loss),
        low=Fen(base + _part(worth.stall_fen, record.stalls.low) + _part(parcel.at_risk, 1 - late.high)),
        high=Fen(base + _part(worth.stall_fen, record.stalls.high) + _part(parcel.at_risk, 1 - late.low)),
        price=price,
        stall_loss=stall,
        late_loss=late_loss,
        days_worth=days,
        stalls=record.stalls,
        transit_minutes=record.transit_minutes,
        on_time=record.on_time,
        out_of_range=coverage.gap(carrier, parcel.province, parcel.city, parcel.district) is not None,
    )


def _part(fen: int, share: float) -> Fen:
    return Fen(round(fen * share))


def _rank(offer: Offer) -> tuple[bool, bool, int, str]:
    """Who comes before who does not, a known price before an unknown one, then the cheaper in all."""
    return offer.out_of_range, offer.price is None, offer.total, offer.carrier


def _tried(experiment: Experiment, shop_id: int, parcel: Parcel, now: datetime) -> str | None:
    return drawn(experiment, shop_id, parcel.order_no) if experiment.holds_in(parcel.province) and experiment.runs_at(now) else None


def _cheapest(coming: Sequence[Offer], offers: tuple[Offer, ...], names: Callable[[str], str]) -> CarrierAdvice:
    best = coming[0]
    name = names(best.carrier)
    if len(coming) == 1:
        return CarrierAdvice(best.carrier, say("{carrier} is the only carrier in use that comes there.", carrier=name), offers)
    second = coming[1]
    close = second.low <= best.high and second.price is not None
    slots: dict[str, str | int] = {
        "carrier": name,
        "other": names(second.carrier),
        "total_fen": best.total,
        "other_fen": second.total,
        "percent": percent(best.stalls.p),
        "seen": best.stalls.seen,
    }
    if best.price is None:
        sentence = say("{carrier}: no carrier in use has a price for this; {percent} % of its parcels there stall ({seen} seen).", **slots)
    elif second.price is None:
        sentence = say("{carrier} costs {total_fen} in all; for the others no price is known.", **slots)
    elif close:
        sentence = say("{carrier} costs {total_fen} in all, {other} {other_fen}: too close to be sure ({percent} % stall there, {seen} parcels seen).", **slots)
    else:
        sentence = say(
            "{carrier} costs {total_fen} in all, {other} {other_fen}: price, delays and days together ({percent} % stall there, {seen} seen).", **slots
        )
    return CarrierAdvice(best.carrier, sentence, offers, None, close)
