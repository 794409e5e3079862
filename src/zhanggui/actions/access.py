"""Which shops a person may look at: what every read begins with."""

from collections.abc import Sequence

import msgspec

from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import shops
from zhanggui.records.db import Tx


class ShopInfo(msgspec.Struct, frozen=True):
    """A shop, by number and name."""

    shop_id: ShopId
    name: str


def shops_with(tx: Tx, by: Person, permission: Permission, shop_ids: Sequence[ShopId] | None) -> dict[ShopId, ShopInfo]:
    """The shops asked for, or all where none are named, in which this person has the right. Raises NotAllowed when one asked for is not among them."""
    if shop_ids is not None:
        wanted = [by.need(permission, shop_id) for shop_id in shop_ids]
    else:
        wanted = None if by.all_shops else [shop_id for shop_id in by.roles if by.may(permission, shop_id)]
    rows = shops.every(tx) if wanted is None else shops.of_ids(tx, wanted)
    return {ShopId(row.shop_id): ShopInfo(ShopId(row.shop_id), row.name) for row in rows}
