"""Buyers come, pay, and their groups form or fail."""

from math import log

from zhanggui.emulator.moments import HOUR, MINUTE, china_hour
from zhanggui.emulator.seeded import between, salt, share
from zhanggui.emulator.world.autopilot import take_over
from zhanggui.emulator.world.drawing import drawn, mind, ship_limit
from zhanggui.emulator.world.orders import PROMISED, STOCK_OUT, TO_SHIP, UNDER_REVIEW, Line
from zhanggui.emulator.world.queue import event
from zhanggui.emulator.world.world import Pending, World

FIRST_PROMISE = 700_000_000
ARRIVAL, WAIT = salt("arrival"), salt("wait")
HOURLY = (5, 3, 2, 1, 1, 2, 3, 5, 7, 9, 10, 9, 9, 8, 8, 8, 8, 7, 8, 10, 12, 13, 11, 8)
MEAN = sum(HOURLY) / 24


def open_shop(world: World) -> None:
    """Let the first buyer be on the way."""
    if world.scenario.size.per_day > 0:
        _plan_arrival(world)


def _plan_arrival(world: World) -> None:
    """Plan when the next buyer comes: at random, more often in the evening than at night."""
    rate = world.scenario.size.per_day / 86400 * HOURLY[china_hour(world.now)] / MEAN
    wait = -log(1 - share(world.seed, world.next_serial, ARRIVAL)) / rate
    world.plan(world.now + int(wait), "buyer.comes", 0)


@event("buyer.comes")
def buyer_comes(world: World, about: int) -> None:  # noqa: ARG001  (every event has the same shape)
    """A buyer orders; they may never pay, and their group may never form."""
    limit = world.scenario.size.limit
    if limit and world.next_serial > limit:
        return
    serial = place_order(world)
    buyers = world.scenario.buyers
    if mind(world, serial, "pay") < buyers.never_pay:
        world.plan(world.now + 30 * MINUTE, "order.cancelled", serial)
    elif mind(world, serial, "group") < buyers.group_fails:
        world.plan(world.now + 24 * HOUR, "order.cancelled", serial)
    else:
        world.plan(world.now + between(20, 1800, world.seed, serial, WAIT), "group.formed", serial)
    _plan_arrival(world)


def place_order(world: World) -> int:
    """Give the next order its serial number; its group is yet to form."""
    serial = world.next_serial
    world.next_serial += 1
    world.pending[serial] = Pending(world.now)
    return serial


@event("order.cancelled")
def order_cancelled(world: World, serial: int) -> None:
    """The order was never paid, or its group failed: the seller never sees it."""
    world.cancelled[serial] = world.pending.pop(serial)


@event("group.formed")
def group_formed(world: World, serial: int) -> None:
    """The group is formed: the seller's clock starts."""
    lot = drawn(world, serial)
    created = world.pending.pop(serial).created_at
    flags = lot.flags
    if mind(world, serial, "review") < world.scenario.buyers.under_review:
        flags |= UNDER_REVIEW
    if mind(world, serial, "promise") < world.scenario.buyers.promise:
        flags |= PROMISED
    row = world.orders.add(
        serial=serial, created_at=created, formed_at=world.now, buyer=lot.buyer, sku=lot.sku, many=lot.many,
        price=lot.price, discounts=lot.discounts, ship_by=ship_limit(world, flags, world.now), flags=flags,
    )  # fmt: skip
    world.orders.put_beside(row, lot.more, lot.gifts)
    for line in (Line(lot.sku, lot.many, lot.price), *lot.more, *lot.gifts):
        _take_from_stock(world, row, line)
    world.touch(row)
    world.count("formed")
    world.tell("pdd_trade_TradeConfirmed", tid=world.order_sn(row))
    if flags & PROMISED:
        world.tell("PDD_CHAT_ORDERPROMISE", tid=world.order_sn(row), promise_id=FIRST_PROMISE + serial)
    plan_what_follows(world, row)
    take_over(world, row)


def _take_from_stock(world: World, row: int, line: Line) -> None:
    """Take the goods of a line off the stock the platform knows of; where they do not suffice, the order is marked."""
    sku = world.catalog.skus[line.sku]
    if sku.quantity < line.many:
        world.orders.raise_flag(row, STOCK_OUT)
    sku.quantity = max(0, sku.quantity - line.many)


def plan_what_follows(world: World, row: int) -> None:
    """Plan the platform's look at the shipping limit, the end of a review, and what the buyer has in mind before shipping."""
    orders, serial, buyers = world.orders, world.orders.serial[row], world.scenario.buyers
    formed = orders.formed_at[row]
    world.plan(orders.ship_by[row], "limit.reached", row)
    if orders.has(row, UNDER_REVIEW):
        world.plan(formed + between(1, 8, world.seed, serial, WAIT) * HOUR, "review.cleared", row)
    chases_at = formed + between(6, 60, world.seed, serial, WAIT, 1) * HOUR
    if chases_at >= world.now and mind(world, serial, "chase") < buyers.chase:
        world.plan(chases_at, "buyer.chases", row)
    moves_at = formed + between(5, 20 * 60, world.seed, serial, WAIT, 3) * MINUTE
    if moves_at >= world.now and mind(world, serial, "moves") < buyers.moves:
        world.plan(moves_at, "buyer.moves", row)
    leaves_at = formed + between(10, 40 * 60, world.seed, serial, WAIT, 2) * MINUTE
    if leaves_at >= world.now and mind(world, serial, "early refund") < buyers.refund_unshipped:
        world.plan(leaves_at, "buyer.wants.out", row)


@event("buyer.moves")
def buyer_moves(world: World, row: int) -> None:
    """The buyer sends the order to another door, which they may until it is shipped; a label already printed is wrong from now on."""
    orders = world.orders
    if orders.status[row] != TO_SHIP or orders.refund[row] != 1:
        return
    world.moved.pop(row, None)
    orders.buyer[row] = (orders.buyer[row] + 1 + world.scenario.size.buyers) % (1 << 31)
    world.touch(row)
    world.tell("pdd_trade_TradeLogisticsAddressChanged", tid=world.order_sn(row))


def buyer_writes(world: World, row: int, memo: str) -> None:
    """The buyer leaves another memo on the order."""
    world.orders.memos[row] = memo
    world.touch(row)
    world.tell("pdd_trade_BuyerMemoModified", tid=world.order_sn(row), buyer_memo=memo)


@event("review.cleared")
def review_cleared(world: World, row: int) -> None:
    """The platform's review of an order ends and lets it pass."""
    world.orders.lower_flag(row, UNDER_REVIEW)
    world.touch(row)
    world.tell("pdd_trade_TradeRiskChanged", tid=world.order_sn(row))


@event("buyer.chases")
def buyer_chases(world: World, row: int) -> None:
    """The buyer presses for shipping, if the order still waits."""
    orders = world.orders
    if orders.status[row] != TO_SHIP or orders.refund[row] != 1:
        return
    orders.urged_at[row] = world.now
    world.touch(row)
