"""Verdicts on enrolments: pay the deposit in time, and stay or leave while leaving costs nothing."""

from zhanggui.core.decide.situation import Situation
from zhanggui.core.say import say
from zhanggui.core.verdicts import Act, Verdict


def pay_deposit(situation: Situation) -> Verdict:
    """Have the deposit frozen, and say so on the Activities page."""
    told = situation.deadline.because
    check = (
        say("Does the account hold enough? What is frozen is not there for refunds."),
        say("Paid in the back office? Then say so on the Activities page."),
    )
    return situation.verdict(Act.LOOK, say("Pay the activity's deposit"), *(() if told is None else (told,)), check=check)


def leave_or_stay(situation: Situation) -> Verdict:
    """Decide once more, while leaving costs nothing."""
    told = situation.deadline.because
    check = (
        say("Are there goods enough for what it may sell?"),
        say("Can that many parcels leave in time?"),
    )
    return situation.verdict(Act.LOOK, say("Stay in the activity, or leave it now without loss"), *(() if told is None else (told,)), check=check)
