"""How a case moves from one state to the next, and how money goes back to the buyer."""

from zhanggui.emulator.moments import HOUR
from zhanggui.emulator.seeded import between, salt
from zhanggui.emulator.world.cases import (
    CLOSED,
    DONE,
    PLATFORM_AGREED,
    REFUND_ONLY,
    RETURN_REFUND,
    SELLER_AGREED,
    SUCCEEDED,
    Case,
    refund_status_of,
)  # fmt: skip
from zhanggui.emulator.world.orders import TO_SHIP
from zhanggui.emulator.world.queue import event
from zhanggui.emulator.world.world import World

SETTLE = salt("settle")
TOPICS = {SELLER_AGREED: "pdd_refund_RefundAgreeAgreement", PLATFORM_AGREED: "pdd_refund_RefundAgreeAgreement"}
BY_BUYER, BY_SELLER, BY_PLATFORM, BY_CLOCK = 1, 2, 3, 4


def move(world: World, case: Case, status: int, *, by: int, within_hours: int = 0) -> None:
    """Bring a case into a state, with a limit for whoever must act next, and let the order and the listeners know."""
    case.status = status
    case.operator = by
    case.expires_at = world.now + within_hours * HOUR if within_hours else 0
    world.touch_case(case)
    if case.expires_at:
        world.plan(case.expires_at, "case.expired", case.case_id)
    world.orders.aftersale[case.row] = status
    world.orders.refund[case.row] = refund_status_of(status)
    world.touch(case.row)
    if world.scenario.aftersales is not None and not case.is_open:
        world.plan(world.now + between(12, 96, world.seed, case.case_id, SETTLE, 1) * HOUR, "buyer.looks.back", case.case_id)
    topic = TOPICS.get(status) or ("pdd_refund_RefundClosed" if status in CLOSED else "")
    if topic:
        tell_of(world, topic, case, 1000 + by)


def tell_of(world: World, topic: str, case: Case, operation: int) -> None:
    """Push news of a case."""
    world.tell(
        topic, tid=world.order_sn(case.row), refund_id=case.case_id, refund_fee=case.amount,
        bill_type=case.kind, modified=world.now * 1000, operation=operation,
    )  # fmt: skip


def pay_back(world: World, case: Case, *, by: int) -> None:
    """Agree to the refund; the money arrives some minutes later."""
    move(world, case, SELLER_AGREED if by == BY_SELLER else PLATFORM_AGREED, by=by)
    world.plan(world.now + between(60, 600, world.seed, case.case_id, SETTLE), "case.settled", case.case_id)


def refund_at_once(world: World, case: Case) -> None:
    """The platform refunds without asking the seller."""
    case.speed_flag, case.speed_status = 1, SUCCEEDED
    pay_back(world, case, by=BY_PLATFORM)


@event("case.settled")
def case_settled(world: World, case_id: int) -> None:
    """The money is back with the buyer."""
    case = world.cases.get(case_id)
    if case is None or case.status not in (SELLER_AGREED, PLATFORM_AGREED):
        return
    case.refunded_at = world.now
    move(world, case, DONE, by=case.operator)
    _measure(world, case)


def _measure(world: World, case: Case) -> None:
    """Count the refund where the platform counts it."""
    if case.is_quality and case.kind in (REFUND_ONLY, RETURN_REFUND):
        world.count("quality_refund")
    if case.is_disputed:
        world.count("dispute_refund")
    if case.return_signed_at:
        world.count("return_refund")
        world.count("return_refund_seconds", case.refunded_at - case.return_signed_at)
    elif case.was_shipped and world.orders.status[case.row] != TO_SHIP and not world.orders.received_at[case.row]:
        world.count("transit_refund")
        world.count("transit_refund_seconds", case.refunded_at - case.created_at)
