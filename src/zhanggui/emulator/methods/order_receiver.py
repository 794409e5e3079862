"""Orders and their receivers: finding orders by who receives them, and sending an order to another door."""

import msgspec

from zhanggui.emulator.methods.registry import ORDER, Call, method
from zhanggui.emulator.methods.shipping import objected
from zhanggui.emulator.moments import DAY
from zhanggui.emulator.wire import errors
from zhanggui.emulator.world.people import Person
from zhanggui.emulator.world.places import PLACES, Place
from zhanggui.emulator.world.sending import Objection, send_elsewhere

MOST_FOUND = 100


class Found(msgspec.Struct, frozen=True):
    """The numbers of orders, newest first."""

    order_sn_list: list[str]


class Told(msgspec.Struct, frozen=True):
    """What is said of a change of address."""

    order_sn: str
    msg: str = ""


class Readdressed(msgspec.Struct, frozen=True):
    """The answer to a change of address; this one method writes its error fields in camel case."""

    result: Told
    success: bool = True
    error_code: int = msgspec.field(name="errorCode", default=0)
    error_msg: str = msgspec.field(name="errorMsg", default="")


@method("pdd.order.search.order", ORDER)
def search(call: Call) -> Found:
    """The newest hundred orders placed in a window of at most ninety days for a receiver, by clear name or number."""
    world, args = call.world, call.args
    begins, ends = args.window("start_created_at", "end_created_at", 90 * DAY, "下单时间跨度不能超过90天")
    name, phone = args.text("receiver_name", ""), args.text("receiver_phone", "")
    if not name and not phone:
        raise errors.missing("receiver_name, receiver_phone")
    oldest, found = max(begins, world.now - call.platform.scenario.reading.horizon_days * DAY), list[str]()
    for row in range(len(world.orders) - 1, -1, -1):
        if not oldest <= world.orders.created_at[row] <= ends:
            continue
        who = world.buyer_of(row)
        if name in ("", who.name) and phone in ("", who.phone):
            found.append(world.order_sn(row))
            if len(found) == MOST_FOUND:
                break
    return Found(found)


@method("pdd.order.update.address", ORDER)
def update_address(call: Call) -> Readdressed:
    """Send an order to another door, while it is neither shipped nor under review; parts left out stay as they are."""
    world, args, order_sn = call.world, call.args, call.args.text("order_sn")
    row = call.row(order_sn)
    held = world.buyer_of(row)
    place = Place(
        args.integer("province_id"), args.text("province"), args.integer("city_id"), args.text("city"), args.integer("town_id"), args.text("town"),
        any(each.is_remote for each in PLACES if each.province_id == args.integer("province_id")),
    )  # fmt: skip
    who = Person(args.text("receiver_name", held.name), args.text("receiver_phone", held.phone), place, args.text("address", held.detail))
    try:
        send_elsewhere(world, row, who)
    except Objection as objection:
        raise objected(objection) from objection
    call.did("order.readdressed", order_sn)
    return Readdressed(Told(order_sn))
