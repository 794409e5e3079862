"""The verdict on a product that its reviews raised."""

from zhanggui.core.decide.situation import Situation
from zhanggui.core.say import say
from zhanggui.core.verdicts import Act, Verdict


def look_at_product(situation: Situation) -> Verdict:
    """Look at the goods and the page, and say what was found."""
    because = situation.deadline.because
    check = (
        say("Take a sample from the shelf: is it what the reviews say?"),
        say("Do title, variants and detail text promise what it is? The page of the product compares them."),
        say("Is it one batch, one carrier, one variant? The reviews, joined with their parcels, tell."),
    )
    return situation.verdict(Act.LOOK, say("Look at a product that its reviews raised"), *(() if because is None else (because,)), check=check)
