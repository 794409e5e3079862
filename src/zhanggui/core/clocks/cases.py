"""The deadlines of one after-sales case."""

from zhanggui.core.deadlines import Deadline
from zhanggui.core.facts import AftersaleFacts
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.rules import Rulebook


def case_deadlines(case: AftersaleFacts, known: OrderKnowledge | None, rulebook: Rulebook) -> tuple[Deadline, ...]:
    """Every deadline of a case, open or closed."""
    return ()
