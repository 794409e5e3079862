"""The plan of a day, from the orders that are there and those to be expected."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from statistics import median

from zhanggui.actions.house import House
from zhanggui.actions.planning.late import late_orders, printed_late
from zhanggui.actions.planning.seat import MOST_ORDERS, Seat, Sorted, sorted_out
from zhanggui.actions.planning.views import Learned, Plan, PlannedRound, PlannedVisit
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.facts import OrderFacts
from zhanggui.core.moments import in_shanghai, shanghai_day, start_of_day
from zhanggui.core.money import Fen
from zhanggui.core.planning.plan import Proposal, Round, propose, worked_day
from zhanggui.core.planning.saying import clock_at, whole_minute
from zhanggui.core.planning.work import ToShip
from zhanggui.core.risks import finding_risk
from zhanggui.core.say import Say, say
from zhanggui.estimates.arrivals import Expected
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import planning as records
from zhanggui.records.planning import WaitingRecord

MOST_LATE_SHOWN = 200
USUAL_TERM = timedelta(hours=48)
HOUR = timedelta(hours=1)
CLOSED = say("Nobody works within two weeks by the hours entered, so there is no plan.")
NOTHING_TO_PRINT = say("Nothing waits to be printed, and hardly anything is expected.")


def plan(house: House, by: Person, shop_id: ShopId, now: datetime, *, day: date | None = None) -> Plan:
    """When to print on the day (today, where none is named) so that the least money is lost; with what is late all the same."""
    by.need(Permission.ORDERS_READ, shop_id)
    with house.pool.connection() as tx:
        seat = Seat(tx, shop_id, rulebook_in(tx, house, shop_id), now)
        found = records.waiting(tx, shop_id, MOST_ORDERS + 1)
        waiting = sorted_out(found[:MOST_ORDERS], seat.without_goods())
        orders = seat.to_ship(waiting.to_print)
        packing = seat.to_ship(waiting.to_pack)
    on_day = day or shanghai_day(now)
    hours = list(_hours(seat, max(now, start_of_day(on_day)), worked_day(seat.terms, now, on_day) or on_day))
    expected = list(_expected(seat, orders, waiting, hours))
    proposal = propose([*orders, *expected], seat.visits, seat.chooser.lags.chance, seat.terms, now, day=on_day, busy=len(packing))
    ahead = seat.chooser.learnt.arrivals.together(mean for _, mean in hours)
    return _told(seat, proposal, orders, packing, waiting, expected, ahead, on_day, is_cut=len(found) > MOST_ORDERS)


def _hours(seat: Seat, since: datetime, last: date) -> Iterator[tuple[datetime, float]]:
    """The hours from then to the end of the last day: when each ends, and what it brings; of one that runs already, what is left of it."""
    at, end = in_shanghai(since), start_of_day(last) + timedelta(days=1)
    while at < end:
        ends_at = at.replace(minute=0, second=0, microsecond=0) + HOUR
        yield ends_at, seat.chooser.learnt.arrivals.at(at.date(), at.hour).mean * ((ends_at - at) / HOUR)
        at = ends_at


def _expected(seat: Seat, orders: Sequence[ToShip], waiting: Sorted, hours: Sequence[tuple[datetime, float]]) -> Iterator[ToShip]:
    """The orders to be expected in these hours; each hour's come at its end, so that none is counted on too early."""
    term, risk = _usual_term(waiting.to_print), _usual_risk(seat, waiting.to_print)
    shares = _shares(orders) or {seat.carriers[0]: 1.0}
    kept = 0.0
    for ready_at, mean in hours:
        kept += mean
        whole = int(kept)
        kept -= whole
        for carrier, count in _parted(whole, shares):
            yield ToShip(ready_at=ready_at, due_at=ready_at + term, at_risk=risk, carrier=carrier, count=count)


def _usual_term(waiting: Sequence[WaitingRecord]) -> timedelta:
    spans = [(each.due_at - each.started_at).total_seconds() for each in waiting if each.due_at > each.started_at]
    return timedelta(seconds=median(spans)) if spans else USUAL_TERM


def _usual_risk(seat: Seat, waiting: Sequence[WaitingRecord]) -> Fen:
    if waiting:
        return Fen(round(median(each.at_risk for each in waiting)))
    return finding_risk("late_shipment", OrderFacts(order_no=""), seat.now, seat.rulebook).fen


def _shares(orders: Sequence[ToShip]) -> dict[str, float]:
    counts = Counter(order.carrier for order in orders)
    return {carrier: count / len(orders) for carrier, count in counts.most_common()}


def _parted(whole: int, shares: dict[str, float]) -> Iterator[tuple[str, int]]:
    """So many orders among the carriers, the first of whom takes what is left over."""
    counts = {carrier: int(whole * share) for carrier, share in shares.items()}
    first = next(iter(counts))
    counts[first] += whole - sum(counts.values())
    return ((carrier, count) for carrier, count in counts.items() if count)


