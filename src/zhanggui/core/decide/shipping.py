"""Verdicts on orders that have yet to leave."""

from datetime import datetime, timedelta

from zhanggui.core.clocks.attention import last_turn
from zhanggui.core.decide.situation import Situation, ship_promise
from zhanggui.core.dispatch.moves import DispatchState
from zhanggui.core.dispatch.shapes import Dispatch
from zhanggui.core.facts import OrderFacts, OrderStage, RefundState
from zhanggui.core.moments import next_sure_hour
from zhanggui.core.rules import Question
from zhanggui.core.say import Say, say
from zhanggui.core.verdicts import Act, Draft, Verdict

_SHORT = timedelta(hours=1)
"""So little time that a promise may not be kept."""


def ship(situation: Situation) -> Verdict:
    """Ship it, unless the buyer wants the money back, the platform forbids it, or we do not understand its state."""
    order = situation.order
    if order is None:
        return situation.verdict(Act.LOOK, say("Look the order up: its facts are missing"), confirm=False)
    if situation.disputed_case is not None:
        return _wait_for_ruling(situation)
    if situation.refund_is_open or order.refund is RefundState.OPEN:
        return do_not_ship(situation, order)
    if order.under_review:
        return _hold(situation, "under_review", say("The platform is still reviewing the order; it must not be shipped."))
    if order.on_hold:
        return _hold(situation, "on_hold", say("The platform has put shipping on hold; it must not be shipped."))
    if order.stage is OrderStage.UNKNOWN or order.stage is None:
        reason = say("The status word {status} is not one we know.", status=order.status_text or "")
        return situation.verdict(
            Act.LOOK,
            say("Look it up before shipping: its state is unclear"),
            reason,
            runner_up=Act.SHIP,
            message=situation.draft("ship_soon", promise=ship_promise(situation.ship_by, situation.now)),
        )
    ship_by = situation.ship_by
    return _late(situation, order, ship_by) if situation.now > ship_by else _in_time(situation, order, ship_by)


def do_not_ship(situation: Situation, order: OrderFacts) -> Verdict:
    """The buyer wants the money back before the goods have left: stop the parcel first, then refund."""
    case = situation.refund_case or situation.case
    asked = (
        say("The buyer asked for the money back at {applied_at}.", applied_at=case.applied_at)
        if case is not None and case.applied_at
        else say("The buyer has asked for the money back.")
    )
    message = situation.draft("refund_unshipped")
    dispatch = situation.known.dispatch if situation.known is not None else None
    if dispatch is not None and dispatch.is_about:
        return _stop_on_its_way(situation, dispatch, asked, message)
    check = [say("Is the parcel still in the house? If the carrier already has it, intercept it instead.")]
    if order.tracking_no is not None:
        printed = say("A waybill {tracking_no} exists already: a parcel with it must not leave.", tracking_no=order.tracking_no)
        check.insert(0, say("Take the parcel out of the outgoing pile and destroy its label before you agree."))
        headline, act = say("Do not ship: destroy the waybill, then refund"), Act.DESTROY_WAYBILL_AND_REFUND
        return situation.verdict(act, headline, asked, printed, check=tuple(check), message=message, runner_up=Act.INTERCEPT)
    headline, act = say("Do not ship: take it off the packing list, then refund"), Act.CANCEL_SHIPPING_AND_REFUND
    unprinted = (
        say("No waybill exists yet, so nothing has to be stopped on its way.")
        if situation.order is not None
        else say("The order's own facts are missing: look whether a waybill was printed.")
    )
    return situation.verdict(act, headline, asked, unprinted, check=tuple(check), message=message, runner_up=Act.LOOK)


