"""Verdicts on after-sales cases."""

from datetime import datetime, timedelta

import msgspec

from zhanggui.core.advice.advising import advise
from zhanggui.core.advice.seat import Seat, case_to_advise, has_left
from zhanggui.core.cases.arrival import return_delivered_at, says_delivered
from zhanggui.core.cases.no_reason import ends_at
from zhanggui.core.clocks.cases import AGREED
from zhanggui.core.clocks.shipping import GOODS_AGAIN
from zhanggui.core.decide.shipping import do_not_ship
from zhanggui.core.decide.situation import Situation
from zhanggui.core.dispatch.shapes import has_not_gone
from zhanggui.core.disputes.course import course_of
from zhanggui.core.disputes.states import DisputeState
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, OrderFacts
from zhanggui.core.moments import next_sure_hour
from zhanggui.core.rules import Question
from zhanggui.core.say import Say, say
from zhanggui.core.scripts import Both
from zhanggui.core.verdicts import Act, Verdict

_KNOWN = frozenset(AftersaleKind) - {AftersaleKind.UNKNOWN}
_FILLED_HERE = frozenset({"title", "carrier", "tracking_no", "promise", "due", "refund_fen"})


def answer_case(situation: Situation) -> Verdict:
    """Answer the buyer's request: the cheapest lawful way, by where the goods are and what is asked."""
    case = situation.case
    if case is None:
        return situation.verdict(Act.LOOK, say("Look the case up: its facts are missing"), confirm=False)
    if case.kind not in _KNOWN:
        reason = say("The kind of case {kind} is not one we know; the shortest term is taken.", kind=case.kind_text or "")
        headline = say("Look the case up: we do not know its kind")
        return situation.verdict(Act.LOOK, headline, reason, message=situation.draft("reply_general"), runner_up=Act.ANSWER_REFUND)
    if case.kind not in GOODS_AGAIN and _never_left(situation, case):
        judged = _advised(situation, case)
        if judged.act is Act.LOOK:
            return advised_verdict(situation, case)
        return _beside(do_not_ship(situation, situation.order or OrderFacts(order_no=case.order_no or "")), judged)
    return advised_verdict(situation, case)


def advised_verdict(situation: Situation, case: AftersaleFacts) -> Verdict:
    """The advice as a verdict of the to-do: with the time left and the money at risk."""
    facts = case_to_advise(case, situation.known, situation.seat or Seat.bare(situation.rulebook), situation.deadline.due_at, situation.now, situation.rulebook)
    if facts.refund_amount <= 0:
        reason = say("No source tells how much money it is about, so nothing can be weighed.")
        headline = say("Look the case up: its sum is missing")
        return situation.verdict(Act.LOOK, headline, reason, message=situation.draft("reply_general"), runner_up=Act.ANSWER_REFUND)
    judged = _advised(situation, case)
    return msgspec.structs.replace(
        judged,
        because=(*judged.because, *_within_a_week(situation), situation.time_left, *situation.money),
        cites=situation.cites(*judged.cites),
        until=None if situation.is_overdue else situation.deadline.due_at,
    )


def _advised(situation: Situation, case: AftersaleFacts) -> Verdict:
    seat = situation.seat or Seat.bare(situation.rulebook)
    facts = case_to_advise(case, situation.known, seat, situation.deadline.due_at, situation.now, situation.rulebook)
    more = {name: fill for name, fill in situation.usual_fills().items() if name in _FILLED_HERE}
    return advise(facts, seat.terms, situation.rulebook, situation.now, scripts=situation.scripts, more=more)


def _beside(told: Verdict, judged: Verdict) -> Verdict:
    """A verdict with what was weighed, where the advice is the same."""
    return msgspec.structs.replace(told, weighed=judged.weighed, alone=judged.alone) if told.act is judged.act else told


def _never_left(situation: Situation, case: AftersaleFacts) -> bool:
    """Whether the goods are here, by what was done in the house or, where nothing was, by what the platform shows."""
    known = situation.known
    if case.kind is AftersaleKind.REFUND_ONLY and known is not None and has_not_gone(known.order, known.dispatch):
        return True
    return not has_left(case, known, situation.rulebook.advice)


