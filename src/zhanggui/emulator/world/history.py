"""What had happened before the world began: orders, parcels and closed cases, spread evenly over the days before."""

from array import array

from zhanggui.emulator.moments import DAY, HOUR, china_day
from zhanggui.emulator.seeded import mixed, salt
from zhanggui.emulator.world.buying import plan_what_follows
from zhanggui.emulator.world.carriers import fresh_number, main_carriers
from zhanggui.emulator.world.cases import (
    DONE,
    QUALITY_REASONS,
    RECEIVED_IT,
    REFUND_ONLY,
    RETURN_REFUND,
    TASTE_REASONS,
    UNSHIPPED_REASONS,
    WITHDRAWN,
    Case,
    refund_status_of,
)  # fmt: skip
from zhanggui.emulator.world.drawing import drawn, mind, ship_limit
from zhanggui.emulator.world.orders import OLD_PARCEL, RECEIVED, SHIPPED, UNDER_REVIEW
from zhanggui.emulator.world.travel import old_carrier, parcel_leaves, way_of
from zhanggui.emulator.world.world import World

STILL = salt("still")
RECENT_DAYS, WAITING_DAYS = 8, 3


def live_through(world: World) -> None:
    """Put the past into the world, oldest first, and write the log of its last changes."""
    size, start = world.scenario.size, world.started_at
    span = size.history_days * DAY
    for place in range(size.history):
        serial = world.next_serial
        world.next_serial += 1
        bits = mixed(world.seed, serial, STILL)
        spot = (place + (bits >> 44) / (1 << 20)) / size.history
        _live_through_order(world, serial, start - span + int(spot * (span - HOUR)), bits)
    world.now = start
    _write_logs(world)


