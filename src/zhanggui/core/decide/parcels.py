"""Verdicts on parcels under way."""

from datetime import timedelta

from zhanggui.core.deadlines import DeadlineState
from zhanggui.core.decide.shipping import ship
from zhanggui.core.decide.situation import Situation
from zhanggui.core.dispatch.shapes import is_back_in_the_house
from zhanggui.core.facts import ScanStage
from zhanggui.core.moments import next_sure_hour
from zhanggui.core.rules import Question
from zhanggui.core.say import Say, say
from zhanggui.core.verdicts import Act, Verdict


def chase_pickup(situation: Situation) -> Verdict:
    """See to it that the carrier has picked the parcel up; where nothing shows it, find out first."""
    if situation.refund_is_open:
        return intercept(situation)
    if situation.known is not None and is_back_in_the_house(situation.known.order, situation.known.dispatch):
        return _send_anew(situation)
    if situation.deadline.state is DeadlineState.UNVERIFIED:
        return _verify(situation)
    reasons = [] if situation.deadline.because is None else [situation.deadline.because]
    headline = say("Chase the carrier: the pickup scan is late") if situation.is_overdue else say("Chase the carrier for the pickup scan")
    check = (
        say("Is the parcel really handed in, with the number that was uploaded?"),
        say("Can the carrier still scan it today? If not, hand it to another and correct the number."),
    )
    return situation.verdict(
        Act.CHASE_PICKUP,
        headline,
        *reasons,
        check=check,
        cites=situation.cites(situation.cite(Question.FIX_NUMBER)),
        message=situation.draft("pickup_chase", promise=next_sure_hour(situation.now)),
        runner_up=Act.LOOK,
    )


def _send_anew(situation: Situation) -> Verdict:
    """The platform shows the order as shipped, but its label is destroyed or its parcel came back, and the buyer asks for the money no more."""
    reasons = (
        say("The platform shows the order as shipped, but its label was destroyed or its parcel came back: nothing is on its way to the buyer."),
        say("No refund is asked any more, so the buyer waits for the goods."),
    )
    check = (
        say("Print a new label: the order stands among those to be printed."),
        say("The new number has to take the place of the old one at the platform; a to-do for that begins with the print."),
    )
    message = situation.draft("reply_general", promise=next_sure_hour(situation.now))
    cites = situation.cites(situation.cite(Question.FIX_NUMBER))
    return situation.verdict(
        Act.SHIP, say("Send the goods once more, under a new number"), *reasons, check=check, cites=cites, message=message, runner_up=Act.LOOK
    )


def chase_parcel(situation: Situation) -> Verdict:
    """Ask the carrier once the parcel has been silent for too long."""
    if situation.refund_is_open and not situation.is_delivered:
        return intercept(situation)
    last = situation.deadline.started_at
    event = say("The last tracking event is from {at}.", at=last)
    if not situation.is_overdue:
        return situation.verdict(
            Act.LOOK, say("Nothing to do yet: the next tracking event is still in time"), event, confirm=False, message=situation.draft("shipped_notice")
        )
    reasons = [event, *_silence(situation)]
    check = (say("Ask the branch where the parcel is, and note the answer."), say("Offer a replacement or a refund if it cannot be found."))
    message = situation.draft("parcel_stalled", last_event=last, promise=next_sure_hour(situation.now))
    cites = situation.cites(situation.cite(Question.SILENCE))
    return situation.verdict(
        Act.CHASE_CARRIER,
        say("The parcel stands still: ask the carrier and tell the buyer"),
        *reasons,
        check=check,
        cites=cites,
        message=message,
        runner_up=Act.APOLOGISE_AND_PROMISE,
    )


def chase_delivery(situation: Situation) -> Verdict:
    """See to it that the goods arrive as promised."""
    if situation.has_left and situation.comes_back:
        return _coming_back(situation)
    if situation.refund_is_open and not situation.is_delivered and situation.has_left:
        return intercept(situation)
    if not situation.has_left:
        return ship(situation)
    if situation.scans and situation.scans[-1].stage is ScanStage.READY_FOR_PICKUP:
        return _waits_for_buyer(situation)
    if not situation.is_overdue:
        return situation.verdict(Act.LOOK, say("On its way: look whether it will arrive in time"), confirm=False, message=situation.draft("shipped_notice"))
    check = (say("Ask the carrier for a delivery time before you name one."),)
    message = situation.draft("delivery_late", promise=next_sure_hour(situation.now))
    return situation.verdict(
        Act.CHASE_CARRIER, say("Late: ask the carrier and tell the buyer"), check=check, message=message, runner_up=Act.APOLOGISE_AND_PROMISE
    )


def _coming_back(situation: Situation) -> Verdict:
    """No delivery can be promised any more; what is left is to settle it."""
    return situation.verdict(
        Act.LOOK,
        say("The parcel is coming back: settle it with the buyer"),
        say("The tracking text says that it was refused or is on its way back; the platform may refund at once."),
        check=(say("Does the buyer want the money back, or the goods once more?"),),
        cites=situation.cites(situation.cite(Question.SILENCE)),
        message=situation.draft("reply_general", promise=next_sure_hour(situation.now)),
        runner_up=Act.ANSWER_REFUND,
    )


def _waits_for_buyer(situation: Situation) -> Verdict:
    """The carrier has done its part; the buyer has only to fetch it."""
    return situation.verdict(
        Act.WAIT_FOR_BUYER,
        say("It waits at the pickup point: remind the buyer"),
        say("The tracking text says that the parcel can be fetched."),
        confirm=False,
        message=situation.draft("ready_for_pickup"),
        runner_up=Act.CHASE_CARRIER,
    )


def intercept(situation: Situation) -> Verdict:
    """The buyer wants the money back while the parcel is under way: have it stopped, and refund once it is coming back."""
    check = (say("Has the carrier confirmed that it will stop the parcel?"), say("Refund once the parcel is on its way back or was refused."))
    return situation.verdict(
        Act.INTERCEPT,
        say("Have the parcel stopped, then answer the refund"),
        say("The buyer has asked for the money back, and the parcel is under way."),
        check=check,
        message=situation.draft("refund_intercept", promise=next_sure_hour(situation.now)),
        runner_up=Act.ANSWER_REFUND,
    )


def _verify(situation: Situation) -> Verdict:
    reasons = () if situation.deadline.because is None else (situation.deadline.because,)
    check = (say("Open the tracking page and look for a pickup scan; paste its text into the order."),)
    headline = say("Check whether the carrier has picked it up")
    return situation.verdict(Act.VERIFY_PICKUP, headline, *reasons, check=check, message=situation.draft("shipped_notice"), runner_up=Act.CHASE_PICKUP)


def _silence(situation: Situation) -> tuple[Say, ...]:
    """That the platform may refund at once, where the silence has lasted that long."""
    rule = situation.rulebook.in_force(Question.SILENCE, at=situation.now)
    if rule is None or rule.term is None:
        return ()
    limit = situation.deadline.started_at + rule.term.length
    if situation.now >= limit:
        return (say("Silent since {at}: the platform may refund the buyer at any moment.", at=situation.deadline.started_at),)
    hours = -(-(limit - situation.now) // timedelta(hours=1))
    return (say("In {hours} hours of further silence the platform may refund the buyer at once.", hours=int(hours)),)
