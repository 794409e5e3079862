"""Parcels on their way: when the carrier takes them, what it scans, and when the receiver signs."""

from functools import lru_cache, partial
from itertools import zip_longest

from zhanggui.emulator.moments import DAY, HOUR
from zhanggui.emulator.scenario import Parcels
from zhanggui.emulator.seeded import between, salt, share
from zhanggui.emulator.world.carriers import Carrier, by_id, fits, main_carriers
from zhanggui.emulator.world.journeys import DECLINED, FINE, GOT, LOST, OUT, RETURNED, SIGNED, WAITING, Journey, Scan, journey, turned
from zhanggui.emulator.world.orders import OLD_PARCEL, RECEIVED, SHIPPED
from zhanggui.emulator.world.queue import event
from zhanggui.emulator.world.world import World

EVEN = Parcels(never_picked_up=0.0, late_pickup=0.0, stalled=0.0, lost=0.0, refused=0.0)
SIGN, PATIENCE = salt("sign"), salt("patience")
LAST_MILE = frozenset({OUT, WAITING, SIGNED, DECLINED, RETURNED})
KEPT, MOST_SCANS = 10_000, 32


def number_of(world: World, row: int) -> str:
    """The tracking number of an order; empty while it has none. Old parcels carry numbers that are worked out, not stored."""
    if row in world.orders.numbers:
        return world.orders.numbers[row]
    if not world.orders.has(row, OLD_PARCEL):
        return ""
    carrier = by_id()[world.orders.carrier[row]]
    return carrier.prefix + world.old_numbers.text(world.orders.serial[row])


def old_carrier(serial: int) -> int:
    """The carrier of an old parcel: one of those whose numbers hold thirteen free digits."""
    roomy = _roomy_carriers()
    return roomy[serial % len(roomy)].id


@lru_cache(maxsize=1)
def _roomy_carriers() -> tuple[Carrier, ...]:
    """The main carriers whose numbers are letters and thirteen digits."""
    return tuple(carrier for carrier in main_carriers() if carrier.digits == 13 and not carrier.prefix.isdigit())


def row_of_number(world: World, code: str, number: str) -> int | None:
    """The newest order a number was used for; nothing when the carrier does not know it."""
    uses = world.parcels.get(number)
    if uses:
        return uses[-1][0]
    carrier = next((each for each in main_carriers() if each.code == code), None)
    digits = number.removeprefix(carrier.prefix) if carrier else ""
    if not (len(digits) == 13 and digits.isascii() and digits.isdigit()):
        return None
    row = world.orders.row(world.old_numbers.serial(digits))
    return row if row is not None and number_of(world, row) == number else None


def way_of(world: World, row: int) -> Journey:
    """The way of an order's parcel, seen from above: also the scans that are still to come."""
    orders = world.orders
    key = (row, orders.sent_at[row])
    if key not in world.journeys:
        if len(world.journeys) > KEPT:
            world.journeys.clear()
        way = _even_way(world, row) if orders.has(row, OLD_PARCEL) else _fresh_way(world, row)
        if row in world.turned:
            way = turned(way, *world.turned[row])
        world.journeys[key] = Journey(LOST, way.until(world.stopped[row])) if row in world.stopped else way
    return world.journeys[key]


def scans_of(world: World, row: int) -> tuple[Scan, ...]:
    """The scans of an order's parcel that have happened."""
    return way_of(world, row).until(world.now) if world.orders.sent_at[row] else ()


def parcel_leaves(world: World, row: int) -> None:
    """The seller has uploaded a number: plan the signature, the look for a pickup, and a buyer who may not wait for it."""
    orders, way = world.orders, way_of(world, row)
    if way.signed_at:
        world.plan(way.signed_at, "parcel.signed", row)
    if number_of(world, row) in world.followed:
        plan_pushes(world, row, way)
    if silent_at := first_silence(world, way):
        world.plan(silent_at, "parcel.silent", row)
    check = world.rule(world.rules.false_shipment).pickup_hours
    world.plan(world.now + check * HOUR, "pickup.checked", row)
    if share(world.seed, orders.serial[row], PATIENCE) < _impatience(world, way):
        world.plan(world.now + between(30, 150, world.seed, orders.serial[row], PATIENCE) * HOUR, "buyer.waits", row)


def _impatience(world: World, way: Journey) -> float:
    """How many buyers do not wait for a parcel on its way: far more where it does not move."""
    usual, held = world.scenario.buyers.refund_in_transit, world.scenario.aftersales
    if way.fate == FINE:
        return usual
    return usual * 20 if held is None else held.often.stuck


