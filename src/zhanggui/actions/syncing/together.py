"""Many orders that were pushed within moments, read from the list of what changed then: a page tells a hundred of them for the price of one."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from zhanggui.actions.syncing.again import ToldAgain
from zhanggui.actions.syncing.asking import Asking
from zhanggui.actions.syncing.found import is_strange, told_order
from zhanggui.connectors.pdd.orders import orders_updated
from zhanggui.connectors.pdd.windows import order_no_of

MANY = 20
"""From so many on it pays to ask the list."""
BEFORE, AFTER = timedelta(seconds=3), timedelta(seconds=1)
"""An order changed at most so long before its push was heard here, and hardly after."""
MOST_PAGES, PAGE = 8, 100
LONGEST = timedelta(minutes=29)


def told_together(asking: Asking, pushed: Mapping[str, datetime], platform_now: datetime) -> dict[str, ToldAgain]:
    """What the list tells of these orders, each with the platform's time at which its push was heard; those it does not tell as new as that, or in words we
    do not know, are left out and have to be asked for one by one. Raises what asking raises.
    """
    begins, ends = min(pushed.values()) - BEFORE, min(platform_now, max(pushed.values()) + AFTER)
    if not timedelta(0) < ends - begins <= LONGEST:
        return {}
    found: dict[str, ToldAgain] = {}
    for number in range(1, MOST_PAGES + 1):
        page = asking.ask(orders_updated(begins, ends, number, PAGE, use_has_next=True))
        for wire in page.orders:
            no = order_no_of(wire)
            if no not in pushed or no in found:
                continue
            told = told_order(wire, asking.carriers)
            if told.sighting is None or is_strange(told.sighting.facts) or told.sighting.as_of is None or told.sighting.as_of < pushed[no] - BEFORE:
                continue
            found[no] = ToldAgain("order", [told.sighting, *told.lines])
        if len(found) == len(pushed) or len(page.orders) < PAGE:
            break
    return found
