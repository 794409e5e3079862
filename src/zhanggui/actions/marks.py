"""What a person says of a to-do: done in the back office, put off, handed on, not ours, back on the list. A later import bears it out or contradicts it."""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec
from psycopg import errors

from zhanggui.actions.house import House
from zhanggui.actions.placing import BY_HAND, Standing, by_time, moved_to
from zhanggui.actions.refused import Refused
from zhanggui.core.deadlines import Band, DeadlineKind, Subject, SubjectKind
from zhanggui.core.privacy.remarks import remark
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed, Permission, Person, PersonId, ShopId
from zhanggui.records import deadline_totals, deadlines, journal, locks, marks, wakes
from zhanggui.records.db import Tx, transact
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.records.journal_entries import Entry, TodoHanded, TodoNotOurs, TodoSaidDone, TodoSnoozed, TodoTakenBack

LONGEST_REASON = 1000


class _Said(msgspec.Struct, frozen=True, kw_only=True):
    """A mark to be kept, where it puts the to-do, and its journal entry."""

    mark: str
    row: StoredDeadline
    entry: Entry
    reason: str = ""
    until: datetime | None = None
    assignee: PersonId | None = None


def mark_done(house: House, by: Person, shop_id: ShopId, subject: Subject, kind: DeadlineKind, *, reason: str = "", now: datetime) -> None:
    """Takes the to-do off the list as done in the back office, until an import confirms or contradicts it."""
    reason = remark(reason)

    def said(_: Tx, row: StoredDeadline) -> _Said:
        at = Standing(Band.SAID_DONE, None, row.score)
        return _Said(mark="done", row=moved_to(row, at, row.assignee), entry=TodoSaidDone(kind.value, reason), reason=reason)

    _say_of(house, by, shop_id, subject, kind, now, said)


def snooze(house: House, by: Person, shop_id: ShopId, subject: Subject, kind: DeadlineKind, *, until: datetime, reason: str = "", now: datetime) -> None:
    """Puts the to-do off until a moment, at which it comes back by itself. Raises Refused for a moment that has passed."""
    reason = remark(reason)
    if until <= now:
        raise Refused(say("The moment to put it off until has already passed."))

    def said(_: Tx, row: StoredDeadline) -> _Said:
        at = Standing(Band.SNOOZED, until, row.score)
        return _Said(mark="snoozed", row=moved_to(row, at, row.assignee), entry=TodoSnoozed(kind.value, until, reason), reason=reason, until=until)

    _say_of(house, by, shop_id, subject, kind, now, said)


def put_off(tx: Tx, by: Person, shop_id: ShopId, rows: Sequence[StoredDeadline], *, until: datetime, reason: str, now: datetime) -> None:
    """Puts these to-dos off inside the transaction of what makes them wait; those a person has settled stay as they are."""
    reason = remark(reason)
    for told in rows:
        row = deadlines.one(tx, shop_id, told.subject, told.deadline().kind, lock=True)
        if row is None or row.band is None or row.band in (Band.SAID_DONE, Band.NOT_OURS):
            continue
        moved = moved_to(row, Standing(Band.SNOOZED, until, row.score), row.assignee)
        _keep(tx, by, shop_id, _Said(mark="snoozed", row=moved, entry=TodoSnoozed(row.kind, until, reason), reason=reason, until=until), now)


def take_up(tx: Tx, house: House, by: Person, shop_id: ShopId, rows: Sequence[StoredDeadline], *, reason: str, now: datetime) -> None:
    """Puts these to-dos back where time puts them, inside the transaction that ends the wait; those put off for another reason since go on waiting."""
    told = marks.latest(tx, shop_id, [(row.subject_kind, row.subject_no, row.kind) for row in rows])
    for each in rows:
        mark = told.get((each.subject_kind, each.subject_no, each.kind))
        row = deadlines.one(tx, shop_id, each.subject, each.deadline().kind, lock=True)
        if row is not None and row.band == Band.SNOOZED and mark is not None and (mark.mark, mark.reason) == ("snoozed", remark(reason)):
            back = by_time(row, now, house.rulebook.weights)
            _keep(tx, by, shop_id, _Said(mark="taken_back", row=back, entry=TodoTakenBack(row.kind), reason=reason), now)


