"""What persons tell of a recall: the carrier was told, agreed, said no; the parcel is here; nobody goes on."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from zhanggui.actions.dispatching.leaving import recalled_in
from zhanggui.actions.house import House
from zhanggui.actions.interlock.stepping import in_one_transaction
from zhanggui.actions.keeping_up import MOST_TEXT, kept_up
from zhanggui.actions.recalls.asking import recall_asked
from zhanggui.actions.recalls.changed import changed
from zhanggui.actions.recalls.ending import came_back
from zhanggui.actions.refused import Refused
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.dispatch import DispatchState
from zhanggui.core.facts import OrderStage
from zhanggui.core.money import Fen
from zhanggui.core.privacy.remarks import remark
from zhanggui.core.recalls.states import RecallEvent, RecallState, recall_after
from zhanggui.core.say import Say, say
from zhanggui.core.steps import NotThatStep
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import around, dispatches, recalls
from zhanggui.records.db import Tx, transact
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
    label = dispatches.of_orders(tx, shop_id, [order_no]).get(order_no)
    # a label of ours travels before the platform is told of its number
    number = order.tracking_no or (label.tracking_no if label is not None and label.state is DispatchState.HANDED_OVER else None)
    if not number:
        raise Refused(say("Order {order_no} bears no tracking number, so no parcel can be called back.", order_no=order_no))
    if order.stage is OrderStage.RECEIVED:
        raise Refused(say("The buyer has received order {order_no}; ask for a return instead.", order_no=order_no))
    recall_no = recall_asked(
        tx, shop_id, order_no, order.carrier or (label.carrier if label is not None else None), number, now, because, left_at=left_at, by=by.person_id
    )
    kept_up(tx, house, shop_id, now, lambda followed: followed.by_number({SubjectKind.RECALL.value: [recall_no]}))
    return recall_no


def begin_recall(house: House, by: Person, shop_id: ShopId, order_no: str, reason: str, now: datetime) -> int:
    """A person wants the order's parcel back; the number of the recall."""
    by.need(Permission.CHASING_WRITE, shop_id)
    if len(reason) > MOST_TEXT:
        raise Refused(say("The text is longer than {longest} characters.", longest=MOST_TEXT))
    because = say("{text}", text=remark(reason)) if reason.strip() else say("Somebody wants it back.")
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
        more = {"note": remark(note)} if note.strip() else {}
        return msgspec.structs.replace(recall, said=state.value, said_at=now, state=state.value, stepped_at=now, fee=recall.fee if fee is None else fee, **more)

    return _told(house, by, shop_id, recall_no, told, now, is_here=event is RecallEvent.RECEIVE)


def _told(
    house: House, by: Person, shop_id: ShopId, recall_no: int, told: Callable[[RecallRecord], RecallRecord], now: datetime, *, is_here: bool
) -> RecallState:
    """The recall a step further. `is_here`: the parcel is in the house again, which in the same transaction moves whatever left under its number."""
    by.need(Permission.CHASING_WRITE, shop_id)

    def work(tx: Tx) -> RecallState:
        seen = recalls.one(tx, shop_id, recall_no)
        if seen is None:
            raise NotAllowed(Permission.CHASING_WRITE.value)
        # the orders are held before the recall: whoever stores facts takes them in this order
        may_move = is_here and by.may(Permission.SHIPPING_WRITE, shop_id)
        parcels = recalled_in(tx, shop_id, seen.order_no, seen.tracking_no, now, by.person_id) if may_move else ()
        (found,) = recalls.locked(tx, shop_id, [recall_no])
        after = told(found)
        changed(tx, after, now, by.person_id)
        others = came_back(tx, shop_id, parcels, now, by.person_id)
        kept_up(tx, house, shop_id, now, lambda followed: followed.by_number({SubjectKind.RECALL.value: [recall_no, *others]}))
        return RecallState(after.state)

    return in_one_transaction(house, work)
