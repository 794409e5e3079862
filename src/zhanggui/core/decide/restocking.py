"""The verdict on goods that are promised beyond what lies there."""

from zhanggui.core.decide.situation import Situation
from zhanggui.core.say import say
from zhanggui.core.verdicts import Act, Verdict


def restock(situation: Situation) -> Verdict:
    """Get the goods before the first order is due; else tell the buyers, those first whose orders are due first."""
    told = situation.deadline.because
    check = (
        say("Count what lies there: is it really too little?"),
        say("Can the goods be here before the first order has to leave? If not, tell its buyer first and offer the money back."),
        say("Take the product off the shelf, or lower what the platform offers, so that it grows no worse."),
    )
    return situation.verdict(
        Act.RESTOCK,
        say("More is promised than there is: get goods, or tell the buyers"),
        *(() if told is None else (told,)),
        say("Nothing late has happened yet; that the goods are missing counts once the orders are due."),
        check=check,
        runner_up=Act.CANCEL_SHIPPING_AND_REFUND,
    )
