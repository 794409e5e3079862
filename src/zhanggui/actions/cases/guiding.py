"""Steps for a person in the back office are made ready, shown, and settled with their outcome, by that person or by what the case shows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

import msgspec

from zhanggui.actions.cases.settling import tell_step
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.cases.guided import ANSWERS, GIVEN_AT_ONCE, GIVEN_UP, Gift, Step, StepKind, StepOutcome, StepState
from zhanggui.core.money import Fen
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import evidence, guided_steps, settings
from zhanggui.records.db import Tx
from zhanggui.records.guided_steps import GuidedStepRecord, NewGuidedStep
from zhanggui.records.journal_entries.cases import GuidedStepMoved
from zhanggui.records.settings import Value
from zhanggui.rulebook.back_office import back_office

LONGEST_FORM = 5000


class StepFile(msgspec.Struct, frozen=True):
    """A file of the vault that goes with a step."""

    seq: int
    name: str


class GuidedStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step as a page shows it."""

    shop_id: ShopId
    step_no: int
    kind: StepKind
    state: StepState
    order_no: str
    case_no: str | None
    ref: str
    title: Say
    because: tuple[Say, ...]
    form: str
    message: str
    files: tuple[StepFile, ...]
    amount: Fen | None
    due_at: datetime | None
    due_rule: str | None
    opened_at: datetime
    opened_by_name: str | None
    done_at: datetime | None
    done_by_name: str | None
    outcome: StepOutcome | None
    note: str
    link: str | None
    link_grade: str

    gives: tuple[Gift, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state is StepState.OPEN

    @property
    def is_awaited(self) -> bool:
        """Whether it was entered, and the answer is not known yet."""
        return self.outcome is StepOutcome.ENTERED and self.kind is StepKind.NEGOTIATE

    @property
    def is_given(self) -> bool:
        """Whether what it gives has been given."""
        return self.outcome is StepOutcome.ACCEPTED or (self.outcome is StepOutcome.ENTERED and self.kind in GIVEN_AT_ONCE)

    @property
    def may_be_undone(self) -> bool:
        """Whether a person settled it and may say that this was a mistake; what was handed in stays handed in."""
        return not self.is_open and self.done_by_name is not None and not self.ref.startswith("dispute:")


def open_step(tx: Tx, by: Person, shop_id: ShopId, step: Step, now: datetime) -> int:
    """Makes a step ready inside the transaction of whoever decides it, and returns its number; the open one, brought up to date, where there is one."""
    by.need(Permission.AFTERSALES_READ, shop_id)
    if len(step.form) > LONGEST_FORM or len(step.message) > LONGEST_FORM:
        raise Refused(say("The text is longer than {longest} characters.", longest=LONGEST_FORM))
    new = NewGuidedStep(
        kind=step.kind.value,
        order_no=step.order_no,
        case_no=step.case_no,
        ref=step.ref,
        title=step.title,
        because=step.because,
        form=step.form,
        message=step.message,
        files=step.files,
        amount=step.amount,
        due_at=step.due_at,
        due_rule=step.due_rule,
        opened_at=now,
        opened_by=by.person_id,
        gives=step.gives,
    )
    step_no, is_new = guided_steps.open_one(tx, shop_id, new)
    if is_new:
        tell_step(tx, shop_id, GuidedStepMoved(step_no, step.kind.value, StepState.OPEN.value), step.order_no, now, by.person_id)
    return step_no


def steps_of(tx: Tx, shop_id: ShopId, *, order_no: str | None = None, case_no: str | None = None) -> tuple[GuidedStep, ...]:
    """The steps of an order or of a case: the open ones first, by their clock, then what was done, the newest first."""
    rows = guided_steps.of_case(tx, shop_id, case_no) if case_no is not None else guided_steps.of_order(tx, shop_id, order_no or "")
    return tuple(sorted(_seen(tx, shop_id, rows), key=_place))


def steps_by_no(tx: Tx, shop_id: ShopId, step_nos: Sequence[int]) -> Mapping[int, GuidedStep]:
    """These steps, by number."""
    return {step.step_no: step for step in _seen(tx, shop_id, guided_steps.by_no(tx, shop_id, step_nos))} if step_nos else {}


def order_steps(house: House, by: Person, shop_id: ShopId, order_no: str) -> tuple[GuidedStep, ...]:
    """The steps of an order, for its page."""
    by.need(Permission.AFTERSALES_READ, shop_id)
    with house.pool.connection() as tx:
        return steps_of(tx, shop_id, order_no=order_no)


def settle_step(tx: Tx, by: Person, shop_id: ShopId, step_no: int, outcome: StepOutcome, note: str, now: datetime) -> None:
    """Settles a step inside the transaction of whoever records more with it. Raises Refused where it is settled, NotAllowed where there is none.

    Of a step that was entered the answer may still be told.
    """
    state = StepState.DROPPED if outcome in GIVEN_UP else StepState.DONE
    settled = guided_steps.settle(tx, shop_id, step_no, state.value, outcome.value, note, now, by.person_id)
    if settled is None and outcome in ANSWERS:
        settled = guided_steps.answer(tx, shop_id, step_no, outcome.value, note)
    if settled is None:
        if not guided_steps.by_no(tx, shop_id, [step_no]):
            raise NotAllowed(Permission.CASES_WRITE.value)
        raise Refused(say("This step is settled already. Look at it again."))
    kind, order_no, _, _ = settled
    tell_step(tx, shop_id, GuidedStepMoved(step_no, kind, state.value, outcome.value), order_no, now, by.person_id)


def _seen(tx: Tx, shop_id: ShopId, rows: Iterable[GuidedStepRecord]) -> list[GuidedStep]:
    rows = list(rows)
    if not rows:
        return []
    told = settings.of_shop(tx, shop_id)
    names = {(row.order_no, seq): _name(tx, shop_id, row.order_no, seq) for row in rows for seq in row.files}
    return [_shown(shop_id, row, told, names) for row in rows]


def _name(tx: Tx, shop_id: int, order_no: str, seq: int) -> str | None:
    piece = evidence.one(tx, shop_id, order_no, seq)
    return None if piece is None else piece.name


def _shown(shop_id: ShopId, row: GuidedStepRecord, told: Mapping[str, Value], names: Mapping[tuple[str, int], str | None]) -> GuidedStep:
    kind = StepKind(row.kind)
    page = back_office()[kind]
    files = tuple(StepFile(seq, name) for seq in row.files if (name := names[row.order_no, seq]) is not None)
    return GuidedStep(
        shop_id=shop_id,
        step_no=row.step_no,
        kind=kind,
        state=StepState(row.state),
        order_no=row.order_no,
        case_no=row.case_no,
        ref=row.ref,
        title=row.headline,
        because=row.reasons,
        form=row.form,
        message=row.message,
        files=files,
        amount=None if row.amount is None else Fen(row.amount),
        due_at=row.due_at,
        due_rule=row.due_rule,
        opened_at=row.opened_at,
        opened_by_name=row.opened_by_name,
        done_at=row.done_at,
        done_by_name=row.done_by_name,
        outcome=None if row.outcome is None else StepOutcome(row.outcome),
        note=row.note,
        gives=row.gifts,
        link=_link(page.url, page.setting, told, row),
        link_grade=page.grade.value,
    )


def _link(url: str, setting: str | None, told: Mapping[str, Value], row: GuidedStepRecord) -> str | None:
    """The page of the back office; None where the shop has blanked it."""
    pattern = told.get(setting, url) if setting is not None else url
    if not isinstance(pattern, str) or not pattern:
        return None
    return pattern.replace("{order_no}", quote(row.order_no, safe="")).replace("{case_no}", quote(row.case_no or "", safe=""))


def _place(step: GuidedStep) -> tuple[bool, float, int]:
    due = step.due_at.timestamp() if step.due_at is not None else float("inf")
    return not step.is_open, due if step.is_open else 0.0, -step.step_no
