"""What a claim may bring: the real loss is asked for; the carrier's own terms say what it usually pays at most."""

from datetime import datetime

import msgspec

from zhanggui.core.amounts import reckon
from zhanggui.core.claims.states import Loss, Worth
from zhanggui.core.money import Fen
from zhanggui.core.rules import Question, Rulebook
from zhanggui.core.say import Say, say


class Limit(msgspec.Struct, frozen=True):
    """What the carrier's terms come to, the rule, and how it was reckoned; `fen` is None where the rules or the freight are not known."""

    fen: Fen | None
    rule: str | None
    because: Say


def limit_of(loss: Loss, carrier: str | None, worth: Worth, at: datetime, rulebook: Rulebook) -> Limit:
    """The most that the carrier's own terms promise for this parcel, never more than the goods are worth."""
    declared = "no" if worth.declared_value is None else "yes"
    facts = {"loss": loss.value, "declared": declared} | ({"carrier": carrier} if carrier else {})
    rule = rulebook.in_force(Question.CLAIM_LIMIT, at=at, **facts)
    if rule is None or rule.amount is None:
        return Limit(None, None, say("No limit of this carrier is known; ask for the real loss."))
    reckoned = reckon(rule.amount, worth)
    if reckoned.of is None:
        return Limit(None, rule.cite, say("The limit is counted from the freight of this parcel, which is not known. Enter it."))
    most = Fen(min(reckoned.fen, worth.goods_value))
    if declared == "yes":
        return Limit(
            most, rule.cite, say("Insured at {declared_fen}: up to {most_fen} by the carrier's terms.", declared_fen=worth.declared_value, most_fen=most)
        )
    because = say(
        "Not insured: the carrier's terms usually pay {limit_fen} for {freight_fen} of freight; the law asks for the real loss of {value_fen}.",
        limit_fen=most,
        freight_fen=worth.freight,
        value_fen=worth.goods_value,
    )
    return Limit(most, rule.cite, because)
