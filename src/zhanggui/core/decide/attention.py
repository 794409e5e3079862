"""Verdicts on what waits for an answer: buyers, reviews, and our own data."""

from datetime import datetime

import msgspec

from zhanggui.core.clocks.attention import last_turn
from zhanggui.core.clocks.shipping import ship_due
from zhanggui.core.decide.situation import Situation, ship_promise
from zhanggui.core.facts import MessageFacts, OrderStage, RefundState
from zhanggui.core.moments import next_sure_hour
from zhanggui.core.rules import Question
from zhanggui.core.say import Say, say
from zhanggui.core.verdicts import Act, Draft, Verdict

_SHIP_CHASE = ("发货", "什么时候发", "啥时候发", "还没发", "催", "发出")
_PARCEL_CHASE = ("物流", "快递", "到哪", "没动", "不动", "什么时候到", "几天到", "没收到", "单号")
_REFUND = ("退款", "退货", "退钱", "换货", "质量", "坏", "破")
_WORST_MIDDLING = 3
_BUYER_WROTE = say("The buyer wrote: {text}").text


def quotes_buyer(reason: Say) -> bool:
    """Whether the reason repeats what a buyer wrote: it is for the shop's own pages, and leaves by no channel."""
    return reason.text == _BUYER_WROTE


def without_talk(verdict: Verdict) -> Verdict:
    """The verdict on a waiting buyer for somebody who may not read what buyers write to the shop."""
    return msgspec.structs.replace(verdict, because=tuple(reason for reason in verdict.because if not quotes_buyer(reason)))


def reply_to_buyer(situation: Situation) -> Verdict:
    """Answer the buyer, in words that fit what is asked and where the goods are."""
    turn = last_turn(situation.messages)
    if turn is None:
        return situation.verdict(Act.REPLY, say("Answer the buyer"), message=situation.draft("reply_general", promise=next_sure_hour(situation.now)))
    asked = turn[0]
    reasons = (say("The buyer wrote: {text}", text=asked.text), say("Only a person's answer counts, not a bot's."))
    check = (say("Can the promised time be kept? Change it in the message if not."),)
    return situation.verdict(
        Act.REPLY, say("Answer the buyer now"), *reasons, *_case_opened(situation), check=check, message=_answer(situation, asked), runner_up=Act.LOOK
    )


def reply_to_review(situation: Situation) -> Verdict:
    """Answer the review in public, and see to the cause."""
    review = situation.review
    score = review.score if review is not None else None
    reasons = [] if score is None else [say("The buyer gave {score} of 5.", score=score)]
    if review is not None and review.text:
        reasons.append(say("The buyer wrote: {text}", text=review.text))
    check = (
        say("Never offer money, a gift or a coupon for a better rating: that is unlawful."),
        say("Name no order number and no personal data in a public answer."),
    )
    cites = situation.cites(situation.cite(Question.LAW, duty="no_reward_for_praise"))
    script = "review_middling" if score == _WORST_MIDDLING else "review_bad"
    return situation.verdict(
        Act.ANSWER_REVIEW, say("Answer the review"), *reasons, check=check, cites=cites, message=situation.draft(script), runner_up=Act.REPLY
    )


def freshen(situation: Situation) -> Verdict:
    """Export once more, since what we know has grown old; where it is read from the platform, see what keeps it."""
    if situation.is_read:
        as_of = situation.deadline.started_at
        reasons = (
            say("The platform has been read up to {as_of} only; deadlines may have been met or begun since.", as_of=as_of),
            say("The worker goes on by itself; the Settings page tells what keeps it."),
        )
        return situation.verdict(Act.LOOK, say("See why the platform is not being read"), *reasons, confirm=False)
    reason = say("What we know is from {as_of}; deadlines may have been met or begun since.", as_of=situation.deadline.started_at)
    return situation.verdict(Act.EXPORT_AGAIN, say("Export again and import the file"), reason, confirm=False)


def authorise_again(situation: Situation) -> Verdict:
    """Have the shop authorise us again on the platform's page; nobody else can."""
    deadline = situation.deadline
    reasons = () if deadline.because is None else (deadline.because,)
    check = (say("Sign in at the platform as this very shop; the house refuses any other that comes back."),)
    cites = situation.cites(situation.cite(Question.AUTHORISATION))
    headline = say("Connect the shop to the platform again")
    return Verdict(act=Act.AUTHORISE_AGAIN, headline=headline, because=(*reasons, say("Orders and cases are not read without it.")), check=check, cites=cites)


def _answer(situation: Situation, asked: MessageFacts) -> Draft | None:
    """The first of the fitting scripts whose slots can all be filled."""
    for script in (*_scripts(situation, asked.text), "reply_general"):
        draft = situation.draft(script, promise=_ship_promise(situation) if script == "reply_ship_chase" else next_sure_hour(situation.now))
        if draft is not None:
            return draft
    return None


def _ship_promise(situation: Situation) -> datetime:
    """When the order can be promised to leave; where no term is known, the next sure hour."""
    due = None if situation.known is None else ship_due(situation.known, situation.rulebook)
    return next_sure_hour(situation.now) if due is None else ship_promise(due.due_at, situation.now)


def _scripts(situation: Situation, text: str) -> tuple[str, ...]:
    if situation.refund_is_open or situation.disputed_case is not None or situation.ended is not None:
        return ()  # neither a shipping time nor an invitation to ask for what was asked already
    if any(word in text for word in _REFUND):
        return ("reply_refund",)
    if not any(word in text for word in (*_PARCEL_CHASE, *_SHIP_CHASE)):
        return ()
    if situation.has_left:
        return ("reply_parcel_chase",)
    if _must_wait(situation):
        return ("on_hold",)
    return ("reply_ship_chase",) if _is_to_ship(situation) else ()


def _is_to_ship(situation: Situation) -> bool:
    """Whether the order waits to be shipped, so that a moment can be promised: its group has formed, and no money is asked back."""
    order = situation.order
    return order is not None and order.stage in (OrderStage.TO_SHIP, None) and order.refund is not RefundState.OPEN


def _must_wait(situation: Situation) -> bool:
    """Whether the platform forbids shipping at the moment, so that no shipping time can be promised."""
    order = situation.order
    return order is not None and bool(order.under_review or order.on_hold)


def _case_opened(situation: Situation) -> tuple[Say, ...]:
    return (say("The buyer has also asked for the money back."),) if situation.refund_is_open else ()
