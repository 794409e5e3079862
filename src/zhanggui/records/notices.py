"""Notices that people released, and the orders about which something may be to be told."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.notices.steps import NoticeState, NoticeStep
from zhanggui.records.db import Tx


class NewNotice(msgspec.Struct, frozen=True, kw_only=True):
    """A notice that somebody just released, or decided not to send."""

    order_no: str
    step: str
    state: str
    script: str
    said: str
    gloss: str
    since: datetime
    promise_at: datetime | None
    released_at: datetime
    released_by: int | None


class NoticeRecord(NewNotice, frozen=True, kw_only=True):
    """A notice as it stands."""

    shop_id: int
    moved_at: datetime
    moved_by: int | None
    way: str | None
    because: str | None
    money_at: datetime | None
    money_by: datetime | None
    money_acted: bool
    version: int


FORMED = """
    select order_no from orders
    where shop_id = %(shop_id)s and stage = 'to_ship' and refund = 'none' and listed_at >= %(since)s
        and not exists (
            select 1 from dispatches
            where dispatches.shop_id = orders.shop_id and dispatches.order_no = orders.order_no and dispatches.state is not null
        )
        and not exists (
            select 1 from notices
            where notices.shop_id = orders.shop_id and notices.order_no = orders.order_no and notices.step = %(step)s and notices.state <> 'notice_ceased'
        )
    order by listed_at, order_no
    limit %(limit)s offset %(skip)s
"""
PRINTED = """
    select order_no from (
        select order_no, moved_at as at from dispatches
        where shop_id = %(shop_id)s and state in ('printed', 'packed', 'handed_over') and moved_at >= %(since)s
        union all
        select order_no, shipped_at as at from parcels where shop_id = %(shop_id)s and shipped_at >= %(since)s
    ) as out
    where not exists (
        select 1 from notices
        where notices.shop_id = %(shop_id)s and notices.order_no = out.order_no and notices.step = %(step)s and notices.state <> 'notice_ceased'
    )
    group by order_no
    order by min(at), order_no
    limit %(limit)s offset %(skip)s
"""
DUE = """
    select subject_no from deadlines
    where shop_id = %(shop_id)s and kind = 'ship_by' and band in (0, 1, 2) and due_at >= %(since)s
        and not exists (
            select 1 from notices
            where notices.shop_id = %(shop_id)s and notices.order_no = deadlines.subject_no and notices.step = %(step)s and notices.state <> 'notice_ceased'
        )
    order by due_at, subject_no
    limit %(limit)s offset %(skip)s
"""
STALLED = """
    select order_no from parcel_anomalies
    where shop_id = %(shop_id)s and is_open and at >= %(since)s and at <= %(now)s and kind = any(%(kinds)s)
        and not exists (
            select 1 from notices
            where notices.shop_id = %(shop_id)s and notices.order_no = parcel_anomalies.order_no and notices.step = %(step)s
                and notices.state <> 'notice_ceased'
        )
    group by order_no
    order by min(at), order_no
    limit %(limit)s offset %(skip)s
"""
ARRIVED = """
    select order_no from parcels
    where shop_id = %(shop_id)s and state = any(%(states)s) and shipped_at >= %(shipped_since)s
        and coalesce(delivered_at, last_at) >= %(since)s and coalesce(delivered_at, last_at) <= %(now)s
        and not exists (
            select 1 from notices
            where notices.shop_id = %(shop_id)s and notices.order_no = parcels.order_no and notices.step = %(step)s and notices.state <> 'notice_ceased'
        )
    group by order_no
    order by min(coalesce(delivered_at, last_at)), order_no
    limit %(limit)s offset %(skip)s
"""
UNREVIEWED = """
    select order_no from parcels
    where shop_id = %(shop_id)s and state = any(%(states)s) and shipped_at >= %(shipped_since)s
        and delivered_at >= %(since)s and delivered_at <= %(now)s
        and not exists (select 1 from reviews where reviews.shop_id = %(shop_id)s and reviews.order_no = parcels.order_no)
        and not exists (
            select 1 from notices
            where notices.shop_id = %(shop_id)s and notices.order_no = parcels.order_no and notices.step = %(step)s and notices.state <> 'notice_ceased'
        )
    group by order_no
    order by min(delivered_at), order_no
    limit %(limit)s offset %(skip)s
"""
DECIDED = """
    select order_no from notices where shop_id = %(shop_id)s and step = %(step)s and order_no = any(%(nos)s) and state <> 'notice_ceased'
"""
REVIEWED = "select distinct order_no from reviews where shop_id = %(shop_id)s and order_no = any(%(nos)s)"
PROMISED = """
    select order_no, bool_or(state = 'promise_kept'), bool_or(state in ('promise_late', 'promise_broken') or (state = 'promise_open' and due_at < %(now)s))
    from promises where shop_id = %(shop_id)s and order_no = any(%(nos)s) group by order_no
"""
SENDERS = """
    select sender::text from waybill_accounts where shop_id = %(shop_id)s and sender is not null order by account_no limit 1
