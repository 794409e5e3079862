"""What has to be counted again: noted by whoever stores, in the same transaction, taken by whoever counts."""

from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from zhanggui.records.db import Tx

_FAMILY = 1521
"""The first half of the advisory lock of counting in a shop; who stores facts never waits for it."""

NOTE = "insert into measure_touched (shop_id, order_nos, days) values (%(shop_id)s, %(order_nos)s::text[], %(days)s::date[])"
# a message stands at its own moment, else at that of what stands around it
NOTE_MESSAGES = """
    insert into measure_touched (shop_id, days)
    select %(shop_id)s, array_agg(distinct (coalesce(at, placed_at) at time zone 'Asia/Shanghai')::date)
    from conversation_messages
    where shop_id = %(shop_id)s and conversation_no = %(conversation_no)s and (%(no)s::integer is null or no = %(no)s) and coalesce(at, placed_at) is not null
    having count(*) > 0
"""
# a thread that comes to be about another order has another buyer in the rates of replies
NOTE_THREAD = """
    insert into measure_touched (shop_id, days)
    select %(shop_id)s, array_agg(distinct (coalesce(at, placed_at) at time zone 'Asia/Shanghai')::date)
    from conversation_messages
    where shop_id = %(shop_id)s and thread_no = %(thread_no)s and coalesce(at, placed_at) is not null and exists (
        select 1 from threads where threads.shop_id = %(shop_id)s and threads.thread_no = %(thread_no)s and order_no is distinct from %(order_no)s
    )
    having count(*) > 0
"""
# the oldest, until they name as many orders as are counted at once: a note of one order is taken with hundreds like it, one of thousands alone
TAKE = """
    delete from measure_touched
    where shop_id = %(shop_id)s and touched_no in (
        select touched_no from (
            select touched_no, sum(cardinality(order_nos)) over (order by touched_no) - cardinality(order_nos) as before
            from (select touched_no, order_nos from measure_touched where shop_id = %(shop_id)s order by touched_no limit %(limit)s) as oldest
        ) as added_up
        where before < %(most)s
    )
    returning order_nos, days
"""
FORGET = "delete from measure_touched where shop_id = %(shop_id)s"
WAITING = "select coalesce(sum(cardinality(order_nos) + cardinality(days)), 0)::bigint from measure_touched where shop_id = %(shop_id)s"
SHOPS = """
    select shop_id from shop_homes
    where exists (select 1 from measure_touched where measure_touched.shop_id = shop_homes.shop_id)
        or not exists (select 1 from measure_counts where measure_counts.shop_id = shop_homes.shop_id and made_of = %(made_of)s)
    order by shop_id
"""
MADE_OF = "select made_of from measure_counts where shop_id = %(shop_id)s"
SET_MADE_OF = """
    insert into measure_counts (shop_id, made_of, counted_at) values (%(shop_id)s, %(made_of)s, %(at)s)
    on conflict (shop_id) do update set made_of = excluded.made_of, counted_at = excluded.counted_at
"""
REST = "select days_rest_until from measure_counts where shop_id = %(shop_id)s"
SET_REST = "update measure_counts set days_rest_until = %(until)s where shop_id = %(shop_id)s"
COUNT_AGAIN = "delete from measure_counts where shop_id = %(shop_id)s"
HOLD = "select pg_advisory_xact_lock(%(family)s, (%(shop_id)s::bigint %% 2147483647)::integer)"
TRY = "select pg_try_advisory_xact_lock(%(family)s, (%(shop_id)s::bigint %% 2147483647)::integer)"


class Taken(msgspec.Struct, frozen=True):
    """What was taken to be counted again."""

    order_nos: tuple[str, ...]
    days: tuple[date, ...]
    has_more: bool
    """Whether as much was taken as is taken at once, so that more may wait."""

    def __bool__(self) -> bool:
        return bool(self.order_nos or self.days)


def note(tx: Tx, shop_id: int, order_nos: Iterable[str], days: Iterable[date] = ()) -> None:
    """Notes orders, and days on which something was said."""
    nos, told = list(order_nos), list(days)
    if nos or told:
        tx.execute(NOTE, {"shop_id": shop_id, "order_nos": nos, "days": told})


def note_messages(tx: Tx, shop_id: int, conversation_no: int, no: int | None = None) -> None:
    """Notes the days of a conversation's messages, or of one of them; to be called while they stand."""
    tx.execute(NOTE_MESSAGES, {"shop_id": shop_id, "conversation_no": conversation_no, "no": no})


def note_thread(tx: Tx, shop_id: int, thread_no: int, order_no: str | None) -> None:
    """Notes the days of a thread that is about another order from now on; to be called before it is."""
    tx.execute(NOTE_THREAD, {"shop_id": shop_id, "thread_no": thread_no, "order_no": order_no})


def take(tx: Tx, shop_id: int, limit: int, most: int) -> Taken:
    """Takes the oldest notes away, until there are so many or they name so many orders, and tells them, each thing once."""
    rows = tx.execute(TAKE, {"shop_id": shop_id, "limit": limit, "most": most}).fetchall()
    nos, told = {no for nos, _ in rows for no in nos}, {day for _, days in rows for day in days}
    return Taken(tuple(sorted(nos)), tuple(sorted(told)), len(rows) == limit or sum(len(nos) for nos, _ in rows) >= most)


def forget(tx: Tx, shop_id: int) -> None:
    """Takes all notes away: everything is about to be counted."""
    tx.execute(FORGET, {"shop_id": shop_id})


def waiting(tx: Tx, shop_id: int) -> int:
    """How many things wait to be counted again."""
    row = tx.execute(WAITING, {"shop_id": shop_id}).fetchone()
    return int(row[0]) if row else 0


def shops_to_count(tx: Tx, made_of: str) -> list[int]:
    """The shops in which something waits to be counted, or that were last counted whole by other formulas than these."""
    return [int(shop_id) for (shop_id,) in tx.execute(SHOPS, {"made_of": made_of})]


def made_of(tx: Tx, shop_id: int) -> str | None:
    """By which formulas and rules the shop was counted whole last; None: not yet."""
    row = tx.execute(MADE_OF, {"shop_id": shop_id}).fetchone()
    return None if row is None else str(row[0])


def set_made_of(tx: Tx, shop_id: int, text: str, at: datetime) -> None:
    """Keeps by which it has just been."""
    tx.execute(SET_MADE_OF, {"shop_id": shop_id, "made_of": text, "at": at})


def days_rest_until(tx: Tx, shop_id: int) -> datetime | None:
    """Until when days of talks are not counted again."""
    row = tx.execute(REST, {"shop_id": shop_id}).fetchone()
    return None if row is None else row[0]


def let_days_rest(tx: Tx, shop_id: int, until: datetime | None) -> None:
    """Keeps until when they are not."""
    tx.execute(SET_REST, {"shop_id": shop_id, "until": until})


def count_again(tx: Tx, shop_id: int) -> None:
    """Asks for everything to be counted anew."""
    tx.execute(COUNT_AGAIN, {"shop_id": shop_id})


def hold(tx: Tx, shop_id: int) -> None:
    """Waits until nobody counts in this shop, and keeps others waiting until the transaction ends."""
    tx.execute(HOLD, {"family": _FAMILY, "shop_id": shop_id})


def try_hold(tx: Tx, shop_id: int) -> bool:
    """Whether nobody counts in this shop; if so nobody else will until the transaction ends."""
    row = tx.execute(TRY, {"family": _FAMILY, "shop_id": shop_id}).fetchone()
    return bool(row and row[0])
