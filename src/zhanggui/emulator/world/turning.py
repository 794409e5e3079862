"""Parcels that turn around on their way, because the seller has agreed to it: refused at the door, or called back."""

from zhanggui.emulator.world.cases import RECALLING, REFUSE_PARCEL
from zhanggui.emulator.world.journeys import DECLINED, RETURNED
from zhanggui.emulator.world.queue import event
from zhanggui.emulator.world.settling import BY_CLOCK, pay_back
from zhanggui.emulator.world.travel import LAST_MILE, number_of, plan_pushes, scans_of, way_of
from zhanggui.emulator.world.world import World


def turn(world: World, row: int, how: str) -> None:
    """Let an order's parcel go another way from now on, and look at its case when it is refused or back."""
    before = way_of(world, row)
    world.turned[row] = (how, world.now)
    world.journeys.pop((row, world.orders.sent_at[row]), None)
    way = way_of(world, row)
    if number_of(world, row) in world.followed:
        plan_pushes(world, row, way, before.scans)
    for scan in way.scans:
        if scan.at > world.now and scan.action in (DECLINED, RETURNED):
            world.plan(scan.at, "parcel.turned", row)


def is_at_the_door(world: World, row: int) -> bool:
    """Whether the parcel is out for delivery already, so that it cannot be called back."""
    return any(scan.action in LAST_MILE for scan in scans_of(world, row))


@event("parcel.turned")
def parcel_turned(world: World, row: int) -> None:
    """The parcel was refused, or is home: whoever agreed to pay for that pays now."""
    last = scans_of(world, row)[-1].action
    for ident in world.orders.cases.get(row, ()):
        case = world.cases.get(ident)
        if case is None:
            continue
        if case.status == REFUSE_PARCEL or (case.status == RECALLING and last == RETURNED):
            pay_back(world, case, by=BY_CLOCK)
