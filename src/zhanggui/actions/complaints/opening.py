"""A complaint comes onto the list: by a person, by a return that was opened, by a deduction that the rules do not bear out."""

from datetime import datetime

import msgspec

from zhanggui.actions.following import Followed
from zhanggui.actions.house import House
from zhanggui.actions.keeping_up import MOST_TEXT
from zhanggui.actions.reckoning import Reckoning, touch_orders
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.complaints.states import ComplaintEvent, ComplaintKind, ComplaintState, complaint_after, complaint_events
from zhanggui.core.deadlines import DeadlineKind, SubjectKind
from zhanggui.core.money import Fen
from zhanggui.core.privacy.remarks import remark
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import around, complaints, deadlines, journal, locks
from zhanggui.records.complaints import NewComplaint
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.complaints import ComplaintMoved

MOST_FEN = 100_000_000


class Complaint(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be filed. `due` goes before the rules; `noticed_at` is what their term counts from, now where it is not given."""

    kind: ComplaintKind
    order_no: str
    because: Say
    at_stake: Fen
    case_no: str | None = None
    due: datetime | None = None
    noticed_at: datetime | None = None
    ref: str = ""
    """Tells apart what is of one kind and order, such as the lines of a bill."""


def open_complaint(tx: Tx, house: House, by: Person, shop_id: ShopId, complaint: Complaint, now: datetime) -> int:
    """The number of the complaint on the list, with its to-do, in the transaction of whoever calls; the same twice is one. Raises Refused."""
    by.need(Permission.ORDERS_READ, shop_id)
    if not 0 <= complaint.at_stake <= MOST_FEN:
        raise Refused(say("Enter the sum of money, between {least_fen} and {most_fen}.", least_fen=0, most_fen=MOST_FEN))
    if complaint.order_no not in around.orders(tx, shop_id, [complaint.order_no]):
        raise Refused(say("The shop has no such order."))
    complaint = _within_the_term(tx, shop_id, complaint)
    new = NewComplaint(
        kind=complaint.kind.value,
        order_no=complaint.order_no,
        case_no=complaint.case_no or "",
        ref=complaint.ref,
        because=complaint.because,
        at_stake=complaint.at_stake,
        due=complaint.due,
        noticed_at=complaint.noticed_at or now,
        state=ComplaintState.TO_FILE.value,
        made_by=by.person_id,
        made_at=now,
    )
    complaint_no = complaints.insert(tx, shop_id, new)
    if complaint_no is None:
        return _standing(tx, house, by, shop_id, new, now)
    entry = ComplaintMoved(complaint_no, new.kind, new.state, new.at_stake)
    journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=new.order_no)
    keep_up(tx, house, shop_id, complaint_no, complaint.kind, new.order_no, now)
    return complaint_no


def _standing(tx: Tx, house: House, by: Person, shop_id: ShopId, new: NewComplaint, now: datetime) -> int:
    """The number of the same complaint, which is taken up again where it was dropped and may still be filed."""
    complaint_no = complaints.standing(tx, shop_id, new)
    assert complaint_no is not None, "what stands in the way of an insert is there"
    for row in complaints.locked(tx, shop_id, [complaint_no]):
        state, kind = ComplaintState(row.state), ComplaintKind(row.kind)
        if ComplaintEvent.TAKE_UP not in complaint_events(state, kind, was_filed=row.filed_at is not None):
            continue
        after = complaint_after(state, ComplaintEvent.TAKE_UP).value
        complaints.save(tx, msgspec.structs.replace(row, state=after, stepped_at=now))
        entry = ComplaintMoved(complaint_no, row.kind, after, row.at_stake, ComplaintEvent.TAKE_UP.value)
        journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=row.order_no)
        keep_up(tx, house, shop_id, complaint_no, kind, row.order_no, now)
    return complaint_no


def begin_complaint(house: House, by: Person, shop_id: ShopId, complaint: Complaint, now: datetime) -> int:
    """The same by itself, by whoever may write the register; what they typed is masked like every remark."""
    by.need(Permission.COMPLAINTS_WRITE, shop_id)
    typed = {name: remark(slot) for name, slot in complaint.because.slots.items() if isinstance(slot, str)}
    if not all(typed.values()):
        raise Refused(say("Say why, in a sentence for the platform."))
    if max(map(len, typed.values()), default=0) > MOST_TEXT:
        raise Refused(say("The text is longer than {longest} characters.", longest=MOST_TEXT))
    complaint = msgspec.structs.replace(complaint, because=Say(complaint.because.text, {**complaint.because.slots, **typed}))

    def work(tx: Tx) -> int:
        locks.share_shop(tx, shop_id)
        return open_complaint(tx, house, by, shop_id, complaint, now)

    return transact(house.pool, work)


def keep_up(tx: Tx, house: House, shop_id: ShopId, complaint_no: int, kind: ComplaintKind, order_no: str, now: datetime) -> None:
    """Lets the complaint's deadlines follow, and the case's own where it looks at the register: that of an instant refund does."""
    rulebook = rulebook_in(tx, house, shop_id)
    followed = Followed(tx, shop_id, rulebook, now)
    followed.by_number({SubjectKind.COMPLAINT.value: [complaint_no]})
    reckoning = Reckoning(tx, shop_id, rulebook, now)
    reckoning.store(followed.computed, followed.subjects)
    if kind is ComplaintKind.INSTANT_REFUND:
        reckoning.recompute(touch_orders([order_no]))
    reckoning.finish()


def _within_the_term(tx: Tx, shop_id: ShopId, complaint: Complaint) -> Complaint:
    """The complaint with the term of its case, where that is known: it runs since the refund, not since somebody put it onto the register."""
    if complaint.kind is not ComplaintKind.INSTANT_REFUND or complaint.case_no is None or complaint.noticed_at is not None:
        return complaint
    rows = deadlines.of_subjects(tx, shop_id, SubjectKind.AFTERSALE.value, [complaint.case_no])
    runs = next((row for row in rows if row.kind == DeadlineKind.CONTEST_REFUND), None)
    return complaint if runs is None else msgspec.structs.replace(complaint, noticed_at=runs.started_at, due=complaint.due or runs.due_at)
