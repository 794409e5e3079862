"""The deadline to get goods that are promised beyond what lies there."""

from typing import NamedTuple

from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState, Subject, SubjectKind
from zhanggui.core.goods.shortage import Shortage
from zhanggui.core.say import Say, say


class ShipTerm(NamedTuple):
    """The deadline to ship of the first order that finds no goods, and the rule by which its missing costs something."""

    ship_by: Deadline
    risk_rule: str | None


def restock_deadline(sku: str, title: str, shortage: Shortage, term: ShipTerm) -> Deadline:
    """By when the goods have to be there: the moment at which the first order without goods has to leave."""
    return Deadline(
        subject=Subject(SubjectKind.SKU, sku),
        kind=DeadlineKind.RESTOCK,
        state=DeadlineState.OPEN,
        counts_from=term.ship_by.counts_from,
        started_at=term.ship_by.started_at,
        due_at=term.ship_by.due_at,
        due_source=term.ship_by.due_source,
        rule=term.ship_by.rule,
        basis=term.ship_by.basis,
        at_risk=shortage.cost,
        risk_rule=term.risk_rule,
        because=_told(title, shortage),
    )


def _told(title: str, shortage: Shortage) -> Say:
    return say(
        "{title}: {pieces} missing, orders without goods: {orders}.",
        title=title,
        pieces=shortage.missing,
        orders=len(shortage.uncovered),
    )
