"""A complaint goes on step by step: filed, answered, filed once more."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from zhanggui.actions.complaints.opening import MOST_FEN, keep_up
from zhanggui.actions.complaints.quota import quota_now
from zhanggui.actions.house import House
from zhanggui.actions.keeping_up import MOST_TEXT
from zhanggui.actions.refused import Refused, need_seen
from zhanggui.core.complaints.states import ComplaintEvent, ComplaintKind, ComplaintState, complaint_after, complaint_events, filings
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.money import Fen
from zhanggui.core.privacy.remarks import remark, ticket
from zhanggui.core.say import say
from zhanggui.core.steps import NotThatStep
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import complaints, journal, locks
from zhanggui.records.complaints import ComplaintRecord
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries import Entry
from zhanggui.records.journal_entries.complaints import ComplaintChanged, ComplaintMoved


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a person enters of a complaint. None leaves what stands."""

    at_stake: Fen | None = None
    got: Fen | None = None
    ticket: str | None = None
    note: str | None = None


def step_complaint(
    house: House,
    by: Person,
    shop_id: ShopId,
    complaint_no: int,
    event: ComplaintEvent,
    now: datetime,
    told: Told | None = None,
    *,
    beyond_quota: bool = False,
    seen: int | None = None,
) -> ComplaintState:
    """The state after a step, told by whoever had `seen` the complaint.

    Raises Refused where it is past that step or was changed since, or where the month's number is used up and nobody said to file all the same.
    """
    entered = told or Told()
    _check(entered)

    def changed(tx: Tx, complaint: ComplaintRecord) -> tuple[ComplaintRecord, Entry]:
        need_seen(complaint.version, seen)
        filed = _filings(tx, complaint) if event is ComplaintEvent.TAKE_BACK else ()
        try:
            state = complaint_after(ComplaintState(complaint.state), event, was_lost=len(filed) > 1)
        except NotThatStep:
            raise Refused(say("The complaint is past that: {state}.", state=complaint.state)) from None
        if event not in complaint_events(ComplaintState(complaint.state), ComplaintKind(complaint.kind), was_filed=complaint.filed_at is not None):
            raise Refused(say("The platform takes such a report once only, and this one was filed."))
        if event is ComplaintEvent.FILE and not beyond_quota:
            _ask_quota(tx, shop_id, ComplaintKind(complaint.kind), now)
        # the clock of the answer runs on as if nothing had been said
        stepped_at = (filed[-1] if filed else complaint.filed_at or now) if event is ComplaintEvent.TAKE_BACK and state is ComplaintState.FILED else now
        filed_at, filed_by = _filed(complaint, event, state, by, now)
        after = msgspec.structs.replace(
            _with(complaint, entered, state),
            state=state.value,
            stepped_at=stepped_at,
            filed_at=filed_at,
            filed_by=filed_by,
        )
        amount = after.got if state is ComplaintState.WON and after.got is not None else after.at_stake
        return after, ComplaintMoved(complaint_no, complaint.kind, state.value, amount, event.value)

    return ComplaintState(_changed(house, by, shop_id, complaint_no, changed, now, is_counted=event is ComplaintEvent.FILE).state)


def enter_complaint(house: House, by: Person, shop_id: ShopId, complaint_no: int, told: Told, now: datetime, *, seen: int | None = None) -> None:
    """Keeps the sum at stake, the platform's number, a note and what a win brought. Raises Refused where what was `seen` was changed since."""
    _check(told)

    def changed(_tx: Tx, complaint: ComplaintRecord) -> tuple[ComplaintRecord, Entry]:
        need_seen(complaint.version, seen)
        return _with(complaint, told, ComplaintState(complaint.state)), ComplaintChanged(complaint_no)

    _changed(house, by, shop_id, complaint_no, changed, now)


def drop_unfiled(tx: Tx, house: House, by: Person, shop_id: ShopId, complaint_no: int, now: datetime) -> None:
    """Takes a complaint off the list, in the transaction of whoever finds that there is no ground for it; not where the platform has it already."""
    for complaint in complaints.locked(tx, shop_id, [complaint_no]):
        if ComplaintState(complaint.state) is not ComplaintState.TO_FILE:
            continue
        state = complaint_after(ComplaintState.TO_FILE, ComplaintEvent.DROP).value
        complaints.save(tx, msgspec.structs.replace(complaint, state=state, stepped_at=now))
        entry = ComplaintMoved(complaint_no, complaint.kind, state, complaint.at_stake, ComplaintEvent.DROP.value)
        journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=complaint.order_no)
        keep_up(tx, house, shop_id, complaint_no, ComplaintKind(complaint.kind), complaint.order_no, now)


