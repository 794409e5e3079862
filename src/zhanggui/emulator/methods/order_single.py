"""Single orders: the whole object, the status of many, promises, and orders that may travel together."""

import msgspec

from zhanggui.emulator.methods.order_shape import order_json
from zhanggui.emulator.methods.registry import ORDER, Call, method
from zhanggui.emulator.moments import china_text
from zhanggui.emulator.wire import errors
from zhanggui.emulator.world.buying import FIRST_PROMISE
from zhanggui.emulator.world.orders import NO_REFUND, PROMISED, TO_SHIP, UNDER_REVIEW

MOST_NUMBERS = 100
KEEPING, BROKEN, KEPT = 1, 2, 3


class OrderDetail(msgspec.Struct, frozen=True):
    """One order."""

    order_info: msgspec.Raw


class Status(msgspec.Struct, frozen=True):
    """The status of one order; 0 stands for an order that is not ours. The platform itself writes orderSn here."""

    order_sn: str = msgspec.field(name="orderSn")
    order_status: int
    refund_status: int


class Statuses(msgspec.Struct, frozen=True):
    """The status of many orders."""

    order_status_list: list[Status]


class Promise(msgspec.Struct, frozen=True):
    """What was promised to a buyer.

    Level 1 is by the platform's terms, 2 by a service rep, 3 on the platform's advice; type 1 is a named carrier, 2 shipping first.
    """

    promise_id: int
    order_sn: str
    promise_level: int
    promise_type: int
    promise_status: int
    promise_desc: str
    updated_at: str
    scene_type: int = 1
    is_deleted: bool = False
    detail_info: dict[str, str] = {}
    extra_info: dict[str, str] = {}


class Promised(msgspec.Struct, frozen=True):
    """One promise."""

    promise_info: Promise


class Groups(msgspec.Struct, frozen=True):
    """Orders that may travel in one parcel."""

    order_sn_list: list[list[str]]


def numbers_of(call: Call, name: str) -> list[str]:
    """The order numbers of a parameter that lists them with commas (some clients send a JSON list)."""
    text = call.args.text(name)
    numbers = [part.strip(' "') for part in text.strip("[]").split(",") if part.strip(' "')]
    if len(numbers) > MOST_NUMBERS:
        raise errors.wrong(name, f"最多{MOST_NUMBERS}个订单号")
    return numbers


@method("pdd.order.information.get", ORDER)
def order_information(call: Call) -> OrderDetail:
    """One order whole, as far as the read side has it."""
    world, order_sn = call.world, call.args.text("order_sn")
    row = call.row(order_sn)
    if call.lag and world.orders.formed_at[row] > world.now - call.lag:
        raise errors.foreign_order(order_sn)
    return OrderDetail(order_json(world, row))


@method("pdd.order.status.get", ORDER)
def order_status(call: Call) -> Statuses:
    """The status of up to a hundred orders."""
    world = call.world
    found = []
    for order_sn in numbers_of(call, "order_sns"):
        row = world.row_of(order_sn)
        if row is None:
            found.append(Status(order_sn, 0, 0))
        else:
            found.append(Status(order_sn, world.orders.status[row], world.orders.refund[row]))
    return Statuses(found)


@method("pdd.order.promise.info.get", ORDER)
def order_promise(call: Call) -> Promised:
    """What was promised to a buyer, by the promise's id as pushed, or by the order it is for."""
    world, ident = call.world, call.args.integer("promise_id", 0)
    row = world.orders.row(ident - FIRST_PROMISE) if ident else call.row(call.args.text("order_sn"))
    if row is None or not world.orders.has(row, PROMISED):
        raise errors.business("PROMISE_NOT_FOUND", "承诺信息不存在")
    shipped = world.orders.shipped_at[row]
    status = KEEPING if not shipped else KEPT if shipped <= world.orders.ship_by[row] else BROKEN
    ident, written = FIRST_PROMISE + world.orders.serial[row], china_text(world.orders.updated_at[row])
    return Promised(Promise(ident, world.order_sn(row), 2, 2, status, "优先发货", written))


@method("pdd.order.merge.ship.order.group", ORDER)
def orders_together(call: Call) -> Groups:
    """Which of these orders wait to be shipped to the same door."""
    world, homes = call.world, dict[str, list[str]]()
    for order_sn in numbers_of(call, "order_list"):
        row = world.row_of(order_sn)
        if row is None or world.orders.status[row] != TO_SHIP or world.orders.refund[row] != NO_REFUND or world.orders.has(row, UNDER_REVIEW):
            continue
        homes.setdefault(world.home_of(row), []).append(order_sn)
    return Groups([group for group in homes.values() if len(group) > 1])
