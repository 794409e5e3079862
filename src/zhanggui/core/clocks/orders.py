"""The deadlines of one order."""

from zhanggui.core.deadlines import Deadline
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.rules import Rulebook


def order_deadlines(known: OrderKnowledge, rulebook: Rulebook) -> tuple[Deadline, ...]:
    """Every deadline of an order, open or closed."""
    return ()
