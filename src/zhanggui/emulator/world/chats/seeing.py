"""What the buyer can see on their own screen: whether what they are told is so."""

import re
from collections.abc import Mapping

from zhanggui.emulator.moments import DAY, HOUR
from zhanggui.emulator.world.cases import DONE
from zhanggui.emulator.world.chats.talks import NO_ORDER, Talk
from zhanggui.emulator.world.orders import NO_REFUND, RECEIVED, REFUNDED, TO_SHIP
from zhanggui.emulator.world.travel import number_of
from zhanggui.emulator.world.world import World

NOT_SHIPPED, IS_SHIPPED, NO_MONEY, NOT_ARRIVED, OTHER_NUMBER = "not_shipped", "is_shipped", "no_money", "not_arrived", "other_number"
WRONGS = (NOT_SHIPPED, IS_SHIPPED, NO_MONEY, NOT_ARRIVED, OTHER_NUMBER)
_NUMBER = re.compile(r"(?<![0-9A-Za-z-])[A-Za-z]{0,3}\d{11,15}(?![0-9-])")


def wrong_of(world: World, talk: Talk, heard: frozenset[str], text: str) -> tuple[str, ...]:
    """What of an answer the buyer's screen speaks against."""
    if talk.row == NO_ORDER:
        return ()
    orders, row = world.orders, talk.row
    is_waiting, is_received = orders.status[row] == TO_SHIP, orders.status[row] == RECEIVED
    found = {
        NOT_SHIPPED: "says_shipped" in heard and is_waiting,
        IS_SHIPPED: "says_not_shipped" in heard and not is_waiting,
        NO_MONEY: "says_refunded" in heard and not _has_money(world, row),
        NOT_ARRIVED: "says_delivered" in heard and not is_received,
        OTHER_NUMBER: "says_number" in heard and not _has_further(world, row) and _names_other(world, row, text),
    }
    return tuple(name for name, is_so in found.items() if is_so)


def _has_money(world: World, row: int) -> bool:
    """Whether the money of an order is back, or a case of it has paid some."""
    cases = [world.cases.get(each) for each in world.orders.cases.get(row, ())]
    return world.orders.refund[row] == REFUNDED or any(case is not None and case.status == DONE for case in cases)


def _has_further(world: World, row: int) -> bool:
    """Whether more than one parcel was sent for an order."""
    cases = [world.cases.get(each) for each in world.orders.cases.get(row, ())]
    return bool(world.orders.extras.get(row)) or any(case is not None and case.replacement_number for case in cases)


def _names_other(world: World, row: int, text: str) -> bool:
    """Whether a text names a parcel's number, and none that is this order's."""
    named = {each.upper() for each in _NUMBER.findall(text.replace(world.order_sn(row), ""))}
    return bool(named) and number_of(world, row).upper() not in named


def stage_of(world: World, row: int) -> frozenset[str]:
    """The stages of wanting that an order is at."""
    orders = world.orders
    if orders.cases.get(row):
        return frozenset({"case"})
    if orders.refund[row] != NO_REFUND:
        return frozenset()
    return frozenset({("to_ship", "shipped", "received")[orders.status[row] - 1]})


def slots_of(world: World, talk: Talk) -> Mapping[str, str]:
    """What stands in a buyer's lines for their own order."""
    product = world.catalog.goods[talk.goods]
    if talk.row == NO_ORDER:
        sku, many, days, city = product.skus[0], 1, "两天", "杭州"
    else:
        sku, many = world.sku_of(talk.row), world.orders.many[talk.row]
        days, city = _days(world.now - world.orders.formed_at[talk.row]), world.buyer_of(talk.row).place.city
    return {
        "goods": _short(product.name),
        "spec": sku.spec.replace(",", " "),
        "many": str(many),
        "days": days,
        "city": city.removesuffix("市"),
        "less": f"{max(1, sku.price * 8 // 1000)}块",
    }


def _days(seconds: int) -> str:
    """How long ago, as one says it."""
    if seconds < 20 * HOUR:
        return f"{max(1, seconds // HOUR)}个小时"
    return f"{max(1, round(seconds / DAY))}天"


def _short(name: str) -> str:
    """A product's name as a buyer says it: without numbers, its last signs."""
    return name.rstrip("0123456789")[-6:]