"""
# a notice that ceased gives way to a new one; any other stands
PUT = """
    insert into notices (shop_id, order_no, step, state, script, said, gloss, since, promise_at, released_at, released_by, moved_at, moved_by)
    values (%(shop_id)s, %(order_no)s, %(step)s, %(state)s, %(script)s, %(said)s, %(gloss)s, %(since)s, %(promise_at)s, %(released_at)s,
        %(released_by)s, %(released_at)s, %(released_by)s)
    on conflict (shop_id, order_no, step) do update set
        state = excluded.state, script = excluded.script, said = excluded.said, gloss = excluded.gloss, since = excluded.since,
        promise_at = excluded.promise_at, released_at = excluded.released_at, released_by = excluded.released_by,
        moved_at = excluded.moved_at, moved_by = excluded.moved_by, way = null, because = null, version = notices.version + 1
    where notices.state = 'notice_ceased'
    returning order_no
"""
ONE = """
    select order_no, step, state, script, said, gloss, since, promise_at, released_at, released_by, shop_id, moved_at, moved_by, way, because::text as because,
        money_at, money_by, money_acted, version
    from notices where shop_id = %(shop_id)s and order_no = %(order_no)s and step = %(step)s
"""
LOCK = """
    select order_no, step, state, script, said, gloss, since, promise_at, released_at, released_by, shop_id, moved_at, moved_by, way, because::text as because,
        money_at, money_by, money_acted, version
    from notices where shop_id = %(shop_id)s and order_no = any(%(nos)s) and step = %(step)s order by order_no for update
"""
IN_STATE = """
    select order_no, step, state, script, said, gloss, since, promise_at, released_at, released_by, shop_id, moved_at, moved_by, way, because::text as because,
        money_at, money_by, money_acted, version
    from notices
    where shop_id = %(shop_id)s and state = %(state)s and (moved_at, order_no, step) < (%(before_at)s, %(before_no)s, %(before_step)s)
    order by moved_at desc, order_no desc, step desc
    limit %(limit)s
"""
OF_ORDER = """
    select order_no, step, state, script, said, gloss, since, promise_at, released_at, released_by, shop_id, moved_at, moved_by, way, because::text as because,
        money_at, money_by, money_acted, version
    from notices where shop_id = %(shop_id)s and order_no = %(order_no)s order by released_at
"""
RELEASED = """
    select order_no, step, state, script, said, gloss, since, promise_at, released_at, released_by, shop_id, moved_at, moved_by, way, because::text as because,
        money_at, money_by, money_acted, version
    from notices where shop_id = %(shop_id)s and state = 'notice_released'
    order by moved_at, order_no, step
    limit %(limit)s
"""
SAVE = """
    update notices set state = %(state)s, moved_at = %(moved_at)s, moved_by = %(moved_by)s, way = %(way)s, because = %(because)s::json,
        money_at = %(money_at)s, money_by = %(money_by)s, money_acted = %(money_acted)s, version = version + 1
    where shop_id = %(shop_id)s and order_no = %(order_no)s and step = %(step)s and version = %(version)s
"""
# what the service tool was given to send and did not
TAKEN_BACK = """
    update notices set state = 'notice_ceased', moved_at = %(at)s, moved_by = %(by)s, way = null, because = %(because)s::json, version = version + 1
    where shop_id = %(shop_id)s and order_no = %(order_no)s and state = 'notice_sent' and way = 'bridge' and said = %(said)s
    returning step
