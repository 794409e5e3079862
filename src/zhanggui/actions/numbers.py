"""A tracking number checked against everything a shop's orders carry."""

from collections.abc import Sequence
from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.facts import OrderFacts
from zhanggui.core.numbers import NumberCheck, Use, as_number, check_number, neighbours, pool_of
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import around, dispatches, numbers
from zhanggui.records.db import Tx

_ENOUGH = 200
"""More orders near one number than this tell nothing new."""


def check_number_in_shop(house: House, by: Person, shop_id: ShopId, text: str, carrier: str | None, now: datetime, order_no: str | None = None) -> NumberCheck:
    """Everything that speaks against the number, also what the shop's other orders carry. Raises Refused where the order named is not known."""
    by.need(Permission.ORDERS_READ, shop_id)
    number = as_number(text)
    first, last = pool_of(number)
    with house.pool.connection() as tx:
        order = None if order_no is None else around.orders(tx, shop_id, [order_no]).get(order_no)
        near = numbers.used(tx, shop_id, [number, *neighbours(number)], _ENOUGH)
        pool = numbers.between(tx, shop_id, first, last, _ENOUGH)
        untold = untold_uses(tx, shop_id, [number, *neighbours(number)], _ENOUGH)
    if order_no is not None and order is None:
        raise Refused(say("The shop has no order {order_no}. Import an export that holds it first.", order_no=order_no))
    facts = None if order is None else order.facts
    uses = {order.order_no: use_of(order) for order in (*pool, *near)}
    others = [use for use in untold if use.order_no not in uses or uses[use.order_no].number != use.number]
    named = carrier or (facts.carrier if facts is not None else None)
    return check_number(text, named, (*uses.values(), *others), now=now, order_no=order_no, receiver=None if facts is None else receiver_of(facts))


def untold_uses(tx: Tx, shop_id: int, wanted: Sequence[str], most: int) -> list[Use]:
    """Who is to bear one of these numbers though the platform does not know it yet: on a label printed here, or written down in a batch."""
    found: dict[tuple[str, str], datetime | None] = {(no, as_number(number)): None for no, number in numbers.on_desk(tx, shop_id, wanted, most)}
    found |= {(label.order_no, as_number(label.tracking_no or "")): label.printed_at for label in dispatches.bearing(tx, shop_id, wanted)}
    orders = around.orders(tx, shop_id, sorted({no for no, _ in found})) if found else {}
    return [Use(number, no, receiver_of(orders[no].facts), at) for (no, number), at in found.items() if no in orders]


def receiver_of(order: OrderFacts) -> str | None:
    """Who gets the parcel, masked, with the place; None where the source tells no name."""
    if not order.receiver_masked:
        return None
    return " ".join(part for part in (order.receiver_masked, order.province, order.city, order.district) if part)


def use_of(order: OrderFacts) -> Use:
    """The number this order carries, for whom, since when."""
    return Use(as_number(order.tracking_no or ""), order.order_no, receiver_of(order), order.shipped_at or order.group_formed_at or order.created_at)
