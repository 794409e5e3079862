"""What persons tell of a recall: the carrier was told, agreed, said no; the parcel is here; nobody goes on."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from zhanggui.actions.dispatching.leaving import recalled_in
from zhanggui.actions.house import House
from zhanggui.actions.interlock.stepping import in_one_transaction
from zhanggui.actions.keeping_up import MOST_TEXT, kept_up
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.recalls.asking import recall_asked
from zhanggui.actions.recalls.changed import changed
from zhanggui.actions.recalls.ending import came_back
from zhanggui.actions.refused import Refused
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.dispatch import DispatchState
from zhanggui.core.dispatch.parcels import has_reached, numbers_of_goods, of_goods
from zhanggui.core.facts import OrderStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.numbers import as_number
from zhanggui.core.privacy.remarks import remark
from zhanggui.core.recalls.states import RecallEvent, RecallState, recall_after
from zhanggui.core.say import Say, say
from zhanggui.core.steps import NotThatStep
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import recalls, returns
from zhanggui.records.db import Tx, transact
from zhanggui.records.recalls import RecallRecord

MOST_FEE = 10_000_000
_HAD_LEFT = frozenset({DispatchState.HANDED_OVER, DispatchState.RECALLED})
"""Where its labels have left, whether or not they are here again."""


def ask_recall(tx: Tx, house: House, by: Person, shop_id: ShopId, code: str, now: datetime, *, because: Say, left_at: datetime | None = None) -> int:
    """The number of the recall of what this number means, the first where an order has several parcels out; begun in the caller's transaction unless under
    way, with its deadline.

    Raises Refused where no such parcel is under way.
    """
    known = _order_meant(tx, shop_id, code)
    order = known.order
    parcels = _parcels_meant(known, code)
    if not parcels:
        raise Refused(say("Order {order_no} bears no tracking number, so no parcel can be called back.", order_no=order.order_no))
    if order.stage is OrderStage.RECEIVED and (code == order.order_no or parcels[0][1] == order.tracking_no):
        raise Refused(say("The buyer has received order {order_no}; ask for a return instead.", order_no=order.order_no))
    begun = [recall_asked(tx, shop_id, order.order_no, carrier, number, now, because, left_at=left_at, by=by.person_id) for carrier, number in parcels]
    kept_up(tx, house, shop_id, now, lambda followed: followed.by_number({SubjectKind.RECALL.value: begun}))
    return begun[0]


def _order_meant(tx: Tx, shop_id: ShopId, code: str) -> OrderKnowledge:
    """The order that its own number means, or that of one of its parcels. Raises Refused where there is none, or several."""
    found = orders_known(tx, shop_id, [code]) or orders_known(tx, shop_id, returns.orders_by_code(tx, shop_id, sorted({code, as_number(code)} - {""})))
    if not found:
        raise Refused(say("The shop has no such order."))
    if len(found) > 1:
        raise Refused(say("Several orders went in this parcel. Give the number of the order."))
    return next(iter(found.values()))


def _parcels_meant(known: OrderKnowledge, code: str) -> list[tuple[str | None, str]]:
    """Carrier and number of the parcels that are meant: the one of this number; by the order's, each that is still out, or its own where none is.

    A label of ours that has not left, or was destroyed, is no parcel.
    """
    order, label = known.order, known.dispatch
    # a label of ours travels before the platform is told of its number
    number = order.tracking_no or (label.tracking_no if label is not None and label.state is DispatchState.HANDED_OVER else None)
    own = [(order.carrier or (label.carrier if label is not None else None), number)] if number else []
    travelling = () if label is None else tuple(parcel for parcel in label.further if label.state in (None, *_HAD_LEFT) or parcel.noted_at)
    beside = ((parcel.carrier, parcel.tracking_no) for parcel in (*(order.further_parcels or ()), *travelling))
    every = [*own, *{told: (carrier, told) for carrier, told in beside if told != number}.values()]
    if code != order.order_no:
        named = (*every, *(of_goods(label) if label is not None and label.state in _HAD_LEFT else ()))
        return [parcel for parcel in named if as_number(parcel[1]) == as_number(code)][:1]
    goods = {*numbers_of_goods(known), number}
    out = [parcel for parcel in every if parcel[1] in goods and parcel[1] not in known.back and not has_reached(parcel[1], known)]
    return out or own


def begin_recall(house: House, by: Person, shop_id: ShopId, code: str, reason: str, now: datetime) -> int:
    """A person wants the parcels of an order back, or the one of this number; the number of the first recall."""
    by.need(Permission.CHASING_WRITE, shop_id)
    if len(reason) > MOST_TEXT:
        raise Refused(say("The text is longer than {longest} characters.", longest=MOST_TEXT))
    because = say("{text}", text=remark(reason)) if reason.strip() else say("Somebody wants it back.")
    return transact(house.pool, lambda tx: ask_recall(tx, house, by, shop_id, code.strip(), now, because=because))


def step_recall(
    house: House, by: Person, shop_id: ShopId, recall_no: int, event: RecallEvent, now: datetime, *, note: str = "", fee: Fen | None = None
) -> RecallState:
    """The state after what a person told. Raises Refused where the recall is past that step."""
    if len(note) > MOST_TEXT or (fee is not None and not 0 <= fee <= MOST_FEE):
        raise Refused(say("A note has at most {longest} characters, and a fee lies between 0 and {most_fen}.", longest=MOST_TEXT, most_fen=MOST_FEE))

    def told(recall: RecallRecord) -> RecallRecord:
        if recall.state == recall.said == RecallState.BACK:
            raise _past(recall)
        try:
            state = recall_after(RecallState(recall.state), event)
        except NotThatStep:
            raise _past(recall) from None
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


def _past(recall: RecallRecord) -> Refused:
    return Refused(say("The recall is past that: {state}.", state=recall.state))
