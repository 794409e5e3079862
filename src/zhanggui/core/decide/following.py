"""Verdicts on what was begun and has to be followed up: chases, claims, recalls, changes of number."""

from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.decide.situation import Situation
from zhanggui.core.moments import next_sure_hour
from zhanggui.core.say import Say, say
from zhanggui.core.verdicts import Act, Verdict


def chase_again(situation: Situation) -> Verdict:
    """Look whether the parcels have moved; ask again, higher up."""
    check = (
        say("Read the parcels' tracking again before you ask."),
        say("A second silence: call the carrier's hotline and note the number of the ticket."),
        say("Seven days without an answer: the postal authority takes complaints (12305)."),
    )
    return situation.verdict(Act.CHASE_CARRIER, say("Ask the carrier again"), *_because(situation), check=check, runner_up=Act.CLAIM)


def see_to_claim(situation: Situation) -> Verdict:
    """File the claim, or press for the answer."""
    if situation.deadline.kind is DeadlineKind.CLAIM_BY:
        check = (
            say("Is the evidence complete? The list stands on the claim."),
            say("Ask for the real loss; the carrier's own terms are only what it usually pays."),
        )
        return situation.verdict(Act.CLAIM, say("File the claim with the carrier"), *_because(situation), check=check, runner_up=Act.CHASE_CARRIER)
    check = (
        say("Has the carrier answered or paid? Note it on the claim."),
        say("No answer within seven days: complain to the postal authority (12305)."),
    )
    return situation.verdict(Act.CLAIM, say("Press for the answer to the claim"), *_because(situation), check=check, runner_up=Act.LOOK)


def see_to_recall(situation: Situation) -> Verdict:
    """The recall's next step."""
    check = (
        say("Look at the parcel's tracking: has it turned back?"),
        say("Refund once the parcel is on its way back or was refused."),
    )
    message = situation.draft("refund_intercept", promise=next_sure_hour(situation.now))
    return situation.verdict(
        Act.INTERCEPT, say("Follow up the recall of the parcel"), *_because(situation), check=check, message=message, runner_up=Act.CHASE_CARRIER
    )


def fix_number(situation: Situation) -> Verdict:
    """Put the number right, and tell the buyer."""
    check = (
        say("Is it the number on the waybill, with the right carrier?"),
        say("Tell the buyer the new number."),
    )
    return situation.verdict(Act.FIX_NUMBER, say("Put the tracking number right"), *_because(situation), check=check, runner_up=Act.LOOK)


def _because(situation: Situation) -> tuple[Say, ...]:
    return () if situation.deadline.because is None else (situation.deadline.because,)
