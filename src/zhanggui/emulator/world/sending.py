"""The seller ships: first shipments, changed numbers, further parcels, notes, printed labels."""

import msgspec

from zhanggui.emulator.moments import DAY
from zhanggui.emulator.world.orders import NO_REFUND, OLD_PARCEL, SHIPPED, TO_SHIP, UNDER_REVIEW, Extra, Note, Printed
from zhanggui.emulator.world.people import Person
from zhanggui.emulator.world.travel import number_of, parcel_leaves
from zhanggui.emulator.world.world import World


class Objection(Exception):
    """The platform does not let the seller do this: its own code and words."""

    def __init__(self, code: str, words: str) -> None:
        self.code, self.words = code, words
        super().__init__(f"{code} {words}")


class Label(msgspec.Struct, frozen=True):
    """A carrier and one of its numbers."""

    carrier: int
    number: str


def may_ship(world: World, row: int) -> None:
    """Object unless this order waits to be shipped and nothing stands in the way."""
    orders = world.orders
    if orders.status[row] != TO_SHIP:
        raise Objection("LOGISTICS_ALREADY_SHIPPED", "订单已发货，请勿重复发货")
    if orders.has(row, UNDER_REVIEW):
        raise Objection("ORDER_UNDER_RISK_CONTROL", "订单风控审核中，暂不能发货")
    if orders.refund[row] != NO_REFUND:
        raise Objection("ORDER_IN_AFTER_SALES", "订单存在售后，不能发货")


def ship(world: World, row: int, label: Label) -> None:
    """Ship an order for the first time."""
    may_ship(world, row)
    orders = world.orders
    orders.status[row] = SHIPPED
    orders.shipped_at[row] = world.now
    _hand_over(world, row, label)
    world.count("shipped")
    world.tell("pdd_trade_TradeSellerShip", tid=world.order_sn(row))


def ship_again(world: World, row: int, label: Label) -> None:
    """Put another number in the place of a shipped order's."""
    if world.orders.status[row] != SHIPPED:
        raise Objection("ORDER_NOT_SHIPPED", "仅已发货未签收的订单可修改运单号")
    _hand_over(world, row, label)


def _hand_over(world: World, row: int, label: Label) -> None:
    """The parcel with this label is with the carrier, or so the seller says."""
    orders = world.orders
    orders.lower_flag(row, OLD_PARCEL)
    orders.carrier[row] = label.carrier
    orders.numbers[row] = label.number
    orders.sent_at[row] = world.now
    world.parcels.setdefault(label.number, []).append((row, world.now))
    world.touch(row)
    parcel_leaves(world, row)


def was_used_elsewhere(world: World, row: int) -> bool:
    """Whether the number of this order served another receiver shortly before."""
    since = world.orders.sent_at[row] - world.rule(world.rules.false_shipment).reuse_days * DAY
    buyer = world.orders.buyer[row]
    uses = world.parcels.get(number_of(world, row), ())
    return any(other != row and at >= since and world.orders.buyer[other] != buyer and at <= world.orders.sent_at[row] for other, at in uses)


def add_parcels(world: World, row: int, extras: list[Extra]) -> None:
    """Name further parcels of a shipped order."""
    if world.orders.status[row] == TO_SHIP:
        raise Objection("ORDER_NOT_SHIPPED", "订单未发货，不能上传额外包裹")
    held = world.orders.extras.setdefault(row, [])
    if len(held) + len(extras) > 10:
        raise Objection("EXTRA_PARCELS_FULL", "额外包裹最多10个")
    held.extend(extras)
    world.touch(row)


def write_note(world: World, row: int, note: Note) -> None:
    """Write the seller's note on an order."""
    world.orders.notes[row] = note
    world.touch(row)
    world.tell("pdd_trade_TradeMemoModified", tid=world.order_sn(row), seller_memo=note.text)


def send_elsewhere(world: World, row: int, who: Person) -> None:
    """Let an order go to another door, while nothing stands in the way."""
    orders = world.orders
    if orders.status[row] != TO_SHIP:
        raise Objection("ORDER_ALREADY_SHIPPED", "订单已发货，不能修改收件地址")
    if orders.has(row, UNDER_REVIEW):
        raise Objection("ORDER_UNDER_RISK_CONTROL", "订单风控审核中，不能修改收件地址")
    world.moved[row] = who
    world.touch(row)
    world.tell("pdd_trade_TradeLogisticsAddressChanged", tid=world.order_sn(row))


def report_print(world: World, row: int, label: Label) -> None:
    """The seller's software says that a label was printed; the first such report of an order counts."""
    world.orders.printed.setdefault(row, Printed(world.now, label.carrier, label.number))
