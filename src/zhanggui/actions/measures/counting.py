"""Counts what was touched since it was counted last, and the whole shop anew where it never was or the formulas changed.

Who stores facts only notes numbers and days; here they are read again, what they gave before is taken off, and what they give now is added.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from hashlib import blake2b
from importlib.resources import files
from itertools import repeat

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.measures import rated, talked
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.advice.book import AdviceBook
from zhanggui.core.measures.hits import order_hits
from zhanggui.core.measures.seen import OrderSeen
from zhanggui.people.permissions import ShopId
from zhanggui.records.db import Tx, may_be_lost, transact
from zhanggui.records.measures import days, keys, seen, touched
from zhanggui.rulebook.measures import measure_book

NOTES, AT_ONCE = 1000, 2000
"""So many notes are taken at once, or as many as name so many orders: of an import each may name thousands, of what is pushed each names one."""
TURNS_OF_A_PAGE = 6
FOR_A_PAGE = 5000
"""What a page has counted before it is drawn; more is left to the worker, and the page says so."""
RESTS_AFTER, REST_EACH, LONGEST_REST = 1000, timedelta(milliseconds=2), timedelta(minutes=2)
"""Days of talks on which more messages than this were read rest for so long for each of them before they are read again: a twentieth of the time goes
into it at most, however many messages come in."""
LEFT_TO_WORKER = timedelta(seconds=15)
"""So much longer a page leaves such days alone: the worker reads them meanwhile, and no page is kept waiting where one runs."""
_TEXTS = ("measures.toml", "ratings.toml", "metrics.toml", "pdd/replies.toml")
_WAY = "2"
"""To be changed with what a hit is, so that every shop is counted anew."""


class State(msgspec.Struct, frozen=True):
    """How far counting has come."""

    is_whole: bool
    """Whether everything was counted by the formulas that hold."""
    waiting: int
    """How many orders and days were touched since."""


class _Counted(msgspec.Struct, frozen=True):
    """What came of one turn."""

    was_any: bool
    has_more: bool
    """Whether more had been waiting than one turn takes."""


def catch_up(house: House, shop_id: ShopId, now: datetime, *, most: int | None = None) -> State:
    """Counts what waits: all of it, or nothing where it is more than `most`. Pages call it with FOR_A_PAGE."""
    if most is not None:
        with house.pool.connection() as tx:
            state = state_of(tx, shop_id)
            if state.waiting > most or not (state.is_whole or seen.are_few(tx, shop_id, most)):
                return state
    # what comes in meanwhile is not waited for: in a busy shop there would always be something
    turns = repeat(None) if most is None else range(TURNS_OF_A_PAGE)
    for _ in turns:
        if not transact(house.pool, partial(_count_some, house=house, shop_id=shop_id, now=now, waits=most is None, at_once=most is None)).has_more:
            break
    with house.pool.connection() as tx:
        return state_of(tx, shop_id)


def shops_to_count(house: House, _now: datetime, _wall: datetime) -> list[ShopId]:
    """The shops in which something waits to be counted. For the worker's lane."""
    with house.pool.connection() as tx:
        return [ShopId(shop_id) for shop_id in touched.shops_to_count(tx, made_of())]


def count_some(house: House, shop_id: ShopId, now: datetime, _wall: datetime, _holder: str) -> bool:
    """Counts some of what waits in a shop; whether there was anything."""
    return transact(house.pool, partial(_count_some, house=house, shop_id=shop_id, now=now, waits=True)).was_any


def recount(house: House, shop_id: ShopId, now: datetime) -> int:
    """Counts the whole shop anew, whatever was counted before; how many orders there were."""

    def work(tx: Tx) -> int:
        touched.hold(tx, shop_id)
        return _recount(tx, house, shop_id, now)

    return transact(house.pool, work)


def state_of(tx: Tx, shop_id: ShopId) -> State:
    """How far counting has come in this shop."""
    return State(touched.made_of(tx, shop_id) == made_of(), touched.waiting(tx, shop_id))


def _count_some(tx: Tx, *, house: House, shop_id: ShopId, now: datetime, waits: bool, at_once: bool = False) -> _Counted:
    """Counts some of what waits, `at_once` also what rests; without `waits` nothing while somebody else counts.

    Where a crash loses the commit, the notes are there again.
    """
    may_be_lost(tx)
    if waits:
        touched.hold(tx, shop_id)
    elif not touched.try_hold(tx, shop_id):
        return _Counted(was_any=False, has_more=False)
    if touched.made_of(tx, shop_id) != made_of():
        _recount(tx, house, shop_id, now)
        return _Counted(was_any=True, has_more=True)
    taken = touched.take(tx, shop_id, NOTES, AT_ONCE)
    rulebook = rulebook_in(tx, house, shop_id)
    for some in _chunks(taken.order_nos):
        _count_orders(tx, shop_id, some, rulebook.advice, now)
    if taken.days and (taken.has_more or (not at_once and _days_rest(tx, shop_id, now, timedelta() if waits else LEFT_TO_WORKER))):
        # a day is read whole, and the notes behind may name it again: counted once, after them
        touched.note(tx, shop_id, (), taken.days)
        return _Counted(was_any=bool(taken.order_nos) or taken.has_more, has_more=taken.has_more)
    if taken.days:
        read = talked.count_days(tx, shop_id, taken.days, rulebook)
        if read > RESTS_AFTER:
            touched.let_days_rest(tx, shop_id, now + min(read * REST_EACH, LONGEST_REST))
    return _Counted(was_any=bool(taken), has_more=taken.has_more)


