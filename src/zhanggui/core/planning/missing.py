"""Which orders are late when they are handed over at a given moment."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from zhanggui.core.money import Fen
from zhanggui.core.planning.chances import NONE, Chance
from zhanggui.core.planning.work import Ground, ToShip, chance_of


class Why(StrEnum):
    """Why an order misses its deadline."""

    SCAN_TOO_LATE = "scan_too_late"
    """Even handed over then, the carrier's scan probably comes too late."""
    NOT_PACKED = "not_packed"
    """It cannot be packed by then, and no later visit is safe."""


class Missing(msgspec.Struct, frozen=True):
    """An order that is late if handed over then."""

    number: int
    why: Why
    chance: Chance
    """The chance to be on time all the same, at the best moment left to it."""
    expected_loss: Fen


class HandOver(msgspec.Struct, frozen=True):
    """What a hand-over at this moment means."""

    at: datetime
    ready: int
    """How many can be packed by then."""
    missing: tuple[Missing, ...]
    loss: Fen


def missing_at(orders: Sequence[ToShip], at: datetime, ground: Ground, *, busy: int = 0) -> HandOver:
    """Which orders printable now are late if all that is packed by then is handed over at `at`; what is due first is packed first."""
    packed = _capacity(at, ground, busy)
    found: list[Missing] = []
    ready = 0
    for number in sorted(range(len(orders)), key=lambda each: (orders[each].due_at, -orders[each].at_risk)):
        order = orders[number]
        if order.ready_at > ground.now:
            continue
        if ready < packed:
            ready += order.count
            chance, why = chance_of(order, at, ground.on_time), Why.SCAN_TOO_LATE
        else:
            chance, why = _best_after(order, at, ground), Why.NOT_PACKED
        if chance.p < ground.terms.safe:
            found.append(Missing(number, why, chance, Fen(round(order.at_risk * order.count * (1 - chance.p)))))
    return HandOver(at, ready, tuple(found), Fen(sum(each.expected_loss for each in found)))


def _capacity(at: datetime, ground: Ground, busy: int) -> int:
    """How many orders can be packed between now and then, after one set-up and what is printed already."""
    room = ground.line.place(at) - ground.line.place(ground.now) - ground.terms.shop.setup - busy * ground.terms.each
    return max(0, room // ground.terms.each)


def _best_after(order: ToShip, at: datetime, ground: Ground) -> Chance:
    later = [chance_of(order, visit, ground.on_time) for visit in ground.visits.get(order.carrier, ()) if visit > at]
    return max(later, key=lambda chance: chance.p, default=NONE)
