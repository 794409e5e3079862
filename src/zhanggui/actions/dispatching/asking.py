"""A step that asks for more of its orders than they stand with: once for all of them, and only once all of them are held."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import TypeVar

from zhanggui.actions.house import House
from zhanggui.actions.interlock.stepping import Changed, Standing, of_orders, step_in
from zhanggui.core.dispatch import StepOutcome
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records.db import Tx

T = TypeVar("T")


def step_asking(
    house: House,
    by: Person,
    need: Permission,
    shop_id: ShopId,
    order_nos: Sequence[str],
    now: datetime,
    asks: Callable[[Tx, Sequence[str]], T],
    decides: Callable[[Standing, T], Changed],
) -> tuple[StepOutcome, ...]:
    """What became of each order, in the order given. Raises Refused where an import is just being stored, or too many are named."""

    def work(tx: Tx, wanted: Sequence[str]) -> tuple[StepOutcome, ...]:
        asked = cache(lambda: asks(tx, wanted))
        return step_in(tx, shop_id, wanted, now, by.person_id, lambda standing: decides(standing, asked()))

    return of_orders(house, by, need, shop_id, order_nos, work)
