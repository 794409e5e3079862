"""What is older than its term, found by indexes and walked through bit by bit; the shop's own terms."""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec

from zhanggui.records.db import Tx

TERMS = "select kind, days from retention_terms where shop_id = %(shop_id)s order by kind"
SET_TERM = """
    insert into retention_terms (shop_id, kind, days, made_by, made_at) values (%(shop_id)s, %(kind)s, %(days)s, %(by)s, %(at)s)
    on conflict (shop_id, kind) do update set days = excluded.days, made_by = excluded.made_by, made_at = excluded.made_at
"""
DROP_TERM = "delete from retention_terms where shop_id = %(shop_id)s and kind = %(kind)s"
WALK = "select upto_at, upto_no, begun_at from retention_walks where shop_id = %(shop_id)s and kind = %(kind)s"
SET_WALK = """
    insert into retention_walks (shop_id, kind, upto_at, upto_no, begun_at) values (%(shop_id)s, %(kind)s, %(at)s, %(no)s, %(begun_at)s)
    on conflict (shop_id, kind) do update set upto_at = excluded.upto_at, upto_no = excluded.upto_no, begun_at = excluded.begun_at
"""

OLD_THREADS = """
    select last_at, thread_no::text, coalesce(order_no, '') from threads
    where shop_id = %(shop_id)s and (last_at, thread_no) > (%(at)s, %(no)s::bigint) and last_at < %(before)s and waiting_since is null
    order by last_at, thread_no limit %(limit)s
"""
# of one that tells no moment of its own counts when it was seen
OLD_ORDERS = """
    select listed_at, order_no, order_no from orders
    where shop_id = %(shop_id)s and (listed_at, order_no) > (%(at)s, %(no)s) and listed_at < %(before)s
        and (listed_at > '1970-01-01 00:00:00+00' or as_of < %(before)s)
    order by listed_at, order_no limit %(limit)s
"""
OLD_MESSAGES = """
    select at, message_no, coalesce(order_no, '') from messages
    where shop_id = %(shop_id)s and (at, message_no) > (%(at)s, %(no)s) and at >= %(at)s and at < %(before)s
    order by at, message_no limit %(limit)s
"""
TALKED_SINCE = """
    select order_no from messages where shop_id = %(shop_id)s and order_no = any(%(nos)s) and at >= %(before)s
    union select order_no from threads where shop_id = %(shop_id)s and order_no = any(%(nos)s) and last_at >= %(before)s
"""
OLD_CASES = """
    select listed_at, case_no, coalesce(order_no, '') from aftersales
    where shop_id = %(shop_id)s and (listed_at, case_no) > (%(at)s, %(no)s) and listed_at < %(before)s
        and (listed_at > '1970-01-01 00:00:00+00' or as_of < %(before)s)
        and (order_no is not null or state in ('refunded', 'closed', 'done', 'rejected'))
    order by listed_at, case_no limit %(limit)s
"""
# along the key of the table, the young among them: a look at some thousand events, however few of them are old
OLD_SCANS = """
    select min(at), tracking_no, '' from (
        select tracking_no, at from scans where scans.shop_id = %(shop_id)s and tracking_no > %(no)s order by tracking_no, at limit 5000
    ) as told
    group by tracking_no order by tracking_no
"""
OLD_CHASES = """
    select sent_at, chase_no::text, '' from chases
    where shop_id = %(shop_id)s and chase_no > %(no)s::bigint and sent_at < %(before)s order by chase_no limit %(limit)s
"""
OLD_PIECES = """
    select made_at, seq::text, order_no from evidence
    where shop_id = %(shop_id)s and seq > %(no)s::bigint and made_at < %(before)s order by seq limit %(limit)s
"""
OLD_REVIEWS = """
    select placed_at, review_no || '/' || order_no, order_no from reviews
    where shop_id = %(shop_id)s and (placed_at, review_no || '/' || order_no) > (%(at)s, %(no)s) and placed_at >= %(at)s and placed_at < %(before)s
        and (placed_at > '2000-01-01 00:00:00+00' or as_of < %(before)s)
    order by placed_at, review_no || '/' || order_no limit %(limit)s
"""

