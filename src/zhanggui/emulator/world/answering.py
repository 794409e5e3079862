"""The seller answers a case: agrees, lets goods come back, sends replacements, rejects, hands in evidence."""

import msgspec

from zhanggui.emulator.moments import DAY, HOUR
from zhanggui.emulator.seeded import between, salt, share
from zhanggui.emulator.world.cases import (
    ASKED,
    ELIGIBLE,
    EXCHANGE,
    EXCHANGE_ASKED,
    EXCHANGE_UNDERWAY,
    FAILED,
    PLATFORM_LOOKS,
    RECALLING,
    REFUND_ONLY,
    REFUSE_PARCEL,
    REJECTED,
    REPAIR_ASKED,
    REPAIR_SEND,
    REPAIR_UNDERWAY,
    RESEND_ASKED,
    RETURN_ASKED,
    RETURN_REFUND,
    SEND_BACK,
    Case,
)  # fmt: skip
from zhanggui.emulator.world.journeys import RECALLED, REFUSED
from zhanggui.emulator.world.judging import ruling_takes
from zhanggui.emulator.world.orders import SHIPPED, TO_SHIP
from zhanggui.emulator.world.sending import Label, Objection
from zhanggui.emulator.world.settling import BY_SELLER, move, pay_back, tell_of
from zhanggui.emulator.world.troubles import aftersales, hours, temper_of
from zhanggui.emulator.world.turning import is_at_the_door, turn
from zhanggui.emulator.world.world import World

REFUSAL_HOURS, RECALL_HOURS = 240, 72
BACK, REACT = salt("back"), salt("react")


class Evidence(msgspec.Struct, frozen=True):
    """What the seller hands in."""

    text: str
    pictures: int


def agree(world: World, case: Case) -> None:
    """Agree to the refund: of a refund-only case, or of a return whose goods are on their way back."""
    may_refund = case.status == ASKED or (case.status == RETURN_ASKED and bool(case.return_number))
    if not may_refund:
        raise Objection("AFTER_SALES_STATUS_CHANGED", "售后单状态已变更，不能同意退款")
    pay_back(world, case, by=BY_SELLER)


def give_in(world: World, case: Case) -> None:
    """Pay while the platform looks at the case, as only the back office can: it was called in, but need not rule."""
    if case.status != PLATFORM_LOOKS or case.evidence_at:
        raise Objection("AFTER_SALES_STATUS_CHANGED", "售后单状态已变更，不能同意退款")
    case.amount = case.amount or world.orders.paid(case.row)
    pay_back(world, case, by=BY_SELLER)


def agree_to_return(world: World, case: Case, address: int) -> None:
    """Let the goods come back; the buyer has some days to fill in a number."""
    waits = case.status in (RETURN_ASKED, EXCHANGE_ASKED) and not case.return_number
    if not waits or case.kind not in (RETURN_REFUND, EXCHANGE):
        raise Objection("AFTER_SALES_STATUS_CHANGED", "售后单状态已变更，不能同意退货")
    let_return(world, case, address, by=BY_SELLER)


def let_return(world: World, case: Case, address: int, *, by: int) -> None:
    """Wait for the buyer to send the goods back."""
    case.return_address = address
    _await_goods(world, case, SEND_BACK, by=by)


def agree_to_repair(world: World, case: Case) -> None:
    """Let the goods come to be repaired, as only the back office can; the buyer has some days to fill in a number."""
    if case.status != REPAIR_ASKED:
        raise Objection("AFTER_SALES_STATUS_CHANGED", "售后单状态已变更，不能同意维修")
    _await_goods(world, case, REPAIR_SEND, by=BY_SELLER)


def _await_goods(world: World, case: Case, status: int, *, by: int) -> None:
    """Wait for the buyer to hand the goods to a carrier, which most of them do."""
    move(world, case, status, by=by, within_hours=world.rule(world.rules.answer_times).number_days * 24)
    tell_of(world, "pdd_refund_RefundAgreeAgreement", case, 1000 + by)
    if world.scenario.aftersales is not None:
        returns = aftersales(world).returns
        if share(world.seed, case.case_id, BACK) < returns.sends:
            world.plan(world.now + hours(world, returns.hours_to_send, case.case_id, BACK, 1), "buyer.sends.back", case.case_id)
    elif (between(0, 999, world.seed, case.case_id, BACK)) < world.scenario.buyers.send_back * 1000:
        world.plan(world.now + between(3, 60, world.seed, case.case_id, BACK, 1) * HOUR, "buyer.sends.back", case.case_id)


def send_replacement(world: World, case: Case, label: Label) -> None:
    """Send the replacement of an exchange, or the missing piece."""
    ready = case.status == RESEND_ASKED or (case.status == EXCHANGE_ASKED and bool(case.return_number))
    if not ready:
        raise Objection("AFTER_SALES_STATUS_CHANGED", "售后单状态不支持换货补寄发货")
    case.replacement_carrier, case.replacement_number = label.carrier, label.number
    move(world, case, EXCHANGE_UNDERWAY, by=BY_SELLER)
    world.plan(world.now + between(3, 6, world.seed, case.case_id, BACK, 2) * DAY, "replacement.arrives", case.case_id)


