"""Reads the shop's products from the platform: the whole list every few hours, then the details of those that the list leaves open, all of them once a day.

A step reads a few pages or details and stores them by the road that files take, so that a step that fails costs little and the next goes on from there.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from psycopg.errors import LockNotAvailable

from zhanggui.actions.house import House
from zhanggui.actions.lanes import ShopRests
from zhanggui.actions.platform import connected_shops
from zhanggui.actions.refused import Refused
from zhanggui.actions.syncing.asking import Asking
from zhanggui.actions.syncing.finishing import store_told
from zhanggui.actions.syncing.found import Odd
from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.connectors.pdd.goods import IN_DETAIL, PAGE_SIZE, goods_detail, goods_list, listed_skus
from zhanggui.connectors.pdd.values import OddWire
from zhanggui.core.facts import FactKind, Sighting
from zhanggui.core.moments import shanghai_day
from zhanggui.core.say import Say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import goods_readings, locks, sync_left_out
from zhanggui.records.db import Tx, transact
from zhanggui.records.goods_readings import GoodsReading

EVERY = timedelta(hours=6)
PAGES_AT_ONCE, DETAILS_AT_ONCE = 5, 20
MOST_IN_A_ROW = DETAILS_AT_ONCE // 2
"""So many products one after the other a step goes on without where the trouble may be of all of them."""
LEASE = timedelta(minutes=2)
MOST_PAGES = 2000
"""More pages than any shop has; a list that never ends is not followed for ever."""
_IMPORTS_WAIT = timedelta(seconds=3)
_PACE = timedelta(seconds=1)
_SHORTLY = timedelta(seconds=0)


class GoodsRead(msgspec.Struct, frozen=True):
    """What a whole reading brought: products, details read, calls made; and why it could not go on, if so."""

    products: int = 0
    details: int = 0
    calls: int = 0
    trouble: Say | None = None


class _Step(msgspec.Struct, frozen=True):
    """What one step read."""

    told: Sequence[Sighting[Any]]
    odd: Sequence[Odd]
    after: GoodsReading
    details: int
    calls: int

    @property
    def is_last(self) -> bool:
        """Whether nothing is left to read for now."""
        return not self.after.walks and self.after.next_page == 1


def shops_with_goods_due(house: House, _now: datetime, wall: datetime) -> list[ShopId]:
    """The connected shops whose products are to be read."""
    shop_ids = connected_shops(house)
    with house.pool.connection() as tx:
        return [ShopId(shop_id) for shop_id in goods_readings.due_among(tx, shop_ids, wall)]


def read_some_goods(house: House, shop_id: ShopId, now: datetime, wall: datetime, _holder: str) -> bool:
    """Reads a few pages or details more. Raises ShopRests where the platform does not answer this shop."""
    if not transact(house.pool, lambda tx: goods_readings.take(tx, shop_id, wall, wall + LEASE)):
        return False
    try:
        _step(house, shop_id, now, wall)
    except PlatformError as problem:
        _again_at(house, shop_id, wall)
        raise ShopRests(None if problem.trouble is Trouble.SLOW_DOWN else problem.say, max(problem.wait, _PACE)) from problem
    except LockNotAvailable as problem:
        _again_at(house, shop_id, wall)
        raise ShopRests(None, _IMPORTS_WAIT) from problem
    except Refused as problem:
        _again_at(house, shop_id, wall + EVERY)
        raise ShopRests(problem.say) from problem
    return True


def read_goods(house: House, by: Person, shop_id: ShopId, now: datetime, wall: datetime) -> GoodsRead:
    """Reads all products of the shop now, details and all, whenever they were read last; what a person asks for at the command line."""
    by.need(Permission.GOODS_WRITE, shop_id)
    details = calls = 0
    transact(house.pool, lambda tx: _begin_anew(tx, shop_id, wall))
    while True:
        try:
            step = _step(house, shop_id, now, wall)
        except (PlatformError, Refused) as problem:
            return GoodsRead(_products(house, shop_id), details, calls, problem.say)
        details, calls = details + step.details, calls + step.calls
        if step.is_last:
            return GoodsRead(_products(house, shop_id), details, calls)


def read_goods_of(house: House, shop_id: ShopId, goods_id: str, now: datetime, wall: datetime) -> bool:
    """Whether the platform told of this product; what it told is stored. Raises PlatformError, NotConnected, LockNotAvailable."""
    asking = Asking(house, shop_id, now, wall)
    told = asking.ask(goods_detail(goods_id))
    if told:
        transact(house.pool, lambda tx: _store(house, tx, shop_id, told, (), now))
    return bool(told)


def _step(house: House, shop_id: ShopId, now: datetime, wall: datetime) -> _Step:
    with house.pool.connection() as tx:
        reading = goods_readings.of_shop(tx, shop_id) or GoodsReading(look_at=wall)
    asking = Asking(house, shop_id, now, wall)
    step = _walked(house, asking, shop_id, reading, now, wall) if reading.walks else _listed(asking, reading, now, wall)

    def work(tx: Tx) -> None:
        _store(house, tx, shop_id, step.told, step.odd, now)
        goods_readings.put(tx, shop_id, step.after)

    transact(house.pool, work)
    return step


def _listed(asking: Asking, reading: GoodsReading, now: datetime, wall: datetime) -> _Step:
    """Some pages of the list."""
    told: list[Sighting[Any]] = []
    odd: list[Odd] = []
    page, found = reading.next_page, reading.found
    for _ in range(PAGES_AT_ONCE):
        listed = asking.ask(goods_list(page)).goods
        for wire in listed:
            try:
                told += listed_skus(wire)
            except OddWire as problem:
                odd.append(Odd(FactKind.SKU, problem.number or f"page {page}", problem.say))
        found += len(listed)
        page += 1
        if len(listed) < PAGE_SIZE or page > MOST_PAGES:
            after = msgspec.structs.replace(reading, look_at=wall, next_page=1, found=0, walks=True, walk_after="", read_at=now, products=found)
            return _Step(told, odd, after, 0, asking.calls)
    return _Step(told, odd, msgspec.structs.replace(reading, look_at=wall, next_page=page, found=found), 0, asking.calls)


def _walked(house: House, asking: Asking, shop_id: ShopId, reading: GoodsReading, now: datetime, wall: datetime) -> _Step:
    """Some details: of every product once a day, else of those that the list leaves open."""
    every = reading.walked_on != shanghai_day(now)
    with house.pool.connection() as tx:
        goods = goods_readings.next_to_walk(tx, shop_id, reading.walk_after, DETAILS_AT_ONCE, every=every)
    told, odd = _details(asking, goods)
    details = len(goods) - len(odd)
    if len(goods) == DETAILS_AT_ONCE:
        return _Step(told, odd, msgspec.structs.replace(reading, look_at=wall + _SHORTLY, walk_after=goods[-1]), details, asking.calls)
    walked_on = shanghai_day(now) if every else reading.walked_on
    after = msgspec.structs.replace(reading, look_at=wall + EVERY, walks=False, walk_after="", walked_on=walked_on)
    return _Step(told, odd, after, details, asking.calls)


def _details(asking: Asking, goods: Sequence[str]) -> tuple[list[Sighting[Any]], list[Odd]]:
    """Products in detail, and those that the platform does not tell, or of which it tells what nobody can read: the list has told the main things of them.

    Raises what asking raises where it is no trouble of the one product, or seems to be of them all.
    """
    told: list[Sighting[Any]] = []
    odd: list[Odd] = []
    in_a_row = 0
    for goods_id in goods:
        try:
            found = asking.ask(goods_detail(goods_id))
            told += found
            in_a_row = 0
        except PlatformError as problem:
            in_a_row += problem.may_be_of_all
            if not problem.is_of_the_thing or in_a_row > MOST_IN_A_ROW:
                raise
            odd.append(Odd(FactKind.SKU, goods_id, problem.say))
    return told, odd


def _store(house: House, tx: Tx, shop_id: ShopId, told: Sequence[Sighting[Any]], odd: Sequence[Odd], now: datetime) -> None:
    if told or odd:
        locks.do_not_wait_long(tx)
        locks.hold_shop(tx, shop_id)
        sync_left_out.remove(tx, shop_id, FactKind.SKU.value, sorted({one.facts.goods_id or "" for one in told if one.place == IN_DETAIL}))
        store_told(house, tx, shop_id, told, odd, now)


def _begin_anew(tx: Tx, shop_id: ShopId, wall: datetime) -> None:
    before = goods_readings.of_shop(tx, shop_id) or GoodsReading(look_at=wall)
    after = msgspec.structs.replace(before, look_at=wall + LEASE, next_page=1, found=0, walks=False, walk_after="", walked_on=None)
    goods_readings.put(tx, shop_id, after)


def _again_at(house: House, shop_id: ShopId, look_at: datetime) -> None:
    """Lets go of the reading until then."""

    def work(tx: Tx) -> None:
        before = goods_readings.of_shop(tx, shop_id)
        if before is not None:
            goods_readings.put(tx, shop_id, msgspec.structs.replace(before, look_at=look_at))

    transact(house.pool, work)


def _products(house: House, shop_id: ShopId) -> int:
    with house.pool.connection() as tx:
        reading = goods_readings.of_shop(tx, shop_id)
    return reading.products if reading else 0