def _days_rest(tx: Tx, shop_id: int, now: datetime, longer: timedelta) -> bool:
    """Whether the days of talks were read so lately that they are not read again yet; a rest that was kept by a clock gone astray is none."""
    until = touched.days_rest_until(tx, shop_id)
    return until is not None and now - longer < until <= now + LONGEST_REST


def _count_orders(tx: Tx, shop_id: ShopId, order_nos: Sequence[str], book: AdviceBook, now: datetime) -> None:
    """Lets the sums follow these orders."""
    changes: days.Sums = {}
    new = _given(shop_id, seen_of(tx, shop_id, order_nos, book, now, changes).values())
    before = days.given(tx, shop_id, order_nos)
    moved = {no for no in before.keys() | new.keys() if before.get(no) != new.get(no)}
    for no in moved:
        days.count_in(changes, keys.unpacked(*before.get(no, ([], None))), -1)
        days.count_in(changes, keys.unpacked(*new.get(no, ([], None))))
    days.set_given(tx, shop_id, sorted(moved & before.keys()), {no: new[no] for no in sorted(moved & new.keys())})
    days.add(tx, shop_id, changes)


def seen_of(tx: Tx, shop_id: ShopId, order_nos: Sequence[str], book: AdviceBook, now: datetime, changes: days.Sums | None = None) -> dict[str, OrderSeen]:
    """These orders as the measures see them, with their ratings. Where `changes` is given the kept ratings follow, and what that moves is added there."""
    found = seen.of_orders(tx, shop_id, order_nos, book)
    ratings = rated.ratings_of(tx, shop_id, order_nos, now)
    for no, marks in rated.as_marks(ratings).items():
        found[no] = msgspec.structs.replace(found.get(no, OrderSeen(order_no=no)), reviews=marks)
    if changes is not None:
        rated.follow(tx, shop_id, order_nos, ratings, changes)
    return found


def _recount(tx: Tx, house: House, shop_id: ShopId, now: datetime) -> int:
    """Everything from nothing: what was noted until now is in it, what is noted from now on is counted after it."""
    touched.forget(tx, shop_id)
    days.begin_anew(tx, shop_id)
    rulebook = rulebook_in(tx, house, shop_id)
    sums: days.Sums = {}
    totals: dict[int, tuple[int, int]] = {}
    counted = 0
    after = ""
    ratings = rated.count_all(tx, shop_id, sums, now)
    while order_nos := seen.next_orders(tx, shop_id, after, AT_ONCE):
        found = seen.of_orders(tx, shop_id, order_nos, rulebook.advice)
        for no in order_nos:
            if no in ratings:
                found[no] = msgspec.structs.replace(found.get(no, OrderSeen(order_no=no)), reviews=ratings.pop(no))
        counted += _put(tx, shop_id, found.values(), totals)
        after = order_nos[-1]
    _put(tx, shop_id, [OrderSeen(order_no=no, reviews=marks) for no, marks in ratings.items()], totals)
    sums |= {keys.what_of(key): told for key, told in totals.items()}
    talked.count_all(tx, shop_id, rulebook, sums)
    days.put_all(tx, shop_id, sums)
    touched.set_made_of(tx, shop_id, made_of(), now)
    return counted


def _put(tx: Tx, shop_id: ShopId, found: Iterable[OrderSeen], totals: dict[int, tuple[int, int]]) -> int:
    given = _given(shop_id, found)
    for packed in given.values():
        days.count_keys_in(totals, packed)
    days.put_given(tx, shop_id, given)
    return len(given)


def _given(shop_id: ShopId, found: Iterable[OrderSeen]) -> dict[str, days.Keys]:
    """What these orders give, in numbers; those that give nothing are left out."""
    book = measure_book()
    packed = {each.order_no: keys.packed(shop_id, order_hits(each, book)) for each in found}
    return {no: given for no, given in packed.items() if given[0]}


def _chunks(order_nos: Sequence[str]) -> Iterable[Sequence[str]]:
    return (order_nos[first : first + AT_ONCE] for first in range(0, len(order_nos), AT_ONCE))


@cache
def made_of() -> str:
    """A digest of everything in the data that decides what counts."""
    folder = files("zhanggui.rulebook")
    texts = [_WAY, *((folder / name).read_text("utf-8") for name in _TEXTS)]
    return blake2b("\0".join(texts).encode(), digest_size=16).hexdigest()
