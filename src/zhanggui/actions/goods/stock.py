"""How much of each SKU lies in the house, is reserved, and is free to promise."""

from collections.abc import Mapping, Sequence

import msgspec

from zhanggui.people.permissions import ShopId
from zhanggui.records import stock
from zhanggui.records.db import Tx


class Stock(msgspec.Struct, frozen=True):
    """What lies in the whole house of one SKU. What was never counted is not known, and neither is what is free of it."""

    on_hand: int | None
    reserved: int
    """Pieces that orders to ship wait for."""

    @property
    def free(self) -> int | None:
        """Pieces that nobody waits for; below zero so many are missing."""
        return None if self.on_hand is None else self.on_hand - self.reserved

    @property
    def missing(self) -> int:
        """Pieces that are promised and not there."""
        return 0 if self.on_hand is None else max(self.reserved - self.on_hand, 0)


def stock_of(tx: Tx, shop_id: ShopId, skus: Sequence[str]) -> Mapping[str, Stock]:
    """The stock of these SKUs; each asked for has one, also where the shop knows nothing of it."""
    return {sku: Stock(total.on_hand, total.reserved) for sku, total in stock.sums(tx, shop_id, skus).items()}
