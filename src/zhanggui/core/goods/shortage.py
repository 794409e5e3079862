"""What is promised beyond what lies there: which orders get their goods, and whom to tell first that theirs are missing."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from zhanggui.core.money import Fen


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """An order that waits for pieces of one SKU."""

    order_no: str
    pieces: int
    due_at: datetime | None
    """When it has to leave; None where no term has begun."""
    formed_at: datetime | None
    cost: Fen
    """What it costs if its goods are missing."""
    pay_amount: Fen = Fen(0)


class Shortage(msgspec.Struct, frozen=True):
    """The orders that get nothing, those to be told first at the head, and the pieces that are missing for all to leave."""

    uncovered: tuple[Waiting, ...]
    missing: int

    @property
    def cost(self) -> Fen:
        """What it costs if nothing comes in."""
        return Fen(sum(order.cost for order in self.uncovered))

    @property
    def due_at(self) -> datetime | None:
        """When the first of them has to leave."""
        return min((order.due_at for order in self.uncovered if order.due_at is not None), default=None)


def shortage_of(waiting: Iterable[Waiting], on_hand: int) -> Shortage:
    """Which orders find no goods: those that must leave first are served first, an order whole or not at all, and later ones that still fit are served too."""
    left = max(on_hand, 0)
    wanted = 0
    uncovered = []
    for order in sorted(waiting, key=_turn):
        wanted += order.pieces
        if order.pieces <= left:
            left -= order.pieces
        else:
            uncovered.append(order)
    return Shortage(tuple(in_telling_order(uncovered)), max(wanted - on_hand, 0))


def in_telling_order(orders: Sequence[Waiting]) -> list[Waiting]:
    """Whom to tell first: who has to hear first because the order is due first; of equal ones the dearer, then the one that has waited longest."""
    return sorted(orders, key=lambda order: (_moment(order.due_at), -order.cost, -order.pay_amount, _moment(order.formed_at), order.order_no))


def _turn(order: Waiting) -> tuple[float, float, str]:
    return _moment(order.due_at), _moment(order.formed_at), order.order_no


def _moment(moment: datetime | None) -> float:
    return float("inf") if moment is None else moment.timestamp()
