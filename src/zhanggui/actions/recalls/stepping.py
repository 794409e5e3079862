"""What persons tell of a recall: the carrier was told, agreed, said no; the parcel is here; nobody goes on."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from zhanggui.actions import dispatching
from zhanggui.actions.house import House
from zhanggui.actions.keeping_up import MOST_TEXT, kept_up
from zhanggui.actions.recalls.asking import recall_asked
from zhanggui.actions.refused import Refused
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.facts import OrderStage
from zhanggui.core.money import Fen
from zhanggui.core.recalls.states import NotThatStep, RecallEvent, RecallState, recall_after
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import around, journal, recalls
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.chasing import RecallMoved
from zhanggui.records.recalls import RecallRecord

MOST_FEE = 10_000_000


def ask_recall(tx: Tx, house: House, by: Person, shop_id: ShopId, order_no: str, now: datetime, *, because: Say, left_at: datetime | None = None) -> int:
    """The number of the recall of this order's parcel, begun in the caller's transaction unless one is under way; with its deadline.

    Raises Refused where no parcel of it is under way.
    """
    known = around.orders(tx, shop_id, [order_no]).get(order_no)
    if known is None:
        raise Refused(say("The shop has no such order."))
    order = known.facts
    if not order.tracking_no:
        raise Refused(say("Order {order_no} bears no tracking number, so no parcel can be called back.", order_no=order_no))
    if order.stage is OrderStage.RECEIVED:
        raise Refused(say("The buyer has received order {order_no}; ask for a return instead.", order_no=order_no))
    recall_no = recall_asked(tx, shop_id, order_no, order.carrier, order.tracking_no, now, because, left_at=left_at, by=by.person_id)
    kept_up(tx, house, shop_id, now, lambda followed: followed.by_number({SubjectKind.RECALL.value: [recall_no]}))
    return recall_no


def begin_recall(house: House, by: Person, shop_id: ShopId, order_no: str, reason: str, now: datetime) -> int:
    """A person wants the order's parcel back; the number of the recall."""
    by.need(Permission.CHASING_WRITE, shop_id)
    if len(reason) > MOST_TEXT:
        raise Refused(say("The text is longer than {longest} characters.", longest=MOST_TEXT))
    because = say("{text}", text=reason.strip()) if reason.strip() else say("Somebody wants it back.")
    return transact(house.pool, lambda tx: ask_recall(tx, house, by, shop_id, order_no.strip(), now, because=because))


def step_recall(
    house: House, by: Person, shop_id: ShopId, recall_no: int, event: RecallEvent, now: datetime, *, note: str = "", fee: Fen | None = None
) -> RecallState:
    """The state after what a person told. Raises Refused where the recall is past that step."""
    if len(note) > MOST_TEXT or (fee is not None and not 0 <= fee <= MOST_FEE):
        raise Refused(say("A note has at most {longest} characters, and a fee lies between 0 and {most_fen}.", longest=MOST_TEXT, most_fen=MOST_FEE))

    def told(recall: RecallRecord) -> RecallRecord:
        try:
            state = recall_after(RecallState(recall.state), event)
        except NotThatStep:
            raise Refused(say("The recall is past that: {state}.", state=recall.state)) from None
        more = {"note": note.strip()} if note.strip() else {}
        return msgspec.structs.replace(recall, said=state.value, said_at=now, state=state.value, stepped_at=now, fee=recall.fee if fee is None else fee, **more)

    recall = _changed(house, by, shop_id, recall_no, told, now)
    if event is RecallEvent.RECEIVE and by.may(Permission.SHIPPING_WRITE, shop_id):
        dispatching.recalled(house, by, shop_id, [recall.order_no], now)  # where the house knows that it had left
    return RecallState(recall.state)


def _changed(house: House, by: Person, shop_id: ShopId, recall_no: int, told: Callable[[RecallRecord], RecallRecord], now: datetime) -> RecallRecord:
    by.need(Permission.CHASING_WRITE, shop_id)

    def work(tx: Tx) -> RecallRecord:
        found = recalls.locked(tx, shop_id, [recall_no])
        if not found:
            raise NotAllowed(Permission.CHASING_WRITE.value)
        after = told(found[0])
        if not recalls.save(tx, after):
            raise Refused(say("Somebody changed this meanwhile. Look at it again."))
        entry = RecallMoved(recall_no, after.tracking_no, after.state)
        journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=after.order_no)
        kept_up(tx, house, shop_id, now, lambda followed: followed.by_number({SubjectKind.RECALL.value: [recall_no]}))
        return after

    return transact(house.pool, work)
