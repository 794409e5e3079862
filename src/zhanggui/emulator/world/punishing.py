"""The platform's own judgments on shipping: late, false, out of stock."""

from zhanggui.emulator.moments import DAY, HOUR
from zhanggui.emulator.world.books import Penalty
from zhanggui.emulator.world.orders import REFUNDED, STOCK_OUT, TO_SHIP
from zhanggui.emulator.world.queue import event
from zhanggui.emulator.world.sending import was_used_elsewhere
from zhanggui.emulator.world.travel import way_of
from zhanggui.emulator.world.world import World

LATE, FALSE, OUT_OF_STOCK = "late_shipment", "false_shipment", "out_of_stock"


@event("limit.reached")
def limit_reached(world: World, row: int) -> None:
    """The shipping limit of an order is reached: in time, or late by the rule in force when the order was formed."""
    orders = world.orders
    if orders.ship_by[row] > world.now or orders.refund[row] == REFUNDED or world.books.is_punished(LATE, row):
        return
    block = world.rule(world.rules.late_shipment, orders.formed_at[row])
    if is_in_time(world, row, block.must_be):
        world.count("on_time", 0 if world.books.is_punished(FALSE, row) else 1)
        return
    why = "未在发货时限内发货并揽收" if block.must_be == "picked_up" else "未在发货时限内发货"
    punish(world, row, LATE, block.costs(orders.paid(row)), f"late_shipment@{block.since}", why)
    world.count("late")
    if orders.status[row] == TO_SHIP:
        past = world.rule(world.rules.out_of_stock).hours_past
        world.plan(world.now + past * HOUR, "stock.doubted", row)


def is_in_time(world: World, row: int, must_be: str) -> bool:
    """Whether the order left inside its limit, by what the rule wants to see."""
    orders = world.orders
    if orders.status[row] == TO_SHIP or not orders.shipped_at[row] or orders.shipped_at[row] > orders.ship_by[row]:
        return False
    if must_be != "picked_up":
        return True
    picked_up = way_of(world, row).picked_up_at
    return 0 < picked_up <= orders.ship_by[row]


@event("pickup.checked")
def pickup_checked(world: World, row: int) -> None:
    """A day after a number was uploaded: false shipment when the carrier has not picked it up, or it was somebody else's."""
    orders = world.orders
    block = world.rule(world.rules.false_shipment)
    if orders.sent_at[row] + block.pickup_hours * HOUR != world.now or orders.refund[row] == REFUNDED:
        return
    picked_up = way_of(world, row).picked_up_at
    reused = was_used_elsewhere(world, row)
    if 0 < picked_up <= world.now and not reused:
        return
    why = "运单号30天内用于其他收件人" if reused else "上传运单号24小时内无揽收记录"
    if punish(world, row, FALSE, block.costs(orders.paid(row)), f"false_shipment@{block.since}", why):
        world.count("false")
        orders.ship_by[row] = max(orders.ship_by[row], world.now) + block.extension_days * DAY
        world.touch(row)
        world.plan(orders.ship_by[row], "limit.reached", row)


@event("stock.doubted")
def stock_doubted(world: World, row: int) -> None:
    """Long past the promise and still not shipped: the seller is out of stock."""
    orders = world.orders
    if orders.status[row] != TO_SHIP or orders.refund[row] == REFUNDED:
        return
    block = world.rule(world.rules.out_of_stock)
    orders.raise_flag(row, STOCK_OUT)
    world.touch(row)
    punish(world, row, OUT_OF_STOCK, block.costs(orders.paid(row)), f"out_of_stock@{block.since}", "超过承诺发货时间72小时仍未发货")
    world.count("out_of_stock")


def punish(world: World, row: int, kind: str, fen: int, rule: str, why: str) -> bool:
    """Take money from the seller, once for each order and kind."""
    return world.books.punish(Penalty(kind, world.order_sn(row), row, world.now, fen, rule, why))
