"""How much money the goods that came back allow to go: never more than what was counted."""

from collections.abc import Mapping, Sequence

import msgspec

from zhanggui.core.facts import AftersaleFacts, AftersaleKind
from zhanggui.core.money import Fen
from zhanggui.core.returns.grades import OURS, PAID_BY_ITSELF, Counted, Ordered, back
from zhanggui.core.say import Say, say

NO_GOODS = say("Nothing has to come back for this refund, so that the goods set no limit to it.")
NOT_COUNTED = say("Nobody has counted the return yet. Count it under Returns, or say there that you pay without the goods.")
FOR_A_PERSON = say("Not all of it came back as it was sent, so that a person has to decide.")
NOT_KNOWN = say("What was ordered is not known, so that the count sets no limit; a person has to decide.")


class Ceiling(msgspec.Struct, frozen=True):
    """The most money that may go back for a case, None where the goods set no limit; and the reason."""

    fen: Fen | None
    because: Say
    by_itself: Fen | None = None
    """The same for the house without a person: worn and damaged goods are for a person to judge."""

    def refuses(self, amount: int, *, by_itself: bool) -> bool:
        """Whether this amount is more than may go."""
        return self.against(amount, by_itself=by_itself) is not None

    def against(self, amount: int, *, by_itself: bool) -> Say | None:
        """Why this amount must not go, None where it may."""
        if self.fen is not None and amount > self.fen:
            return self.because
        return FOR_A_PERSON if by_itself and self.by_itself is not None and amount > self.by_itself else None


def ceiling_of(
    case: AftersaleFacts, ordered: Sequence[Ordered], counted: Sequence[Counted] | None, paid: Fen | None, *, waived_by: str | None = None
) -> Ceiling:
    """The ceiling of a case. `counted` is None where nobody has counted; `paid` is what the whole order cost; `waived_by` pays without the goods."""
    if case.kind is not AftersaleKind.RETURN_AND_REFUND:
        return Ceiling(None, NO_GOODS)
    if waived_by is not None:
        return Ceiling(None, say("{name} decided to pay without the goods.", name=waived_by), Fen(0))
    if counted is None:
        return Ceiling(Fen(0), NOT_COUNTED, Fen(0))
    whole = Fen(paid or case.order_amount or case.refund_amount or 0)
    if not ordered or not whole:
        return Ceiling(None, NOT_KNOWN, Fen(0)) if any(one.grade in OURS for one in counted) else Ceiling(Fen(0), _nothing(), Fen(0))
    ours = back(ordered, counted, OURS)
    most = _worth(ordered, ours, whole, case)
    by_itself = _worth(ordered, back(ordered, counted, PAID_BY_ITSELF), whole, case)
    sent, here = sum(one.quantity for one in ordered), sum(ours.values())
    if not here:
        return Ceiling(Fen(0), _nothing(), Fen(0))
    said = say("Pieces that are back: {here} of {sent}. At most {most_fen} may go.", here=here, sent=sent, most_fen=most)
    return Ceiling(most, said, by_itself)


def _nothing() -> Say:
    return say("None of the pieces that were sent is back: no money may go.")


def _worth(ordered: Sequence[Ordered], here: Mapping[str, int], whole: Fen, case: AftersaleFacts) -> Fen:
    """What these pieces are worth, a part of a fen counted as one; once all are back the goods are in the way of nothing that is asked."""
    if all(here[one.key] >= one.quantity for one in ordered):
        return Fen(max(whole, case.refund_amount or 0))
    # goods without a price, such as gifts, weigh nothing beside those that have one; where none has, every piece weighs the same
    priced = any(one.weight > 0 for one in ordered)
    total = sum(one.weight if priced else one.quantity for one in ordered)
    # over a common denominator, so that nothing is rounded before the end
    common = 1
    for one in ordered:
        common *= max(one.quantity, 1)
    share = sum((one.weight if priced else one.quantity) * here[one.key] * (common // max(one.quantity, 1)) for one in ordered)
    return Fen(-(-whole * share // (total * common)))
