"""What is left to people to do by hand in the back office."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.errors import UniqueViolation
from psycopg.rows import class_row

from zhanggui.core.cases.guided import Gift
from zhanggui.core.say import Say
from zhanggui.records.db import Tx
from zhanggui.records.says import packed, revived, unpacked


class GuidedStepRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A step as it stands in the table. Money in fen."""

    shop_id: int
    step_no: int
    kind: str
    state: str
    order_no: str
    case_no: str | None
    ref: str
    title: str
    because: str
    form: str
    message: str
    files: list[int]
    amount: int | None
    due_at: datetime | None
    due_rule: str | None
    opened_at: datetime
    opened_by: int | None
    opened_by_name: str | None = None
    done_at: datetime | None
    done_by: int | None
    done_by_name: str | None = None
    outcome: str | None
    note: str
    version: int
    gives: str

    @property
    def gifts(self) -> tuple[Gift, ...]:
        """What the shop gives once the step is agreed to."""
        return msgspec.json.decode(self.gives, type=tuple[Gift, ...])

    @property
    def headline(self) -> Say:
        """What to do, in one short sentence."""
        return unpacked(self.title)

    @property
    def reasons(self) -> tuple[Say, ...]:
        """Why, in order."""
        return tuple(map(revived, msgspec.json.decode(self.because, type=tuple[Say, ...])))


class NewGuidedStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step as it is made ready."""

    kind: str
    order_no: str
    case_no: str | None
    ref: str
    title: Say
    because: tuple[Say, ...]
    form: str
    message: str
    files: tuple[int, ...]
    amount: int | None
    due_at: datetime | None
    due_rule: str | None
    opened_at: datetime
    opened_by: int | None
    gives: tuple[Gift, ...]


# made ready once more, it gets the newer texts and files; what somebody may be copying at the moment keeps its number
OPEN = """
    insert into guided_steps (shop_id, kind, state, order_no, case_no, ref, title, because, form, message, files, amount, due_at, due_rule,
        opened_at, opened_by, gives)
    values (%(shop_id)s, %(kind)s, 'step_open', %(order_no)s, %(case_no)s, %(ref)s, %(title)s, %(because)s, %(form)s, %(message)s, %(files)s, %(amount)s,
        %(due_at)s, %(due_rule)s, %(opened_at)s, %(opened_by)s, %(gives)s)
    on conflict (shop_id, order_no, coalesce(case_no, ''), kind, ref) where state = 'step_open'
    do update set title = excluded.title, because = excluded.because, form = excluded.form, message = excluded.message, files = excluded.files,
        amount = excluded.amount, due_at = excluded.due_at, due_rule = excluded.due_rule, gives = excluded.gives, version = guided_steps.version + 1
    returning step_no, version
"""
OF_ORDER = """
    select guided_steps.*, title::text as title, because::text as because, gives::text as gives,
        opener.display_name as opened_by_name, doer.display_name as done_by_name
    from guided_steps
    left join people as opener on opener.person_id = guided_steps.opened_by
    left join people as doer on doer.person_id = guided_steps.done_by
    where guided_steps.shop_id = %(shop_id)s and order_no = %(order_no)s
    order by step_no desc
    limit %(limit)s
"""
OF_CASE = """
    select guided_steps.*, title::text as title, because::text as because, gives::text as gives,
        opener.display_name as opened_by_name, doer.display_name as done_by_name
    from guided_steps
    left join people as opener on opener.person_id = guided_steps.opened_by
    left join people as doer on doer.person_id = guided_steps.done_by
    where guided_steps.shop_id = %(shop_id)s and case_no = %(case_no)s
    order by step_no desc
    limit %(limit)s
"""
BY_NO = """
    select guided_steps.*, title::text as title, because::text as because, gives::text as gives,
        opener.display_name as opened_by_name, doer.display_name as done_by_name
    from guided_steps
    left join people as opener on opener.person_id = guided_steps.opened_by
    left join people as doer on doer.person_id = guided_steps.done_by
    where guided_steps.shop_id = %(shop_id)s and step_no = any(%(step_nos)s)
    order by step_no
"""
OPEN_OF_CASES = """
    select step_no, kind, case_no, order_no from guided_steps
    where shop_id = %(shop_id)s and case_no = any(%(case_nos)s) and state = 'step_open'
    order by step_no
    for update
"""
SETTLE = """
    update guided_steps set state = %(state)s, outcome = %(outcome)s, note = %(note)s, done_at = %(at)s, done_by = %(by)s, version = version + 1
    where shop_id = %(shop_id)s and step_no = %(step_no)s and state = 'step_open'
    returning kind, order_no, case_no, ref
"""
# what was entered is answered later; the answer is kept beside who entered it
ANSWER = """
    update guided_steps set outcome = %(outcome)s, note = case when %(note)s = '' then note else %(note)s end, version = version + 1
    where shop_id = %(shop_id)s and step_no = %(step_no)s and state = 'step_done' and outcome = 'outcome_entered'
    returning kind, order_no, case_no, ref
"""
# not where the same was made ready anew meanwhile
REOPEN = """
    update guided_steps set state = 'step_open', outcome = null, note = '', done_at = null, done_by = null, version = version + 1
    where shop_id = %(shop_id)s and step_no = %(step_no)s and state <> 'step_open' and done_by is not null and not exists (
        select 1 from guided_steps as newer
        where newer.shop_id = %(shop_id)s and newer.order_no = guided_steps.order_no and coalesce(newer.case_no, '') = coalesce(guided_steps.case_no, '')
            and newer.kind = guided_steps.kind and newer.ref = guided_steps.ref and newer.state = 'step_open'
    )
    returning kind, order_no
