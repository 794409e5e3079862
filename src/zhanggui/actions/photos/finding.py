"""New pictures of the vault are looked at, and compared with those of every shop of the house."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.estimates.photos import ALIKE, Look, PhotoState, candidates, is_there, likeness, look_at
from zhanggui.people.permissions import ShopId
from zhanggui.records import evidence, photos, shops
from zhanggui.records.db import transact
from zhanggui.records.photos import Pair, Print

AT_ONCE = 50
MOST_COMPARED = 100_000
"""Pictures of one shop that a new one is compared with, the newest."""


def look_at_photos(house: House, now: datetime) -> int:
    """How many new pictures were looked at; none where the extra that reads them is missing: they are looked at once it is there."""
    if not is_there():
        return 0
    with house.pool.connection() as tx:
        every = [ShopId(shop.shop_id) for shop in shops.every(tx)]
    return sum(_look_in(house, shop_id, every, now) for shop_id in every)


class _Seen(msgspec.Struct, frozen=True):
    order_no: str
    digest: bytes
    look: Look
    mirrored: Look


def _look_in(house: House, shop_id: ShopId, every: Sequence[ShopId], now: datetime) -> int:
    with house.pool.connection() as tx:
        found = photos.new(tx, shop_id, photos.mark(tx, shop_id), AT_ONCE)
        contents = {digest: evidence.content(tx, shop_id, digest) for _, _, digest in found}
    if not found:
        return 0
    # nothing is held while pictures are read: a large one takes a moment
    looks = {digest: _looked(content) for digest, content in contents.items() if content is not None}
    seen = [_Seen(order_no, digest, *looks[digest]) for _, order_no, digest in found if digest in looks]
    for one in seen:
        _keep(house, shop_id, one, now)
        _note_same_file(house, shop_id, one, now)
    for other in every:
        _compare(house, shop_id, seen, other, now)
    transact(house.pool, lambda tx: photos.set_mark(tx, shop_id, found[-1][0]))
    return len(seen)


def _looked(content: bytes) -> tuple[Look, Look]:
    look = look_at(content)
    return look, look_at(content, mirrored=True) if look.state is PhotoState.READ else look


def _keep(house: House, shop_id: ShopId, one: _Seen, now: datetime) -> None:
    look = one.look
    size = (look.width, look.height)
    transact(house.pool, lambda tx: photos.put(tx, shop_id, one.digest, state=look.state.value, size=size, prints=look.prints, sketch=look.sketch, at=now))


def _note_same_file(house: House, shop_id: ShopId, one: _Seen, now: datetime) -> None:
    """The very same file is kept of another order too: no comparing is needed."""
    with house.pool.connection() as tx:
        if photos.is_elsewhere(tx, shop_id, one.digest, one.order_no):
            photos.put_pair(tx, Pair(shop_id, one.digest, shop_id, one.digest, 1000, now))


def _compare(house: House, shop_id: ShopId, seen: Sequence[_Seen], other: ShopId, now: datetime) -> None:
    """Compares new pictures with those of one shop, whose hashes are read once for all of them."""
    new = [one for one in seen if one.look.state is PhotoState.READ]
    if not new:
        return
    with house.pool.connection() as tx:
        known = photos.prints(tx, other, MOST_COMPARED)
    for one in new:
        for digest, alike in _alike(house, shop_id, one, other, known).items():
            _tie(house, Pair(shop_id, one.digest, other, digest, alike, now))
            _tie(house, Pair(other, digest, shop_id, one.digest, alike, now))


def _tie(house: House, pair: Pair) -> None:
    transact(house.pool, lambda tx: photos.put_pair(tx, pair))


def _alike(house: House, shop_id: ShopId, one: _Seen, other: ShopId, known: Sequence[Print]) -> dict[bytes, int]:
    """The pictures of a shop that show the same as this one, or its mirror image."""
    hashes = [each.prints for each in known]
    found: dict[bytes, int] = {}
    for look in (one.look, one.mirrored):
        near = [known[place] for place in candidates(look, hashes) if other != shop_id or known[place].digest != one.digest]
        with house.pool.connection() as tx:
            sketches = photos.sketches(tx, other, [each.digest for each in near])
        for each in near:
            alike = likeness(look, _look_of(each, sketches[each.digest]))
            if alike >= ALIKE:
                found[each.digest] = max(alike, found.get(each.digest, 0))
    return found


def _look_of(each: Print, sketch: bytes) -> Look:
    return Look(PhotoState.READ, prints=each.prints, sketch=sketch)
