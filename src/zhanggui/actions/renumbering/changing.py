"""A wrong tracking number is put right: planned with the number check, sent through the door out or done in the back office, and told to the buyer."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.keeping_up import MOST_TEXT, kept_up
from zhanggui.actions.numbers import check_number_in_shop
from zhanggui.actions.outbox import decide
from zhanggui.actions.refused import Refused
from zhanggui.actions.renumbering.keeping import need_no_act_under_way, need_saved, plan, tell, the_one
from zhanggui.core.acts import ChangeShip
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.facts import OrderFacts, OrderStage
from zhanggui.core.numbers import as_number
from zhanggui.core.privacy.remarks import remark
from zhanggui.core.renumbering.states import LIVE_CHANGES, ChangeState
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import around, number_changes
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.chasing import BuyerToldOfNumber, NumberChangeMoved
from zhanggui.records.number_changes import ChangeRecord


class Doubtful(Refused):
    """Nothing forbids the number, but something speaks against it; whoever has looked at the waybill may insist."""


def plan_change(
    house: House, by: Person, shop_id: ShopId, order_no: str, carrier: str, text: str, now: datetime, *, reason: str = "", is_sure: bool = False
) -> int:
    """The number of the change: the order is to bear this number instead. Raises Refused where it cannot, Doubtful where the number looks wrong."""
    by.need(Permission.CHASING_WRITE, shop_id)
    order_no, carrier, number = order_no.strip(), carrier.strip(), as_number(text)
    if not carrier or len(reason) > MOST_TEXT:
        raise Refused(say("Name the carrier, and give a reason of at most {longest} characters.", longest=MOST_TEXT))
    refuse_doubtful(house, by, shop_id, order_no, carrier, number, now, is_sure=is_sure)

    def work(tx: Tx) -> int:
        order = shipped_order(tx, shop_id, order_no)
        if order.tracking_no == number:
            raise Refused(say("The order bears {number} already.", number=number))
        change_no = plan(tx, by, shop_id, order, carrier, number, now, reason=remark(reason))
        if change_no is None:
            raise Refused(say("A change of this order's number is under way already. Finish or drop it first."))
        _keep_up(tx, house, shop_id, change_no, now)
        return change_no

    return transact(house.pool, work)


def send_change(house: House, by: Person, shop_id: ShopId, change_no: int, now: datetime) -> int:
    """The number of the act that carries the change out. Raises Refused where the door is closed to it."""
    by.need(Permission.CHASING_WRITE, shop_id)

    def work(tx: Tx) -> int:
        change = _live(tx, shop_id, change_no)
        request = ChangeShip(order_no=change.order_no, before=change.old_no, tracking_no=change.new_no, carrier=change.new_carrier)
        act_no = decide(tx, house, by, shop_id, request, now)
        need_saved(number_changes.save(tx, msgspec.structs.replace(change, act_no=act_no)))
        return act_no

    return transact(house.pool, work)


def said_done(house: House, by: Person, shop_id: ShopId, change_no: int, now: datetime) -> None:
    """Somebody changed the number in the back office; the next reading confirms or contradicts it."""

    def changed(_: Tx, change: ChangeRecord) -> ChangeRecord:
        return msgspec.structs.replace(change, said=ChangeState.SAID_DONE.value, said_at=now, state=ChangeState.SAID_DONE.value)

    _step(house, by, shop_id, change_no, changed, now)


def drop_change(house: House, by: Person, shop_id: ShopId, change_no: int, now: datetime) -> None:
    """The number stays as it is after all. Raises Refused while the platform is being told of the new one."""

    def changed(tx: Tx, change: ChangeRecord) -> ChangeRecord:
        need_no_act_under_way(tx, shop_id, change.act_no)
        return msgspec.structs.replace(change, said=ChangeState.DROPPED.value, said_at=now, state=ChangeState.DROPPED.value)

    _step(house, by, shop_id, change_no, changed, now)


def told_buyer(house: House, by: Person, shop_id: ShopId, change_no: int, now: datetime) -> None:
    """The buyer was told of the right number."""
    by.need(Permission.CHASING_WRITE, shop_id)

    def work(tx: Tx) -> None:
        change = _held(tx, shop_id, change_no)
        need_saved(number_changes.save(tx, msgspec.structs.replace(change, told_at=now, told_by=by.person_id)))
        tell(tx, by, shop_id, change.order_no, BuyerToldOfNumber(change.new_no), now)

    transact(house.pool, work)


def shipped_order(tx: Tx, shop_id: ShopId, order_no: str) -> OrderFacts:
    """The order, which has to be shipped and not received. Raises Refused."""
    known = around.orders(tx, shop_id, [order_no]).get(order_no)
    if known is None:
        raise Refused(say("The shop has no such order."))
    if known.facts.stage is not OrderStage.SHIPPED:
        raise Refused(say("Only an order that is shipped and not received yet can get another number: order {order_no} is not.", order_no=order_no))
    return known.facts


def shipped_or_received(tx: Tx, shop_id: ShopId, order_no: str) -> OrderFacts:
    """The order, which has to have left. Raises Refused."""
    known = around.orders(tx, shop_id, [order_no]).get(order_no)
    if known is None:
        raise Refused(say("The shop has no such order."))
    if known.facts.stage not in (OrderStage.SHIPPED, OrderStage.RECEIVED):
        raise Refused(say("Only an order that has been shipped can have further parcels: order {order_no} has not.", order_no=order_no))
    return known.facts


def refuse_doubtful(house: House, by: Person, shop_id: ShopId, order_no: str, carrier: str, number: str, now: datetime, *, is_sure: bool) -> None:
    """Raises Refused for a number that is certainly wrong, and Doubtful for one that looks wrong unless somebody is sure of it."""
    check = check_number_in_shop(house, by, shop_id, number, carrier, now, order_no or None)
    certain = next((reason for reason in check.reasons if reason.is_certain), None)
    if certain is not None:
        raise Refused(certain.because)
    if check.reasons and not is_sure:
        raise Doubtful(check.reasons[0].because)


def _step(house: House, by: Person, shop_id: ShopId, change_no: int, changed: Callable[[Tx, ChangeRecord], ChangeRecord], now: datetime) -> None:
    by.need(Permission.CHASING_WRITE, shop_id)

    def work(tx: Tx) -> None:
        after = changed(tx, _live(tx, shop_id, change_no))
        need_saved(number_changes.save(tx, after))
        tell(tx, by, shop_id, after.order_no, NumberChangeMoved(after.old_no, after.new_carrier, after.new_no, after.state), now)
        _keep_up(tx, house, shop_id, change_no, now)

    transact(house.pool, work)


def _live(tx: Tx, shop_id: ShopId, change_no: int) -> ChangeRecord:
    change = _held(tx, shop_id, change_no)
    if ChangeState(change.state) not in LIVE_CHANGES:
        raise Refused(say("The change is over: {state}.", state=change.state))
    return change


def _held(tx: Tx, shop_id: ShopId, change_no: int) -> ChangeRecord:
    return the_one(number_changes.locked(tx, shop_id, [change_no]))


def _keep_up(tx: Tx, house: House, shop_id: ShopId, change_no: int, now: datetime) -> None:
    kept_up(tx, house, shop_id, now, lambda followed: followed.by_number({SubjectKind.NUMBER_CHANGE.value: [change_no]}))
