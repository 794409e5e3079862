"""How much money the goods that came back allow to go: never more than what was counted."""

from collections.abc import Mapping, Sequence

import msgspec

from zhanggui.core.facts import AftersaleFacts, AftersaleKind
from zhanggui.core.money import Fen
from zhanggui.core.returns.grades import OURS, PAID_BY_ITSELF, Counted, Grade, Ordered, back, pieces_of
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
    """The same for the house without a person: worn, damaged and wrong goods are for a person to judge."""
    undisputed: Fen | None = None
    """The same by what is whole or just as the buyer complained: only the rest is to be complained about."""

    def refuses(self, amount: int, *, by_itself: bool) -> bool:
        """Whether this amount is more than may go."""
        return self.against(amount, by_itself=by_itself) is not None

    def against(self, amount: int, *, by_itself: bool) -> Say | None:
        """Why this amount must not go, None where it may."""
        if self.fen is not None and amount > self.fen:
            return self.because
        return FOR_A_PERSON if by_itself and self.by_itself is not None and amount > self.by_itself else None


def ceiling_of(
    case: AftersaleFacts,
    ordered: Sequence[Ordered],
    counted: Sequence[Counted] | None,
    paid: Fen | None,
    *,
    waived_by: str | None = None,
    as_complained: frozenset[Grade] = frozenset(),
) -> Ceiling:
    """The ceiling of a case. `counted` is None where nobody has counted; `paid` is what the whole order cost; `waived_by` pays all the same.

    What came back `as_complained` counts for a person, though it be other goods than those ordered.
    """
    if case.kind is not AftersaleKind.RETURN_AND_REFUND:
        return Ceiling(None, NO_GOODS)
    if waived_by is not None:
        return Ceiling(None, say("{name} decided to pay all the same: what came back sets no limit.", name=waived_by), Fen(0))
    if counted is None:
        return Ceiling(Fen(0), NOT_COUNTED, Fen(0))
    ours = OURS | as_complained
    whole = Fen(paid or case.order_amount or case.refund_amount or 0)
    if not ordered or not whole:
        return Ceiling(None, NOT_KNOWN, Fen(0)) if any(one.grade in ours for one in counted) else Ceiling(Fen(0), _nothing(), Fen(0))
    most, by_itself, undisputed = (
        _worth(ordered, back(ordered, counted, grades), whole, case) for grades in (ours, PAID_BY_ITSELF, PAID_BY_ITSELF | as_complained)
    )
    sent, here = sum(one.quantity for one in ordered), sum(back(ordered, counted, ours).values())
    if not here:
        return Ceiling(Fen(0), _nothing(), Fen(0))
    return Ceiling(most, _said(here, sent, most, has_wrong=bool(pieces_of(counted, ours & {Grade.WRONG}))), by_itself, undisputed)


def _said(here: int, sent: int, most: Fen, *, has_wrong: bool) -> Say:
    """What the count comes to, and whether goods count that were never ordered."""
    if has_wrong:
        return say(
            "Other goods came back, as the buyer complained, and count as those ordered: {here} of {sent} pieces. At most {most_fen} may go.",
            here=here,
            sent=sent,
            most_fen=most,
        )
    return say("Pieces that are back: {here} of {sent}. At most {most_fen} may go.", here=here, sent=sent, most_fen=most)


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
