"""What notices about many orders are decided by, read once from fresh facts."""

import json
from collections.abc import Sequence
from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.notices.estimating import Estimator
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.carriers.prices import short_province
from zhanggui.core.clocks.shipping import ship_due
from zhanggui.core.notices.shapes import NoticeGround
from zhanggui.core.parcels.parcel import parcel_of
from zhanggui.people.permissions import ShopId
from zhanggui.records import notices as records
from zhanggui.records.db import Tx


class Grounds:
    """One shop's ground for notices at a moment."""

    def __init__(self, tx: Tx, house: House, shop_id: ShopId, now: datetime) -> None:
        self.tx, self.shop_id, self.now = tx, shop_id, now
        self.rulebook = rulebook_in(tx, house, shop_id)
        self.estimator = Estimator(tx, shop_id, self.rulebook, now)
        self.short = self.estimator.without_goods()
        self._origin = origin_of(records.sender(tx, shop_id))

    def of(self, order_nos: Sequence[str]) -> dict[str, NoticeGround]:
        """The ground of each of these orders that the shop knows."""
        nos = list(dict.fromkeys(order_nos))
        if not nos:
            return {}
        known = orders_known(self.tx, self.shop_id, nos)
        self.estimator.look_at(nos)
        reviewed = records.reviewed(self.tx, self.shop_id, nos)
        promised = records.promised(self.tx, self.shop_id, nos, self.now)
        found: dict[str, NoticeGround] = {}
        for no in nos:
            if no not in known:
                continue
            one = known[no]
            due = ship_due(one, self.rulebook)
            ship_by = None if due is None else due.due_at
            estimate = self.estimator.ship(one, ship_by)
            kept, broken = promised.get(no, (False, False))
            found[no] = NoticeGround(
                known=one,
                ship_by=ship_by,
                estimate=estimate,
                is_short=no in self.short,
                transit=self.estimator.transit(one, None if estimate is None else estimate.carrier),
                parcel=parcel_of(one, self.rulebook),
                origin=self._origin,
                has_review=no in reviewed,
                kept_promise=kept,
                broken_promise=broken,
            )
        return found


def origin_of(sender: str | None) -> str:
    """The province and city from which the shop's labels say that it sends; empty where they do not say."""
    address = json.loads(sender).get("address", {}) if sender else {}
    province, city = (str(address.get(name) or "") for name in ("province", "city"))
    bare, town = short_province(province), city.removesuffix("市")
    return town if bare == town else f"{bare}{town}"
