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
    rows = shops.every(tx) if shop_ids is None and by.all_shops else shops.of_ids(tx, _wanted(by, permission, shop_ids))
    return {ShopId(row.shop_id): ShopInfo(ShopId(row.shop_id), row.name) for row in rows}


def _wanted(by: Person, permission: Permission, shop_ids: Sequence[ShopId] | None) -> list[ShopId]:
    if shop_ids is not None:
        return [by.need(permission, shop_id) for shop_id in shop_ids]
    return [shop_id for shop_id in by.roles if by.may(permission, shop_id)]
