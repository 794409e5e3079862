"""The verdict on an account whose numbers come to an end."""

from zhanggui.core.decide.situation import Situation
from zhanggui.core.say import say
from zhanggui.core.verdicts import Act, Verdict


def top_up(situation: Situation) -> Verdict:
    """Buy numbers from the branch before they end; nobody can buy them here."""
    told = situation.deadline.because
    check = (
        say("Is a top-up on its way already? Say on the Waybills page what was bought, or have the platform asked."),
        say("Until it is there, take numbers from an account with another carrier."),
    )
    return situation.verdict(
        Act.TOP_UP,
        say("Buy waybill numbers from the branch"),
        *(() if told is None else (told,)),
        say("A top-up needs a working day; a batch without numbers is not printed."),
        check=check,
    )
