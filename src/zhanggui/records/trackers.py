"""Accounts with tracking services, one for a shop or for the whole house: their sealed keys, what they were asked today, and what troubles them."""

from datetime import date, datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class TrackerRecord(msgspec.Struct, frozen=True):
    """One account as it stands in the table."""

    tracker_id: int
    for_shop: int | None
    service: str
    account: str
    secret: bytes
    address: str | None
    daily_cap: int
    day: date | None
    calls: int
    paused_until: datetime | None
    problem: str | None
    problem_at: datetime | None


# another account, or a new key, begins anew: what troubled the old one may be mended
PUT = """
    insert into trackers (for_shop, service, account, secret, address, daily_cap, made_by, made_at, changed_at)
    values (%(for_shop)s, %(service)s, %(account)s, %(secret)s, %(address)s, %(daily_cap)s, %(made_by)s, %(now)s, %(now)s)
    on conflict (for_shop) do update set
        service = excluded.service, account = excluded.account, secret = excluded.secret, address = excluded.address, daily_cap = excluded.daily_cap,
        calls = case when trackers.service = excluded.service and trackers.account = excluded.account then trackers.calls else 0 end,
        paused_until = null, problem = null, problem_at = null, changed_at = excluded.changed_at
"""
OPEN_TO = """
    select tracker_id, for_shop, service, account, secret, address, daily_cap, day, calls, paused_until, problem::text as problem, problem_at
    from trackers where for_shop is null or for_shop = %(for_shop)s order by for_shop nulls last
"""
OWNERS = "select for_shop from trackers"
REMOVE = "delete from trackers where for_shop is not distinct from %(for_shop)s returning service"
# counted before it is sent: a question whose answer is lost is paid for all the same
TAKE = """
    update trackers set calls = case when day = %(day)s then calls else 0 end + 1, day = %(day)s
    where tracker_id = %(tracker_id)s
        and (day is distinct from %(day)s or calls < daily_cap)
        -- a rest that lies far ahead was given by a clock that was wrong
        and (paused_until is null or paused_until <= %(wall)s or paused_until > %(farthest)s)
"""
TROUBLED = "update trackers set paused_until = %(paused_until)s, problem = %(problem)s::json, problem_at = %(now)s where tracker_id = %(tracker_id)s"
WELL = "update trackers set paused_until = null, problem = null, problem_at = null where tracker_id = %(tracker_id)s and problem is not null"


def put(
    tx: Tx, for_shop: int | None, *, service: str, account: str, secret: bytes, address: str | None, daily_cap: int, made_by: int | None, now: datetime
) -> None:
    """Keeps the account, in the place of the one there was."""
    slots = {"for_shop": for_shop, "service": service, "account": account, "secret": secret, "address": address, "daily_cap": daily_cap}
    tx.execute(PUT, slots | {"made_by": made_by, "now": now})


def open_to(tx: Tx, for_shop: int) -> list[TrackerRecord]:
    """The shop's own account first, then the house's."""
    with tx.cursor(row_factory=class_row(TrackerRecord)) as cursor:
        return cursor.execute(OPEN_TO, {"for_shop": for_shop}).fetchall()


def owners(tx: Tx) -> set[int | None]:
    """The shops that have an account of their own; None among them where the house has one."""
    return {for_shop for (for_shop,) in tx.execute(OWNERS)}


def remove(tx: Tx, for_shop: int | None) -> str | None:
    """The service of the account that was wiped; None where there was none."""
    row = tx.execute(REMOVE, {"for_shop": for_shop}).fetchone()
    return None if row is None else str(row[0])


def take(tx: Tx, tracker_id: int, day: date, wall: datetime, farthest: datetime) -> bool:
    """Whether one more question may be asked today; it is counted then."""
    return tx.execute(TAKE, {"tracker_id": tracker_id, "day": day, "wall": wall, "farthest": farthest}).rowcount > 0


def troubled(tx: Tx, tracker_id: int, problem: str, paused_until: datetime | None, now: datetime) -> None:
    """Notes what went wrong, and until when nothing is asked."""
    tx.execute(TROUBLED, {"tracker_id": tracker_id, "problem": problem, "paused_until": paused_until, "now": now})


def well(tx: Tx, tracker_id: int) -> None:
    """Forgets what went wrong: an answer was understood."""
    tx.execute(WELL, {"tracker_id": tracker_id})
