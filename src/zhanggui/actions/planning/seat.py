"""Everything a plan of one shop stands on, read once: its orders to ship with their carriers, its carriers' visits, its terms, its past."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.carrier_choice.advising import Chooser, carriers_advised
from zhanggui.actions.carrier_choice.naming import carrier_code, carrier_name
from zhanggui.actions.goods.shortages import shortages
from zhanggui.core.dispatch import DispatchState
from zhanggui.core.facts import RefundState
from zhanggui.core.moments import shanghai_day
from zhanggui.core.money import Fen
from zhanggui.core.planning.calling import visits_from
from zhanggui.core.planning.hours import WorkLine
from zhanggui.core.planning.terms import PlanTerms
from zhanggui.core.planning.work import Ground, ToShip
from zhanggui.core.rules import Question, Rulebook
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import ShopId
from zhanggui.records import waiting_orders
from zhanggui.records.db import Tx
from zhanggui.records.planning import WaitingRecord

MOST_ORDERS = 20_000
"""So many orders are planned together, the soonest due first."""
MOST_SHORT = 500
VISITS_LOOKED_AHEAD = 16
NO_CARRIER = ""
_TO_PACK = frozenset({DispatchState.PRINTED})
_OUT = frozenset({DispatchState.PACKED, DispatchState.HANDED_OVER})


class Seat:
    """One shop's plan ground. Assumptions made on the way are kept, to be said."""

    def __init__(self, tx: Tx, shop_id: ShopId, rulebook: Rulebook, now: datetime) -> None:
        self.tx, self.shop_id, self.rulebook, self.now = tx, shop_id, rulebook, now
        self.chooser = Chooser(tx, shop_id, now)
        self.terms = with_learnt_pace(self.chooser)
        self.carriers = self.chooser.carriers or (NO_CARRIER,)
        self.visits = {carrier: self._visits(carrier) for carrier in self.carriers}
        self.assumed_visits = frozenset(carrier for carrier in self.carriers if not self._entered(carrier))

    def ground(self, line: WorkLine) -> Ground:
        """What orders are held against."""
        return Ground(line, self.visits, self.chooser.lags.chance, self.terms, self.now)

    def line(self, days: int) -> WorkLine:
        """The worked periods of the days ahead, from now on."""
        coming = self.terms.hours.windows(shanghai_day(self.now), days)
        return WorkLine([(max(start, self.now), end) for start, end in coming if end > max(start, self.now)])

    def to_ship(self, waiting: Sequence[WaitingRecord]) -> list[ToShip]:
        """Orders as the plan takes them, each with the carrier on its label, else with the one that is advised for it."""
        advised = carriers_advised(self.tx, self.shop_id, waiting, self.chooser)
        usual = self.carriers[0]
        return [self._one(each, self._labelled(each) or advised[each.order_no].carrier or usual) for each in waiting]

    def without_goods(self) -> frozenset[str]:
        """The orders that find no goods on the shelves: what is there goes to those due first. What was never counted is taken to be there."""
        skus = waiting_orders.short_skus(self.tx, self.shop_id, MOST_SHORT)
        short = shortages(self.tx, self.shop_id, skus, self.rulebook, self.now) if skus else {}
        return frozenset(order.order_no for each in short.values() for order in each.shortage.uncovered)

    def assumptions(self) -> tuple[Say, ...]:
        """What the plan takes for granted because nobody told it."""
        said: list[Say] = []
        if self.chooser.ceased and not self.chooser.carriers:
            names = self.chooser.ceased_names
            said.append(say("The platform takes no parcels of {carriers} any more: a carrier is assumed that comes every hour.", carriers=names))
        elif not self.chooser.carriers:
            said.append(say("No carrier is named and no parcel of the last two months is known: one is assumed that comes every hour."))
        elif not self.chooser.named:
            listed = "、".join(carrier_name(carrier, self.chooser.known) for carrier in self.chooser.carriers)
            said.append(say("The shop has named no carriers; those of its last parcels are taken: {carriers}.", carriers=listed))
        said += [
            say("When {carrier} comes is not entered: it is taken to come every hour while you work.", carrier=carrier_name(carrier, self.chooser.known))
            for carrier in sorted(self.assumed_visits - {NO_CARRIER})
        ]
        if not self.chooser.learnt.lags:
            said.append(
                say("No pickup scan of this shop is known yet: half of the scans are taken to come within three hours. Parcels' traces teach it better.")
            )
        if self.chooser.learnt.arrivals.days < 7:
            said.append(say("Less than a week of orders is known, so few are expected, and that is uncertain."))
        return tuple(said)

    def _labelled(self, waiting: WaitingRecord) -> str | None:
        """The carrier on its label; None where it has none, or that of a carrier whose pickups nobody knows."""
        code = carrier_code(waiting.carrier, self.chooser.known) if waiting.carrier else None
        return code if code in self.visits else None

    def _one(self, waiting: WaitingRecord, carrier: str) -> ToShip:
        ends = self.rulebook.in_force(Question.SHIP_ENDS, at=waiting.started_at)
        return ToShip(
            order_no=waiting.order_no,
            ready_at=self.now,
            due_at=waiting.due_at,
            # what an overdue order costs is lost already: no plan saves it, and it must not outweigh one that can be saved
            at_risk=Fen(waiting.at_risk if waiting.due_at > self.now else 0),
            carrier=carrier if carrier in self.visits else self.carriers[0],
            needs_pickup=ends is not None and "picked_up" in ends.counts_to,
        )

    def _visits(self, carrier: str) -> tuple[datetime, ...]:
        entered = self._entered(carrier)
        return visits_from(entered or self._hourly(), self.now, VISITS_LOOKED_AHEAD)

    def _entered(self, carrier: str) -> list["Hourly"]:
        return [Hourly(visit.at_minute, visit.weekdays) for visit in self.chooser.visits if visit.carrier == carrier]

    def _hourly(self) -> list["Hourly"]:
        hours = self.terms.hours
        first, last = minute_of(hours.opens), minute_of(hours.closes)
        weekdays = "".join(map(str, hours.weekdays))
        return [Hourly(min(minute, 1439), weekdays) for minute in range(first + 60, last + 1, 60)]


