"""Threads as the inbox lists them."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.intents.kinds import Intent, Wanted
from zhanggui.records.conversations import SAID
from zhanggui.records.db import Tx
from zhanggui.records.promises import PromiseRecord
from zhanggui.records.sealing import opened
from zhanggui.records.threads import WAITING_TEXT


class ListedThread(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list."""

    shop_id: int
    thread_no: int
    shown: str
    order_no: str | None
    waiting_since: datetime | None
    waiting_known: bool
    waiting_text: str
    last_at: datetime
    last_who: str
    owner: int | None
    snoozed_until: datetime | None
    on_its_way: int
    """Answers that wait for the tool that sends them."""
    wants: str

    @property
    def intents(self) -> tuple[Intent, ...]:
        """What the buyer wants, the likeliest first."""
        return tuple(wanted.intent for wanted in msgspec.json.decode(self.wants, type=tuple[Wanted, ...]))


# the longest waiting, and beside them the latest: where hundreds have waited since the night, whoever writes now is seen too
WAITING_LONGEST = """
    select shop_id, thread_no, shown, order_no, waiting_since, waiting_known, waiting_text, last_at, last_who, owner, snoozed_until, on_its_way, wants::text
    from threads where shop_id = %(shop_id)s and waiting_since is not null
    order by waiting_since, thread_no limit %(limit)s
"""
WAITING_LATEST = """
    select shop_id, thread_no, shown, order_no, waiting_since, waiting_known, waiting_text, last_at, last_who, owner, snoozed_until, on_its_way, wants::text
    from threads where shop_id = %(shop_id)s and waiting_since is not null
    order by waiting_since desc, thread_no desc limit %(limit)s
"""
LATEST = """
    select shop_id, thread_no, shown, order_no, waiting_since, waiting_known, waiting_text, last_at, last_who, owner, snoozed_until, on_its_way, wants::text
    from threads where shop_id = %(shop_id)s and (last_at, thread_no) < (%(before)s, %(before_no)s)
    order by last_at desc, thread_no desc limit %(limit)s
"""
OF_OWNER = """
    select shop_id, thread_no, shown, order_no, waiting_since, waiting_known, waiting_text, last_at, last_who, owner, snoozed_until, on_its_way, wants::text
    from threads where shop_id = %(shop_id)s and owner = %(owner)s
    order by last_at desc, thread_no desc limit %(limit)s
"""
WAITING_OF_OWNER = """
    select shop_id, thread_no, shown, order_no, waiting_since, waiting_known, waiting_text, last_at, last_who, owner, snoozed_until, on_its_way, wants::text
    from threads where shop_id = %(shop_id)s and owner = %(owner)s and waiting_since is not null
    order by waiting_since, thread_no limit %(limit)s
"""
OF_ORDERS = """
    select shop_id, thread_no, shown, order_no, waiting_since, waiting_known, waiting_text, last_at, last_who, owner, snoozed_until, on_its_way, wants::text
    from threads where shop_id = %(shop_id)s and order_no = any(%(order_nos)s)
    order by last_at desc, thread_no desc limit %(limit)s
"""
# words are sought in the latest threads alone: who looks for somebody they just talked to finds them, and no search reads a shop's whole past.
# What they wrote lies sealed, so these threads are opened and looked through here
AMONG_LATEST = """
    select shop_id, thread_no, shown, order_no, waiting_since, waiting_known, waiting_text, last_at, last_who, owner, snoozed_until, on_its_way, wants::text
    from threads where shop_id = %(shop_id)s order by last_at desc, thread_no desc limit %(among)s
"""
LAST_SAID = """
    select asked.thread_no, latest.said
    from unnest(%(thread_nos)s::bigint[]) as asked (thread_no)
    cross join lateral (
        select said from conversation_messages as m
        where m.shop_id = %(shop_id)s and m.thread_no = asked.thread_no
        order by m.placed_at desc, m.conversation_no desc, m.no desc
        limit 1
    ) as latest
"""
# only what is due: what need only be watched, was put off or is said to be done is not at risk now
AT_RISK = """
    select order_no, sum(at_risk)::bigint from deadlines
    where shop_id = %(shop_id)s and order_no = any(%(order_nos)s) and band = any(%(bands)s) group by order_no
"""
PROMISES = """
    select promises.* from promises
    join conversations on conversations.shop_id = promises.shop_id and conversations.conversation_no = promises.conversation_no
    where promises.shop_id = %(shop_id)s and conversations.thread_no = %(thread_no)s order by promises.promise_no desc limit 20
"""
AMONG = 2000
LONGEST_BEGINNING = 80