TALK_MESSAGES = """
    update conversation_messages set said = '', name = case when who = 'buyer' then '' else name end
    where shop_id = %(shop_id)s and thread_no = any(%(threads)s) and (said <> '' or (who = 'buyer' and name <> ''))
"""
TALK_LINES = """
    update conversations set unread = '[]', buyer = null
    where shop_id = %(shop_id)s and thread_no = any(%(threads)s) and (unread::text <> '[]' or buyer is not null)
"""
TALK_FAULTS = """
    update quality_faults set said = '', words = '', because = '[]' where shop_id = %(shop_id)s and thread_no = any(%(threads)s) and said <> ''
"""
TALK_PROMISES = """
    update promises set words = '' where shop_id = %(shop_id)s and words <> '' and conversation_no in (
        select conversation_no from conversations where conversations.shop_id = %(shop_id)s and conversations.thread_no = any(%(threads)s)
    )
"""
TALK_THREADS = """
    update threads set shown = '', waiting_text = '', buyer = null, external_id = null, wants = '[]', version = version + 1
    where shop_id = %(shop_id)s and thread_no = any(%(threads)s) and (shown <> '' or waiting_text <> '' or buyer is not null or external_id is not null)
"""
OLD_NOTES = "update notes set text = '' where shop_id = %(shop_id)s and made_at < %(before)s and text <> '' and subject_no <> all(%(open)s)"
NOTED = """
    select distinct subject_no, coalesce(aftersales.order_no, subject_no)
    from notes left join aftersales on aftersales.shop_id = %(shop_id)s and subject_kind = 'aftersale' and aftersales.case_no = subject_no
    where notes.shop_id = %(shop_id)s and notes.made_at < %(before)s and text <> ''
"""
CHASED = "select chase_no, order_no from chase_parcels where shop_id = %(shop_id)s and chase_no = any(%(nos)s)"
CHASES = """
    update chases set message = '', answer = '', version = version + 1
    where shop_id = %(shop_id)s and chase_no = any(%(nos)s) and (message <> '' or answer <> '')
"""
WHOSE = "update reviews set buyer = null where shop_id = %(shop_id)s and review_no || '/' || order_no = any(%(keys)s) and order_no = any(%(nos)s)"


class Old(msgspec.Struct, frozen=True):
    """Something older than its term: its moment, its number, and the order it hangs on, '' where it hangs on none."""

    at: datetime
    no: str
    order_no: str


class Walk(msgspec.Struct, frozen=True):
    """How far a walk has come, and when it began."""

    at: datetime
    no: str
    begun_at: datetime


def own_terms(tx: Tx, shop_id: int) -> dict[str, int]:
    """The days a shop set, by kind."""
    return {str(kind): int(days) for kind, days in tx.execute(TERMS, {"shop_id": shop_id})}


def set_term(tx: Tx, shop_id: int, kind: str, days: int | None, by: int | None, at: datetime) -> None:
    """Keeps a term of the shop's own; without days the house's holds again."""
    tx.execute(DROP_TERM if days is None else SET_TERM, {"shop_id": shop_id, "kind": kind, "days": days, "by": by, "at": at})


def walk(tx: Tx, shop_id: int, kind: str) -> Walk | None:
    """How far the walk through a kind has come."""
    row = tx.execute(WALK, {"shop_id": shop_id, "kind": kind}).fetchone()
    return None if row is None else Walk(row[0], row[1], row[2])


def set_walk(tx: Tx, shop_id: int, kind: str, reached: Walk) -> None:
    """Keeps that."""
    tx.execute(SET_WALK, {"shop_id": shop_id, "kind": kind, "at": reached.at, "no": reached.no, "begun_at": reached.begun_at})


def old(tx: Tx, statement: str, shop_id: int, after: Walk, before: datetime, limit: int) -> list[Old]:
    """The next things older than this moment."""
    slots = {"shop_id": shop_id, "at": after.at, "no": after.no, "before": before, "limit": limit}
    return [Old(at, no, order_no) for at, no, order_no in tx.execute(statement, slots)]


def forget_talks(tx: Tx, shop_id: int, threads: Sequence[int]) -> int:
    """How many rows lost their words."""
    slots = {"shop_id": shop_id, "threads": list(threads)}
    return sum(tx.execute(statement, slots).rowcount for statement in (TALK_MESSAGES, TALK_LINES, TALK_FAULTS, TALK_PROMISES, TALK_THREADS))


def talked_since(tx: Tx, shop_id: int, order_nos: Collection[str], before: datetime) -> set[str]:
    """Those of the orders about which something was said since this moment."""
    slots = {"shop_id": shop_id, "nos": sorted(order_nos), "before": before}
    return {str(no) for (no,) in tx.execute(TALKED_SINCE, slots)} if order_nos else set()


def chased(tx: Tx, shop_id: int, chase_nos: Sequence[int]) -> list[tuple[int, str]]:
    """The orders of these chases: chase, order."""
    return [(int(no), str(order_no)) for no, order_no in tx.execute(CHASED, {"shop_id": shop_id, "nos": list(chase_nos)})]


def forget_chases(tx: Tx, shop_id: int, chase_nos: Sequence[int]) -> int:
    """How many chases lost what was written to the carrier and what it answered."""
    return tx.execute(CHASES, {"shop_id": shop_id, "nos": list(chase_nos)}).rowcount if chase_nos else 0


def noted(tx: Tx, shop_id: int, before: datetime) -> dict[str, str]:
    """What old notes are about, each with the order it hangs on."""
    return {str(no): str(order_no) for no, order_no in tx.execute(NOTED, {"shop_id": shop_id, "before": before})}


def forget_notes(tx: Tx, shop_id: int, before: datetime, still_open: Sequence[str]) -> int:
    """How many old notes lost their words."""
    return tx.execute(OLD_NOTES, {"shop_id": shop_id, "before": before, "open": list(still_open)}).rowcount


def forget_whose(tx: Tx, shop_id: int, keys: Sequence[str], order_nos: Sequence[str]) -> int:
    """How many reviews are nobody's any more."""
    return tx.execute(WHOSE, {"shop_id": shop_id, "keys": list(keys), "nos": list(order_nos)}).rowcount
