"""The receivers of orders, fetched as ciphertext in the moment in which a number is asked for, and whether the orders may have one."""

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import msgspec

from zhanggui.actions import hints
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.waybills.calling import answered
from zhanggui.connectors.pdd.errors import PlatformError
from zhanggui.connectors.pdd.waybill import Receiver, receiver
from zhanggui.core.decide.printing import not_to_print
from zhanggui.core.facts import OrderStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import ShopId

AT_ONCE = 4
"""So many orders are read at the same time: a batch of hundreds waits for the line, not for the machine."""
_NOT_THERE = frozenset({"foreign", "business"})


class Unreadable(msgspec.Struct, frozen=True):
    """An order whose receiver could not be read now."""

    why: Say
    for_good: bool
    """Whether the platform said that there is none; else it may be there a moment later."""


Told = Receiver | Unreadable


def receivers_of(house: House, shop_id: ShopId, order_nos: Sequence[str], now: datetime, wall: datetime) -> dict[str, Told]:
    """Each order's receiver as the platform hands it out now. Raises NotConnected and VaultShut."""

    def read(order_no: str) -> Told:
        try:
            return answered(house, shop_id, receiver(order_no), now, wall)
        except PlatformError as problem:
            return Unreadable(problem.say, problem.do in _NOT_THERE)

    if len(order_nos) < 2:
        return {order_no: read(order_no) for order_no in order_nos}
    with ThreadPoolExecutor(min(AT_ONCE, len(order_nos)), thread_name_prefix="receivers") as readers:
        return dict(zip(order_nos, readers.map(read, order_nos), strict=True))


def objections(
    house: House, shop_id: ShopId, told: Mapping[str, Told], now: datetime, wall: datetime, *, further: Collection[str] = ()
) -> dict[str, Unreadable]:
    """The orders that may not have a number, by what the platform says now and by the cases we know of. What we knew otherwise is read again. Of `further`
    orders a further parcel is meant, which may go after the first.
    """
    with house.pool.connection() as tx:
        known = orders_known(tx, shop_id, list(told))
        found: dict[str, Unreadable] = {}
        for order_no, each in told.items():
            if isinstance(each, Unreadable):
                found[order_no] = each
            elif (why := _objection(each, known.get(order_no), now, may_be_shipped=order_no in further)) is not None:
                found[order_no] = Unreadable(why, for_good=True)
                hints.note(tx, shop_id, "order", order_no, wall, "act")
    return found


def one_place(told: Sequence[Receiver]) -> Say | None:
    """Why these orders cannot go in one parcel, None where they can: the platform's own sign for the address is the same for all."""
    if len(told) < 2:
        return None
    if len({each.place for each in told}) == 1 and told[0].place:
        return None
    return say("These orders do not go to one address by the platform's own sign. Send them one by one.")


def _objection(told: Receiver, known: OrderKnowledge | None, now: datetime, *, may_be_shipped: bool) -> Say | None:
    facts = told.facts
    knowledge = OrderKnowledge(order=facts, data_as_of=now) if known is None else msgspec.structs.replace(known, order=facts)
    is_after = may_be_shipped and facts.stage is OrderStage.SHIPPED
    why = None if is_after else not_to_print(knowledge)
    if why is not None:
        return why
    if facts.stage is not OrderStage.TO_SHIP and not is_after:
        return say("It has been shipped already.")
    if not told.is_handed_out:
        return say("The platform does not hand out the receiver of this order. Look at it in the back office.")
    return None
