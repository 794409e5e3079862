"""The verdicts on money that is not where it should be: taken twice, or late at the bank."""

from zhanggui.core.decide.situation import Situation
from zhanggui.core.say import say
from zhanggui.core.verdicts import Act, Verdict


def ask_back(situation: Situation) -> Verdict:
    """Ask the platform for what the bill took beyond the refund; nothing can be taken back here."""
    told = situation.deadline.because
    check = (
        say("Do cases and order name the sum that the buyer really got? Import both again where they are old."),
        say("Is a second refund of the order meant, one outside the case? Then write it down as a cost."),
    )
    return situation.verdict(
        Act.LOOK,
        say("Ask the platform for the difference, with the lines of the bill"),
        *(() if told is None else (told,)),
        say("Nothing comes back unless it is asked for."),
        check=check,
    )


def look_in_bank(situation: Situation) -> Verdict:
    """Look whether the money has come, and say so on the Money page."""
    told = situation.deadline.because
    check = (
        say("Is the money in the bank? Then say on the Money page that it arrived."),
        say("Does the back office show that it failed? Then the money is back in the balance: withdraw it again."),
    )
    return situation.verdict(
        Act.LOOK,
        say("Look whether the withdrawal has arrived"),
        *(() if told is None else (told,)),
        check=check,
    )
