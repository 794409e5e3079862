"""Notes people leave on an order or a case."""

from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.deadlines import Subject
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import journal, notes
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries import NoteAdded

LONGEST = 4000


def add_note(house: House, by: Person, shop_id: ShopId, subject: Subject, text: str, now: datetime) -> int:
    """Leaves a note on a thing and returns its number. Raises Refused for an empty or endless one."""
    by.need(Permission.NOTES_WRITE, shop_id)
    text = text.strip()
    if not text:
        raise Refused(say("The note is empty."))
    if len(text) > LONGEST:
        raise Refused(say("The note is longer than {longest} characters.", longest=LONGEST))

    def work(tx: Tx) -> int:
        note_id = notes.insert(tx, shop_id, subject.kind.value, subject.no, text, by.person_id, now)
        journal.write(tx, shop_id, NoteAdded(note_id), at=now, by=by.person_id, subject_kind=subject.kind.value, subject_no=subject.no)
        return note_id

    return transact(house.pool, work)
