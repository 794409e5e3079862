"""Buyers ask: refunds before shipping, on the way and after receipt, returns, exchanges, missing pieces."""

from zhanggui.emulator.moments import DAY, HOUR, MINUTE
from zhanggui.emulator.seeded import between, one_of, salt
from zhanggui.emulator.world.cases import (
    ASKED,
    ELIGIBLE,
    EXCHANGE,
    EXCHANGE_ASKED,
    FAILED,
    NOT_RECEIVED,
    NOT_SAID,
    QUALITY_REASONS,
    RECEIVED_IT,
    REFUND_ONLY,
    REPAIR,
    REPAIR_ASKED,
    RESEND,
    RESEND_ASKED,
    RETURN_ASKED,
    RETURN_REFUND,
    TASTE_REASONS,
    TRANSIT_REASONS,
    UNSHIPPED_REASONS,
    Case,
)  # fmt: skip
from zhanggui.emulator.world.drawing import mind
from zhanggui.emulator.world.journeys import DECLINED
from zhanggui.emulator.world.orders import NO_REFUND, RECEIVED, REFUNDED, SHIPPED, TO_SHIP
from zhanggui.emulator.world.queue import event
from zhanggui.emulator.world.settling import BY_BUYER, move, refund_at_once, tell_of
from zhanggui.emulator.world.travel import scans_of
from zhanggui.emulator.world.troubles import aftersales, filed, wanted
from zhanggui.emulator.world.world import World

REASON, KIND, LOOK = salt("reason"), salt("kind"), salt("look")
FIRST_STATE = {REFUND_ONLY: ASKED, RETURN_REFUND: RETURN_ASKED, EXCHANGE: EXCHANGE_ASKED, RESEND: RESEND_ASKED, REPAIR: REPAIR_ASKED}


@event("buyer.wants.out")
def buyer_wants_out(world: World, row: int) -> None:
    """The buyer changes their mind before the parcel has arrived."""
    if world.orders.status[row] != RECEIVED:
        ask(world, row, REFUND_ONLY)


@event("buyer.asks.again")
def buyer_asks_again(world: World, case_id: int) -> None:
    """Somebody who had given in asks once more."""
    case = world.cases.get(case_id)
    if case is not None:
        ask(world, case.row, case.kind, case.reason)


@event("buyer.waits")
def buyer_waits(world: World, row: int) -> None:
    """The buyer has waited long enough for a parcel that is on its way."""
    if world.orders.status[row] == SHIPPED:
        ask(world, row, REFUND_ONLY)


def ask(world: World, row: int, kind: int, reason: str = "") -> Case | None:
    """Open a case, unless one is open or the money is already back; the first state, the limit and the platform's haste follow from the order."""
    orders = world.orders
    if orders.refund[row] != NO_REFUND or orders.refund[row] == REFUNDED:
        return None
    received = orders.status[row] == RECEIVED
    if kind != REFUND_ONLY and not received:
        return None
    if world.scenario.aftersales is None:
        case = _opened(world, row, kind, reason)
    else:
        case, world.hidden.truths[world.cases.next_id()] = filed(world, row, kind, reason)
    world.cases.add(case)
    orders.cases.setdefault(row, []).append(case.case_id)
    move(world, case, FIRST_STATE[kind], by=BY_BUYER, within_hours=_hours_to_answer(world, case))
    tell_of(world, "pdd_refund_RefundCreated", case, 1000)
    if kind == REFUND_ONLY:
        _hurry(world, case)
    return case


def _opened(world: World, row: int, kind: int, reason: str) -> Case:
    """The case as the buyer filed it."""
    orders, case_id = world.orders, world.cases.next_id()
    status = orders.status[row]
    reasons: tuple[str, ...]
    if status == TO_SHIP:
        reasons, claims = UNSHIPPED_REASONS, NOT_SAID
    elif status == SHIPPED:
        reasons, claims = TRANSIT_REASONS, NOT_RECEIVED
    else:
        reasons, claims = (TASTE_REASONS if kind == RETURN_REFUND and case_id % 2 else QUALITY_REASONS), RECEIVED_IT
    chosen = reason or one_of(reasons, world.seed, case_id, REASON)
    amount = orders.paid(row) if kind in (REFUND_ONLY, RETURN_REFUND) else 0
    pictures = between(1, 4, world.seed, case_id) if chosen in QUALITY_REASONS else 0
    return Case(case_id, row, kind, 0, chosen, amount, world.now, world.now, status != TO_SHIP, claims, pictures)


def _hours_to_answer(world: World, case: Case) -> int:
    """How long the seller has to answer this request."""
    times = world.rule(world.rules.answer_times)
    if case.kind == REFUND_ONLY:
        return times.shipped_hours if case.was_shipped else times.unshipped_hours
    return times.return_hours


def _hurry(world: World, case: Case) -> None:
    """Decide whether the platform refunds at once: fresh and unshipped, refused, or silent for days."""
    orders, row = world.orders, case.row
    block = world.rule(world.rules.instant_refund)
    if not case.was_shipped and world.now - orders.formed_at[row] <= block.unshipped_hours * HOUR:
        refund_at_once(world, case)
    elif not case.was_shipped:
        case.speed_flag, case.speed_status = 1, ELIGIBLE
        world.plan(world.now + between(10, 40, world.seed, case.case_id, LOOK) * MINUTE, "platform.looks", case.case_id)
    elif orders.status[row] == SHIPPED and is_silent(world, row, block.silent_days) and _trusts(world, row, "silent_parcel", 1.0):
        refund_at_once(world, case)


def _trusts(world: World, row: int, what: str, otherwise: float) -> bool:
    """Whether the platform trusts this buyer enough to refund at once."""
    share = otherwise if world.scenario.aftersales is None else getattr(aftersales(world).instant, what)
    return mind(world, world.orders.serial[row], "trusted buyer") < float(share)


def is_silent(world: World, row: int, days: int) -> bool:
    """Whether a shipped parcel was refused, or has had no scan for so many days."""
    scans = scans_of(world, row)
    if any(scan.action == DECLINED for scan in scans):
        return True
    last = scans[-1].at if scans else world.orders.sent_at[row]
    return world.now - last >= days * DAY


@event("platform.looks")
def platform_looks(world: World, case_id: int) -> None:
    """Two hours after the order and later: the platform refunds an unshipped order unless a printed label was reported."""
    case = world.cases.get(case_id)
    if case is None or case.status != ASKED or case.speed_status != ELIGIBLE:
        return
    block = world.rule(world.rules.instant_refund)
    if block.print_stops_it and (case.row in world.orders.printed or world.orders.status[case.row] != TO_SHIP):
        case.speed_status = FAILED
        world.touch_case(case)
    elif _trusts(world, case.row, "unshipped", 0.7):
        refund_at_once(world, case)


@event("buyer.judges")
def buyer_judges(world: World, row: int) -> None:
    """Some days after receipt: the buyer is content, or asks for something."""
    serial, buyers = world.orders.serial[row], world.scenario.buyers
    world.plan(world.now + between(1, 72, world.seed, serial, LOOK) * HOUR, "buyer.rates", row)
    if mind(world, serial, "late refund") >= buyers.refund_received:
        return
    if world.scenario.aftersales is not None:
        ask(world, row, wanted(world, row))
        return
    kind = one_of((RETURN_REFUND, RETURN_REFUND, RETURN_REFUND, REFUND_ONLY, REFUND_ONLY, EXCHANGE, RESEND), world.seed, serial, KIND)
    ask(world, row, REPAIR if mind(world, serial, "repair") < buyers.repair else kind)
