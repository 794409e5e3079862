"""The deadlines of one order."""

from zhanggui.core.clocks.abnormal import request_deadline
from zhanggui.core.clocks.parcels import delivery_deadline, movement_deadline
from zhanggui.core.clocks.pickup import pickup_deadline
from zhanggui.core.clocks.shipping import ship_deadline, ship_due
from zhanggui.core.deadlines import Deadline
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.rules import Rulebook


def order_deadlines(known: OrderKnowledge, rulebook: Rulebook) -> tuple[Deadline, ...]:
    """Every deadline of an order, open or closed: ship by, pickup, next tracking event, delivery."""
    due = ship_due(known, rulebook)
    found = (
        None if due is None else ship_deadline(known, due, rulebook),
        pickup_deadline(known, due, rulebook),
        movement_deadline(known, rulebook) if known.scans else None,
        delivery_deadline(known, rulebook),
        request_deadline(known, rulebook),
    )
    return tuple(deadline for deadline in found if deadline is not None)