def _told(
    seat: Seat,
    proposal: Proposal | None,
    orders: Sequence[ToShip],
    packing: Sequence[ToShip],
    waiting: Sorted,
    expected: Sequence[ToShip],
    ahead: Expected,
    day: date,
    *,
    is_cut: bool,
) -> Plan:
    late = [] if proposal is None else [*printed_late(seat, packing), *late_orders(seat, proposal, orders)]
    late.sort(key=lambda each: (-each.expected_loss, each.due_at, each.order_no))
    rounds = (
        () if proposal is None else tuple(_round(each, proposal, seat.now) for each in proposal.rounds if shanghai_day(each.print_at) == _first_day(proposal))
    )
    learnt = seat.chooser.learnt
    return Plan(
        day=day if proposal is None else _first_day(proposal),
        made_at=seat.now,
        rounds=rounds,
        because=CLOSED if proposal is None else _because(proposal, rounds, orders),
        loss=Fen(0) if proposal is None else proposal.loss,
        least=Fen(0) if proposal is None else proposal.least,
        most=Fen(0) if proposal is None else proposal.most,
        nothing=Fen(0) if proposal is None else proposal.nothing,
        one_round=None if proposal is None else proposal.one_round,
        to_print=len(waiting.to_print),
        to_pack=len(waiting.to_pack),
        out=len(waiting.out),
        kept=len(waiting.kept),
        without_goods=len(waiting.without_goods),
        overdue=sum(order.due_at <= seat.now for order in orders),
        expected=sum(each.count for each in expected),
        expected_low=round(ahead.low),
        expected_high=round(ahead.high),
        late=tuple(late[:MOST_LATE_SHOWN]),
        late_count=len(late),
        visits=() if proposal is None else tuple(_visits(seat, proposal, orders)),
        assumed=seat.assumptions(),
        learned=Learned(
            at=seat.chooser.learnt_at,
            parcels=learnt.parcels,
            unseen=learnt.unseen,
            days=learnt.arrivals.days,
            pack_seconds=None if learnt.pace is None else learnt.pace.seconds,
            packed=0 if learnt.pace is None else learnt.pace.seen,
        ),
        terms=seat.terms,
        is_cut=is_cut,
    )


def _first_day(proposal: Proposal) -> date:
    return shanghai_day(proposal.line.windows[0][0])


def _round(made: Round, proposal: Proposal, now: datetime) -> PlannedRound:
    return PlannedRound(
        print_at=made.print_at,
        packing_from=made.packing_from,
        done_at=made.done_at,
        orders=made.orders,
        expected=made.expected,
        saves=made.saves,
        because=_why(made, proposal, now),
    )


def _why(made: Round, proposal: Proposal, now: datetime) -> Say:
    if made.done_at is None:
        return say("Without it {saves_fen} more would be lost or wait. The packing does not end within these two days.", saves_fen=made.saves)
    done = clock_at(whole_minute(made.done_at), now)
    following = min((fate.leaves_at for fate in proposal.fates if fate.leaves_at is not None and fate.leaves_at >= made.done_at), default=None)
    if following is None:
        return say("Without it {saves_fen} more would be lost or wait; packed by {done_at}.", saves_fen=made.saves, done_at=done)
    return say(
        "Without it {saves_fen} more would be lost or wait; packed by {done_at}, in time for the pickup at {leaves_at}.",
        saves_fen=made.saves,
        done_at=done,
        leaves_at=clock_at(following, now),
    )


def _because(proposal: Proposal, rounds: Sequence[PlannedRound], orders: Sequence[ToShip]) -> Say:
    if not rounds:
        return NOTHING_TO_PRINT if not orders else say("No round today is worth its time; the next working day loses no more.")
    if proposal.one_round is None or len(rounds) == 1:
        return say(
            "One round loses least: {loss_fen} expected, against {nothing_fen} if nothing is printed.", loss_fen=proposal.loss, nothing_fen=proposal.nothing
        )
    if proposal.one_round <= proposal.loss:
        return say("{n} rounds: one would lose no more ({loss_fen}), but with the others orders leave sooner.", n=len(rounds), loss_fen=proposal.loss)
    return say(
        "{n} rounds lose least: {loss_fen} expected, against {one_fen} with one round and {nothing_fen} with none.",
        n=len(rounds),
        loss_fen=proposal.loss,
        one_fen=proposal.one_round,
        nothing_fen=proposal.nothing,
    )


def _visits(seat: Seat, proposal: Proposal, orders: Sequence[ToShip]) -> Iterator[PlannedVisit]:
    """The pickups of the first day, and with which of them orders leave; where a carrier's visits are only assumed, those that nobody uses are left out."""
    leaving = Counter(
        (orders[fate.number].carrier, fate.leaves_at)
        for fate in proposal.fates
        if fate.leaves_at is not None and fate.number < len(orders)
        for _ in range(fate.count)
    )
    day = _first_day(proposal)
    for at, carrier in sorted((at, carrier) for carrier, moments in seat.visits.items() for at in moments if shanghai_day(at) == day):
        if leaving[carrier, at] or carrier not in seat.assumed_visits:
            yield PlannedVisit(carrier=carrier, at=at, orders=leaving[carrier, at], is_assumed=carrier in seat.assumed_visits)
