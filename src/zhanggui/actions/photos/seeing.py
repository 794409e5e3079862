"""Pictures that show the same in several orders, or in several shops, for whoever may see them all."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.estimates.photos import is_there
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import photos, shops
from zhanggui.records.db import Tx
from zhanggui.records.photos import Pair, Place

MOST_SHOWN = 50


class Shown(msgspec.Struct, frozen=True):
    """A picture where it stands: the shop, the order, the entry of the vault."""

    shop_id: ShopId
    shop_name: str
    place: Place


class Twice(msgspec.Struct, frozen=True):
    """Pictures that show the same, the oldest first, and how sure that is (of a thousand; the least of them)."""

    shown: tuple[Shown, ...]
    likeness: int
    found_at: datetime

    @property
    def orders(self) -> int:
        """In how many orders they stand."""
        return len({(one.shop_id, one.place.order_no) for one in self.shown})

    @property
    def shops(self) -> int:
        """In how many shops."""
        return len({one.shop_id for one in self.shown})


class Pictures(msgspec.Struct, frozen=True):
    """What was found in a shop, and how many of its pictures could not be compared. `is_there` tells whether pictures are compared at all."""

    twice: tuple[Twice, ...]
    unread: int
    is_there: bool


def pictures_seen(house: House, by: Person, shop_id: ShopId) -> Pictures:
    """The pictures of a shop that stand in several orders or shops, the newest find first; of other shops only what this person may see there."""
    by.need(Permission.EVIDENCE_READ, shop_id)
    with house.pool.connection() as tx:
        found = _grouped(tx, by, photos.pairs(tx, shop_id, MOST_SHOWN * 4))
        unread = sum(photos.unread(tx, shop_id).values())
    return Pictures(tuple(found[:MOST_SHOWN]), unread, is_there())


def pictures_of_order(tx: Tx, by: Person, shop_id: ShopId, order_no: str) -> tuple[Twice, ...]:
    """The pictures of an order that stand elsewhere too, as far as this person may see."""
    by.need(Permission.EVIDENCE_READ, shop_id)
    return tuple(_grouped(tx, by, photos.pairs_of(tx, shop_id, photos.of_order(tx, shop_id, order_no))))


def _grouped(tx: Tx, by: Person, pairs: Sequence[Pair]) -> list[Twice]:
    """Pictures tied by pairs, each group once; only what stands in more than one order."""
    pairs = [pair for pair in pairs if by.may(Permission.EVIDENCE_READ, ShopId(pair.other_shop_id))]
    tied: dict[tuple[int, bytes], set[tuple[int, bytes]]] = {}
    for pair in pairs:
        one, other = (pair.shop_id, pair.digest), (pair.other_shop_id, pair.other_digest)
        group = tied.get(one, {one}) | tied.get(other, {other})
        for member in group:
            tied[member] = group
    groups = list({id(group): group for group in tied.values()}.values())
    names = {shop.shop_id: shop.name for shop in shops.every(tx)}
    places = {shop_id: photos.places(tx, shop_id, [digest for held, digest in tied if held == shop_id]) for shop_id in {held for held, _ in tied}}
    found = []
    for group in groups:
        mine = [pair for pair in pairs if (pair.shop_id, pair.digest) in group]
        shown = [Shown(ShopId(shop_id), names.get(shop_id, ""), place) for shop_id, digest in group for place in places[shop_id].get(digest, ())]
        shown.sort(key=lambda one: (one.place.made_at, one.shop_id, one.place.seq))
        twice = Twice(tuple(shown), min(pair.likeness for pair in mine), max(pair.found_at for pair in mine))
        if twice.orders > 1:
            found.append(twice)
    return sorted(found, key=lambda one: one.found_at, reverse=True)
