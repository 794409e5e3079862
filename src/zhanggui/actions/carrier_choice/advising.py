"""The carrier each order should go with, why, and how sure that is."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from zhanggui.actions.carrier_choice.learning import Learnt, what_is_learnt
from zhanggui.actions.carrier_choice.naming import carrier_code, carrier_name, is_ceased
from zhanggui.actions.house import House
from zhanggui.actions.platform_carriers import carriers_in
from zhanggui.connectors.pdd.carriers import Carriers
from zhanggui.core.carriers.choosing import CarrierAdvice, Parcel, Record, Worth, advise
from zhanggui.core.carriers.coverage import Coverage
from zhanggui.core.carriers.prices import PriceTable, short_province
from zhanggui.core.facts import OrderFacts
from zhanggui.core.money import Fen
from zhanggui.core.planning.calling import next_visit
from zhanggui.core.planning.terms import PlanTerms
from zhanggui.core.say import say
from zhanggui.estimates.carriers import RouteBook
from zhanggui.estimates.pickup_lag import LagBook
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import carriers as records
from zhanggui.records import planning
from zhanggui.records.db import Tx
from zhanggui.records.planning import WaitingRecord

FEW = 5
"""A carrier with fewer parcels than this was hardly worked with."""
_SOON = timedelta(hours=1)
"""A parcel printed now is ready about then."""


class Chooser:
    """Everything known of a shop's carriers, at hand for many orders."""

    def __init__(self, tx: Tx, shop_id: ShopId, now: datetime) -> None:
        self.shop_id, self.now, self.known = shop_id, now, carriers_in(tx)
        self.learnt, self.learnt_at = what_is_learnt(tx, shop_id, now)
        self.terms = planning.terms(tx, shop_id) or PlanTerms()
        self.lags, self.routes = LagBook(self.learnt.lags), RouteBook(self.learnt.routes)
        self.visits = records.visits(tx, shop_id)
        self.prices, self.coverage = PriceTable(records.prices(tx, shop_id)), Coverage(records.gaps(tx, shop_id))
        self.experiments = [each for each in records.experiments(tx, shop_id) if each.runs_at(now)]
        self.named = tuple(records.used(tx, shop_id))
        works_with = self.named or _worked_with(self.learnt)
        self.ceased = tuple(code for code in works_with if is_ceased(code, self.known))
        self.carriers = tuple(code for code in works_with if code not in self.ceased)
        self._coming: dict[str, datetime] = {}
        self._alike: dict[tuple[object, ...], CarrierAdvice] = {}

    def advice(self, parcel: Parcel) -> CarrierAdvice:
        """The carrier this parcel should go with. Alike parcels are worked out once, unless an experiment draws lots."""
        if self.experiments:
            return self._advice(parcel)
        hour = None if parcel.due_at is None else parcel.due_at.replace(minute=0, second=0, microsecond=0)
        key = (parcel.province, parcel.city, parcel.district, parcel.weight_g, hour, parcel.at_risk, parcel.promised)
        if key not in self._alike:
            self._alike[key] = self._advice(parcel)
        return self._alike[key]

    @property
    def ceased_names(self) -> str:
        """The carriers the shop works with that the platform takes no parcels of any more."""
        return "、".join(carrier_name(code, self.known) for code in self.ceased)

    def record(self, carrier: str, parcel: Parcel) -> Record:
        """How the carrier has done to that place, and its chance to scan in time when it is given the parcel at its next visit."""
        province = short_province(parcel.province or "")
        transit = self.routes.transit(carrier, province).quantile(0.5)
        on_time = None if parcel.due_at is None else self.lags.chance(carrier, self._next(carrier), parcel.due_at)
        return Record(self.routes.stalls(carrier, province), transit, on_time)

    def _advice(self, parcel: Parcel) -> CarrierAdvice:
        if self.ceased and not self.carriers:
            return CarrierAdvice(None, say("The platform takes no parcels of {carriers} any more. Name others under Carriers.", carriers=self.ceased_names))
        worth = Worth(self.terms.stall_fen, self.terms.day_fen)
        return advise(
            parcel,
            self.shop_id,
            self.carriers,
            prices=self.prices,
            coverage=self.coverage,
            known=self.record,
            worth=worth,
            experiments=self.experiments,
            now=self.now,
            names=partial(carrier_name, carriers=self.known),
        )

    def _next(self, carrier: str) -> datetime:
        if carrier not in self._coming:
            self._coming[carrier] = self._visit(carrier) or self._unvisited(carrier)
        return self._coming[carrier]

    def _visit(self, carrier: str) -> datetime | None:
        return next_visit([visit for visit in self.visits if visit.carrier == carrier], self.now + _SOON)

    def _unvisited(self, carrier: str) -> datetime:
        """Where nobody entered the carrier's visits, its own lags hold the wait for it; one without either comes no sooner than the last of the others."""
        others = [] if carrier in self.lags.carriers else [self._visit(other) for other in {visit.carrier for visit in self.visits}]
        return max((visit for visit in others if visit is not None), default=self.now + _SOON)


def carrier_for(house: House, by: Person, shop_id: ShopId, order_nos: Sequence[str], now: datetime) -> dict[str, CarrierAdvice]:
    """By order, the carrier it should go with and what the others would cost; orders that wait for no shipment are left out."""
    by.need(Permission.ORDERS_READ, shop_id)
    with house.pool.connection() as tx:
        return carriers_advised(tx, shop_id, planning.waiting_among(tx, shop_id, list(order_nos)), Chooser(tx, shop_id, now))


def carriers_advised(tx: Tx, shop_id: ShopId, waiting: Sequence[WaitingRecord], chooser: Chooser) -> dict[str, CarrierAdvice]:
    """The same for orders that were read already."""
    from_goods = planning.weights(tx, shop_id, [each.order_no for each in waiting])
    return {each.order_no: chooser.advice(parcel_of(each, from_goods.get(each.order_no), chooser)) for each in waiting}


def parcel_of(waiting: WaitingRecord, weight_g: int | None, chooser: Chooser) -> Parcel:
    """The order as something that travels; where its goods' weight is not known, the usual weight for each piece stands in."""
    order = waiting.order
    return Parcel(
        order_no=waiting.order_no,
        province=order.province,
        city=order.city,
        district=order.district,
        weight_g=weight_g if weight_g is not None else chooser.terms.weight_g * max(1, order.quantity or 1),
        weight_is_assumed=weight_g is None,
        due_at=waiting.due_at,
        at_risk=Fen(waiting.at_risk),
        promised=_promised(order, chooser.known),
    )


def _promised(order: OrderFacts, carriers: Carriers) -> str | None:
    """The carrier the order names already before it was shipped: promised to the buyer, or chosen in the back office."""
    return carrier_code(order.carrier, carriers) if order.carrier and order.shipped_at is None else None


def _worked_with(learnt: Learnt) -> tuple[str, ...]:
    """The carriers the shop's own parcels went with, the most used first, where it has named none."""
    counts: dict[str, int] = {}
    for route in learnt.routes:
        counts[route.carrier] = counts.get(route.carrier, 0) + route.judged
    return tuple(sorted((carrier for carrier, seen in counts.items() if carrier and seen >= FEW), key=lambda carrier: (-counts[carrier], carrier)))
