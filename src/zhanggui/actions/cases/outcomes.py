"""What came of a step that a person did by hand, with everything that follows from it: what was given away, evidence that is in, an appeal that runs."""

from datetime import datetime

from zhanggui.actions.cases.guiding import settle_step
from zhanggui.actions.cases.settling import give_of_step, tell_step
from zhanggui.actions.disputes.handing import appeal_within, submit_within
from zhanggui.actions.disputes.steps import dispute_of
from zhanggui.actions.house import House
from zhanggui.actions.keeping_up import MOST_TEXT
from zhanggui.actions.money.freight import settle_freight
from zhanggui.actions.money.given import take_gifts_back
from zhanggui.actions.refused import Refused
from zhanggui.core.cases.guided import GIVEN_AT_ONCE, StepKind, StepOutcome, StepState
from zhanggui.core.ledger.costs import CostKind
from zhanggui.core.privacy.remarks import remark
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import guided_steps
from zhanggui.records.db import Tx, transact
from zhanggui.records.guided_steps import GuidedStepRecord
from zhanggui.records.journal_entries.cases import GuidedStepMoved

HANDED_IN = frozenset({StepOutcome.ENTERED, StepOutcome.ACCEPTED})


def record_outcome(house: House, by: Person, shop_id: ShopId, step_no: int, outcome: StepOutcome, note: str, now: datetime) -> None:
    """Keeps what came of a step. Raises Refused where it is settled already, NotAllowed where there is none."""
    by.need(Permission.CASES_WRITE, shop_id)
    note = remark(note)
    if len(note) > MOST_TEXT:
        raise Refused(say("The note is longer than {longest} characters.", longest=MOST_TEXT))

    def work(tx: Tx) -> None:
        step = _one(tx, shop_id, step_no)
        dispute_no = dispute_of(step.ref)
        if dispute_no is not None and step.state == StepState.OPEN and outcome in HANDED_IN:
            # the dispute settles its own step, under the locks it takes for that
            within = submit_within if step.kind == StepKind.COUNTER_EVIDENCE else appeal_within
            within(tx, house, by, shop_id, dispute_no, now, note)
            return
        settle_step(tx, by, shop_id, step_no, outcome, note, now)
        if outcome is StepOutcome.ACCEPTED or (outcome is StepOutcome.ENTERED and StepKind(step.kind) in GIVEN_AT_ONCE):
            give_of_step(tx, by, shop_id, step, now)
        elif outcome is not StepOutcome.ENTERED:
            take_gifts_back(tx, by, shop_id, step.order_no, f"step:{step_no}", now)
        _settle(tx, house, shop_id, step, now)

    transact(house.pool, work)


def take_outcome_back(house: House, by: Person, shop_id: ShopId, step_no: int, now: datetime) -> None:
    """The outcome was a mistake: the step is to be done again, and what it gave away is taken back. Raises Refused where that cannot be."""
    by.need(Permission.CASES_WRITE, shop_id)

    def work(tx: Tx) -> None:
        step = _one(tx, shop_id, step_no)
        if dispute_of(step.ref) is not None:
            raise Refused(say("This step belongs to a dispute: what can be taken back of it is taken back on the page of that dispute."))
        reopened = guided_steps.reopen(tx, shop_id, step_no)
        if reopened is None:
            raise Refused(say("This step is open, was settled by the case itself, or was made ready anew. Look at it again."))
        take_gifts_back(tx, by, shop_id, step.order_no, f"step:{step_no}", now)
        _settle(tx, house, shop_id, step, now)
        tell_step(tx, shop_id, GuidedStepMoved(step_no, step.kind, StepState.OPEN.value), step.order_no, now, by.person_id)

    transact(house.pool, work)


def _settle(tx: Tx, house: House, shop_id: ShopId, step: GuidedStepRecord, now: datetime) -> None:
    """Has freight that the step writes down, or no longer does, not counted for a parcel too."""
    if any(gift.kind is CostKind.FREIGHT for gift in step.gifts):
        settle_freight(tx, house, shop_id, step.order_no, now)


def _one(tx: Tx, shop_id: ShopId, step_no: int) -> GuidedStepRecord:
    found = guided_steps.by_no(tx, shop_id, [step_no])
    if not found:
        raise NotAllowed(Permission.CASES_WRITE.value)
    return found[0]
