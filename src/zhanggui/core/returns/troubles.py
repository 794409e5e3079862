"""What is wrong with a returned parcel, as far as opening it shows: each is said, and kept as proof. What is just as the buyer complained is no trouble."""

from collections.abc import Sequence
from enum import StrEnum

from zhanggui.core.facts import AftersaleFacts
from zhanggui.core.money import Fen
from zhanggui.core.returns.ceiling import Ceiling
from zhanggui.core.returns.grades import AGAINST, OURS, Counted, Grade, pieces_of

_OTHERS = frozenset({Grade.WRONG, Grade.FOREIGN})


class Trouble(StrEnum):
    """One thing wrong with a returned parcel."""

    EMPTY = "return_empty"
    SHORT = "return_short"
    """Less came back than the money that is asked for is worth."""
    WRONG = "return_wrong"
    """Other goods than were sent."""
    UNSALEABLE = "return_unsaleable"


def troubles_of(
    case: AftersaleFacts | None, counted: Sequence[Counted], ceiling: Ceiling | None, *, as_complained: frozenset[Grade] = frozenset()
) -> tuple[Trouble, ...]:
    """Everything wrong, the worst first."""
    pieces = sum(one.pieces for one in counted)
    if not pieces:
        return (Trouble.EMPTY,)
    against, counts = AGAINST - as_complained, OURS | as_complained
    found = []
    if pieces_of(counted, against & _OTHERS):
        found.append(Trouble.WRONG)
    if case is not None and ceiling is not None and ceiling.fen is not None and pieces_of(counted, counts) and ceiling.fen < (case.refund_amount or 0):
        found.append(Trouble.SHORT)
    if pieces_of(counted, against - _OTHERS):
        found.append(Trouble.UNSALEABLE)
    return tuple(found)


def at_stake(case: AftersaleFacts | None, ceiling: Ceiling | None) -> Fen:
    """The money that would go for goods that are neither back as they were sent nor as the buyer complained."""
    asked = (case.refund_amount if case else None) or 0
    if ceiling is None or ceiling.by_itself is None:
        return Fen(0)
    surely = ceiling.by_itself if ceiling.undisputed is None else ceiling.undisputed
    return Fen(max(asked - surely, 0))