def hand_on(tx: Tx, by: Person, shop_id: ShopId, row: StoredDeadline, assignee: PersonId, reason: str, now: datetime) -> None:
    """Hands a to-do, held by the caller, to a person inside the transaction of what makes it theirs. Raises Refused for somebody without a part in the shop."""
    reason = remark(reason)
    name = marks.member_name(tx, shop_id, assignee)
    if name is None:
        raise Refused(say("That person has no part in this shop."))
    handed = msgspec.structs.replace(row, assignee=assignee)
    said = _Said(mark="handed", row=handed, entry=TodoHanded(row.kind, name, reason), reason=reason, assignee=assignee)
    _keep(tx, by, shop_id, said, now)


def hand_over(house: House, by: Person, shop_id: ShopId, subject: Subject, kind: DeadlineKind, *, assignee: PersonId, reason: str = "", now: datetime) -> None:
    """Hands the to-do to a person who has a part in the shop; it keeps its place on the list, and what was put aside comes back to it."""
    reason = remark(reason)

    def said(tx: Tx, row: StoredDeadline) -> _Said:
        name = marks.member_name(tx, shop_id, assignee)
        if name is None:
            raise Refused(say("That person has no part in this shop."))
        listed = by_time(row, now, house.rulebook.weights) if row.band in BY_HAND else row
        return _Said(
            mark="handed", row=msgspec.structs.replace(listed, assignee=assignee), entry=TodoHanded(kind.value, name, reason), reason=reason, assignee=assignee
        )

    _say_of(house, by, shop_id, subject, kind, now, said)


def not_ours(house: House, by: Person, shop_id: ShopId, subject: Subject, kind: DeadlineKind, *, reason: str = "", now: datetime) -> None:
    """Takes the to-do off the list for good, as none of the shop's business."""
    reason = remark(reason)

    def said(_: Tx, row: StoredDeadline) -> _Said:
        at = Standing(Band.NOT_OURS, None, row.score)
        return _Said(mark="not_ours", row=moved_to(row, at, row.assignee), entry=TodoNotOurs(kind.value, reason), reason=reason)

    _say_of(house, by, shop_id, subject, kind, now, said)


def take_back(house: House, by: Person, shop_id: ShopId, subject: Subject, kind: DeadlineKind, *, reason: str = "", now: datetime) -> None:
    """Puts the to-do back where time puts it, in nobody's hands."""
    reason = remark(reason)

    def said(_: Tx, row: StoredDeadline) -> _Said:
        back = msgspec.structs.replace(by_time(row, now, house.rulebook.weights), assignee=None)
        return _Said(mark="taken_back", row=back, entry=TodoTakenBack(kind.value), reason=reason)

    _say_of(house, by, shop_id, subject, kind, now, said)


def _say_of(
    house: House, by: Person, shop_id: ShopId, subject: Subject, kind: DeadlineKind, now: datetime, said: Callable[[Tx, StoredDeadline], _Said]
) -> None:
    """Keeps the mark, moves the row and the totals, and writes the journal, in one transaction. Raises Refused when the to-do is no longer open."""
    by.need(Permission.TODO_MARK, shop_id)

    def work(tx: Tx) -> None:
        locks.do_not_wait_long(tx)
        row = deadlines.one(tx, shop_id, subject, kind, lock=True)
        if row is None:
            raise NotAllowed(Permission.TODO_MARK.value)
        if row.band is None:
            raise Refused(say("This to-do is no longer open."))
        what = said(tx, row)
        if len(what.reason) > LONGEST_REASON:
            raise Refused(say("The reason is longer than {longest} characters.", longest=LONGEST_REASON))
        _keep(tx, by, shop_id, what, now)

    try:
        transact(house.pool, work)
    except errors.LockNotAvailable:
        raise Refused(say("An import is just being stored. Try again in a moment.")) from None


def _keep(tx: Tx, by: Person, shop_id: ShopId, what: _Said, now: datetime) -> None:
    row = what.row
    marks.insert(
        tx,
        shop_id,
        row.subject_kind,
        row.subject_no,
        row.kind,
        what.mark,
        reason=what.reason,
        until=what.until,
        assignee=what.assignee,
        made_by=by.person_id,
        made_at=now,
    )
    deadline_totals.add(tx, shop_id, deadlines.move(tx, shop_id, [row]))
    wakes.wake(tx, shop_id, [row.order_no] if row.order_no else [])
    of_kind, of_no = (SubjectKind.ORDER.value, row.order_no) if row.order_no else (row.subject_kind, row.subject_no)
    journal.write(tx, shop_id, what.entry, at=now, by=by.person_id, subject_kind=of_kind, subject_no=of_no)
