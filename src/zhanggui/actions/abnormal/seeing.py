"""The list of suspected orders, by what has come of them."""

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from zhanggui.actions import cursors
from zhanggui.actions.access import shops_with
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.abnormal import Abnormal, AbnormalState
from zhanggui.core.clocks.abnormal import request_deadline
from zhanggui.core.facts import OrderFacts
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import abnormal_orders as records
from zhanggui.records import dispatches

FROM_THE_NEWEST = (datetime(9999, 1, 1, tzinfo=UTC), "")
PAGE = 50


class AbnormalRow(msgspec.Struct, frozen=True, kw_only=True):
    """A suspected order: its facts as far as they are known, until when something can be asked, and who spoke last."""

    abnormal: Abnormal
    order: OrderFacts | None
    due_at: datetime | None
    by_name: str | None


class AbnormalPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the list."""

    rows: tuple[AbnormalRow, ...]
    counts: Mapping[AbnormalState, int]
    cursor: str | None


def abnormal_orders(
    house: House, by: Person, shop_id: ShopId, state: AbnormalState, now: datetime, *, cursor: str | None = None, limit: int = PAGE
) -> AbnormalPage:
    """The orders in this state, those that came to it last first."""
    del now  # every read takes the moment it is made at
    after = cursors.read(cursor, tuple[datetime, str]) if cursor else FROM_THE_NEWEST
    with house.pool.connection() as tx:
        shops_with(tx, by, Permission.ORDERS_READ, [shop_id])
        found = records.page(tx, shop_id, state, after, limit + 1)
        counts = records.counts(tx, shop_id)
        shown = found[:limit]
        known = orders_known(tx, shop_id, [one.order_no for one in shown])
        names = dispatches.names(tx, [one.moved_by for one in shown])
        rulebook = rulebook_in(tx, house, shop_id)
    rows = []
    for one in shown:
        order = known.get(one.order_no)
        deadline = request_deadline(order, rulebook) if order else None
        rows.append(
            AbnormalRow(
                abnormal=one,
                order=order.order if order else None,
                due_at=deadline.due_at if deadline else None,
                by_name=names.get(one.moved_by) if one.moved_by is not None else None,
            )
        )
    last = shown[-1] if len(found) > limit else None
    return AbnormalPage(rows=tuple(rows), counts=counts, cursor=cursors.write((last.moved_at, last.order_no)) if last else None)
