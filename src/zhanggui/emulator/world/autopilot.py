"""A seller who works by themselves: for the days before the start, and for worlds in which nobody else ships."""

from zhanggui.emulator.moments import HOUR
from zhanggui.emulator.seeded import between, salt
from zhanggui.emulator.world.carriers import fresh_number, main_carriers
from zhanggui.emulator.world.orders import NO_REFUND, TO_SHIP, UNDER_REVIEW
from zhanggui.emulator.world.queue import event
from zhanggui.emulator.world.sending import Label, ship
from zhanggui.emulator.world.world import World

PACE = salt("pace")


def take_over(world: World, row: int) -> None:
    """Plan the shipping of an order just formed, if the seller works by themselves now; a share is left lying, a share forgotten until it is too late."""
    serial, seller = world.orders.serial[row], world.scenario.seller
    draw = between(0, 9999, world.seed, serial, PACE)
    if world.now >= world.autopilot_until or draw < seller.backlog * 10_000:
        return
    if draw < (seller.backlog + seller.late) * 10_000:
        world.plan(world.orders.ship_by[row] + between(2, 12, world.seed, serial, PACE, 2) * HOUR, "seller.ships", row)
        return
    world.plan(world.now + seller.hours_to_ship * 36 * between(20, 160, world.seed, serial, PACE, 1), "seller.ships", row)


@event("seller.ships")
def seller_ships(world: World, row: int) -> None:
    """The seller ships, unless somebody else did, the order is under review, or the buyer wants out."""
    orders = world.orders
    if world.now >= world.autopilot_until or orders.status[row] != TO_SHIP or orders.refund[row] != NO_REFUND or orders.has(row, UNDER_REVIEW):
        return
    carriers = main_carriers()
    carrier = carriers[orders.serial[row] % len(carriers)]
    ship(world, row, Label(carrier.id, fresh_number(carrier, world.seed, orders.serial[row])))
