"""The last look at the platform before a step: the orders that have changed there since are read again and stored, before anything is locked."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec
from psycopg import errors

from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.platform import NotConnected, access_to, ask
from zhanggui.actions.refused import Refused
from zhanggui.actions.syncing import read_again
from zhanggui.actions.syncing.found import told_case
from zhanggui.connectors.pdd.aftersales import refunds_of_order, status_check
from zhanggui.connectors.pdd.errors import PlatformError
from zhanggui.connectors.pdd.orders import MOST_NUMBERS, OrderStatus, order_status
from zhanggui.core.dispatch import StepOutcome
from zhanggui.core.facts import AftersaleState
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId

_OVER = frozenset({AftersaleState.REJECTED, AftersaleState.REFUNDED, AftersaleState.CLOSED, AftersaleState.DONE})


def freshened(house: House, by: Person, need: Permission, shop_id: ShopId, order_nos: Sequence[str], now: datetime, wall: datetime | None) -> Say | None:
    """Has whatever changed at the platform stored; why one has to go by what was known before, None where nothing is in doubt.

    A shop that is not connected goes by its files, and so does whoever tells no `wall`.
    """
    by.need(need, shop_id)
    if wall is None or not _is_connected(house, shop_id, now):
        return None
    try:
        for no, has_case in _changed(house, shop_id, list(dict.fromkeys(order_nos)), now, wall):
            _read(house, shop_id, no, now, wall, has_case=has_case)
    except (PlatformError, Refused, errors.LockNotAvailable):
        return say("The platform could not be asked just now; it was judged by what was known before.")
    return None


def minding(outcomes: Iterable[StepOutcome], doubt: Say | None) -> tuple[StepOutcome, ...]:
    """The outcomes, with the doubt told where something was done under it."""
    return tuple(msgspec.structs.replace(one, why=one.why or doubt) if one.done else one for one in outcomes)


def _is_connected(house: House, shop_id: ShopId, now: datetime) -> bool:
    try:
        access_to(house, shop_id, now)
    except NotConnected:
        return False
    except Refused:  # connected, though its key is missing: whoever asks finds out
        return True
    return True


def _changed(house: House, shop_id: ShopId, order_nos: Sequence[str], now: datetime, wall: datetime) -> Iterator[tuple[str, bool]]:
    """The orders that stand otherwise with the platform than with us, and whether the platform knows of an open case of theirs."""
    for first in range(0, len(order_nos), MOST_NUMBERS):
        some = order_nos[first : first + MOST_NUMBERS]
        statuses = ask(house, shop_id, order_status(some), now, wall)
        with_case = ask(house, shop_id, status_check(some), now, wall)
        with house.pool.connection() as tx:
            known = orders_known(tx, shop_id, some)
        for status in statuses:
            has_case = status.order_no in with_case
            if status.is_ours and _differs(status, known.get(status.order_no), has_case=has_case):
                yield status.order_no, has_case


def _differs(status: OrderStatus, known: OrderKnowledge | None, *, has_case: bool) -> bool:
    if known is None or known.order.stage is not status.stage or known.order.refund is not status.refund:
        return True
    return has_case is not any(case.state not in _OVER for case in known.cases)


def _read(house: House, shop_id: ShopId, order_no: str, now: datetime, wall: datetime, *, has_case: bool) -> None:
    with house.pool.connection() as tx:
        known = orders_known(tx, shop_id, [order_no]).get(order_no)
    cases = {case.case_no for case in known.cases} if known is not None else set()
    if has_case:
        page = ask(house, shop_id, refunds_of_order(order_no, now), now, wall)
        cases |= {told.no for wire in page.cases if (told := told_case(wire)).no}
    if not cases:
        read_again(house, shop_id, "order", order_no, now, wall)
    for case_no in sorted(cases):  # each is read together with its order
        read_again(house, shop_id, "case", case_no, now, wall, order_no=order_no)