"""
COUNT = "select count(*) from notices where shop_id = %(shop_id)s and state = %(state)s"


def formed(tx: Tx, shop_id: int, since: datetime, limit: int, skip: int) -> list[str]:
    """Orders to ship whose group formed since then, of which nobody has decided yet; the oldest first."""
    return _orders(tx, FORMED, shop_id, NoticeStep.FORMED, since=since, limit=limit, skip=skip)


def printed(tx: Tx, shop_id: int, since: datetime, limit: int, skip: int) -> list[str]:
    """Orders whose label was printed, or whose number was uploaded, since then."""
    return _orders(tx, PRINTED, shop_id, NoticeStep.PRINTED, since=since, limit=limit, skip=skip)


def due(tx: Tx, shop_id: int, since: datetime, limit: int, skip: int) -> list[str]:
    """Orders that were due to ship since then, or are due within the day; the most overdue first."""
    return _orders(tx, DUE, shop_id, NoticeStep.DELAYED, since=since, limit=limit, skip=skip)


def stalled(tx: Tx, shop_id: int, kinds: Sequence[str], since: datetime, now: datetime, limit: int, skip: int) -> list[str]:
    """Orders whose parcel came to stand still since then."""
    return _orders(tx, STALLED, shop_id, NoticeStep.STALLED, since=since, now=now, limit=limit, skip=skip, kinds=list(kinds))


def arrived(tx: Tx, shop_id: int, states: Sequence[str], shipped_since: datetime, since: datetime, now: datetime, limit: int, skip: int) -> list[str]:
    """Orders whose parcel came into one of these states since then."""
    return _orders(tx, ARRIVED, shop_id, NoticeStep.DELIVERED, since=since, now=now, limit=limit, skip=skip, states=list(states), shipped_since=shipped_since)


def unreviewed(tx: Tx, shop_id: int, states: Sequence[str], shipped_since: datetime, since: datetime, now: datetime, limit: int, skip: int) -> list[str]:
    """Orders that were delivered between these moments and that nobody has reviewed."""
    return _orders(tx, UNREVIEWED, shop_id, NoticeStep.REVIEW, since=since, now=now, limit=limit, skip=skip, states=list(states), shipped_since=shipped_since)


def undecided(tx: Tx, shop_id: int, step: NoticeStep, order_nos: Sequence[str]) -> list[str]:
    """Those of these orders of which nobody has decided at this step, in their order."""
    decided = set(_orders(tx, DECIDED, shop_id, step, nos=list(order_nos))) if order_nos else set()
    return [no for no in order_nos if no not in decided]


def reviewed(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> set[str]:
    """Those of these orders that somebody reviewed."""
    return {no for (no,) in tx.execute(REVIEWED, {"shop_id": shop_id, "nos": list(order_nos)})}


def promised(tx: Tx, shop_id: int, order_nos: Sequence[str], now: datetime) -> dict[str, tuple[bool, bool]]:
    """Of orders about which something was promised: whether any of it was kept, and whether any was not."""
    return {no: (bool(kept), bool(broken)) for no, kept, broken in tx.execute(PROMISED, {"shop_id": shop_id, "nos": list(order_nos), "now": now})}


def sender(tx: Tx, shop_id: int) -> str | None:
    """From where the shop's labels say that it sends, as JSON."""
    row = tx.execute(SENDERS, {"shop_id": shop_id}).fetchone()
    return None if row is None else str(row[0])


def put(tx: Tx, shop_id: int, new: NewNotice) -> bool:
    """Whether the notice was stored; not where this order was told of this step, or somebody decided before."""
    return tx.execute(PUT, {"shop_id": shop_id, **msgspec.structs.asdict(new)}).fetchone() is not None


def one(tx: Tx, shop_id: int, order_no: str, step: NoticeStep) -> NoticeRecord | None:
    """The notice of an order at a step."""
    with tx.cursor(row_factory=class_row(NoticeRecord)) as cursor:
        return cursor.execute(ONE, {"shop_id": shop_id, "order_no": order_no, "step": step.value}).fetchone()


def locked(tx: Tx, shop_id: int, step: NoticeStep, order_nos: Sequence[str]) -> list[NoticeRecord]:
    """The notices of these orders at a step, held until the transaction ends."""
    with tx.cursor(row_factory=class_row(NoticeRecord)) as cursor:
        return cursor.execute(LOCK, {"shop_id": shop_id, "step": step.value, "nos": list(order_nos)}).fetchall()


def in_state(tx: Tx, shop_id: int, state: NoticeState, before: tuple[datetime, str, str], limit: int) -> list[NoticeRecord]:
    """The notices in a state, the newest first, before one of them."""
    slots = {"shop_id": shop_id, "state": state.value, "before_at": before[0], "before_no": before[1], "before_step": before[2], "limit": limit}
    with tx.cursor(row_factory=class_row(NoticeRecord)) as cursor:
        return cursor.execute(IN_STATE, slots).fetchall()


def of_order(tx: Tx, shop_id: int, order_no: str) -> list[NoticeRecord]:
    """What was decided about telling the buyer of an order, the oldest first."""
    with tx.cursor(row_factory=class_row(NoticeRecord)) as cursor:
        return cursor.execute(OF_ORDER, {"shop_id": shop_id, "order_no": order_no}).fetchall()


def released(tx: Tx, shop_id: int, limit: int) -> list[NoticeRecord]:
    """What waits to be sent, the longest released first."""
    with tx.cursor(row_factory=class_row(NoticeRecord)) as cursor:
        return cursor.execute(RELEASED, {"shop_id": shop_id, "limit": limit}).fetchall()


def save(tx: Tx, record: NoticeRecord) -> bool:
    """Whether the notice was stored as it now is; not where somebody changed it meanwhile."""
    return tx.execute(SAVE, msgspec.structs.asdict(record)).rowcount == 1


def taken_back(tx: Tx, shop_id: int, order_no: str, said: str, because: str, by: int | None, at: datetime) -> list[str]:
    """The steps whose notice with these words was given to the service tool and not sent; they come up again."""
    slots = {"shop_id": shop_id, "order_no": order_no, "said": said, "because": because, "by": by, "at": at}
    return [str(step) for (step,) in tx.execute(TAKEN_BACK, slots)]


def count(tx: Tx, shop_id: int, state: NoticeState) -> int:
    """How many notices are in a state. For states that few are in at a time."""
    row = tx.execute(COUNT, {"shop_id": shop_id, "state": state.value}).fetchone()
    return 0 if row is None else int(row[0])


def _orders(tx: Tx, statement: str, shop_id: int, step: NoticeStep, **slots: object) -> list[str]:
    return [no for (no,) in tx.execute(statement, {"shop_id": shop_id, "step": step.value, **slots})]
