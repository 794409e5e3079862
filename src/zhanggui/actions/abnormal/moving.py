"""One step of suspected orders: under the same lock as printing and refunding, with the order's deadlines computed anew."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import errors

from zhanggui.actions.house import House
from zhanggui.actions.interlock.stepping import MOST, NO_SUCH_ORDER, held
from zhanggui.actions.reckoning import Reckoning, touch_orders
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.abnormal import Abnormal, AbnormalEvent, AbnormalState, NoSuchStep, gone_on
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import ShopId
from zhanggui.records import abnormal_orders, journal
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.abnormal import AbnormalMoved

Objects = Callable[[OrderKnowledge], Say | None]
NOTHING_AGAINST: Objects = lambda _: None  # noqa: E731 - a constant that happens to be callable


def moved(
    house: House,
    shop_id: ShopId,
    order_nos: Sequence[str],
    event: AbnormalEvent,
    now: datetime,
    by: int | None,
    fields: Mapping[str, Any],
    objects: Objects = NOTHING_AGAINST,
) -> dict[str, Say | None]:
    """For each order why the step was not made, None where it was. Raises Refused where an import is just being stored."""
    wanted = list(dict.fromkeys(order_nos))[:MOST]

    def work(tx: Tx) -> dict[str, Say | None]:
        standing = held(tx, shop_id, wanted)
        told: dict[str, Say | None] = {}
        after: list[Abnormal] = []
        for no in wanted:
            known = standing[no].known if no in standing else None
            told[no] = _step(known, event, now, by, fields, objects, after)
        _store(tx, house, shop_id, after, event, now, by)
        return told

    try:
        return transact(house.pool, work)
    except errors.LockNotAvailable:
        raise Refused(say("An import is just being stored. Try again in a moment.")) from None


def _step(
    known: OrderKnowledge | None, event: AbnormalEvent, now: datetime, by: int | None, fields: Mapping[str, Any], objects: Objects, after: list[Abnormal]
) -> Say | None:
    if known is None:
        return NO_SUCH_ORDER
    against = objects(known)
    if against is not None:
        return against
    before = known.abnormal
    try:
        state = gone_on(None if before is None else before.state, event)
    except NoSuchStep:
        at: AbnormalState | None = None if before is None else before.state
        return say("It is {state} by now; look at it again.", state=at) if at else say("Nobody has suspected it or asked about it.")
    first = before or Abnormal(order_no=known.order.order_no, state=state, found_at=now, moved_at=now)
    after.append(msgspec.structs.replace(first, state=state, moved_at=now, moved_by=by, **fields))
    return None


def _store(tx: Tx, house: House, shop_id: ShopId, after: Sequence[Abnormal], event: AbnormalEvent, now: datetime, by: int | None) -> None:
    if not after:
        return
    abnormal_orders.store(tx, shop_id, after)
    journal.copy_many(
        tx, [journal.row(shop_id, AbnormalMoved(event.value, one.state.value), now, by, SubjectKind.ORDER.value, one.order_no, None) for one in after]
    )
    # its deadlines, what it reserves, whether its label has to be destroyed, and where the desk lists it follow from what is known now
    reckoning = Reckoning(tx, shop_id, rulebook_in(tx, house, shop_id), now)
    reckoning.recompute(touch_orders(one.order_no for one in after))
    reckoning.finish()
