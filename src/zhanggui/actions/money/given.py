"""What was given away by what people did writes itself into the ledger of costs: once for what wrote it, taken back with it, and standing again with it."""

from datetime import datetime

from zhanggui.actions.money.costs import record_cost
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.ledger.costs import Cost
from zhanggui.people.permissions import Person, ShopId
from zhanggui.records import costs, journal
from zhanggui.records.db import Tx
from zhanggui.records.journal_entries.money import CostNoted, CostTakenBack


def give(tx: Tx, by: Person, shop_id: ShopId, cost: Cost, now: datetime) -> None:
    """Lets the entry of this name (`once`) stand, whether it is new or was taken back before; what a person took back in the ledger, only a person revives."""
    assert cost.once is not None, "what writes itself says what wrote it"
    record_cost(tx, by, shop_id, cost, now)
    if costs.revive(tx, shop_id, cost.once, cost.kind.value, cost.cause.value, cost.fen, even_of_person=by.person_id is not None):
        told = CostNoted(cost.kind.value, cost.cause.value, cost.fen)
        journal.write(tx, shop_id, told, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=cost.order_no)


def take_gifts_back(tx: Tx, by: Person, shop_id: ShopId, order_no: str, origin: str, now: datetime) -> None:
    """Takes back whatever this origin (`step:12`) wrote down for the order and still stands: in nobody's name, since it goes with what wrote it."""
    for kind, fen in costs.void_of(tx, shop_id, order_no, f"{origin}:", now):
        told = CostTakenBack(kind, fen)
        journal.write(tx, shop_id, told, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=order_no)
