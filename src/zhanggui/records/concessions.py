"""How far reps may go with buyers who haggle, and what they gave."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.money import Fen
from zhanggui.core.scripting.conceding import Limit
from zhanggui.records.db import Tx


class ConcessionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One concession as it stands. Money in fen."""

    concession_no: int
    goods_id: str
    thread_no: int | None
    order_no: str | None
    kind: str
    fen: int
    note: str
    at: datetime
    rep: str | None
    void_at: datetime | None


class NewConcession(msgspec.Struct, frozen=True, kw_only=True):
    """One concession to be written down."""

    goods_id: str
    thread_no: int | None
    order_no: str | None
    kind: str
    fen: int
    note: str
    at: datetime
    made_by: int | None


LIMITS = "select goods_id, most_fen, most_percent, month_fen from concession_limits where shop_id = %(shop_id)s order by goods_id"
LIMIT_FOR = """
    select goods_id, most_fen, most_percent, month_fen from concession_limits
    where shop_id = %(shop_id)s and goods_id in ('', %(goods_id)s)
    order by goods_id desc
    limit 1
"""
KEEP_LIMIT = """
    insert into concession_limits (shop_id, goods_id, most_fen, most_percent, month_fen, made_by, made_at)
    values (%(shop_id)s, %(goods_id)s, %(most_fen)s, %(most_percent)s, %(month_fen)s, %(by)s, %(at)s)
    on conflict (shop_id, goods_id) do update set most_fen = excluded.most_fen, most_percent = excluded.most_percent, month_fen = excluded.month_fen,
        made_by = excluded.made_by, made_at = excluded.made_at
"""
DROP_LIMIT = "delete from concession_limits where shop_id = %(shop_id)s and goods_id = %(goods_id)s"
# what was given in a talk before its order was known, and about the order before the talk was, is given to the same buyer
GIVEN_TO = """
    select coalesce(sum(fen), 0)::bigint from concessions
    where shop_id = %(shop_id)s and at > %(since)s and void_at is null
        and (thread_no = %(thread_no)s or order_no = %(order_no)s
            or thread_no in (select thread_no from threads where threads.shop_id = %(shop_id)s and threads.order_no = %(order_no)s)
            or order_no = (select order_no from threads where threads.shop_id = %(shop_id)s and threads.thread_no = %(thread_no)s))
"""
# a limit of a product counts what was given on it; that of the shop counts all products without a limit of their own
GIVEN_SINCE = """
    select coalesce(sum(fen), 0)::bigint from concessions
    where shop_id = %(shop_id)s and at > %(since)s and void_at is null
        and case when %(goods_id)s = ''
            then not exists (select 1 from concession_limits own where own.shop_id = %(shop_id)s and own.goods_id = concessions.goods_id and own.goods_id <> '')
            else concessions.goods_id = %(goods_id)s end
"""
INSERT = """
    insert into concessions (shop_id, goods_id, thread_no, order_no, kind, fen, note, at, made_by)
    values (%(shop_id)s, %(goods_id)s, %(thread_no)s, %(order_no)s, %(kind)s, %(fen)s, %(note)s, %(at)s, %(made_by)s)
    returning concession_no
"""
VOID = """
    update concessions set void_at = %(at)s, void_by = %(by)s
    where shop_id = %(shop_id)s and concession_no = %(concession_no)s and void_at is null
    returning kind, fen, order_no
"""
NEWEST = """
    select listed.concession_no, listed.goods_id, listed.thread_no, listed.order_no, listed.kind, listed.fen, listed.note, listed.at,
        people.display_name as rep, listed.void_at
    from (
        select * from concessions where shop_id = %(shop_id)s order by at desc, concession_no desc limit %(limit)s
    ) as listed
    left join people on people.person_id = listed.made_by
    order by listed.at desc, listed.concession_no desc
"""


def limits(tx: Tx, shop_id: int) -> list[Limit]:
    """The limits of the shop, that of all products first."""
    return [_limit(row) for row in tx.execute(LIMITS, {"shop_id": shop_id})]


def limit_for(tx: Tx, shop_id: int, goods_id: str) -> Limit | None:
    """The limit of a product: its own, else the shop's."""
    row = tx.execute(LIMIT_FOR, {"shop_id": shop_id, "goods_id": goods_id}).fetchone()
    return None if row is None else _limit(row)


def keep_limit(tx: Tx, shop_id: int, limit: Limit, by: int | None, at: datetime) -> None:
    """Sets a limit."""
    tx.execute(KEEP_LIMIT, {"shop_id": shop_id, **msgspec.structs.asdict(limit), "by": by, "at": at})


def drop_limit(tx: Tx, shop_id: int, goods_id: str) -> bool:
    """Whether there was a limit to take away."""
    return tx.execute(DROP_LIMIT, {"shop_id": shop_id, "goods_id": goods_id}).rowcount == 1


def given_to(tx: Tx, shop_id: int, thread_no: int | None, order_no: str | None, since: datetime) -> Fen:
    """What was given in this talk, or on this order."""
    row = tx.execute(GIVEN_TO, {"shop_id": shop_id, "thread_no": thread_no, "order_no": order_no, "since": since}).fetchone()
    return Fen(row[0] if row else 0)


def given_since(tx: Tx, shop_id: int, goods_id: str, since: datetime) -> Fen:
    """What was given under a limit."""
    row = tx.execute(GIVEN_SINCE, {"shop_id": shop_id, "goods_id": goods_id, "since": since}).fetchone()
    return Fen(row[0] if row else 0)


def insert(tx: Tx, shop_id: int, new: NewConcession) -> int:
    """The number of a concession that is written down."""
    row = tx.execute(INSERT, {"shop_id": shop_id, **msgspec.structs.asdict(new)}).fetchone()
    assert row is not None
    return int(row[0])


def void(tx: Tx, shop_id: int, concession_no: int, by: int | None, at: datetime) -> tuple[str, int, str | None] | None:
    """What was taken back: kind, sum and order; None where it does not stand."""
    row = tx.execute(VOID, {"shop_id": shop_id, "concession_no": concession_no, "by": by, "at": at}).fetchone()
    return None if row is None else (row[0], row[1], row[2])


def newest(tx: Tx, shop_id: int, limit: int) -> Sequence[ConcessionRow]:
    """The newest concessions."""
    with tx.cursor(row_factory=class_row(ConcessionRow)) as cursor:
        return cursor.execute(NEWEST, {"shop_id": shop_id, "limit": limit}).fetchall()


def _limit(row: Sequence[object]) -> Limit:
    return msgspec.convert(dict(zip(("goods_id", "most_fen", "most_percent", "month_fen"), row, strict=True)), Limit)
