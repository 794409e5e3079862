"""Verdicts: the next act for one to-do, with its reasons, what to check, and the message to send."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from zhanggui.core.advice.seat import Seat
from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState
from zhanggui.core.decide.abnormal import look_at_suspect
from zhanggui.core.decide.activities import leave_or_stay, pay_deposit
from zhanggui.core.decide.attention import authorise_again, freshen, reply_to_buyer, reply_to_review
from zhanggui.core.decide.cases import answer_case, hand_in_evidence, inspect_return, wait_for_return
from zhanggui.core.decide.closing import contest_refund, wait_for_buyer
from zhanggui.core.decide.complaints import appeal, file_complaint, look_for_answer
from zhanggui.core.decide.following import chase_again, fix_number, see_to_claim, see_to_recall
from zhanggui.core.decide.money import ask_back, look_in_bank
from zhanggui.core.decide.notices import prepare_for_rule
from zhanggui.core.decide.parcels import chase_delivery, chase_parcel, chase_pickup
from zhanggui.core.decide.products import look_at_product
from zhanggui.core.decide.promises import keep_promise
from zhanggui.core.decide.restocking import restock
from zhanggui.core.decide.shipping import ship
from zhanggui.core.decide.situation import Situation
from zhanggui.core.decide.topping_up import top_up
from zhanggui.core.facts import AftersaleFacts, MessageFacts, ReviewFacts
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.rules import Rulebook
from zhanggui.core.say import say
from zhanggui.core.scripts import Scripts
from zhanggui.core.verdicts import Act, Verdict

_BY_KIND: Mapping[DeadlineKind, Callable[[Situation], Verdict]] = {
    DeadlineKind.SHIP_BY: ship,
    DeadlineKind.PICKUP_BY: chase_pickup,
    DeadlineKind.PARCEL_MOVES: chase_parcel,
    DeadlineKind.DELIVER_BY: chase_delivery,
    DeadlineKind.ANSWER_REFUND: answer_case,
    DeadlineKind.BUYER_SENDS_BACK: wait_for_return,
    DeadlineKind.INSPECT_RETURN: inspect_return,
    DeadlineKind.ANSWER_PLATFORM: hand_in_evidence,
    DeadlineKind.BUYER_CALLS_PLATFORM: wait_for_buyer,
    DeadlineKind.CONTEST_REFUND: contest_refund,
    DeadlineKind.REPLY_BUYER: reply_to_buyer,
    DeadlineKind.ANSWER_REVIEW: reply_to_review,
    DeadlineKind.ASK_NOT_TO_SHIP: look_at_suspect,
    DeadlineKind.FRESHEN_DATA: freshen,
    DeadlineKind.RENEW_TOKEN: authorise_again,
    DeadlineKind.CHASE_AGAIN: chase_again,
    DeadlineKind.CLAIM_BY: see_to_claim,
    DeadlineKind.CLAIM_ANSWER: see_to_claim,
    DeadlineKind.RECALL_CHECK: see_to_recall,
    DeadlineKind.FIX_NUMBER: fix_number,
    DeadlineKind.COMPLAIN_BY: file_complaint,
    DeadlineKind.COMPLAINT_ANSWER: look_for_answer,
    DeadlineKind.APPEAL_BY: appeal,
    DeadlineKind.RESTOCK: restock,
    DeadlineKind.TOP_UP: top_up,
    DeadlineKind.KEEP_PROMISE: keep_promise,
    DeadlineKind.REFUND_DIFFERS: ask_back,
    DeadlineKind.WITHDRAWAL_ARRIVES: look_in_bank,
    DeadlineKind.PAY_DEPOSIT: pay_deposit,
    DeadlineKind.WITHDRAW_BY: leave_or_stay,
    DeadlineKind.RULE_CHANGES: prepare_for_rule,
    DeadlineKind.FIX_PRODUCT: look_at_product,
}


def verdict(
    deadline: Deadline,
    *,
    order: OrderKnowledge | None,
    case: AftersaleFacts | None,
    messages: Sequence[MessageFacts],
    review: ReviewFacts | None,
    now: datetime,
    rulebook: Rulebook,
    scripts: Scripts,
    is_read: bool = False,
    seat: Seat | None = None,
) -> Verdict:
    """What to do next for this deadline. `is_read` says that facts of its kind are read from the platform; `seat` holds what advice on a case rests on."""
    if deadline.state not in (DeadlineState.OPEN, DeadlineState.UNVERIFIED):
        because = () if deadline.because is None else (deadline.because,)
        return Verdict(act=Act.LOOK, headline=say("Nothing is left to do"), because=because, cites=(deadline.rule,), confirm=False)
    situation = Situation(deadline, order, case, tuple(messages), review, now, rulebook, scripts, is_read, seat)
    return _BY_KIND[deadline.kind](situation)