class Hourly(msgspec.Struct, frozen=True):
    """A visit at this minute of the day."""

    at_minute: int
    weekdays: str


class Sorted(msgspec.Struct, frozen=True):
    """Orders whose term runs, by what is to be done with them."""

    to_print: tuple[WaitingRecord, ...]
    without_goods: tuple[WaitingRecord, ...]
    """Orders that would be printed if their goods were there."""
    to_pack: tuple[WaitingRecord, ...]
    out: tuple[WaitingRecord, ...]
    """Packed or already handed over."""
    kept: tuple[WaitingRecord, ...]
    """Not to be shipped now, or their label has to be destroyed first."""


def sorted_out(waiting: Sequence[WaitingRecord], uncovered: frozenset[str] = frozenset()) -> Sorted:
    """Which of these orders are to be printed (anew, where their label is destroyed or their parcel came back), wait for goods, are to be packed, out already,
    or kept back.
    """
    bins: dict[str, list[WaitingRecord]] = {"print": [], "goods": [], "pack": [], "out": [], "kept": []}
    for each in waiting:
        state = None if each.state is None else DispatchState(each.state)
        if state in _OUT:
            bins["out"].append(each)
        elif state is DispatchState.TO_DESTROY or is_kept_back(each):
            bins["kept"].append(each)
        elif state in _TO_PACK:
            bins["pack"].append(each)
        else:
            bins["goods" if each.order_no in uncovered else "print"].append(each)
    return Sorted(*(tuple(bins[name]) for name in ("print", "goods", "pack", "out", "kept")))


def is_kept_back(waiting: WaitingRecord) -> bool:
    """Whether the order must not be shipped now: by the desk, where it has a row there, else by what the order itself says."""
    if waiting.is_on_desk:
        return waiting.kept is not None
    order = waiting.order
    return bool(order.under_review or order.on_hold or order.refund not in (None, RefundState.NONE))


def with_learnt_pace(chooser: Chooser) -> PlanTerms:
    """The shop's terms; where it said nothing of its pace, the pace that was measured."""
    pace = chooser.learnt.pace
    if pace is None or chooser.terms.own_pace is not None:
        return chooser.terms
    return msgspec.structs.replace(chooser.terms, pack_seconds=pace.seconds)


def minute_of(clock: str) -> int:
    """The minute of the day of a time such as 09:30."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
