"""The verdict on a rule that is going to change."""

from zhanggui.core.decide.situation import Situation
from zhanggui.core.say import say
from zhanggui.core.verdicts import Act, Verdict


def prepare_for_rule(situation: Situation) -> Verdict:
    """Be ready for the changed rule, and say so; from then on every clock counts by it without further ado."""
    told = situation.deadline.because
    check = (
        say("Does the back office still show the same notice, with the same date and numbers?"),
        say("Do promised hours, print plan and carriers keep the new terms? What last month would have been is on the page of the notice."),
    )
    return situation.verdict(Act.LOOK, say("Be ready for a rule that changes"), *(() if told is None else (told,)), check=check)
