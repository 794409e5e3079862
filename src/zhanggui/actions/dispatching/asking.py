"""A step that asks for more of its orders than they stand with: once for all of them, and only once all of them are held."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import TypeVar

from zhanggui.actions.house import House
from zhanggui.actions.interlock.stepping import MOST, Changed, Standing, in_one_transaction, step_in
from zhanggui.actions.refused import Refused
from zhanggui.core.dispatch import StepOutcome
from zhanggui.core.say import say
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
    by.need(need, shop_id)
    wanted = list(dict.fromkeys(order_nos))
    if len(wanted) > MOST:
        raise Refused(say("At most {most} orders go through a step at once.", most=MOST))
    if not wanted:
        return ()

    def work(tx: Tx) -> tuple[StepOutcome, ...]:
        asked = cache(lambda: asks(tx, wanted))
        return step_in(tx, shop_id, wanted, now, by.person_id, lambda standing: decides(standing, asked()))

    return in_one_transaction(house, work)
