"""Notices of changed rules: as they were pasted, what was set of them, how far each has come. And the orders of a stretch, to try a rule on."""

from datetime import date, datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class RuleNotice(msgspec.Struct, frozen=True, kw_only=True):
    """One rule that a notice changes."""

    notice_no: int
    title: str
    said: str
    over: str
    rule: str
    """The changed rule as JSON of the shape of a block."""
    cite: str
    published_on: date
    weight: str
    starts_at: datetime
    state: str
    made_at: datetime
    adopted_at: datetime | None
    ready_at: datetime | None
    ended_at: datetime | None
    version: int


class NewNotice(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a notice when it is drafted."""

    title: str
    said: str
    over: str
    rule: str
    cite: str
    published_on: date
    weight: str
    starts_at: datetime


PUT = """
    insert into rule_notices (shop_id, title, said, over, rule, cite, published_on, weight, starts_at, state, made_by, made_at)
    values (
        %(shop_id)s, %(title)s, %(said)s, %(over)s, %(rule)s, %(cite)s, %(published_on)s, %(weight)s, %(starts_at)s, 'notice_drafted', %(by)s, %(now)s
    )
    returning notice_no
"""
LISTED = """
    select notice_no, title, said, over, rule::text as rule, cite, published_on, weight, starts_at, state, made_at, adopted_at, ready_at, ended_at, version
    from rule_notices
    where shop_id = %(shop_id)s and notice_no < %(before)s
    order by notice_no desc
    limit %(limit)s
"""
ONE = """
    select notice_no, title, said, over, rule::text as rule, cite, published_on, weight, starts_at, state, made_at, adopted_at, ready_at, ended_at, version
    from rule_notices
    where shop_id = %(shop_id)s and notice_no = %(no)s
"""
MOVE = """
    update rule_notices set
        state = %(to_state)s,
        adopted_at = case when %(to_state)s = 'notice_adopted' then %(now)s else adopted_at end,
        ended_at = case when %(to_state)s = 'notice_withdrawn' then %(now)s else ended_at end,
        version = version + 1
    where shop_id = %(shop_id)s and notice_no = %(no)s and state = %(from_state)s
    returning notice_no
"""
READY = """
    update rule_notices set ready_at = %(ready_at)s, version = version + 1
    where shop_id = %(shop_id)s and notice_no = %(no)s and state = 'notice_adopted' and (ready_at is null) <> (%(ready_at)s::timestamptz is null)
    returning notice_no
"""
ADOPTED_AS = "select notice_no from rule_notices where shop_id = %(shop_id)s and cite = %(cite)s and state = 'notice_adopted'"
ORDERS_SINCE = """
    select order_no from orders
    where shop_id = %(shop_id)s and listed_at >= %(since)s and listed_at < %(until)s
    order by listed_at desc, order_no desc
    limit %(limit)s
"""
_FIRST = 1 << 62


def put(tx: Tx, shop_id: int, new: NewNotice, by: int | None, now: datetime) -> int:
    """Keeps a notice; its number."""
    row = tx.execute(PUT, {"shop_id": shop_id, **msgspec.structs.asdict(new), "by": by, "now": now}).fetchone()
    assert row is not None
    return int(row[0])


def listed(tx: Tx, shop_id: int, before: int | None, limit: int) -> list[RuleNotice]:
    """The notices of a shop, the newest first, those before one number."""
    with tx.cursor(row_factory=class_row(RuleNotice)) as cursor:
        return cursor.execute(LISTED, {"shop_id": shop_id, "before": before or _FIRST, "limit": limit}).fetchall()


def one(tx: Tx, shop_id: int, no: int) -> RuleNotice | None:
    """The notice of this number."""
    with tx.cursor(row_factory=class_row(RuleNotice)) as cursor:
        return cursor.execute(ONE, {"shop_id": shop_id, "no": no}).fetchone()


def move(tx: Tx, shop_id: int, no: int, from_state: str, to_state: str, now: datetime) -> bool:
    """Whether it stood there, and has moved on now."""
    return tx.execute(MOVE, {"shop_id": shop_id, "no": no, "from_state": from_state, "to_state": to_state, "now": now}).fetchone() is not None


def set_ready(tx: Tx, shop_id: int, no: int, ready_at: datetime | None) -> bool:
    """Whether that was not said already of an adopted notice."""
    return tx.execute(READY, {"shop_id": shop_id, "no": no, "ready_at": ready_at}).fetchone() is not None


def adopted_as(tx: Tx, shop_id: int, cite: str) -> int | None:
    """The adopted notice whose rule bears this name and date."""
    row = tx.execute(ADOPTED_AS, {"shop_id": shop_id, "cite": cite}).fetchone()
    return None if row is None else int(row[0])


def orders_between(tx: Tx, shop_id: int, since: datetime, until: datetime, limit: int) -> list[str]:
    """The newest orders of a stretch of time."""
    return [no for (no,) in tx.execute(ORDERS_SINCE, {"shop_id": shop_id, "since": since, "until": until, "limit": limit})]
