"""Verdicts on cases that were answered, by us or by the platform, and may not be over yet."""

from zhanggui.core.decide.situation import Situation
from zhanggui.core.say import say
from zhanggui.core.verdicts import Act, Verdict


def wait_for_buyer(situation: Situation) -> Verdict:
    """The request was rejected; whether the platform is called in is for the buyer to decide, and the evidence had better be there by then."""
    return situation.verdict(
        Act.WAIT_FOR_BUYER,
        say("The buyer's turn: they may call in the platform"),
        say("The request was rejected; after the term the case closes by itself."),
        say("If the platform is called in, 48 hours are left for the evidence, which is taken once."),
        check=(say("Are the pictures, the weighing and the chat kept with the order?"),),
        confirm=False,
        message=situation.draft("after_rejection", promise=situation.promise),
        runner_up=Act.LOOK,
    )


def contest_refund(situation: Situation) -> Verdict:
    """The platform refunded at once and the buyer kept the goods: ask them back, and complain in time."""
    return situation.verdict(
        Act.COMPLAIN,
        say("Complain about the instant refund: the buyer has the goods"),
        say("The platform refunded without asking, and nothing shows that the goods come back."),
        check=(
            say("Does the tracking show that the buyer signed for the parcel?"),
            say("Ask the buyer first: some send the goods back or pay."),
        ),
        message=situation.draft("ask_goods_back", promise=situation.promise),
        runner_up=Act.LOOK,
    )
