"""Where a shop stands by now: what the house counts and what the back office showed, judged together."""

from collections.abc import Mapping
from datetime import date, datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.core.moments import shanghai_day
from zhanggui.core.standing.book import Signal, StandingBook
from zhanggui.core.standing.standing import HasCounted, Known, Standing, standing
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import standing as records
from zhanggui.records.db import Tx
from zhanggui.records.standing import Penalty
from zhanggui.rulebook.standing import standing_book

READINGS_EACH = 40
PENALTIES_SHOWN = 60


class StandingSeen(msgspec.Struct, frozen=True, kw_only=True):
    """Where the shop stands, and what it was judged by."""

    day: date
    standing: Standing
    known: Known
    book: StandingBook
    penalties: tuple[Penalty, ...]
    """All that were entered, the newest first."""

    @property
    def in_force(self) -> tuple[Penalty, ...]:
        """The penalties that hold today."""
        return tuple(penalty for penalty in self.penalties if penalty.is_in_force(self.day))

    @property
    def signals(self) -> tuple[Signal, ...]:
        """What search ranking weighs."""
        return self.book.signal


def standing_of(house: House, by: Person, shop_id: ShopId, now: datetime) -> StandingSeen:
    """Where the shop stands by now."""
    by.need(Permission.ORDERS_READ, shop_id)
    day, book = shanghai_day(now), standing_book()
    with house.pool.connection() as tx:
        known = known_of(tx, shop_id, day, now=now)
        penalties = tuple(records.penalties(tx, shop_id, PENALTIES_SHOWN))
    return StandingSeen(day=day, standing=standing(known, book, day), known=known, book=book, penalties=penalties)


def known_of(tx: Tx, shop_id: ShopId, day: date, *, now: datetime, values: Mapping[str, HasCounted] | None = None) -> Known:
    """What standing on the day is judged by. `values` stand in for what is counted, such as what a decision would make of it."""
    return Known(
        values={} if values is None else values,
        readings=records.readings(tx, shop_id, day, READINGS_EACH),
        targets=records.lines(tx, shop_id, records.TARGET, day),
        limits=records.lines(tx, shop_id, records.LIMIT, day),
    )
