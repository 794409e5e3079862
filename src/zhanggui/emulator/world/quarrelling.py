"""What happens to cases by themselves: limits run out, buyers send back, react or call the platform in, the platform rules."""

from zhanggui.emulator.moments import HOUR
from zhanggui.emulator.seeded import between, one_of, salt, share
from zhanggui.emulator.world.answering import let_return
from zhanggui.emulator.world.carriers import fresh_number, main_carriers
from zhanggui.emulator.world.cases import (
    BUYER_SILENT,
    BUYER_TOO_LATE,
    EXCHANGE,
    EXCHANGE_ASKED,
    EXCHANGE_DONE,
    EXCHANGE_FAILED,
    EXCHANGE_UNDERWAY,
    NOT_RECEIVED,
    PLATFORM_LOOKS,
    PLATFORM_REFUSED,
    REJECTED,
    REPAIR,
    REPAIR_CLOSED,
    REPAIR_DONE,
    REPAIR_SEND,
    REPAIR_UNDERWAY,
    RESEND,
    RETURN_ASKED,
    RETURN_REFUND,
    SELLER_MUST_ACT,
    SEND_BACK,
    WITHDRAWN,
    Case,
)  # fmt: skip
from zhanggui.emulator.world.drawing import mind
from zhanggui.emulator.world.judging import keeps_goods, pack_return, seller_wins
from zhanggui.emulator.world.objecting import settle_offer, settle_proposal
from zhanggui.emulator.world.orders import RECEIVED
from zhanggui.emulator.world.queue import event
from zhanggui.emulator.world.settling import BY_BUYER, BY_CLOCK, BY_PLATFORM, move, pay_back, refund_at_once, tell_of
from zhanggui.emulator.world.troubles import aftersales, hours, persists, takes_offer, takes_proposal
from zhanggui.emulator.world.truth import Missed
from zhanggui.emulator.world.world import World

TRIP, RULING, TRUST, SILENT, AGAIN = salt("trip"), salt("ruling"), salt("trust"), salt("silent"), salt("again")


@event("case.expired")
def case_expired(world: World, case_id: int) -> None:
    """A limit has run out, unless the case moved on meanwhile: each state has its own consequence."""
    case = world.cases.get(case_id)
    if case is None or case.expires_at != world.now:
        return
    _note_missed(world, case)
    match case.status:
        case 2 if not case.was_shipped:
            pay_back(world, case, by=BY_CLOCK)
        case 3 if case.return_number:
            pay_back(world, case, by=BY_CLOCK)
        case 3:
            let_return(world, case, 0, by=BY_CLOCK)
        case 6:
            move(world, case, BUYER_SILENT, by=BY_CLOCK)
        case 7 | 31:
            move(world, case, BUYER_TOO_LATE, by=BY_CLOCK)
        case 22:
            move(world, case, REPAIR_CLOSED, by=BY_CLOCK)
        case 8:
            rule_on(world, case)
        case 2 | 14 | 21 | 32 | 33:
            complain_or_withdraw(world, case)


def _note_missed(world: World, case: Case) -> None:
    """Write down a limit that was the seller's."""
    if case.status in SELLER_MUST_ACT or (case.status == PLATFORM_LOOKS and not case.evidence_at):
        world.hidden.missed.append(Missed(case.case_id, case.status, world.now))


@event("buyer.reacts")
def buyer_reacts(world: World, case_id: int) -> None:
    """A rejected buyer gives in or calls the platform."""
    case = world.cases.get(case_id)
    if case is None or case.status != REJECTED:
        return
    if case.case_id in world.hidden.offers and takes_offer(world, case):
        settle_offer(world, case)
    elif case.case_id in world.hidden.proposals and takes_proposal(world, case):
        settle_proposal(world, case)
    else:
        complain_or_withdraw(world, case)


def complain_or_withdraw(world: World, case: Case) -> None:
    """The buyer persists, or lets it be."""
    if world.scenario.aftersales is not None:
        _give_in_or_not(world, case)
    elif mind(world, world.orders.serial[case.row], "persist") < world.scenario.buyers.persist:
        step_in(world, case)
    else:
        withdraw(world, case)


def _give_in_or_not(world: World, case: Case) -> None:
    """Where cases have a truth: some persist; of the others half withdraw, half say nothing more, and some come back."""
    if persists(world, case):
        step_in(world, case)
        return
    if case.status == REJECTED and share(world.seed, case.case_id, SILENT) < 0.5:
        return
    withdraw(world, case)
    if share(world.seed, world.orders.serial[case.row], AGAIN) < aftersales(world).often.again:
        world.plan(world.now + between(12, 96, world.seed, case.case_id, AGAIN) * HOUR, "buyer.asks.again", case.case_id)


def withdraw(world: World, case: Case) -> None:
    """The buyer withdraws the request."""
    is_failed = world.scenario.aftersales is not None and case.kind in (EXCHANGE, RESEND) and case.rejections
    move(world, case, REPAIR_CLOSED if case.kind == REPAIR else EXCHANGE_FAILED if is_failed else WITHDRAWN, by=BY_BUYER)


