"""What a person of the shop does in the back office and at the packing table beyond answering: offers, appeals, complaints, claims, opening what came back."""

import msgspec

from zhanggui.emulator.moments import DAY
from zhanggui.emulator.seeded import between, salt, share
from zhanggui.emulator.world.answering import Evidence, let_return, send_replacement
from zhanggui.emulator.world.carriers import fresh_number, main_carriers
from zhanggui.emulator.world.cases import (
    DONE,
    PLATFORM_LOOKS,
    REFUND_ONLY,
    REJECTED,
    RESEND,
    RESEND_ASKED,
    RETURN_REFUND,
    SELLER_MUST_ACT,
    SUCCEEDED,
    Case,
)  # fmt: skip
from zhanggui.emulator.world.journeys import FINE
from zhanggui.emulator.world.judging import appeal_wins, complaint_wins
from zhanggui.emulator.world.orders import RECEIVED
from zhanggui.emulator.world.queue import event
from zhanggui.emulator.world.sending import Label, Objection
from zhanggui.emulator.world.settling import BY_BUYER, BY_SELLER, move, pay_back
from zhanggui.emulator.world.travel import way_of
from zhanggui.emulator.world.troubles import AGAIN, BACK, aftersales, at_stake, hours, temper_of, truth_of
from zhanggui.emulator.world.truth import EMPTY, LOST, Truth
from zhanggui.emulator.world.world import World

REACTS, HEARD, PAYS, SHOWN = salt("offer reacts"), salt("heard"), salt("carrier pays"), salt("shown")
INSTANT, ABNORMAL, MALICIOUS = "instant_refund", "abnormal_return", "malicious_order"
ABOUT = (INSTANT, ABNORMAL, MALICIOUS)
MALICIOUS_A_MONTH = 10


class Parcel(msgspec.Struct, frozen=True):
    """What somebody sees who opens a returned parcel: how the goods look, how many pieces there are of how many, and what it weighs."""

    content: str
    title: str
    sku: str
    pieces: int
    of: int
    weight: int


def offer(world: World, case: Case, fen: int, words: str) -> None:
    """Refuse what is asked and offer part of the money; the buyer keeps the goods if they take it."""
    _knows(world, case)
    if case.status not in SELLER_MUST_ACT:
        raise Objection("AFTER_SALES_STATUS_CHANGED", "售后单状态已变更，不能协商")
    if not 0 < fen <= at_stake(world, case):
        raise Objection("OFFER_OUT_OF_RANGE", "协商金额须大于0且不超过申请金额")
    world.hidden.proposals.pop(case.case_id, None)
    world.hidden.offers[case.case_id] = fen
    _wait_for_buyer(world, case, words)


def propose(world: World, case: Case, what: str, words: str) -> None:
    """Refuse what is asked and propose that the goods come back, or that goods are sent again."""
    _knows(world, case)
    fits = case.kind in (REFUND_ONLY, RETURN_REFUND) and case.was_shipped and not case.return_number
    if case.status not in SELLER_MUST_ACT or not fits or what not in (BACK, AGAIN):
        raise Objection("AFTER_SALES_STATUS_CHANGED", "售后单状态不支持协商")
    world.hidden.offers.pop(case.case_id, None)
    world.hidden.proposals[case.case_id] = what
    _wait_for_buyer(world, case, words)


def _wait_for_buyer(world: World, case: Case, words: str) -> None:
    """It is the buyer's turn, who takes some hours."""
    case.remark = words
    case.rejections += 1
    move(world, case, REJECTED, by=BY_SELLER, within_hours=world.rule(world.rules.intervention).buyer_days * 24)
    world.plan(world.now + hours(world, temper_of(world, case).hours_to_react, case.case_id, REACTS, case.rejections), "buyer.reacts", case.case_id)


def settle_proposal(world: World, case: Case) -> None:
    """The buyer takes it: the goods come back, or go out once more."""
    if world.hidden.proposals[case.case_id] == BACK:
        case.kind = RETURN_REFUND
        let_return(world, case, 0, by=BY_BUYER)
        return
    carrier = main_carriers()[0]
    case.kind, case.status = RESEND, RESEND_ASKED
    send_replacement(world, case, Label(carrier.id, fresh_number(carrier, world.seed, case.case_id)))


def ask_buyer(world: World, case: Case) -> None:
    """Ask the buyer to show what is wrong; some do, within a day."""
    _knows(world, case)
    if not case.is_open or case.case_id in world.hidden.asked:
        raise Objection("NOT_NOW", "当前售后单不支持此操作")
    world.hidden.asked.add(case.case_id)
    if share(world.seed, case.case_id, SHOWN) < temper_of(world, case).answers:
        world.plan(world.now + hours(world, (1, 12), case.case_id, SHOWN), "buyer.shows", case.case_id)


@event("buyer.shows")
def buyer_shows(world: World, case_id: int) -> None:
    """The buyer hands in pictures after all."""
    case = world.cases.get(case_id)
    if case is not None and case.is_open:
        case.pictures = max(case.pictures, between(1, 3, world.seed, case_id, SHOWN))
        world.touch_case(case)


def settle_offer(world: World, case: Case) -> None:
    """The buyer takes the offer: the case becomes a refund of that much, and the goods stay."""
    case.amount, case.kind = world.hidden.offers[case.case_id], REFUND_ONLY
    pay_back(world, case, by=BY_SELLER)


