"""What a change of number and a further parcel share: found or not ours to see, stored or changed by somebody else, told to the journal."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from zhanggui.actions.refused import Refused
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import journal
from zhanggui.records.db import Tx
from zhanggui.records.journal_entries import Entry

T = TypeVar("T")


def the_one(found: Sequence[T]) -> T:
    """The row that was looked for. Raises NotAllowed where there is none."""
    if not found:
        raise NotAllowed(Permission.CHASING_WRITE.value)
    return found[0]


def need_saved(is_saved: bool) -> None:
    """Raises Refused where somebody changed the row meanwhile."""
    if not is_saved:
        raise Refused(say("Somebody changed this meanwhile. Look at it again."))


def tell(tx: Tx, by: Person, shop_id: ShopId, order_no: str, entry: Entry, now: datetime) -> None:
    """Writes what happened into the order's journal."""
    journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=order_no)