def step_in(world: World, case: Case) -> None:
    """The platform steps in, and wants evidence within its limit."""
    case.has_joined = True
    world.count("help")
    world.count("intervention")
    move(world, case, PLATFORM_LOOKS, by=BY_PLATFORM, within_hours=world.rule(world.rules.intervention).evidence_hours)


@event("case.ruled")
def case_ruled(world: World, case_id: int) -> None:
    """The platform has read the evidence."""
    case = world.cases.get(case_id)
    if case is not None and case.status == PLATFORM_LOOKS:
        rule_on(world, case)


def rule_on(world: World, case: Case) -> None:
    """Rule: without evidence for the buyer; with it by what the evidence and the parcel say."""
    looks = case.evidence_at or world.scenario.aftersales is not None
    if looks and share(world.seed, case.case_id, RULING) < seller_is_right(world, case):
        move(world, case, PLATFORM_REFUSED, by=BY_PLATFORM)
        return
    case.is_disputed = True
    if world.scenario.aftersales is not None:
        case.amount = case.amount or world.orders.paid(case.row)
        if case.kind == RETURN_REFUND and not case.return_number and not keeps_goods(world, case):
            let_return(world, case, 0, by=BY_PLATFORM)
            return
    pay_back(world, case, by=BY_PLATFORM)


def seller_is_right(world: World, case: Case) -> float:
    """How likely the evidence convinces: pictures and words help, and so does a signature against "not received"."""
    if world.scenario.aftersales is not None:
        return seller_wins(world, case)
    chance = 0.2 + 0.15 * case.evidence_pictures + (0.1 if len(case.evidence_text) >= 20 else 0.0)
    if case.claims == NOT_RECEIVED and world.orders.status[case.row] == RECEIVED:
        chance += 0.3
    return min(0.95, chance - (0.15 if case.is_quality and case.pictures else 0.0))


@event("buyer.sends.back")
def buyer_sends_back(world: World, case_id: int) -> None:
    """The buyer hands the goods to a carrier and fills in the number; the seller waits for them."""
    case = world.cases.get(case_id)
    if case is None or case.status not in (SEND_BACK, REPAIR_SEND) or case.return_number:
        return
    carrier = one_of(main_carriers(), world.seed, case_id, TRIP)
    case.return_carrier = carrier.id
    case.return_number = fresh_number(carrier, world.seed, case_id)
    case.sent_back_at = world.now
    waits = {EXCHANGE: EXCHANGE_ASKED, REPAIR: REPAIR_SEND}.get(case.kind, RETURN_ASKED)
    within = 0 if case.kind == REPAIR else world.rule(world.rules.answer_times).inspect_days * 24
    move(world, case, waits, by=BY_BUYER, within_hours=within)
    tell_of(world, "pdd_refund_RefundBuyerReturnGoods", case, 1000)
    if world.scenario.aftersales is not None:
        _return_travels(world, case)
        return
    world.plan(world.now + between(36, 120, world.seed, case_id, TRIP) * HOUR, "return.signed", case_id)
    if case.kind == RETURN_REFUND and share(world.seed, case_id, TRUST) < world.scenario.buyers.trusted_return:
        world.plan(world.now + between(8, 30, world.seed, case_id, TRUST) * HOUR, "return.trusted", case_id)


def _return_travels(world: World, case: Case) -> None:
    """Where cases have a truth: the return arrives, or is lost, or the platform trusts it on its way."""
    held = aftersales(world)
    if pack_return(world, case):
        world.plan(world.now + hours(world, held.returns.hours_on_the_way, case.case_id, TRIP), "return.signed", case.case_id)
    if case.kind == RETURN_REFUND and share(world.seed, case.case_id, TRUST) < held.instant.return_on_the_way:
        world.plan(world.now + hours(world, held.instant.hours_return, case.case_id, TRUST), "return.trusted", case.case_id)


@event("return.trusted")
def return_trusted(world: World, case_id: int) -> None:
    """A returned parcel is on its way with a pickup scan: the platform may refund before the seller has it."""
    case = world.cases.get(case_id)
    if case is not None and case.status == RETURN_ASKED and not case.return_signed_at:
        refund_at_once(world, case)


@event("return.signed")
def return_signed(world: World, case_id: int) -> None:
    """The returned parcel is with the seller: the limit shrinks to a day, unless less was left."""
    case = world.cases.get(case_id)
    if case is None or case.return_signed_at:
        return
    case.return_signed_at = world.now
    times = world.rule(world.rules.answer_times)
    hours = times.exchange_hours if case.kind == EXCHANGE else times.signed_hours
    sooner = world.now + hours * HOUR
    if case.status in (RETURN_ASKED, EXCHANGE_ASKED) and sooner < case.expires_at:
        case.expires_at = sooner
        world.plan(sooner, "case.expired", case_id)
    world.touch_case(case)


@event("replacement.arrives")
def replacement_arrives(world: World, case_id: int) -> None:
    """The buyer has the replacement or the repaired goods, and the case ends well."""
    case = world.cases.get(case_id)
    if case is not None and case.status in (EXCHANGE_UNDERWAY, REPAIR_UNDERWAY):
        move(world, case, EXCHANGE_DONE if case.status == EXCHANGE_UNDERWAY else REPAIR_DONE, by=BY_BUYER)
