"""Steps done by hand follow their cases: what a case shows settles what was to be done for it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from zhanggui.actions.money.given import give, take_gifts_back
from zhanggui.core.cases import Stand
from zhanggui.core.cases.guided import PAID, StepKind, StepOutcome, settled_by
from zhanggui.core.cases.states import CaseState
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.ledger.costs import Cost
from zhanggui.people.permissions import Person, ShopId, operator
from zhanggui.records import guided_steps, journal
from zhanggui.records.db import Tx
from zhanggui.records.guided_steps import GuidedStepRecord
from zhanggui.records.journal_entries.cases import GuidedStepMoved
from zhanggui.records.wakes import wake


def follow_steps(tx: Tx, shop_id: int, states: Mapping[str, CaseState], now: datetime) -> None:
    """Settles the open steps that the new states of their cases have done or made needless."""
    for step_no, kind, case_no, order_no in guided_steps.open_of_cases(tx, shop_id, list(states)) if states else ():
        settled = settled_by(StepKind(kind), states[case_no])
        if settled is not None:
            state, outcome = settled
            guided_steps.settle(tx, shop_id, step_no, state.value, outcome.value, "", now, None)
            tell_step(tx, shop_id, GuidedStepMoved(step_no, kind, state.value, outcome.value), order_no, now, None)


def follow_gifts(tx: Tx, shop_id: int, stands: Mapping[str, Stand], now: datetime) -> None:
    """An offer of money that was entered is taken once its case is refunded with that sum, and writes itself down; where the case shows it no more, not.

    Of several offers only the latest can be what the buyer took.
    """
    by, shop = operator("worker"), ShopId(shop_id)
    offers = guided_steps.offers_of_cases(tx, shop_id, list(stands))
    latest = {step.case_no: step.step_no for step in offers}
    for step in offers:
        stand = stands[step.case_no or ""]
        if step.outcome != StepOutcome.ENTERED:
            continue
        if stand.state in PAID and stand.amount == step.amount and latest[step.case_no] == step.step_no:
            give_of_step(tx, by, shop, step, now)
        else:
            take_gifts_back(tx, by, shop, step.order_no, f"step:{step.step_no}", now)


def forget_gifts(tx: Tx, shop_id: int, case_nos: Sequence[str], now: datetime) -> None:
    """The cases are gone with the import that told of them: nothing shows any more that what was offered was taken."""
    by, shop = operator("worker"), ShopId(shop_id)
    for step in guided_steps.offers_of_cases(tx, shop_id, case_nos) if case_nos else ():
        if step.outcome == StepOutcome.ENTERED:
            take_gifts_back(tx, by, shop, step.order_no, f"step:{step.step_no}", now)


def give_of_step(tx: Tx, by: Person, shop_id: ShopId, step: GuidedStepRecord, now: datetime) -> None:
    """Writes down what the step gives away."""
    for place, gift in enumerate(step.gifts):
        cost = Cost(order_no=step.order_no, case_no=step.case_no, kind=gift.kind, cause=gift.cause, fen=gift.fen, once=f"step:{step.step_no}:{place}")
        give(tx, by, shop_id, cost, now)


def tell_step(tx: Tx, shop_id: int, entry: GuidedStepMoved, order_no: str, now: datetime, by: int | None) -> None:
    """Writes down what became of a step, and wakes whoever shows the order."""
    journal.write(tx, shop_id, entry, at=now, by=by, subject_kind=SubjectKind.ORDER.value, subject_no=order_no)
    wake(tx, shop_id, [order_no])