def send_repaired(world: World, case: Case, label: Label) -> None:
    """Send the repaired goods back to the buyer, who then confirms."""
    if case.status != REPAIR_SEND or not case.return_signed_at:
        raise Objection("AFTER_SALES_STATUS_CHANGED", "商品尚未寄到，不能寄回")
    case.replacement_carrier, case.replacement_number = label.carrier, label.number
    move(world, case, REPAIR_UNDERWAY, by=BY_SELLER)
    world.plan(world.now + between(3, 6, world.seed, case.case_id, BACK, 2) * DAY, "replacement.arrives", case.case_id)


def agree_if_refused(world: World, case: Case) -> None:
    """Agree to pay once the buyer has refused the parcel at the door, as only the back office can."""
    _on_its_way(world, case)
    move(world, case, REFUSE_PARCEL, by=BY_SELLER, within_hours=REFUSAL_HOURS)
    turn(world, case.row, REFUSED)


def recall(world: World, case: Case) -> None:
    """Call the parcel back and pay once it is home, as only the back office can."""
    _on_its_way(world, case)
    if is_at_the_door(world, case.row):
        raise Objection("PARCEL_OUT_FOR_DELIVERY", "快件已在派送，不能召回")
    move(world, case, RECALLING, by=BY_SELLER, within_hours=RECALL_HOURS)
    turn(world, case.row, RECALLED)


def _on_its_way(world: World, case: Case) -> None:
    """Object unless this is a refund of a parcel still under way that waits for an answer."""
    if case.status != ASKED or case.kind != REFUND_ONLY or world.orders.status[case.row] != SHIPPED:
        raise Objection("AFTER_SALES_STATUS_CHANGED", "售后单状态已变更，或包裹不在途中")


def cancel_sending(world: World, case: Case, succeeded: bool) -> None:
    """Answer an unshipped refund: the parcel was held back, or it could not be."""
    if case.status != ASKED or case.kind != REFUND_ONLY:
        raise Objection("AFTER_SALES_STATUS_CHANGED", "售后单状态已变更")
    if succeeded and world.orders.status[case.row] != TO_SHIP:
        raise Objection("ORDER_ALREADY_SHIPPED", "订单已发货，不能取消发货")
    if succeeded:
        pay_back(world, case, by=BY_SELLER)
    elif case.speed_status == ELIGIBLE:
        case.speed_status = FAILED
        world.touch_case(case)


def reject(world: World, case: Case, why: str) -> None:
    """Reject the request, as only the back office can; the buyer will react within days."""
    if case.status not in (ASKED, RETURN_ASKED, EXCHANGE_ASKED, RESEND_ASKED, REPAIR_ASKED):
        raise Objection("AFTER_SALES_STATUS_CHANGED", "售后单状态已变更，不能驳回")
    case.rejections += 1
    case.remark = why
    days = world.rule(world.rules.intervention).buyer_days
    move(world, case, REJECTED, by=BY_SELLER, within_hours=days * 24)
    span = (1, 48) if world.scenario.aftersales is None else temper_of(world, case).hours_to_react
    world.plan(world.now + between(*span, world.seed, case.case_id, REACT, case.rejections) * HOUR, "buyer.reacts", case.case_id)


def hand_in(world: World, case: Case, evidence: Evidence) -> None:
    """Hand in evidence: once, while the platform looks at the case and the limit has not passed."""
    if case.status != PLATFORM_LOOKS:
        raise Objection("NO_EVIDENCE_WANTED", "当前售后单不在平台处理中")
    if case.evidence_at:
        raise Objection("EVIDENCE_ALREADY_SUBMITTED", "举证仅可提交一次")
    if evidence.pictures > world.rule(world.rules.intervention).pictures:
        raise Objection("TOO_MANY_PICTURES", "举证图片超过上限")
    case.evidence_at, case.evidence_text, case.evidence_pictures = world.now, evidence.text, evidence.pictures
    world.touch_case(case)
    takes = between(6, 36, world.seed, case.case_id, REACT) * HOUR if world.scenario.aftersales is None else ruling_takes(world, case)
    world.plan(world.now + takes, "case.ruled", case.case_id)


def report_warehouse(world: World, case: Case, status: int) -> None:
    """Report whether the warehouse got a parcel back; success pays the buyer back, a recall that failed waits for another answer."""
    case.warehouse_status = status
    if status == 1 and (case.status in (ASKED, RECALLING) or (case.status == RETURN_ASKED and case.return_number)):
        pay_back(world, case, by=BY_SELLER)
    elif status != 1 and case.status == RECALLING:
        move(world, case, ASKED, by=BY_SELLER, within_hours=world.rule(world.rules.answer_times).shipped_hours)
    else:
        world.touch_case(case)
