"""What a change of number and a further parcel share: found or not ours to see, stored or changed by somebody else, told to the journal."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from zhanggui.actions.refused import Refused
from zhanggui.core.acts.moves import AT_REST
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.facts import OrderFacts
from zhanggui.core.renumbering.states import ChangeState
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import journal, number_changes, outbox
from zhanggui.records.db import Tx
from zhanggui.records.journal_entries import Entry
from zhanggui.records.journal_entries.chasing import NumberChangeMoved

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


def need_no_act_under_way(tx: Tx, shop_id: ShopId, act_no: int | None) -> None:
    """Raises Refused while an act that tells the platform of it is under way: what is dropped here would be done there all the same."""
    act = None if act_no is None else outbox.one(tx, shop_id, act_no)
    if act is not None and act.at not in AT_REST:
        raise Refused(say("The platform is being told of it (no. {act_no}: {state}). Stop that first, then drop it.", act_no=act.act_no, state=act.at))


def plan(tx: Tx, by: Person, shop_id: ShopId, order: OrderFacts, carrier: str, number: str, now: datetime, *, reason: str = "") -> int | None:
    """The number of the change by which this shipped order is to bear this number; None where one is under way already."""
    change_no = number_changes.insert(
        tx,
        shop_id,
        order_no=order.order_no,
        old_carrier=order.carrier,
        old_no=order.tracking_no or "",
        new_carrier=carrier,
        new_no=number,
        reason=reason,
        uploaded_at=order.shipped_at or now,
        said=ChangeState.PLANNED.value,
        made_by=by.person_id,
        made_at=now,
    )
    if change_no is not None:
        tell(tx, by, shop_id, order.order_no, NumberChangeMoved(order.tracking_no or "", carrier, number, ChangeState.PLANNED.value), now)
    return change_no


def tell(tx: Tx, by: Person, shop_id: ShopId, order_no: str, entry: Entry, now: datetime) -> None:
    """Writes what happened into the order's journal."""
    journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=order_no)
