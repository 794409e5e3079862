"""What waits to be decided in a shop, for people to choose from."""

from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known, pasts_alone
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.clocks import case_deadlines
from zhanggui.core.deadlines import DeadlineState
from zhanggui.core.facts import AftersaleFacts, AftersaleState
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import open_things as records

_STATES = (AftersaleState.SELLER_TO_ANSWER.value, AftersaleState.PLATFORM_HANDLES.value)
_MOST_ORDERS = 1000


class OpenCase(msgspec.Struct, frozen=True):
    """A case that waits for the shop, or for the platform's ruling, and the moment until when."""

    case: AftersaleFacts
    title: str | None
    due_at: datetime | None

    @property
    def is_with_platform(self) -> bool:
        """Whether the platform decides."""
        return self.case.state is AftersaleState.PLATFORM_HANDLES


class OpenThings(msgspec.Struct, frozen=True):
    """What waits: cases, the oldest first, and how many orders are to be shipped."""

    cases: tuple[OpenCase, ...]
    has_more: bool
    to_ship: int
    to_ship_has_more: bool


def open_things(house: House, by: Person, shop_id: ShopId, now: datetime, *, limit: int) -> OpenThings:
    """What waits to be decided; clocks that have run out stand first."""
    by.need(Permission.ORDERS_READ, shop_id)
    by.need(Permission.AFTERSALES_READ, shop_id)
    with house.pool.connection() as tx:
        rulebook = rulebook_in(tx, house, shop_id)
        found = records.cases(tx, shop_id, _STATES, limit + 1)
        known = orders_known(tx, shop_id, sorted({case.order_no for case in found if case.order_no}))
        alone = pasts_alone(tx, shop_id, found, known)
        orders = records.orders(tx, shop_id, _MOST_ORDERS + 1)
    cases = []
    for case in found[:limit]:
        order = known.get(case.order_no or "")
        listed = case_deadlines(case, order, rulebook, alone.get(case.case_no))
        due = min((each.due_at for each in listed if each.state is DeadlineState.OPEN), default=None)
        cases.append(OpenCase(case, None if order is None else order.order.title, due))
    cases.sort(key=lambda each: (each.due_at is None, each.due_at or now, each.case.case_no))
    return OpenThings(tuple(cases), len(found) > limit, min(len(orders), _MOST_ORDERS), len(orders) > _MOST_ORDERS)