"""
OPEN_OF_REF = """
    select step_no from guided_steps
    where shop_id = %(shop_id)s and order_no = %(order_no)s and kind = %(kind)s and ref = %(ref)s and state = 'step_open'
    for update
"""
# offers of money that were entered, whose case may tell the answer, or that were accepted as somebody said; a small payment is none, it is given at once
OFFERS_OF_CASES = """
    select guided_steps.*, title::text as title, because::text as because, gives::text as gives, null::text as opened_by_name, null::text as done_by_name
    from guided_steps
    where shop_id = %(shop_id)s and case_no = any(%(case_nos)s) and state = 'step_done' and outcome in ('outcome_entered', 'outcome_accepted')
        and amount is not null and gives::text <> '[]' and kind <> 'step_goodwill'
    order by step_no
"""
MOST = 200


def open_one(tx: Tx, shop_id: int, new: NewGuidedStep) -> tuple[int, bool]:
    """The number of the step, and whether it is new; the open one of the same kind, case and reference where there is one."""
    slots = msgspec.structs.asdict(new) | {
        "shop_id": shop_id,
        "title": packed(new.title),
        "because": msgspec.json.encode(new.because).decode(),
        "gives": msgspec.json.encode(new.gives).decode(),
        "files": list(new.files),
    }
    row = tx.execute(OPEN, slots).fetchone()
    assert row is not None
    return int(row[0]), row[1] == 0


def of_order(tx: Tx, shop_id: int, order_no: str) -> list[GuidedStepRecord]:
    """The steps of an order, the newest first."""
    with tx.cursor(row_factory=class_row(GuidedStepRecord)) as cursor:
        return cursor.execute(OF_ORDER, {"shop_id": shop_id, "order_no": order_no, "limit": MOST}).fetchall()


def of_case(tx: Tx, shop_id: int, case_no: str) -> list[GuidedStepRecord]:
    """The steps of a case, the newest first."""
    with tx.cursor(row_factory=class_row(GuidedStepRecord)) as cursor:
        return cursor.execute(OF_CASE, {"shop_id": shop_id, "case_no": case_no, "limit": MOST}).fetchall()


def by_no(tx: Tx, shop_id: int, step_nos: Sequence[int]) -> list[GuidedStepRecord]:
    """These steps."""
    with tx.cursor(row_factory=class_row(GuidedStepRecord)) as cursor:
        return cursor.execute(BY_NO, {"shop_id": shop_id, "step_nos": list(step_nos)}).fetchall()


def open_of_cases(tx: Tx, shop_id: int, case_nos: Sequence[str]) -> list[tuple[int, str, str, str]]:
    """Number, kind, case and order of the open steps of these cases, held until the transaction ends."""
    return [(no, kind, case, order) for no, kind, case, order in tx.execute(OPEN_OF_CASES, {"shop_id": shop_id, "case_nos": list(case_nos)})]


def settle(tx: Tx, shop_id: int, step_no: int, state: str, outcome: str, note: str, at: datetime, by: int | None) -> tuple[str, str, str | None, str] | None:
    """Kind, order, case and reference of the step that is settled now; None where it was not open."""
    slots = {"shop_id": shop_id, "step_no": step_no, "state": state, "outcome": outcome, "note": note, "at": at, "by": by}
    row = tx.execute(SETTLE, slots).fetchone()
    return None if row is None else (row[0], row[1], row[2], row[3])


def answer(tx: Tx, shop_id: int, step_no: int, outcome: str, note: str) -> tuple[str, str, str | None, str] | None:
    """Kind, order, case and reference of the entered step that is answered now; None where it was not waiting for an answer."""
    row = tx.execute(ANSWER, {"shop_id": shop_id, "step_no": step_no, "outcome": outcome, "note": note}).fetchone()
    return None if row is None else (row[0], row[1], row[2], row[3])


def reopen(tx: Tx, shop_id: int, step_no: int) -> tuple[str, str] | None:
    """Kind and order of the step that is to be done again; None where no person settled it, or it was made ready anew."""
    try:
        with tx.transaction():
            row = tx.execute(REOPEN, {"shop_id": shop_id, "step_no": step_no}).fetchone()
    except UniqueViolation:  # made ready anew by another transaction that the statement could not see yet
        return None
    return None if row is None else (row[0], row[1])


def open_of_ref(tx: Tx, shop_id: int, order_no: str, kind: str, ref: str) -> int | None:
    """The open step of this kind that belongs to something elsewhere, held until the transaction ends."""
    row = tx.execute(OPEN_OF_REF, {"shop_id": shop_id, "order_no": order_no, "kind": kind, "ref": ref}).fetchone()
    return None if row is None else int(row[0])


def offers_of_cases(tx: Tx, shop_id: int, case_nos: Sequence[str]) -> list[GuidedStepRecord]:
    """The offers of money about these cases that were entered, answered or not, the oldest first."""
    with tx.cursor(row_factory=class_row(GuidedStepRecord)) as cursor:
        return cursor.execute(OFFERS_OF_CASES, {"shop_id": shop_id, "case_nos": list(case_nos)}).fetchall()
