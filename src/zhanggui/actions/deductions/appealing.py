"""What to write to the platform about a wrong deduction."""

from zhanggui.actions.deductions.checking import CheckedDeduction
from zhanggui.core.bill import Judgment
from zhanggui.core.say import say
from zhanggui.words import Catalog


def appeal_of(checked: CheckedDeduction, words: Catalog) -> str | None:
    """The text of the appeal in the language of these words; None where there is nothing to appeal against."""
    judged = checked.judged
    if judged.judgment is not Judgment.WRONG:
        return None
    deduction = judged.deduction
    opening = say(
        "Order {order_no}: {charged_fen} was deducted for {finding} on {at}; we ask for a review.",
        order_no=checked.order_no,
        charged_fen=deduction.charged,
        finding=deduction.finding,
        at=deduction.at,
    )
    asked = say("By the rule it should have been {expected_fen}. Please give back {back_fen}.", expected_fen=judged.expected or 0, back_fen=judged.too_much)
    return "\n".join(words.render(sentence) for sentence in (opening, *judged.because, asked))
