"""Keeps the rows of parcels equal to what follows from the facts of their orders, inside the transaction that stores those."""

from collections.abc import Collection, Iterable, Mapping

from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.parcels import parcels_of
from zhanggui.core.rules import Rulebook
from zhanggui.records import parcels
from zhanggui.records.db import Tx


class Following:
    """The parcels of one shop, following its orders. Adds up totals until `finish`."""

    def __init__(self, tx: Tx, shop_id: int, rulebook: Rulebook) -> None:
        self._tx = tx
        self._shop_id = shop_id
        self._rulebook = rulebook
        self._totals = parcels.Totals()

    def follow(self, known_orders: Mapping[str, OrderKnowledge], order_nos: Iterable[str], fresh: Collection[str]) -> None:
        """Makes the parcels of these orders what the facts say; those of orders that are not known any more go. Nothing hangs on `fresh` ones yet."""
        computed = [parcel for known in known_orders.values() for parcel in parcels_of(known, self._rulebook)]
        standing = parcels.held(self._tx, self._shop_id, [no for no in order_nos if no not in fresh])
        new = []
        for parcel in computed:
            facts = parcels.encoded(parcel)
            before = standing.get((parcel.order_no, parcel.tracking_no))
            if before is not None and before[1] == facts:
                del standing[parcel.order_no, parcel.tracking_no]
                continue
            new.append((parcel, facts))
            self._totals.come(parcel)
        for gone, _ in standing.values():
            self._totals.go(gone)
        parcels.remove(self._tx, self._shop_id, list(standing))
        parcels.put(self._tx, self._shop_id, new)

    def finish(self) -> None:
        """Lets the totals follow."""
        self._totals.store(self._tx, self._shop_id)
