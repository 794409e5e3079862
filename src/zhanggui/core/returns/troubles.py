"""What is wrong with a returned parcel, as far as opening it shows: each is said, and kept as proof."""

from collections.abc import Sequence
from enum import StrEnum

from zhanggui.core.facts import AftersaleFacts
from zhanggui.core.money import Fen
from zhanggui.core.returns.ceiling import Ceiling
from zhanggui.core.returns.grades import OURS, Counted, Grade, pieces_of


class Trouble(StrEnum):
    """One thing wrong with a returned parcel."""

    EMPTY = "return_empty"
    SHORT = "return_short"
    """Less came back than the money that is asked for is worth."""
    WRONG = "return_wrong"
    """Other goods than were sent."""
    UNSALEABLE = "return_unsaleable"


def troubles_of(case: AftersaleFacts | None, counted: Sequence[Counted], ceiling: Ceiling | None) -> tuple[Trouble, ...]:
    """Everything wrong, the worst first."""
    pieces = sum(one.pieces for one in counted)
    if not pieces:
        return (Trouble.EMPTY,)
    found = []
    if pieces_of(counted, frozenset({Grade.WRONG, Grade.FOREIGN})):
        found.append(Trouble.WRONG)
    if case is not None and ceiling is not None and ceiling.fen is not None and pieces_of(counted, OURS) and ceiling.fen < (case.refund_amount or 0):
        found.append(Trouble.SHORT)
    if pieces_of(counted, frozenset({Grade.WORN, Grade.DAMAGED})):
        found.append(Trouble.UNSALEABLE)
    return tuple(found)


def at_stake(case: AftersaleFacts | None, ceiling: Ceiling | None) -> Fen:
    """The money that would go for goods that are not back as they were sent."""
    asked = (case.refund_amount if case else None) or 0
    return Fen(max(asked - (ceiling.by_itself or 0), 0)) if ceiling is not None and ceiling.by_itself is not None else Fen(0)
