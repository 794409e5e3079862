"""Notes people leave on an order or a case."""

from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.deadlines import Subject, SubjectKind
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import around, journal, notes
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries import NoteAdded
from zhanggui.records.wakes import wake

LONGEST = 4000


def add_note(house: House, by: Person, shop_id: ShopId, subject: Subject, text: str, now: datetime) -> int:
    """Leaves a note on a thing and returns its number. Raises Refused for an empty or endless one, NotAllowed where there is no such thing."""
    by.need(Permission.NOTES_WRITE, shop_id)
    text = text.strip()
    if not text:
        raise Refused(say("The note is empty."))
    if len(text) > LONGEST:
        raise Refused(say("The note is longer than {longest} characters.", longest=LONGEST))

    def work(tx: Tx) -> int:
        if not _is_known(tx, shop_id, subject):
            raise NotAllowed(Permission.NOTES_WRITE.value)
        note_id = notes.insert(tx, shop_id, subject.kind.value, subject.no, text, by.person_id, now)
        journal.write(tx, shop_id, NoteAdded(note_id), at=now, by=by.person_id, subject_kind=subject.kind.value, subject_no=subject.no)
        wake(tx, shop_id, [subject.no] if subject.kind is SubjectKind.ORDER else ())
        return note_id

    return transact(house.pool, work)


def _is_known(tx: Tx, shop_id: ShopId, subject: Subject) -> bool:
    match subject.kind:
        case SubjectKind.ORDER:
            return subject.no in around.orders(tx, shop_id, [subject.no])
        case SubjectKind.AFTERSALE:
            return subject.no in around.cases_by_no(tx, shop_id, [subject.no])
        case _:
            return False