def stop(world: World, row: int) -> None:
    """Let an order's parcel get no further scan: it is lost from now on."""
    world.stopped[row] = world.now
    world.journeys.pop((row, world.orders.sent_at[row]), None)
    if silent_at := first_silence(world, way_of(world, row)):
        world.plan(silent_at, "parcel.silent", row)


def first_silence(world: World, way: Journey) -> int:
    """When a parcel becomes abnormal for want of a scan; 0 when it never does."""
    block = world.rule(world.rules.parcel_silence)
    for scan, following in zip_longest(way.scans, way.scans[1:]):
        if scan.action in LAST_MILE:
            return 0
        falls_silent = scan.at + (block.first_hop_hours if scan.action == GOT else block.hop_hours) * HOUR
        if following is None or following.at > falls_silent:
            return falls_silent
    return 0


@event("parcel.silent")
def parcel_silent(world: World, row: int) -> None:
    """A parcel has become abnormal, unless its number was changed meanwhile; an order counts once."""
    if row not in world.abnormal and world.orders.sent_at[row] and first_silence(world, way_of(world, row)) == world.now:
        world.abnormal.add(row)
        world.count("abnormal")


def follow(world: World, number: str) -> None:
    """Push every further scan of this number."""
    world.followed.add(number)
    for row, _ in world.parcels.get(number, ())[-1:]:
        plan_pushes(world, row, way_of(world, row))


def plan_pushes(world: World, row: int, way: Journey, known: tuple[Scan, ...] = ()) -> None:
    """Plan the pushes of the scans still to come, those apart that were planned already."""
    for place, scan in enumerate(way.scans):
        if scan.at > world.now and (place >= len(known) or known[place] != scan):
            world.plan(scan.at, "parcel.scanned", row * MOST_SCANS + place)


@event("parcel.scanned")
def parcel_scanned(world: World, about: int) -> None:
    """A followed parcel got a scan, unless its number was changed meanwhile."""
    row, place = divmod(about, MOST_SCANS)
    way = way_of(world, row)
    if place < len(way.scans) and way.scans[place].at == world.now:
        _push_scan(world, row, way.scans[place])


@event("parcel.signed")
def parcel_signed(world: World, row: int) -> None:
    """The receiver signs, unless the number was changed meanwhile."""
    if way_of(world, row).signed_at == world.now:
        receive(world, row)


def receive(world: World, row: int) -> None:
    """The receiver has signed."""
    orders = world.orders
    if orders.status[row] != SHIPPED:
        return
    orders.status[row] = RECEIVED
    orders.received_at[row] = world.now
    world.touch(row)
    world.count("received")
    world.count("receipt_seconds", world.now - orders.formed_at[row])
    world.tell("pdd_trade_TradeSuccess", tid=world.order_sn(row))
    world.plan(world.now + between(2, 96, world.seed, orders.serial[row], SIGN) * HOUR, "buyer.judges", row)


def _push_scan(world: World, row: int, scan: Scan) -> None:
    """Push one scan; the topic's real name is not known, so ours says what it is."""
    world.tell(
        "pdd_logistics_TraceNotify",
        shippingId=world.orders.carrier[row],
        trackingNumber=number_of(world, row),
        status_time=scan.at,
        status_desc=scan.action,
        action=scan.action,
        node_description=scan.text,
        time=scan.at,
        desc=scan.text,
    )


def _fresh_way(world: World, row: int) -> Journey:
    """The way of a parcel handed over in our time; none when the number cannot be one of its carrier's."""
    orders = world.orders
    carrier = by_id().get(orders.carrier[row])
    if carrier is None or not fits(carrier, number_of(world, row)):
        return Journey("never", ())
    return journey(world.seed, orders.serial[row], orders.sent_at[row], world.buyer_of(row).place, world.scenario.parcels)


def _even_way(world: World, row: int) -> Journey:
    """The way of an old parcel: a smooth one, stretched to end when its order was received."""
    orders = world.orders
    start, end = orders.sent_at[row], orders.received_at[row]
    smooth = journey(world.seed, orders.serial[row], start, world.buyer_of(row).place, EVEN)
    placed = partial(_stretched, start=start, length=smooth.signed_at - start, end=end or start + 3 * DAY)
    return Journey(smooth.fate, tuple(Scan(placed(scan.at), scan.action, scan.text, scan.where) for scan in smooth.scans))


def _stretched(at: int, *, start: int, length: int, end: int) -> int:
    """The moment moved so that the whole way takes as long as it took."""
    return start + (at - start) * (end - start) // max(1, length)
