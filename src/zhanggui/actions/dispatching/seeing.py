"""What the desk and the warehouse see of orders on their way out."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from zhanggui.actions.house import House
from zhanggui.actions.interlock.stepping import order_nos_of
from zhanggui.core.dispatch import Dispatch, DispatchState
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import dispatches as records

FROM_THE_FIRST = (datetime(1970, 1, 1, tzinfo=UTC), "")
After = tuple[datetime, str]
LATELY = timedelta(days=1)


def find_dispatch(house: House, by: Person, shop_id: ShopId, code: str, now: datetime) -> Dispatch | None:
    """The order that this code names: a tracking number printed here, else an order number. None where nothing of it was printed."""
    del now  # every read takes the moment it is made at
    by.need(Permission.ORDERS_READ, shop_id)
    with house.pool.connection() as tx:
        found = records.of_orders(tx, shop_id, order_nos_of(tx, shop_id, [code]))
    return next(iter(found.values()), None)


def destroy_list(house: House, by: Person, shop_id: ShopId, now: datetime, *, after: After = FROM_THE_FIRST, limit: int = 200) -> tuple[Dispatch, ...]:
    """The orders whose labels have to be destroyed, those that wait longest first, after one of them (halted at, order number)."""
    del now
    by.need(Permission.ORDERS_READ, shop_id)
    with house.pool.connection() as tx:
        return tuple(records.in_state(tx, shop_id, DispatchState.TO_DESTROY, after, limit))


def destroyed_lately(house: House, by: Person, shop_id: ShopId, now: datetime, *, limit: int = 50) -> tuple[Dispatch, ...]:
    """The orders whose labels were said to be destroyed within the last day, the last one first: a wrong click is still found."""
    by.need(Permission.ORDERS_READ, shop_id)
    with house.pool.connection() as tx:
        return tuple(reversed(records.in_state(tx, shop_id, DispatchState.DESTROYED, (now - LATELY, ""), limit)))


def parcels_to_recall(house: House, by: Person, shop_id: ShopId, now: datetime, *, after: After = FROM_THE_FIRST, limit: int = 200) -> tuple[Dispatch, ...]:
    """The parcels that have left and should come back, those asked for first coming first."""
    del now
    by.need(Permission.ORDERS_READ, shop_id)
    with house.pool.connection() as tx:
        return tuple(records.to_recall(tx, shop_id, after, limit))


def named(house: House, by: Person, shop_id: ShopId, listed: Iterable[Dispatch]) -> Mapping[int, str]:
    """What the people are called who made the steps of these orders."""
    by.need(Permission.ORDERS_READ, shop_id)
    with house.pool.connection() as tx:
        return records.names(tx, [no for each in listed for no in (each.slot_by, each.printed_by, each.packed_by, each.handed_by, each.destroyed_by)])
