"""The endpoint that may draft for a shop."""

from datetime import date, datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.say import Say
from zhanggui.records.db import Tx
from zhanggui.records.says import packed


class DraftingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The endpoint as it stands; the key is sealed."""

    address: str
    model: str
    secret: bytes | None
    is_on: bool
    daily_cap: int
    day: date | None
    calls: int
    problem: str | None
    problem_at: datetime | None

    def __repr__(self) -> str:
        return f"DraftingRecord({self.address!r}, {self.model!r})"


OF_SHOP = """
    select address, model, secret, is_on, daily_cap, day, calls, problem::text as problem, problem_at from drafting where shop_id = %(shop_id)s
"""
KEEP = """
    insert into drafting (shop_id, address, model, secret, is_on, daily_cap, made_by, made_at)
    values (%(shop_id)s, %(address)s, %(model)s, %(secret)s, %(is_on)s, %(daily_cap)s, %(by)s, %(at)s)
    on conflict (shop_id) do update set address = excluded.address, model = excluded.model, secret = excluded.secret, is_on = excluded.is_on,
        daily_cap = excluded.daily_cap, problem = null, problem_at = null, made_by = excluded.made_by, made_at = excluded.made_at
"""
REMOVE = "delete from drafting where shop_id = %(shop_id)s"
# a call is counted before it is made; over the cap nothing is written, and nothing asked
COUNT = """
    update drafting set day = %(day)s, calls = case when day = %(day)s then calls + 1 else 1 end
    where shop_id = %(shop_id)s and is_on and case when day = %(day)s then calls else 0 end < daily_cap
"""
NOTE = "update drafting set problem = %(problem)s, problem_at = %(at)s where shop_id = %(shop_id)s"


def of_shop(tx: Tx, shop_id: int) -> DraftingRecord | None:
    """The shop's endpoint."""
    with tx.cursor(row_factory=class_row(DraftingRecord)) as cursor:
        return cursor.execute(OF_SHOP, {"shop_id": shop_id}).fetchone()


def keep(tx: Tx, shop_id: int, *, address: str, model: str, secret: bytes | None, is_on: bool, daily_cap: int, by: int | None, at: datetime) -> None:
    """Keeps an endpoint in the place of the one before."""
    told = {"address": address, "model": model, "secret": secret, "is_on": is_on, "daily_cap": daily_cap}
    tx.execute(KEEP, {"shop_id": shop_id, **told, "by": by, "at": at})


def remove(tx: Tx, shop_id: int) -> bool:
    """Whether there was an endpoint to wipe."""
    return tx.execute(REMOVE, {"shop_id": shop_id}).rowcount == 1


def count_call(tx: Tx, shop_id: int, day: date) -> bool:
    """Whether one more call may be made on that day, which is then counted."""
    return tx.execute(COUNT, {"shop_id": shop_id, "day": day}).rowcount == 1


def note(tx: Tx, shop_id: int, problem: Say | None, at: datetime) -> None:
    """Writes down the last trouble, or that there is none any more."""
    tx.execute(NOTE, {"shop_id": shop_id, "problem": None if problem is None else packed(problem), "at": None if problem is None else at})
