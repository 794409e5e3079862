"""Messages as the rates of replies see them."""

from datetime import date, datetime

from zhanggui.records.db import Tx

# a thread is its buyer, named by its order where it has one, and overlapping pastes hold a message under one key; of files an order stands for its buyer.
# A moment that is only assumed tells nothing; what a thread holds stands among the messages of its order too, and is counted once. Copied times have no
# seconds: what was said in one minute stands in the order in which it was said, and of a file the buyer first
BETWEEN = """
    select buyer, speaker, at, rep from (
        select coalesce(t.order_no, 'thread ' || said.thread_no) as buyer, said.speaker, said.at, said.rep, said.conversation_no, said.no from (
            select distinct on (thread_no, key) thread_no, who as speaker, at, case when who = 'rep' then name else '' end as rep, conversation_no, no
            from conversation_messages
            where shop_id = %(shop_id)s and placed_at >= %(since)s and placed_at < %(until)s and at is not null and how in ('written', 'reckoned')
                and who in ('buyer', 'rep', 'bot') and sending = '' and not 'recalled' = any(marks)
            order by thread_no, key, conversation_no, no
        ) said join threads t on t.shop_id = %(shop_id)s and t.thread_no = said.thread_no
        union all
        select order_no, speaker, at, '', 0, case when speaker = 'buyer' then 0 else 1 end from messages
        where shop_id = %(shop_id)s and at >= %(since)s and at < %(until)s and order_no is not null and message_no not like 'pasted_chat:%%'
    ) every
    order by buyer, at, conversation_no, no
"""
DAYS = """
    select distinct (placed_at at time zone 'Asia/Shanghai')::date from conversation_messages
    where shop_id = %(shop_id)s and placed_at is not null and who = 'buyer'
    union
    select distinct (at at time zone 'Asia/Shanghai')::date from messages where shop_id = %(shop_id)s and order_no is not null and speaker = 'buyer'
"""


def days_told(tx: Tx, shop_id: int) -> list[date]:
    """The Shanghai days on which a buyer said something."""
    return sorted(day for (day,) in tx.execute(DAYS, {"shop_id": shop_id}))


def between(tx: Tx, shop_id: int, since: datetime, until: datetime) -> list[tuple[str, str, datetime]]:
    """Buyer, speaker and moment of every message of these days, in the order of buyer and moment."""
    return [(buyer, speaker, at) for buyer, speaker, at, _ in with_reps(tx, shop_id, since, until)]


def with_reps(tx: Tx, shop_id: int, since: datetime, until: datetime) -> list[tuple[str, str, datetime, str]]:
    """The same, and the name of the person who wrote for the shop; empty where nobody told it."""
    found = tx.execute(BETWEEN, {"shop_id": shop_id, "since": since, "until": until}).fetchall()
    return [(str(no), str(speaker), at, str(rep)) for no, speaker, at, rep in found]