def _live_through_order(world: World, serial: int, formed_at: int, bits: int) -> None:
    """One order of the past, brought as far as it had come; its lot is in the bits of one number, since there may be a million."""
    lot = drawn(world, serial)
    row = world.orders.add(
        serial=serial, created_at=formed_at - 60 - bits % 1800, formed_at=formed_at, buyer=lot.buyer, sku=lot.sku, many=lot.many,
        price=lot.price, discounts=lot.discounts, ship_by=ship_limit(world, lot.flags, formed_at), flags=lot.flags,
    )  # fmt: skip
    world.orders.put_beside(row, lot.more, lot.gifts)
    day = china_day(formed_at)
    world.measures.count(day, "formed")
    age = world.started_at - formed_at
    ships_after = world.scenario.seller.hours_to_ship * 3600 * (20 + bits // 4096 % 140) // 100
    still_waits = age < WAITING_DAYS * DAY and (bits >> 20) % 1000 < world.scenario.seller.backlog * 1000
    if still_waits or ships_after >= age:
        _waits(world, row)
        if world.scenario.seller.autopilot and not still_waits:
            world.plan(formed_at + ships_after, "seller.ships", row)
    elif age > RECENT_DAYS * DAY:
        _was_closed(world, row, formed_at + ships_after, bits)
    else:
        _was_sent(world, row, formed_at + ships_after)


def _waits(world: World, row: int) -> None:
    """The order still waits: what follows is planned from the start on."""
    orders, serial = world.orders, world.orders.serial[row]
    world.now = world.started_at
    if mind(world, serial, "review") < world.scenario.buyers.under_review and world.now - orders.formed_at[row] < 8 * HOUR:
        orders.raise_flag(row, UNDER_REVIEW)
    plan_what_follows(world, row)


def _was_sent(world: World, row: int, at: int) -> None:
    """The order was sent some days ago: its parcel has its own way, and may still be on it."""
    orders, serial = world.orders, world.orders.serial[row]
    carriers = main_carriers()
    carrier = carriers[serial % len(carriers)]
    number = fresh_number(carrier, world.seed, serial)
    world.now = at
    orders.status[row] = SHIPPED
    orders.shipped_at[row] = orders.sent_at[row] = orders.updated_at[row] = at
    orders.carrier[row], orders.numbers[row] = carrier.id, number
    world.parcels.setdefault(number, []).append((row, at))
    world.measures.count(china_day(at), "shipped")
    signed = way_of(world, row).signed_at
    if 0 < signed < world.started_at:
        _was_received(world, row, signed)
    else:
        world.now = at
        parcel_leaves(world, row)
    if orders.ship_by[row] >= world.started_at:
        world.plan(orders.ship_by[row], "limit.reached", row)
    elif at <= orders.ship_by[row]:
        world.measures.count(china_day(orders.ship_by[row]), "on_time")


def _was_closed(world: World, row: int, at: int, bits: int) -> None:
    """The order is long done: an even way, and perhaps a quarrel that has ended."""
    orders, buyers = world.orders, world.scenario.buyers
    draw = (bits >> 50) / 16384
    if draw < buyers.refund_unshipped:
        _had_case(world, row, orders.formed_at[row] + 2 * HOUR, REFUND_ONLY, bits)
        return
    orders.status[row] = SHIPPED
    orders.shipped_at[row] = orders.sent_at[row] = at
    orders.carrier[row] = old_carrier(orders.serial[row])
    orders.raise_flag(row, OLD_PARCEL)
    world.measures.count(china_day(at), "shipped")
    world.measures.count(china_day(at), "on_time" if at <= orders.ship_by[row] else "late")
    _was_received(world, row, at + (40 + bits // 65536 % 60) * HOUR)
    if draw < buyers.refund_unshipped + buyers.refund_received:
        _had_case(world, row, orders.received_at[row] + DAY, RETURN_REFUND if bits & 1 else REFUND_ONLY, bits)


def _was_received(world: World, row: int, at: int) -> None:
    """The receiver had signed at this moment."""
    orders = world.orders
    orders.status[row] = RECEIVED
    orders.received_at[row] = orders.updated_at[row] = at
    day = china_day(at)
    world.measures.count(day, "received")
    world.measures.count(day, "receipt_seconds", at - orders.formed_at[row])


def _had_case(world: World, row: int, at: int, kind: int, bits: int) -> None:
    """An after-sales case that ended before the world began: mostly refunded, sometimes withdrawn."""
    orders, case_id = world.orders, world.cases.next_id()
    shipped = bool(orders.shipped_at[row])
    reasons = UNSHIPPED_REASONS if not shipped else TASTE_REASONS if kind == RETURN_REFUND else QUALITY_REASONS
    ended = at + (6 if not shipped else 90) * HOUR
    status = WITHDRAWN if bits >> 20 & 7 == 0 else DONE
    case = Case(
        case_id, row, kind, status, reasons[bits % len(reasons)], orders.paid(row), at, ended, shipped,
        RECEIVED_IT if shipped else 0, refunded_at=ended if status == DONE else 0, operator=2,
    )  # fmt: skip
    if kind == RETURN_REFUND:
        carrier = main_carriers()[case_id % 3]
        case.return_carrier, case.return_number = carrier.id, fresh_number(carrier, world.seed, case_id)
        case.sent_back_at, case.return_signed_at = at + 20 * HOUR, at + 80 * HOUR
    world.cases.add(case)
    orders.cases.setdefault(row, []).append(case_id)
    orders.aftersale[row], orders.refund[row] = status, refund_status_of(status)
    orders.updated_at[row] = ended
    if case.is_quality and status == DONE:
        world.measures.count(china_day(ended), "quality_refund")


def _write_logs(world: World) -> None:
    """Write the last change of every order and case into the logs, in the order of their moments."""
    orders = world.orders
    latest = world.started_at - 1
    keys = array("Q", (min(orders.updated_at[row], latest) << 32 | row for row in range(len(orders))))
    for key in sorted(keys):
        row = key & 0xFFFFFFFF
        orders.updated_at[row] = key >> 32
        world.order_log.note(row, key >> 32, orders.code(row))
    for case in sorted(world.cases.each(), key=lambda each: each.updated_at):
        case.updated_at = min(case.updated_at, latest)
        world.case_log.note(case.case_id - world.cases.at(0).case_id, case.updated_at, case.status)
