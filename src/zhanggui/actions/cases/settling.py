"""Steps done by hand follow their cases: what a case shows settles what was to be done for it."""

from collections.abc import Mapping
from datetime import datetime

from zhanggui.core.cases.guided import StepKind, settled_by
from zhanggui.core.cases.states import CaseState
from zhanggui.core.deadlines import SubjectKind
from zhanggui.records import guided_steps, journal
from zhanggui.records.db import Tx
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


def tell_step(tx: Tx, shop_id: int, entry: GuidedStepMoved, order_no: str, now: datetime, by: int | None) -> None:
    """Writes down what became of a step, and wakes whoever shows the order."""
    journal.write(tx, shop_id, entry, at=now, by=by, subject_kind=SubjectKind.ORDER.value, subject_no=order_no)
    wake(tx, shop_id, [order_no])
