"""Keeps the rows of parcels equal to what follows from the facts of their orders, inside the transaction that stores those."""

from collections.abc import Collection, Iterable, Mapping

from zhanggui.core.hooks.kinds import EventKind
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.parcels import Parcel, parcels_of
from zhanggui.core.rules import Rulebook
from zhanggui.records import parcels
from zhanggui.records.db import Tx
from zhanggui.records.hook_notes import Ears


class Following:
    """The parcels of one shop, following its orders. Adds up totals until `finish`."""

    def __init__(self, tx: Tx, shop_id: int, rulebook: Rulebook, ears: Ears | None = None) -> None:
        self._tx = tx
        self._shop_id = shop_id
        self._rulebook = rulebook
        self._totals = parcels.Totals()
        self._ears = ears

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
            self._tell(None if before is None else before[0], parcel)
            self._totals.come(parcel)
        for gone, _ in standing.values():
            self._totals.go(gone)
        parcels.remove(self._tx, self._shop_id, list(standing))
        parcels.put(self._tx, self._shop_id, new)

    def finish(self) -> None:
        """Lets the totals follow."""
        self._totals.store(self._tx, self._shop_id)

    def _tell(self, before: Parcel | None, after: Parcel) -> None:
        if self._ears is None or not self._ears.want(EventKind.PARCEL_SEEN, EventKind.PARCEL_MOVED, EventKind.PARCEL_TROUBLED):
            return
        parcel = ("parcel", after.tracking_no, after.order_no)
        stands = {"carrier": after.carrier, "shipped_at": after.shipped_at, "delivered_at": after.delivered_at, "place": after.place}
        if before is None:
            self._ears.tell(EventKind.PARCEL_SEEN, *parcel, after=after.state.value, **stands)
        elif before.state is not after.state:
            self._ears.tell(EventKind.PARCEL_MOVED, *parcel, before=before.state.value, after=after.state.value, **stands)
        known = {(one.kind, one.at) for one in before.anomalies} if before is not None else set()
        for one in after.anomalies:
            if (one.kind, one.at) not in known and after.is_open(one):
                self._ears.tell(EventKind.PARCEL_TROUBLED, *parcel, trouble=one.kind.value, at=one.at, at_risk_fen=one.at_risk, carrier=after.carrier)