def waiting_longest(tx: Tx, shop_id: int, limit: int) -> list[ListedThread]:
    """Buyers of the shop who wait for an answer, the longest waiting first."""
    return _listed(tx, WAITING_LONGEST, {"shop_id": shop_id, "limit": limit})


def waiting_latest(tx: Tx, shop_id: int, limit: int) -> list[ListedThread]:
    """The same, those who began to wait last first."""
    return _listed(tx, WAITING_LATEST, {"shop_id": shop_id, "limit": limit})


def latest(tx: Tx, shop_id: int, before: datetime, before_no: int, limit: int) -> list[ListedThread]:
    """Threads in which something was said before this, the latest first."""
    return _listed(tx, LATEST, {"shop_id": shop_id, "before": before, "before_no": before_no, "limit": limit})


def of_owner(tx: Tx, shop_id: int, owner: int, limit: int) -> list[ListedThread]:
    """The threads that this person took, the latest first."""
    return _listed(tx, OF_OWNER, {"shop_id": shop_id, "owner": owner, "limit": limit})


def waiting_of_owner(tx: Tx, shop_id: int, owner: int, limit: int) -> list[ListedThread]:
    """Those of them in which the buyer waits, the longest waiting first."""
    return _listed(tx, WAITING_OF_OWNER, {"shop_id": shop_id, "owner": owner, "limit": limit})


def of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str], limit: int) -> list[ListedThread]:
    """The threads about these orders, the latest first."""
    return _listed(tx, OF_ORDERS, {"shop_id": shop_id, "order_nos": list(order_nos), "limit": limit})


def by_words(tx: Tx, shop_id: int, words: str, limit: int) -> list[ListedThread]:
    """Of the latest threads those whose line on the list holds these words: the buyer's shown name, what waits, or what was said last."""
    sought = words.lower()
    latest = _listed(tx, AMONG_LATEST, {"shop_id": shop_id, "among": AMONG})
    said = last_said(tx, shop_id, [thread.thread_no for thread in latest if not thread.waiting_text])
    lines = ((thread, thread.waiting_text or said.get(thread.thread_no, "")) for thread in latest)
    return [thread for thread, text in lines if sought in thread.shown.lower() or sought in text.lower()][:limit]


def last_said(tx: Tx, shop_id: int, thread_nos: Sequence[int]) -> dict[int, str]:
    """The beginning of the last message of each thread."""
    found = tx.execute(LAST_SAID, {"shop_id": shop_id, "thread_nos": list(thread_nos)}).fetchall()
    return {int(no): opened(tx, shop_id, str(said), SAID)[:LONGEST_BEGINNING] for no, said in found}


def at_risk(tx: Tx, shop_id: int, order_nos: Sequence[str], bands: Sequence[int]) -> dict[str, int]:
    """The fen that the open deadlines of each order in these bands put at risk."""
    found = tx.execute(AT_RISK, {"shop_id": shop_id, "order_nos": list(order_nos), "bands": list(bands)}).fetchall()
    return {str(no): int(fen) for no, fen in found}


def promises_of_thread(tx: Tx, shop_id: int, thread_no: int) -> list[PromiseRecord]:
    """What was promised in a thread, the latest first."""
    with tx.cursor(row_factory=class_row(PromiseRecord)) as cursor:
        return cursor.execute(PROMISES, {"shop_id": shop_id, "thread_no": thread_no}).fetchall()


def _listed(tx: Tx, statement: str, asked: dict[str, object]) -> list[ListedThread]:
    with tx.cursor(row_factory=class_row(ListedThread)) as cursor:
        rows = cursor.execute(statement, asked).fetchall()
    return [msgspec.structs.replace(row, waiting_text=opened(tx, row.shop_id, row.waiting_text, WAITING_TEXT)) for row in rows]