def restake(tx: Tx, house: House, by: Person, shop_id: ShopId, complaint_no: int, at_stake: Fen, now: datetime) -> None:
    """Brings the sum up to what is at stake by now, in the transaction of whoever counted; not once it was filed, and not over a sum that somebody entered."""
    for complaint in complaints.locked(tx, shop_id, [complaint_no]):
        told = [moved.amount for _, moved in _moves(tx, complaint) if not moved.event]  # a step of a person repeats what was entered
        if complaint.state != ComplaintState.TO_FILE or complaint.at_stake == at_stake or told[-1:] != [complaint.at_stake]:
            continue
        complaints.save(tx, msgspec.structs.replace(complaint, at_stake=at_stake))
        entry = ComplaintMoved(complaint_no, complaint.kind, complaint.state, at_stake)
        journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=complaint.order_no)
        keep_up(tx, house, shop_id, complaint_no, ComplaintKind(complaint.kind), complaint.order_no, now)


def _filings(tx: Tx, complaint: ComplaintRecord) -> tuple[datetime, ...]:
    """When it was filed, and filed once more after each loss, as far as that stands, by what the journal tells of its steps."""
    steps: list[tuple[ComplaintEvent | None, ComplaintState, datetime]] = []
    for at, moved in _moves(tx, complaint):
        before = steps[-1][1] if steps else None
        steps.append((_event(complaint, before, moved), ComplaintState(moved.state), at))
    return filings(steps)


def _moves(tx: Tx, complaint: ComplaintRecord) -> list[tuple[datetime, ComplaintMoved]]:
    """What the journal tells of its steps, the oldest first."""
    told = journal.of_kind(tx, complaint.shop_id, ComplaintMoved, SubjectKind.ORDER.value, complaint.order_no)
    return [(at, moved) for at, moved in told if moved.complaint_no == complaint.complaint_no]


def _event(complaint: ComplaintRecord, before: ComplaintState | None, moved: ComplaintMoved) -> ComplaintEvent | None:
    """The step an entry tells of. Older entries do not name it: where it led tells, and whether a loss was filed once more, its moment."""
    if moved.event:
        return ComplaintEvent(moved.event)
    if moved.state != ComplaintState.FILED:
        return None
    if before is ComplaintState.TO_FILE:
        return ComplaintEvent.FILE
    is_later = complaint.filed_at is not None and complaint.stepped_at > complaint.filed_at
    return ComplaintEvent.APPEAL if before is ComplaintState.LOST and is_later else None


def _filed(complaint: ComplaintRecord, event: ComplaintEvent, state: ComplaintState, by: Person, now: datetime) -> tuple[datetime | None, int | None]:
    """When it was filed, which tells the month it counts in, and by whom; never, where that was said by mistake."""
    if event is ComplaintEvent.FILE:
        return now, by.person_id
    if event is ComplaintEvent.TAKE_BACK and state is ComplaintState.TO_FILE:
        return None, None
    return complaint.filed_at, complaint.filed_by


def _ask_quota(tx: Tx, shop_id: ShopId, kind: ComplaintKind, now: datetime) -> None:
    quota = quota_now(tx, shop_id, kind, now)
    if quota is not None and quota.left == 0:
        sentence = say(
            "The {a_month} of this month are used up: {filed} filed, {back} given back by a win. File it next month, or say that the platform took it.",
            a_month=quota.a_month,
            filed=quota.filed,
            back=quota.given_back,
        )
        raise Refused(sentence)


def _with(complaint: ComplaintRecord, told: Told, state: ComplaintState) -> ComplaintRecord:
    """The complaint with what was entered; only one that is won has brought something."""
    typed = {name: value for name, value in msgspec.structs.asdict(told).items() if value is not None}
    words = {name: clean(typed[name]) for name, clean in (("note", remark), ("ticket", ticket)) if name in typed}
    after = msgspec.structs.replace(complaint, **(typed | words))
    return after if state is ComplaintState.WON else msgspec.structs.replace(after, got=None)


def _check(told: Told) -> None:
    if any(not 0 <= value <= MOST_FEN for value in (told.at_stake, told.got) if value is not None):
        raise Refused(say("Enter the sum of money, between {least_fen} and {most_fen}.", least_fen=0, most_fen=MOST_FEN))
    if max((len(text) for text in (told.ticket, told.note) if text is not None), default=0) > MOST_TEXT:
        raise Refused(say("The text is longer than {longest} characters.", longest=MOST_TEXT))


def _changed(
    house: House,
    by: Person,
    shop_id: ShopId,
    complaint_no: int,
    changed: Callable[[Tx, ComplaintRecord], tuple[ComplaintRecord, Entry]],
    now: datetime,
    *,
    is_counted: bool = False,
) -> ComplaintRecord:
    by.need(Permission.COMPLAINTS_WRITE, shop_id)

    def work(tx: Tx) -> ComplaintRecord:
        # two who file at once do not both get the last of the month
        (locks.hold_shop if is_counted else locks.share_shop)(tx, shop_id)
        found = complaints.locked(tx, shop_id, [complaint_no])
        if not found:
            raise NotAllowed(Permission.COMPLAINTS_WRITE.value)
        after, entry = changed(tx, found[0])
        if not complaints.save(tx, after):
            raise Refused(say("Somebody changed this meanwhile. Look at it again."))
        journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=after.order_no)
        keep_up(tx, house, shop_id, complaint_no, ComplaintKind(after.kind), after.order_no, now)
        return after

    return transact(house.pool, work)
