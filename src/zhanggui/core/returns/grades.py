"""How the pieces of a returned parcel are graded, and what follows from a grade: one table, read by the page, the docs and the tests."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import msgspec


class Grade(StrEnum):
    """In which condition a piece came back."""

    AS_NEW = "as_new"
    OPENED = "opened"
    WORN = "worn"
    DAMAGED = "came_damaged"
    WRONG = "wrong_goods"
    """Goods of ours, but not those of this order."""
    FOREIGN = "foreign_goods"
    """Nothing that this shop sells."""


class Follows(msgspec.Struct, frozen=True):
    """What a grade means for the money, the shelf and the proof."""

    is_ours: bool
    """The piece that was ordered is back, so that it counts towards the refund."""
    is_paid_by_itself: bool
    """The house may let its money go without a person."""
    is_stock: bool
    """It goes back on the shelf."""
    is_against: bool
    """It speaks against the buyer, so that it is proof for a complaint."""


TABLE: Mapping[Grade, Follows] = {
    Grade.AS_NEW: Follows(is_ours=True, is_paid_by_itself=True, is_stock=True, is_against=False),
    Grade.OPENED: Follows(is_ours=True, is_paid_by_itself=True, is_stock=False, is_against=False),
    Grade.WORN: Follows(is_ours=True, is_paid_by_itself=False, is_stock=False, is_against=True),
    Grade.DAMAGED: Follows(is_ours=True, is_paid_by_itself=False, is_stock=False, is_against=True),
    Grade.WRONG: Follows(is_ours=False, is_paid_by_itself=False, is_stock=False, is_against=True),
    Grade.FOREIGN: Follows(is_ours=False, is_paid_by_itself=False, is_stock=False, is_against=True),
}
OURS = frozenset(grade for grade, follows in TABLE.items() if follows.is_ours)
PAID_BY_ITSELF = frozenset(grade for grade, follows in TABLE.items() if follows.is_paid_by_itself)
AGAINST = frozenset(grade for grade, follows in TABLE.items() if follows.is_against)


class Ordered(msgspec.Struct, frozen=True):
    """Goods of an order: a name of their own within it, how many pieces were sent, and their share of its price in any unit."""

    key: str
    quantity: int
    weight: int


class Counted(msgspec.Struct, frozen=True):
    """So many pieces of these goods came back in this condition."""

    key: str
    grade: Grade
    pieces: int


def pieces_of(counted: Iterable[Counted], grades: frozenset[Grade]) -> int:
    """How many pieces were counted in these grades."""
    return sum(one.pieces for one in counted if one.grade in grades)


def back(ordered: Sequence[Ordered], counted: Iterable[Counted], grades: frozenset[Grade]) -> dict[str, int]:
    """How many pieces of each ordered goods are back in these grades, never more than were sent; wrong goods stand for what is missing, the dearest first."""
    sent = {one.key: one.quantity for one in ordered}
    found = dict.fromkeys(sent, 0)
    listed = tuple(counted)
    for one in listed:
        if one.key in found and one.grade in grades and one.grade is not Grade.WRONG:
            found[one.key] = min(found[one.key] + one.pieces, sent[one.key])
    instead = pieces_of(listed, grades & {Grade.WRONG})
    for goods in sorted(ordered, key=lambda goods: goods.weight / max(goods.quantity, 1), reverse=True):
        stand_for = min(instead, sent[goods.key] - found[goods.key])
        found[goods.key] += stand_for
        instead -= stand_for
    return found
