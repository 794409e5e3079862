"""Who looked at whole personal data, when and why."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class OpeningRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One look; `by_name` is None for whoever runs the house's commands."""

    shop_id: int
    opening_no: int
    at: datetime
    by_name: str | None
    what: str
    subject_kind: str
    subject_no: str
    reason: str


ADD = """
    insert into openings (shop_id, at, by_person, what, subject_kind, subject_no, reason)
    values (%(shop_id)s, %(at)s, %(by)s, %(what)s, %(subject_kind)s, %(subject_no)s, %(reason)s)
"""
SINCE = """
    select count(*) from openings
    where shop_id = any(%(shop_ids)s) and by_person is not distinct from %(by)s and what = %(what)s and at > %(since)s
"""
HOLD = "select pg_advisory_xact_lock(hashtextextended('openings', coalesce(%(by)s::bigint, 0)))"
NEWEST = """
    select openings.shop_id, opening_no, at, people.display_name as by_name, what, subject_kind, subject_no, reason
    from openings left join people on people.person_id = openings.by_person
    where openings.shop_id = %(shop_id)s and (at, opening_no) < (%(before)s, %(before_no)s)
    order by at desc, opening_no desc limit %(limit)s
"""
COUNT = "select count(*) from openings where shop_id = %(shop_id)s and at > %(since)s"


def hold_person(tx: Tx, by: int | None) -> None:
    """One look of a person after the other, so that none is counted too late."""
    tx.execute(HOLD, {"by": by})


def add(tx: Tx, shop_id: int, *, at: datetime, by: int | None, what: str, subject_kind: str, subject_no: str, reason: str) -> None:
    """Notes a look."""
    slots = {"shop_id": shop_id, "at": at, "by": by, "what": what, "subject_kind": subject_kind, "subject_no": subject_no, "reason": reason}
    tx.execute(ADD, slots)


def since(tx: Tx, shop_ids: Sequence[int], by: int | None, what: str, since: datetime) -> int:
    """How often a person looked in these shops since then."""
    row = tx.execute(SINCE, {"shop_ids": list(shop_ids), "by": by, "what": what, "since": since}).fetchone()
    return int(row[0]) if row else 0


def newest(tx: Tx, shop_id: int, before: tuple[datetime, int], limit: int) -> list[OpeningRecord]:
    """The looks before this one, the latest first."""
    with tx.cursor(row_factory=class_row(OpeningRecord)) as cursor:
        return cursor.execute(NEWEST, {"shop_id": shop_id, "before": before[0], "before_no": before[1], "limit": limit}).fetchall()


def count(tx: Tx, shop_id: int, since: datetime) -> int:
    """How many looks there were since then."""
    row = tx.execute(COUNT, {"shop_id": shop_id, "since": since}).fetchone()
    return int(row[0]) if row else 0
