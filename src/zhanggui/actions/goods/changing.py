"""Stock that people count, bring in, take out and move. Each change is a row of its own, with who, when, why and what lies there afterwards."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

import msgspec
from psycopg import errors

from zhanggui.actions.goods.following import USUAL_PLACE
from zhanggui.actions.house import House
from zhanggui.actions.once import Once, need_first
from zhanggui.actions.reckoning import Reckoning
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.privacy.remarks import remark
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import items, locks, order_goods, stock
from zhanggui.records.db import Tx, transact
from zhanggui.records.stock import Level

MOST_PIECES = 100_000_000
LONGEST_PLACE, LONGEST_REASON = 40, 200
T = TypeVar("T")


class StockChangeKind(StrEnum):
    """Why stock changed."""

    COUNTED = "counted"
    CAME_IN = "came_in"
    WENT_OUT = "went_out"
    MOVED = "moved"
    SHIPPED = "shipped"
    SHIPMENT_BACK = "shipment_back"
    """What had been taken off the shelves for an order was put back, since the order had not left after all."""


class Count(msgspec.Struct, frozen=True):
    """So many pieces of a SKU lie at a place."""

    sku: str
    pieces: int
    location: str = USUAL_PLACE
    reason: str = ""


def count_stock(house: House, by: Person, shop_id: ShopId, counts: Sequence[Count], now: datetime) -> int:
    """How many counts were kept: from now on so many pieces lie there, whatever was thought before. All of them or none. Raises Refused."""
    by.need(Permission.GOODS_WRITE, shop_id)
    for one in counts:
        _check(one.pieces, one.location, one.reason, least=0)

    def work(tx: Tx) -> int:
        _known(tx, shop_id, [one.sku for one in counts])
        count_within(tx, house, by, shop_id, counts, now)
        return len(counts)

    return under_lock(house, shop_id, work)


def count_within(tx: Tx, house: House, by: Person, shop_id: ShopId, counts: Sequence[Count], now: datetime) -> None:
    """Keeps counts in the transaction of whoever holds the shop."""
    for one in counts:
        _count(tx, by, shop_id, one, now)
    if counts:
        _reckon(tx, house, shop_id, [one.sku for one in counts], now)


def bring_in(
    house: House, by: Person, shop_id: ShopId, sku: str, pieces: int, now: datetime, *, location: str = USUAL_PLACE, reason: str = "", once: Once | None = None
) -> Level:
    """What lies there after goods came in. A place that was never counted is taken to have been empty. Raises DoneBefore for a form that told it already."""
    return _change(house, by, shop_id, sku, pieces, StockChangeKind.CAME_IN, now, location, reason, once)


def change_within(tx: Tx, house: House, by: Person, shop_id: ShopId, pieces: Mapping[tuple[str, str], int], now: datetime, *, reason: str) -> None:
    """Brings pieces in (or takes them out, below zero), by SKU and place, in the transaction of whoever holds the shop. Raises Refused for too few."""
    for (sku, location), many in sorted(pieces.items()):
        if many < 0:
            _refuse_too_few(tx, shop_id, sku, location, -many)
        _add(tx, by, shop_id, sku, location, many, StockChangeKind.CAME_IN if many > 0 else StockChangeKind.WENT_OUT, reason, now)
    if pieces:
        _reckon(tx, house, shop_id, sorted({sku for sku, _ in pieces}), now)


def take_out(
    house: House, by: Person, shop_id: ShopId, sku: str, pieces: int, now: datetime, *, location: str = USUAL_PLACE, reason: str = "", once: Once | None = None
) -> Level:
    """What lies there after goods went out by another way than an order: broken, given away, used. Raises Refused where fewer lie there, DoneBefore for a
    form that told it already.
    """
    return _change(house, by, shop_id, sku, -pieces, StockChangeKind.WENT_OUT, now, location, reason, once)


def move_stock(
    house: House, by: Person, shop_id: ShopId, sku: str, pieces: int, now: datetime, *, source: str, target: str, reason: str = "", once: Once | None = None
) -> None:
    """Moves pieces from one place to another. Raises Refused where fewer lie there, DoneBefore for a form that told it already."""
    by.need(Permission.GOODS_WRITE, shop_id)
    source, target = source.strip(), target.strip()
    _check(pieces, target, reason, least=1)
    if source == target:
        raise Refused(say("Name two different places."))

    def work(tx: Tx) -> None:
        need_first(tx, once)
        _known(tx, shop_id, [sku])
        _refuse_too_few(tx, shop_id, sku, source, pieces)
        _add(tx, by, shop_id, sku, source, -pieces, StockChangeKind.MOVED, reason, now)
        _add(tx, by, shop_id, sku, target, pieces, StockChangeKind.MOVED, reason, now)

    under_lock(house, shop_id, work)


def _change(
    house: House,
    by: Person,
    shop_id: ShopId,
    sku: str,
    pieces: int,
    kind: StockChangeKind,
    now: datetime,
    location: str,
    reason: str,
    once: Once | None,
) -> Level:
    by.need(Permission.GOODS_WRITE, shop_id)
    location = location.strip()
    _check(abs(pieces), location, reason, least=1)

    def work(tx: Tx) -> Level:
        need_first(tx, once)
        _known(tx, shop_id, [sku])
        if pieces < 0:
            _refuse_too_few(tx, shop_id, sku, location, -pieces)
        _add(tx, by, shop_id, sku, location, pieces, kind, reason, now)
        _reckon(tx, house, shop_id, [sku], now)
        return next(level for level in stock.levels(tx, shop_id, [sku]) if level.location == location)

    return under_lock(house, shop_id, work)


def _count(tx: Tx, by: Person, shop_id: ShopId, one: Count, now: datetime) -> None:
    location = one.location.strip()
    before = _level(tx, shop_id, one.sku, location)
    stock.put_level(tx, shop_id, one.sku, location, one.pieces, now)
    order_goods.forget_left(tx, shop_id, one.sku, location, now)
    after = _level(tx, shop_id, one.sku, location)
    lies = after.on_hand if after else one.pieces
    _write(tx, by, shop_id, one.sku, location, StockChangeKind.COUNTED, lies - (before.on_hand if before else 0), lies, one.reason, now)


def _add(tx: Tx, by: Person, shop_id: ShopId, sku: str, location: str, pieces: int, kind: StockChangeKind, reason: str, now: datetime) -> None:
    if _level(tx, shop_id, sku, location) is None:
        stock.put_level(tx, shop_id, sku, location, 0, now)
    stock.add_to_level(tx, shop_id, sku, location, pieces)
    level = _level(tx, shop_id, sku, location)
    _write(tx, by, shop_id, sku, location, kind, pieces, level.on_hand if level else pieces, reason, now)


def _write(tx: Tx, by: Person, shop_id: ShopId, sku: str, location: str, kind: StockChangeKind, pieces: int, after: int, reason: str, now: datetime) -> None:
    stock.write_changes(tx, [(shop_id, sku, location, now, kind.value, pieces, after, by.person_id, remark(reason), None)])


def _level(tx: Tx, shop_id: ShopId, sku: str, location: str) -> Level | None:
    return next((level for level in stock.levels(tx, shop_id, [sku]) if level.location == location), None)


def _refuse_too_few(tx: Tx, shop_id: ShopId, sku: str, location: str, pieces: int) -> None:
    level = _level(tx, shop_id, sku, location)
    lies = level.on_hand if level else 0
    if lies < pieces:
        raise Refused(say("Only {lies} lie there, so {pieces} cannot be taken away. Count the place again if that is wrong.", lies=lies, pieces=pieces))


def _check(pieces: int, location: str, reason: str, *, least: int) -> None:
    if not least <= pieces <= MOST_PIECES:
        raise Refused(say("Give a whole number of pieces from {least} to {most}.", least=least, most=MOST_PIECES))
    if len(location.strip()) > LONGEST_PLACE:
        raise Refused(say("A place has at most {most} characters.", most=LONGEST_PLACE))
    if len(reason) > LONGEST_REASON:
        raise Refused(say("A reason has at most {most} characters.", most=LONGEST_REASON))


def _known(tx: Tx, shop_id: ShopId, skus: Sequence[str]) -> None:
    known = items.of_skus(tx, shop_id, sorted(set(skus)))
    for sku in skus:
        if sku not in known:
            raise Refused(say("The shop knows no SKU {sku}. Bring in a list of products, or name it under Goods first.", sku=sku))


def _reckon(tx: Tx, house: House, shop_id: ShopId, skus: Sequence[str], now: datetime) -> None:
    """Lets the to-dos of what is short follow."""
    reckoning = Reckoning(tx, shop_id, rulebook_in(tx, house, shop_id), now)
    reckoning.recompute_stock(skus)
    reckoning.finish()


def under_lock(house: House, shop_id: ShopId, work: Callable[[Tx], T]) -> T:
    """What the work returns. Does the work while no import of the shop runs: both decide what is short. A page does not wait long for that."""

    def held(tx: Tx) -> T:
        locks.do_not_wait_long(tx)
        locks.hold_shop(tx, shop_id)
        return work(tx)

    try:
        return transact(house.pool, held)
    except errors.LockNotAvailable:
        raise Refused(say("An import of this shop is just being stored. Nothing was changed; try again in a moment.")) from None