def wait_for_return(situation: Situation) -> Verdict:
    """It is the buyer's turn; a friendly reminder is all there is to do."""
    return situation.verdict(
        Act.WAIT_FOR_BUYER,
        say("The buyer's turn: wait for the return number"),
        say("The return is agreed; after the term the case closes by itself."),
        confirm=False,
        message=situation.draft("return_reminder"),
        runner_up=Act.LOOK,
    )


def inspect_return(situation: Situation) -> Verdict:
    """Inspect the return once it is here, and refund or refuse in time."""
    case = situation.case
    if case is not None and (case.kind is AftersaleKind.REFUND_ONLY or _is_opened(situation, case)):
        return advised_verdict(situation, case)
    delivered_at = None if case is None else return_delivered_at(case, situation.known)
    if delivered_at is None and not (case is not None and says_delivered(case)):
        return _await_return(situation, case)
    if case is not None and case.kind in GOODS_AGAIN:
        return _inspect_exchange(situation, delivered_at)
    checks = (
        say("Open the parcel on camera: is everything there and unworn?"),
        say("If something is wrong, keep the pictures and refuse with the reason before the deadline."),
    )
    cites = situation.cites(situation.cite(Question.LAW, duty="refund_after_return"))
    message = situation.draft("return_received", promise=next_sure_hour(situation.now))
    return situation.verdict(
        Act.INSPECT_RETURN,
        say("Inspect the return and refund"),
        _arrival(delivered_at),
        check=checks,
        cites=cites,
        message=message,
        runner_up=Act.HAND_IN_EVIDENCE,
    )


def _is_opened(situation: Situation, case: AftersaleFacts) -> bool:
    """Whether somebody has opened the return, or knows that it will not come."""
    beside = situation.seat.beside.get(case.case_no) if situation.seat is not None else None
    return beside is not None and (beside.return_grade is not None or beside.return_is_lost)


def _await_return(situation: Situation, case: AftersaleFacts | None) -> Verdict:
    """The parcel is not here yet."""
    silent_since = None if case is None else _silent_since(situation, case)
    if silent_since is not None:
        return _return_stands_still(situation, silent_since)
    wants_goods = case is not None and case.kind in GOODS_AGAIN
    pending = (
        say("No delivery of the return is known yet; the term for the goods sent in exchange begins with it.")
        if wants_goods
        else say("No delivery of the return is known yet; once it is delivered, 24 hours are left.")
    )
    check = (say("Look at the return's tracking: has it arrived?"),)
    headline = say("The return is on its way: be ready to inspect it")
    message = situation.draft("exchange_on_way" if wants_goods else "return_on_way")
    return situation.verdict(Act.INSPECT_RETURN, headline, pending, check=check, message=message, runner_up=Act.WAIT_FOR_BUYER)


UNREAD_FOR = timedelta(days=5)
"""A return parcel of which no event was ever read is given so long: nobody may have looked, and the seven days to deal with it are not over yet."""


def _silent_since(situation: Situation, case: AftersaleFacts) -> datetime | None:
    """Since when nothing was heard of the return parcel, where that is longer than the shop's terms bear; None where it moves, or nobody knows."""
    known = situation.known
    told = [] if known is None else [scan.at for scan in known.scans if scan.tracking_no == case.return_tracking_no]
    last = max(told, default=case.return_sent_at or (None if known is None else known.cases_entered.get(case.case_no)))
    seat = situation.seat or Seat.bare(situation.rulebook)
    bears = timedelta(hours=seat.terms.lost_after_hours) if told else UNREAD_FOR
    return last if last is not None and situation.now - last >= bears else None


