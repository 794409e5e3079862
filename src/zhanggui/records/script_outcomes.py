"""What the facts tell of the time after a script was used."""

from collections.abc import Sequence
from datetime import datetime

from psycopg.rows import class_row

from zhanggui.records.db import Tx
from zhanggui.records.scripts import UseRow

# the order a talk is about by now, of those talks that had none when the words were used
ORDERED = """
    select threads.thread_no, (orders.facts ->> 'created_at')::timestamptz, (orders.facts ->> 'group_formed_at')::timestamptz
    from threads
    join orders on orders.shop_id = %(shop_id)s and orders.order_no = threads.order_no
    where threads.shop_id = %(shop_id)s and threads.thread_no = any(%(thread_nos)s)
"""
REPLIED_IN_THREAD = """
    select used.use_no, min(conversation_messages.placed_at)
    from unnest(%(use_nos)s::bigint[], %(thread_nos)s::bigint[], %(moments)s::timestamptz[]) as used (use_no, thread_no, at)
    join conversation_messages on conversation_messages.shop_id = %(shop_id)s and conversation_messages.thread_no = used.thread_no
        and conversation_messages.placed_at > used.at and conversation_messages.who = 'buyer'
    group by used.use_no
"""
REPLIED_ON_ORDER = """
    select used.use_no, min(messages.at)
    from unnest(%(use_nos)s::bigint[], %(order_nos)s::text[], %(moments)s::timestamptz[]) as used (use_no, order_no, at)
    join messages on messages.shop_id = %(shop_id)s and messages.order_no = used.order_no and messages.at > used.at and messages.speaker = 'buyer'
    group by used.use_no
"""
SCORES = """
    select used.use_no, (array_agg(reviews.score order by reviews.created_at desc))[1]
    from unnest(%(use_nos)s::bigint[], %(order_nos)s::text[], %(moments)s::timestamptz[]) as used (use_no, order_no, at)
    join reviews on reviews.shop_id = %(shop_id)s and reviews.order_no = used.order_no and reviews.created_at > used.at and reviews.score is not null
    group by used.use_no
"""
USES_OF_SCRIPT = """
    select listed.use_no, listed.script_id, listed.version, listed.used_at, listed.used_by, people.display_name as rep, listed.thread_no, listed.order_no,
        listed.refund_asked
    from (
        select * from script_uses where shop_id = %(shop_id)s and script_id = %(script_id)s and used_at >= %(since)s
        order by used_at desc, use_no desc
        limit %(limit)s
    ) as listed
    left join people on people.person_id = listed.used_by
    order by listed.used_at desc, listed.use_no desc
"""


def ordered(tx: Tx, shop_id: int, thread_nos: Sequence[int]) -> dict[int, datetime]:
    """When the order was made that a talk is about by now."""
    rows = tx.execute(ORDERED, {"shop_id": shop_id, "thread_nos": list(thread_nos)})
    return {thread_no: moment for thread_no, created, formed in rows if (moment := created or formed) is not None}


def replied(tx: Tx, shop_id: int, uses: Sequence[UseRow]) -> dict[int, datetime]:
    """When the buyer first wrote after each use: in the talk where it is known, else about the order."""
    talks = [use for use in uses if use.thread_no is not None]
    orders = [use for use in uses if use.thread_no is None and use.order_no is not None]
    found: dict[int, datetime] = {}
    if talks:
        told = {**_columns(shop_id, talks), "thread_nos": [use.thread_no for use in talks]}
        found |= dict(tx.execute(REPLIED_IN_THREAD, told).fetchall())
    if orders:
        found |= dict(tx.execute(REPLIED_ON_ORDER, {**_columns(shop_id, orders), "order_nos": [use.order_no for use in orders]}).fetchall())
    return found


def scores(tx: Tx, shop_id: int, uses: Sequence[UseRow]) -> dict[int, int]:
    """The latest rating that each use's order got after it."""
    rated = [use for use in uses if use.order_no is not None]
    return dict(tx.execute(SCORES, {**_columns(shop_id, rated), "order_nos": [use.order_no for use in rated]}).fetchall()) if rated else {}


def of_script(tx: Tx, shop_id: int, script_id: str, since: datetime, limit: int) -> list[UseRow]:
    """The newest uses of one script."""
    with tx.cursor(row_factory=class_row(UseRow)) as cursor:
        return cursor.execute(USES_OF_SCRIPT, {"shop_id": shop_id, "script_id": script_id, "since": since, "limit": limit}).fetchall()


def _columns(shop_id: int, uses: Sequence[UseRow]) -> dict[str, object]:
    return {"shop_id": shop_id, "use_nos": [use.use_no for use in uses], "moments": [use.used_at for use in uses]}
