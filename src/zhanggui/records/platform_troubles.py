"""What went wrong with the platform lately, one row for each kind of trouble of a shop."""

from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx

MOST_KEPT = 100
"""So many kinds of trouble of a shop are kept, the newest."""


class TroubleRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of trouble: the platform's own code and words, what to do (`say`, a packed sentence), how often and when."""

    method: str
    code: str
    sub_code: str
    trouble: str
    told: str
    say: str
    request_id: str
    times: int
    first_at: datetime
    last_at: datetime


NOTE = """
    insert into platform_troubles as t (shop_id, method, code, sub_code, trouble, told, say, request_id, times, first_at, last_at)
    values (%(shop_id)s, %(method)s, %(code)s, %(sub_code)s, %(trouble)s, %(told)s, %(say)s::json, %(request_id)s, 1, %(now)s, %(now)s)
    on conflict (shop_id, method, code, sub_code) do update set trouble = excluded.trouble, told = excluded.told, say = excluded.say,
        request_id = excluded.request_id, times = t.times + 1, last_at = excluded.last_at
"""
NEWEST = """
    select method, code, sub_code, trouble, told, say::text as say, request_id, times, first_at, last_at
    from platform_troubles where shop_id = %(shop_id)s order by last_at desc, method, code, sub_code limit %(limit)s
"""
# who answers with a new code each time must not fill the table
FORGET_OLDEST = """
    delete from platform_troubles using (
        select method, code, sub_code from platform_troubles where shop_id = %(shop_id)s
        order by last_at desc, method, code, sub_code offset %(kept)s for update skip locked
    ) as oldest
    where platform_troubles.shop_id = %(shop_id)s and platform_troubles.method = oldest.method and platform_troubles.code = oldest.code
        and platform_troubles.sub_code = oldest.sub_code
"""
FORGET_ALL = "delete from platform_troubles where shop_id = %(shop_id)s"


def note(tx: Tx, shop_id: int, *, method: str, code: str, sub_code: str, trouble: str, told: str, say: str, request_id: str, now: datetime) -> None:
    """Notes that it happened, once more or for the first time; what happened longest ago is forgotten where there is too much."""
    slots = {"method": method, "code": code, "sub_code": sub_code, "trouble": trouble, "told": told, "say": say, "request_id": request_id, "now": now}
    tx.execute(NOTE, {"shop_id": shop_id, **slots})
    tx.execute(FORGET_OLDEST, {"shop_id": shop_id, "kept": MOST_KEPT})


def newest(tx: Tx, shop_id: int, limit: int) -> list[TroubleRecord]:
    """The kinds of trouble seen last."""
    with tx.cursor(row_factory=class_row(TroubleRecord)) as cursor:
        return cursor.execute(NEWEST, {"shop_id": shop_id, "limit": limit}).fetchall()


def forget_all(tx: Tx, shop_id: int) -> None:
    """Forgets what went wrong, as when a connection begins anew."""
    tx.execute(FORGET_ALL, {"shop_id": shop_id})
