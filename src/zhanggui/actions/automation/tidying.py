"""What was suggested about a to-do that is closed by now waits for nobody any more: acts are withdrawn, suggestions left."""

from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.outbox.moving import moved
from zhanggui.core.acts import ActEvent, ActState
from zhanggui.core.say import say
from zhanggui.people.permissions import ShopId
from zhanggui.records import act_rounds, automation_firings, automation_troubles, outbox, shops
from zhanggui.records.db import Tx, transact

AT_ONCE = 200


def withdraw_moot(house: House, now: datetime) -> None:
    """Withdraws proposed acts and leaves suggestions whose to-do is closed, shop by shop."""
    with house.pool.connection() as tx:
        listed = [ShopId(shop.shop_id) for shop in shops.every(tx)]
    for shop_id in listed:
        transact(house.pool, lambda tx, shop_id=shop_id: _withdraw(tx, shop_id, now))  # type: ignore[misc]  # bound now


def _withdraw(tx: Tx, shop_id: ShopId, now: datetime) -> None:
    automation_firings.leave_moot(tx, shop_id, now)
    automation_troubles.forget_closed(tx, shop_id)
    for act_no in act_rounds.moot(tx, shop_id, AT_ONCE):
        act = outbox.locked(tx, shop_id, act_no)
        if act is not None and act.at is ActState.PROPOSED:
            moved(tx, act, ActEvent.WITHDRAW, now, because=say("The to-do is closed: nothing has to be done any more."))
