"""A person sent the words of a script: written down in a line, so that what came of it can be told from the facts later."""

from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.refused import Refused
from zhanggui.actions.scripts.library import scripts_of
from zhanggui.core.say import say
from zhanggui.core.scripting.filling import refund_is_asked
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import around, scripts
from zhanggui.records.db import Tx, transact


def used(
    tx: Tx,
    by: Person,
    shop_id: ShopId,
    script_id: str,
    version: int | None = None,
    *,
    thread_no: int | None = None,
    order_no: str | None = None,
    now: datetime,
) -> int | None:
    """The number of the use; without a version, of the one in force. None for a script that the shop does not have: what a person typed is no use of any."""
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)
    script = scripts_of(tx, shop_id, now).by_id.get(script_id)
    if version is None:
        if script is None:
            return None
        version = script.version
    known = orders_known(tx, shop_id, [order_no]).get(order_no) if order_no is not None else None
    return scripts.use(
        tx,
        shop_id,
        script_id,
        version,
        by=by.person_id,
        thread_no=thread_no,
        order_no=None if known is None else order_no,
        refund_asked=known is not None and refund_is_asked(known),
        at=now,
    )


def note_use(house: House, by: Person, shop_id: ShopId, script_id: str, order_no: str | None, now: datetime) -> None:
    """The same in a transaction of its own. Raises Refused for a script or an order that the shop does not have."""
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        if order_no is not None and order_no not in around.orders(tx, shop_id, [order_no]):
            raise Refused(say("The shop has no order {order_no}.", order_no=order_no))
        if used(tx, by, shop_id, script_id, order_no=order_no, now=now) is None:
            raise Refused(say("The shop has no such script."))

    transact(house.pool, work)
