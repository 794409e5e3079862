"""What a person does by hand for a dispute stands among the steps done by hand: handing in the evidence, and the appeal."""

from datetime import datetime

from zhanggui.actions.cases.guiding import open_step, settle_step
from zhanggui.actions.cases.settling import tell_step
from zhanggui.core.cases.guided import Step, StepKind, StepOutcome, StepState
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Person, ShopId
from zhanggui.records import deadlines, guided_steps
from zhanggui.records.db import Tx
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.records.disputes import DisputeRecord
from zhanggui.records.journal_entries.cases import GuidedStepMoved

_REF = "dispute:"


def ref_of(dispute_no: int) -> str:
    """What the steps of a dispute belong to."""
    return f"{_REF}{dispute_no}"


def dispute_of(ref: str) -> int | None:
    """The dispute that a step belongs to; None where it belongs to something else."""
    number = ref.removeprefix(_REF)
    return int(number) if ref.startswith(_REF) and number.isdecimal() else None


def ready_to_hand_in(tx: Tx, by: Person, shop_id: ShopId, dispute: DisputeRecord, now: datetime) -> int:
    """Makes ready what was signed: the text, the pictures in their order, the clock of the case."""
    due = _running(tx, shop_id, SubjectKind.AFTERSALE, dispute.case_no, "answer_platform")
    title = say("Hand in the evidence of case {case_no}, once", case_no=dispute.case_no)
    return open_step(tx, by, shop_id, _step(StepKind.COUNTER_EVIDENCE, dispute, title, dispute.note, tuple(dispute.images), due), now)


def ready_to_appeal(tx: Tx, by: Person, shop_id: ShopId, dispute: DisputeRecord, text: str, images: tuple[int, ...], now: datetime) -> int:
    """Makes the appeal ready: its text, its pictures, and the clock that runs since the ruling."""
    due = _running(tx, shop_id, SubjectKind.DISPUTE, str(dispute.dispute_no), "appeal_by")
    title = say("Appeal against the ruling on case {case_no}", case_no=dispute.case_no)
    return open_step(tx, by, shop_id, _step(StepKind.APPEAL, dispute, title, text, images, due), now)


def settle_open(tx: Tx, by: Person, shop_id: ShopId, dispute: DisputeRecord, kind: StepKind, outcome: StepOutcome, note: str, now: datetime) -> None:
    """Settles the open step of this kind, where there is one."""
    step_no = guided_steps.open_of_ref(tx, shop_id, dispute.order_no, kind.value, ref_of(dispute.dispute_no))
    if step_no is not None:
        settle_step(tx, by, shop_id, step_no, outcome, note, now)


def hand_in_again(tx: Tx, by: Person, shop_id: ShopId, dispute: DisputeRecord, now: datetime) -> None:
    """The step by which the evidence was said to be handed in is to be done again, where there is one."""
    own = (each for each in guided_steps.of_order(tx, shop_id, dispute.order_no) if each.ref == ref_of(dispute.dispute_no))
    done = next((each for each in own if each.kind == StepKind.COUNTER_EVIDENCE), None)
    if done is not None and guided_steps.reopen(tx, shop_id, done.step_no) is not None:
        tell_step(tx, shop_id, GuidedStepMoved(done.step_no, done.kind, StepState.OPEN.value), dispute.order_no, now, by.person_id)


def _step(kind: StepKind, dispute: DisputeRecord, title: Say, text: str, images: tuple[int, ...], due: StoredDeadline | None) -> Step:
    return Step(
        kind=kind,
        order_no=dispute.order_no,
        case_no=dispute.case_no,
        title=title,
        form=text,
        files=images,
        due_at=None if due is None else due.due_at,
        due_rule=None if due is None else due.rule,
        ref=ref_of(dispute.dispute_no),
    )


def _running(tx: Tx, shop_id: ShopId, subject: SubjectKind, no: str, kind: str) -> StoredDeadline | None:
    return next((row for row in deadlines.of_subjects(tx, shop_id, subject.value, [no]) if row.kind == kind and row.band is not None), None)