def open_parcel(world: World, case: Case) -> Parcel:
    """Open a returned parcel that has arrived."""
    _knows(world, case)
    content = world.hidden.contents.get(case.case_id, LOST)
    if not case.return_signed_at or content == LOST:
        raise Objection("NO_PARCEL_HERE", "没有收到退货包裹")
    world.hidden.opened.add(case.case_id)
    sku, many = world.sku_of(case.row), world.orders.many[case.row]
    pieces = 0 if content == EMPTY else many if content != "short" else max(0, many - 1)
    return Parcel(content, world.catalog.product_of(sku).name, sku.outer_id, pieces, many, 60 + pieces * sku.weight)


def appeal(world: World, case: Case, evidence: Evidence) -> None:
    """Appeal against a ruling for the buyer: once, within some days."""
    _knows(world, case)
    rules = aftersales(world).appeal
    if not (case.is_disputed and case.status == DONE) or world.now > case.refunded_at + rules.days * DAY:
        raise Objection("NO_APPEAL", "当前售后单不能申诉")
    if case.case_id in world.hidden.appeals:
        raise Objection("APPEAL_ALREADY_SUBMITTED", "申诉仅可提交一次")
    world.hidden.appeals[case.case_id] = False
    if evidence.pictures and not case.evidence_at:
        case.evidence_at, case.evidence_pictures, case.evidence_text = world.now, evidence.pictures, evidence.text
    world.plan(world.now + hours(world, rules.hours, case.case_id, HEARD), "appeal.heard", case.case_id)


@event("appeal.heard")
def appeal_heard(world: World, case_id: int) -> None:
    """The platform has read an appeal; where it was right, it pays."""
    case = world.cases.get(case_id)
    if case is not None and share(world.seed, case_id, HEARD) < appeal_wins(world, case):
        world.hidden.appeals[case_id] = True
        case.is_disputed = False
        world.hidden.platform_paid[case_id] = case.amount
        world.count("dispute_refund", -1)
        world.touch_case(case)


def complain(world: World, case: Case, about: str, pictures: int) -> None:
    """Complain about an instant refund, an abnormal return, or a malicious order."""
    _knows(world, case)
    rules = aftersales(world).complaint
    is_late = case.status != DONE or world.now > case.refunded_at + rules.days * DAY
    fits = {INSTANT: case.speed_status == SUCCEEDED, ABNORMAL: bool(case.return_signed_at), MALICIOUS: True}
    if about not in ABOUT or is_late or not fits[about]:
        raise Objection("NO_COMPLAINT", "不符合投诉条件或已过期")
    if (case.case_id, about) in world.hidden.complaints:
        raise Objection("COMPLAINT_ALREADY_SUBMITTED", "请勿重复投诉")
    month = [key for key, at in world.hidden.complaints.items() if key[1] == MALICIOUS and world.now - at < 30 * DAY and key not in world.hidden.won]
    if about == MALICIOUS and len(month) >= MALICIOUS_A_MONTH:
        raise Objection("COMPLAINTS_USED_UP", "本月恶意订单投诉次数已用完")
    world.hidden.complaints[case.case_id, about] = world.now
    if share(world.seed, case.case_id, HEARD, ABOUT.index(about)) < complaint_wins(world, case, about, pictures):
        place = case.case_id * len(ABOUT) + ABOUT.index(about)
        world.plan(world.now + hours(world, rules.hours, case.case_id, HEARD, 7), "complaint.heard", place)


@event("complaint.heard")
def complaint_heard(world: World, place: int) -> None:
    """A complaint was right: the platform pays, or no longer counts the order against the quality of the goods."""
    case_id, number = divmod(place, len(ABOUT))
    case = world.cases.get(case_id)
    if case is None:
        return
    world.hidden.won.add((case_id, ABOUT[number]))
    if ABOUT[number] != MALICIOUS:
        world.hidden.platform_paid[case_id] = case.amount
    elif case.is_quality:
        world.count("quality_refund", -1)


def claim(world: World, case: Case) -> int:
    """Claim a lost or broken parcel from its carrier; what it pays, 0 where it does not."""
    _knows(world, case)
    rules, orders, row = aftersales(world).carrier, world.orders, case.row
    if not orders.sent_at[row] or world.now > orders.sent_at[row] + rules.days * DAY or row in world.hidden.carrier_paid:
        raise Objection("NO_CLAIM", "不能理赔：未发货、已过期或已理赔")
    truth = truth_of(world, case)
    is_theirs = (way_of(world, row).fate != FINE and orders.status[row] != RECEIVED) or (truth.fault == "carrier" and truth.problem == "damaged_on_the_way")
    pays = is_theirs and share(world.seed, case.case_id, PAYS) < rules.pays
    worth = int(orders.goods_amount(row) * aftersales(world).shop.goods_cost)
    world.hidden.carrier_paid[row] = min(worth, rules.most) if pays else 0
    return world.hidden.carrier_paid[row]


def _knows(world: World, case: Case) -> Truth:
    """What is true of the case; worlds without truths know none of these doors."""
    truth = world.hidden.truths.get(case.case_id)
    if truth is None or case.status == PLATFORM_LOOKS:
        raise Objection("NOT_NOW", "当前售后单不支持此操作")
    return truth
