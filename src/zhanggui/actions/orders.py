"""The Orders list: pages, counts by state, the last month, and search by number."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from zhanggui.actions import cursors
from zhanggui.actions.access import ShopInfo, shops_with
from zhanggui.actions.house import House
from zhanggui.actions.order_page import order
from zhanggui.actions.views import DayCount, OrderRow, OrdersPage, StateCount
from zhanggui.core.facts import OrderStage, RefundState
from zhanggui.core.moments import shanghai_day
from zhanggui.core.money import Fen
from zhanggui.core.periods import Period
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import abnormal_orders, order_lists
from zhanggui.records.db import Tx
from zhanggui.records.order_lists import ListedOrder, OrdersWanted

__all__ = ["find", "last_month", "order", "orders", "state_counts"]

DAYS_OF_A_MONTH = 30
MOST_FOUND = 20


def orders(
    house: House,
    by: Person,
    now: datetime,  # noqa: ARG001 - every read takes the moment it is made at, so that lists may come to use it
    *,
    shop_ids: Sequence[ShopId] | None = None,
    stage: OrderStage | None = None,
    refund: RefundState | None = None,
    query: str | None = None,
    days: Period | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> OrdersPage:
    """A page of orders, newest first, each with its most urgent deadline; `query` is an order, parcel or case number and stands alone."""
    after = cursors.read(cursor, tuple[datetime, str, int]) if cursor else None
    if days is not None and (after is None or after[0] > days.until):
        after = (days.until, "", 0)
    with house.pool.connection() as tx:
        shops = shops_with(tx, by, Permission.ORDERS_READ, shop_ids)
        if query and query.strip():
            return OrdersPage(_rows(tx, shops, order_lists.by_number(tx, list(shops), query.strip(), MOST_FOUND)), None)
        since = None if days is None else days.since
        wanted = OrdersWanted(list(shops), stage.value if stage else None, refund.value if refund else None, after, limit + 1, since)
        found = order_lists.page(tx, wanted)
        rows = _rows(tx, shops, found[:limit])
    last = found[limit - 1] if len(found) > limit else None
    return OrdersPage(rows, cursors.write((last.listed_at, last.order_no, last.shop_id)) if last else None)


def state_counts(house: House, by: Person, shop_ids: Sequence[ShopId] | None = None) -> tuple[StateCount, ...]:
    """How many orders stand in each stage and refund state, without counting them."""
    with house.pool.connection() as tx:
        shops = shops_with(tx, by, Permission.ORDERS_READ, shop_ids)
        counted = {(row.stage, row.refund): row.orders for row in order_lists.state_totals(tx, list(shops))}
        # what the platform lets a seller not ship is neither to be shipped nor sold
        for _, stage, refund, many, _ in abnormal_orders.approved(tx, list(shops)):
            counted[stage, refund] = counted.get((stage, refund), 0) - many
    return tuple(StateCount(stage, refund, many) for (stage, refund), many in sorted(counted.items()) if many > 0)


def last_month(house: House, by: Person, shop_ids: Sequence[ShopId] | None, now: datetime) -> tuple[DayCount, ...]:
    """The orders of each of the last thirty Shanghai days, today last; days without any are there too."""
    last = shanghai_day(now)
    first = last - timedelta(days=DAYS_OF_A_MONTH - 1)
    with house.pool.connection() as tx:
        shops = shops_with(tx, by, Permission.ORDERS_READ, shop_ids)
        known = {row.day: (row.orders, row.paid) for row in order_lists.day_totals(tx, list(shops), first, last)}
        for day, _, _, many, paid in abnormal_orders.approved(tx, list(shops)):
            orders_then, paid_then = known.get(day, (0, 0))
            known[day] = orders_then - many, paid_then - paid
    days = [first + timedelta(days=number) for number in range(DAYS_OF_A_MONTH)]
    return tuple(DayCount(day, known[day][0], Fen(known[day][1])) if day in known else DayCount(day, 0, Fen(0)) for day in days)


def find(house: House, by: Person, number: str) -> tuple[tuple[ShopId, str, str], ...]:
    """What bears this number in the shops this person sees: (shop, `order` or `aftersale`, its own number). A parcel leads to its order."""
    with house.pool.connection() as tx:
        shops = shops_with(tx, by, Permission.ORDERS_READ, None)
        return tuple((ShopId(row.shop_id), row.kind, row.no) for row in order_lists.find(tx, list(shops), number.strip(), MOST_FOUND))


def _rows(tx: Tx, shops: dict[ShopId, ShopInfo], found: Sequence[ListedOrder]) -> tuple[OrderRow, ...]:
    urgent = order_lists.most_urgent(tx, [(row.shop_id, row.order_no) for row in found])
    return tuple(
        OrderRow(
            shop_id=ShopId(row.shop_id),
            shop_name=shops[ShopId(row.shop_id)].name,
            order=row.order,
            deadline=urgent[row.shop_id, row.order_no].deadline() if (row.shop_id, row.order_no) in urgent else None,
        )
        for row in found
    )
