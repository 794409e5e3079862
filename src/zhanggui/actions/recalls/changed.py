"""A recall as it now reads is stored and told to the journal."""

from datetime import datetime

from zhanggui.actions.refused import Refused
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.say import say
from zhanggui.people.permissions import PersonId
from zhanggui.records import journal, recalls
from zhanggui.records.db import Tx
from zhanggui.records.journal_entries.chasing import RecallMoved
from zhanggui.records.recalls import RecallRecord


def changed(tx: Tx, after: RecallRecord, now: datetime, by: PersonId | None) -> None:
    """Stores the recall as it now reads. Raises Refused where somebody changed it meanwhile."""
    if not recalls.save(tx, after):
        raise Refused(say("Somebody changed this meanwhile. Look at it again."))
    entry = RecallMoved(after.recall_no, after.tracking_no, after.state)
    journal.write(tx, after.shop_id, entry, at=now, by=by, subject_kind=SubjectKind.ORDER.value, subject_no=after.order_no)
