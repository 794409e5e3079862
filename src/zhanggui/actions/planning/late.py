"""Orders that a plan cannot make safe, and why."""

from collections.abc import Iterator, Sequence

from zhanggui.actions.planning.seat import Seat
from zhanggui.actions.planning.views import LateOrder
from zhanggui.core.money import Fen
from zhanggui.core.planning.latest import percent
from zhanggui.core.planning.plan import Fate, Proposal
from zhanggui.core.planning.saying import clock_at
from zhanggui.core.planning.work import ToShip, chance_of
from zhanggui.core.say import Say, say


def late_orders(seat: Seat, proposal: Proposal, orders: Sequence[ToShip]) -> Iterator[LateOrder]:
    """The orders to be printed that are not safe under the plan; those overdue already are left out, since no plan helps them."""
    for fate in proposal.fates:
        order = orders[fate.number] if fate.number < len(orders) else None
        if order is not None and order.due_at > seat.now and fate.chance.p < seat.terms.safe:
            yield LateOrder(
                order_no=order.order_no,
                due_at=order.due_at,
                at_risk=order.at_risk,
                carrier=order.carrier,
                expected_loss=expected_loss(order, fate.chance.p),
                chance=fate.chance,
                why=_why(seat, order, fate),
                print_at=None if fate.round is None else proposal.rounds[fate.round].print_at,
                leaves_at=fate.leaves_at,
            )


def printed_late(seat: Seat, packing: Sequence[ToShip]) -> Iterator[LateOrder]:
    """The orders that are printed and not packed, and not safe even with the next visit."""
    for order in packing:
        visit = next((at for at in seat.visits[order.carrier] if at >= seat.now), None)
        if visit is None or order.due_at <= seat.now:
            continue
        chance = chance_of(order, visit, seat.chooser.lags.chance)
        if chance.p < seat.terms.safe:
            yield LateOrder(
                order_no=order.order_no,
                due_at=order.due_at,
                at_risk=order.at_risk,
                carrier=order.carrier,
                expected_loss=expected_loss(order, chance.p),
                chance=chance,
                why=say(
                    "Printed and not packed yet: pack it now. The pickup at {at} makes it with {percent} %.",
                    at=clock_at(visit, seat.now),
                    percent=percent(chance.p),
                ),
                leaves_at=visit,
            )


def expected_loss(order: ToShip, p: float) -> Fen:
    """What is lost on average where the order is on time with this chance."""
    return Fen(round(order.at_risk * order.count * (1 - p)))


def _why(seat: Seat, order: ToShip, fate: Fate) -> Say:
    due = clock_at(order.due_at, seat.now)
    if fate.leaves_at is None:
        return say("No round before {due_at} gets it packed for a pickup.", due_at=due)
    at = clock_at(fate.leaves_at, seat.now)
    if fate.leaves_at > order.due_at:
        return say("The pickup it can be packed for comes at {at}, after its deadline.", at=at)
    return say("Taken at {at}, it is scanned by {due_at} with {percent} % only.", at=at, due_at=due, percent=percent(fate.chance.p))