def _return_stands_still(situation: Situation, since: datetime) -> Verdict:
    """The parcel is on its way and does not come: when the time runs out the buyer is paid, and only the carrier can be asked for the goods."""
    rule = situation.rulebook.in_force(Question.CLAIM_LOST, at=since)
    is_lost = rule is not None and rule.term is not None and situation.now - since >= rule.term.length
    headline = say("The return parcel counts as lost: claim it from its carrier") if is_lost else say("The return parcel stands still: ask its carrier")
    check = (
        say("Extend the time to receive in the back office before it runs out: silence pays the buyer."),
        say("Was it handed over at all? The buyer has the slip with the number."),
        say("The claim begins on the page of the case; the receiver may claim too."),
    )
    return situation.verdict(
        Act.CLAIM if is_lost else Act.CHASE_CARRIER,
        headline,
        say("Nothing was heard of the return parcel since {at}.", at=since),
        check=check,
        cites=situation.cites(*(() if rule is None else (rule.cite,))),
        message=situation.draft("advice_return_lost", promise=situation.promise) if is_lost else situation.draft("return_on_way"),
        runner_up=Act.INSPECT_RETURN,
    )


def _inspect_exchange(situation: Situation, delivered_at: datetime | None) -> Verdict:
    """The buyer waits for goods, so no refund may be promised."""
    checks = (
        say("Open the parcel on camera: is everything there and unworn?"),
        say("Is what the buyer needs in stock?"),
        say("If something is wrong, keep the pictures and refuse with the reason before the deadline."),
    )
    return situation.verdict(
        Act.INSPECT_RETURN,
        say("Inspect the return and send the goods in exchange"),
        _arrival(delivered_at),
        check=checks,
        message=situation.draft("exchange_received", promise=situation.promise),
        runner_up=Act.HAND_IN_EVIDENCE,
    )


def hand_in_evidence(situation: Situation) -> Verdict:
    """Hand in the evidence: one submission, three pictures."""
    case, order = situation.case, situation.order
    check = (
        say("Only one submission is taken: gather everything first."),
        say("Three pictures at most, originals, uncropped; the chat must show the whole course with its times."),
    )
    facts = course_of(order, case, () if situation.known is None else situation.known.scans)
    message = situation.draft(
        "evidence_note",
        order_no=situation.deadline.order_no or Both("见售后单", "as in the case"),
        case_no=situation.deadline.subject.no,
        facts_zh=facts.zh,
        facts_en=facts.en,
    )
    reason = say("The platform decides the case; without evidence the buyer is refunded.")
    is_agreed = situation.deadline.because == AGREED
    headline = say("Make sure that the buyer withdraws, or hand in the evidence") if is_agreed else say("Hand in the evidence")
    told = situation.verdict(Act.HAND_IN_EVIDENCE, headline, reason, *_how_far(situation, case), check=check, message=message, runner_up=Act.AGREE_REFUND)
    if case is None or case.kind not in _KNOWN or case.kind in GOODS_AGAIN:
        return told
    judged = advised_verdict(situation, case)
    if judged.act is Act.AGREE_REFUND:
        return msgspec.structs.replace(judged, because=(*_how_far(situation, case), *judged.because))
    return _beside(told, judged)


def _how_far(situation: Situation, case: AftersaleFacts | None) -> tuple[Say, ...]:
    """How far the evidence is, where somebody has begun to gather it; that settling with the buyer alone ends nothing."""
    if situation.deadline.because == AGREED:
        return (AGREED,)
    seen = None if case is None or situation.known is None else situation.known.disputes.get(case.case_no)
    return () if seen is None or seen.state is DisputeState.GATHERING else (say("The evidence: {state}.", state=seen.state.value),)


def _within_a_week(situation: Situation) -> tuple[Say, ...]:
    """That the seven days of the law still run, or have passed, where the receipt is known."""
    order, case = situation.order, situation.case
    rule = situation.rulebook.in_force(Question.LAW, at=situation.now, duty="no_reason_return")
    if order is None or case is None or order.received_at is None or case.applied_at is None or rule is None or rule.term is None:
        return ()
    if case.applied_at < ends_at(order.received_at, rule.term.length):
        return (say("It was asked within seven days of receipt, in which no reason is needed."),)
    return (say("It was asked more than seven days after receipt."),)


def _arrival(delivered_at: datetime | None) -> Say:
    if delivered_at is None:
        return say("The return shows as delivered, but no file says when: it was no later than the data that first showed it, so it counts from those.")
    return say("The return was delivered at {at}.", at=delivered_at)