def _stop_on_its_way(situation: Situation, dispatch: Dispatch, asked: Say, message: Draft | None) -> Verdict:
    """The same by what was done with the order in this house: whoever printed, packed or handed it over said so here."""
    match dispatch.state:
        case DispatchState.HANDED_OVER:
            left = say("It was handed to the carrier at {at}.", at=dispatch.handed_at)
            checks = (say("Has the carrier confirmed that it will stop the parcel?"), say("Refund once the parcel is on its way back or was refused."))
            headline = say("Have the parcel stopped, then answer the refund")
            return situation.verdict(Act.INTERCEPT, headline, asked, left, check=checks, message=message, runner_up=Act.ANSWER_REFUND)
        case DispatchState.DESTROYED | DispatchState.RECALLED:
            is_back = say("The label was destroyed at {at}, so nothing can leave.", at=dispatch.destroyed_at)
            came_back = say("The parcel has been back in the house since {at}.", at=dispatch.recalled_at)
            gone = is_back if dispatch.state is DispatchState.DESTROYED else came_back
            headline = say("Nothing can leave any more: refund")
            return situation.verdict(Act.CANCEL_SHIPPING_AND_REFUND, headline, asked, gone, message=message, runner_up=Act.LOOK)
        case _:
            about = (
                say("Its label was printed at {at}: the parcel stands on the destroy list.", at=dispatch.printed_at)
                if dispatch.printed_at
                else say("Its label was being printed at {at}, and nobody has said what came out.", at=dispatch.slot_at)
            )
            check = (say("Find the parcel, destroy its label and say so on the destroy list; only then can the money go back."),)
            headline = say("Do not ship: destroy the waybill, then refund")
            return situation.verdict(Act.DESTROY_WAYBILL_AND_REFUND, headline, asked, about, check=check, message=message, runner_up=Act.INTERCEPT)


def _wait_for_ruling(situation: Situation) -> Verdict:
    """The platform decides about the money: what leaves now may be lost together with it."""
    return situation.verdict(
        Act.HOLD,
        say("Do not ship: the platform is deciding the refund"),
        say("The platform has stepped in on a refund of this order; goods that leave now may be lost together with the money."),
        check=(say("Has the evidence been handed in? Ship only once the ruling is for you."),),
        message=situation.draft("reply_general", promise=next_sure_hour(situation.now)),
        runner_up=Act.HAND_IN_EVIDENCE,
    )


def _hold(situation: Situation, hold: str, reason: Say) -> Verdict:
    rule = situation.rulebook.in_force(Question.MAY_SHIP, at=situation.now, hold=hold)
    reasons = [reason]
    if rule is not None:
        runs_on = say("Whether the term pauses meanwhile is not known; it is taken to run on.")
        reasons.append(runs_on if rule.clock_runs else say("By this rule the term pauses meanwhile."))
    return situation.verdict(
        Act.HOLD,
        say("Do not ship yet: wait for the platform"),
        *reasons,
        cites=situation.cites(None if rule is None else rule.cite),
        check=(say("Look in the back office whether the order has been released."),),
        message=situation.draft("on_hold", promise=next_sure_hour(situation.now)),
        runner_up=Act.LOOK,
    )


def _late(situation: Situation, order: OrderFacts, ship_by: datetime) -> Verdict:
    check = (say("Can the promised time be kept? Change it in the message if not."), say("Is it in stock at all? If not, tell the buyer so and refund."))
    return situation.verdict(
        Act.APOLOGISE_AND_PROMISE,
        say("Ship at once and tell the buyer when"),
        *_chased(situation),
        *_spared(order),
        check=check,
        message=situation.draft("ship_late", due=ship_by, promise=ship_promise(ship_by, situation.now)),
        runner_up=Act.CANCEL_SHIPPING_AND_REFUND,
    )


def _in_time(situation: Situation, order: OrderFacts, ship_by: datetime) -> Verdict:
    if order.tracking_no is not None:
        headline, script = say("Hand it over and upload the number"), "number_missing"
        reasons = [say("The number {tracking_no} exists but the order is not marked as shipped.", tracking_no=order.tracking_no)]
    else:
        headline, script, reasons = say("Ship it"), "ship_soon", [say("Paid, the group has formed, and nothing forbids shipping.")]
    check = [say("Is it in stock, and does the address look complete?")]
    if ship_by - situation.now < _SHORT:
        check.append(say("Can the promised time be kept? Change it in the message if not."))
    return situation.verdict(
        Act.SHIP,
        headline,
        *reasons,
        *_chased(situation),
        *_spared(order),
        check=tuple(check),
        message=situation.draft(script, promise=ship_promise(ship_by, situation.now)),
        runner_up=Act.APOLOGISE_AND_PROMISE,
    )


def _chased(situation: Situation) -> tuple[Say, ...]:
    """That the buyer is waiting for an answer, where that is so."""
    turn = last_turn(situation.messages)
    if turn is None or turn[1] is not None:
        return ()
    return (say("The buyer wrote at {at} and waits for an answer.", at=turn[0].at),)


def _spared(order: OrderFacts) -> tuple[Say, ...]:
    return (say("The platform lets this order leave late: its region has no service at the moment."),) if order.delay_allowed else ()
