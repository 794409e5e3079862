"""What people said of to-dos."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class MarkRecord(msgspec.Struct, frozen=True):
    """A mark, the names of the people in it, and whether a later import bore it out."""

    mark_id: int
    subject_kind: str
    subject_no: str
    kind: str
    mark: str
    reason: str
    until: datetime | None
    assignee: int | None
    assignee_name: str | None
    made_by_name: str | None
    made_at: datetime
    outcome: str | None


INSERT = """
    insert into todo_marks (shop_id, subject_kind, subject_no, kind, mark, reason, until, assignee, made_by, made_at)
    values (%(shop_id)s, %(subject_kind)s, %(subject_no)s, %(kind)s, %(mark)s, %(reason)s, %(until)s, %(assignee)s, %(made_by)s, %(made_at)s)
"""
LATEST = """
    select distinct on (todo_marks.subject_kind, todo_marks.subject_no, todo_marks.kind)
        mark_id, todo_marks.subject_kind, todo_marks.subject_no, todo_marks.kind, mark, reason, until, assignee,
        hands.display_name as assignee_name, maker.display_name as made_by_name, todo_marks.made_at, outcome
    from todo_marks
    join unnest(%(subject_kinds)s::text[], %(subject_nos)s::text[], %(kinds)s::text[]) as wanted (subject_kind, subject_no, kind)
        on wanted.subject_kind = todo_marks.subject_kind and wanted.subject_no = todo_marks.subject_no and wanted.kind = todo_marks.kind
    left join people as hands on hands.person_id = todo_marks.assignee
    left join people as maker on maker.person_id = todo_marks.made_by
    where todo_marks.shop_id = %(shop_id)s
    order by todo_marks.subject_kind, todo_marks.subject_no, todo_marks.kind, mark_id desc
"""
# what somebody said to be done while it still runs by everything that was known when they said it
SAID_DONE = """
    select distinct subject_no from deadlines as d
    where d.shop_id = %(shop_id)s and d.band = %(band)s and d.subject_kind = %(subject_kind)s and d.kind = any(%(kinds)s) and d.data_as_of < %(before)s
        and exists (
            select 1 from todo_marks as m
            where m.shop_id = %(shop_id)s and m.subject_kind = d.subject_kind and m.subject_no = d.subject_no and m.kind = d.kind
                and m.mark = 'done' and m.outcome is null and m.made_at < %(before)s
        )
    limit %(limit)s
"""
ANY_IN_SHOP = "select exists (select 1 from todo_marks where shop_id = %(shop_id)s)"
SETTLE = """
    update todo_marks set outcome = %(outcome)s, outcome_at = %(at)s, outcome_batch = %(batch_id)s
    where shop_id = %(shop_id)s and mark_id = any(%(mark_ids)s) and outcome is null
"""
REOPEN_OF_BATCH = """
    update todo_marks set outcome = null, outcome_at = null, outcome_batch = null
    where shop_id = %(shop_id)s and outcome_batch = %(batch_id)s
    returning subject_kind, subject_no
"""
IS_MEMBER = "select people.display_name from memberships join people using (person_id) where memberships.shop_id = %(shop_id)s and person_id = %(person_id)s"


def insert(
    tx: Tx,
    shop_id: int,
    subject_kind: str,
    subject_no: str,
    kind: str,
    mark: str,
    *,
    reason: str,
    until: datetime | None,
    assignee: int | None,
    made_by: int | None,
    made_at: datetime,
) -> None:
    """Keeps what a person said."""
    slots = {
        "shop_id": shop_id,
        "subject_kind": subject_kind,
        "subject_no": subject_no,
        "kind": kind,
        "mark": mark,
        "reason": reason,
        "until": until,
        "assignee": assignee,
        "made_by": made_by,
        "made_at": made_at,
    }
    tx.execute(INSERT, slots)


def latest(tx: Tx, shop_id: int, todos: Sequence[tuple[str, str, str]]) -> dict[tuple[str, str, str], MarkRecord]:
    """The last mark of each of these to-dos: (subject kind, subject number, kind)."""
    if not todos:
        return {}
    slots = {
        "shop_id": shop_id,
        "subject_kinds": [subject_kind for subject_kind, _, _ in todos],
        "subject_nos": [subject_no for _, subject_no, _ in todos],
        "kinds": [kind for _, _, kind in todos],
    }
    with tx.cursor(row_factory=class_row(MarkRecord)) as cursor:
        return {(row.subject_kind, row.subject_no, row.kind): row for row in cursor.execute(LATEST, slots)}


def said_done(tx: Tx, shop_id: int, band: int, subject_kind: str, kinds: Sequence[str], before: datetime, limit: int) -> list[str]:
    """The things of one sort of which somebody said, before that moment, that what runs on them is done, and that still run by older facts."""
    slots = {"shop_id": shop_id, "band": band, "subject_kind": subject_kind, "kinds": list(kinds), "before": before, "limit": limit}
    return [no for (no,) in tx.execute(SAID_DONE, slots)]


def any_in_shop(tx: Tx, shop_id: int) -> bool:
    """Whether anybody ever marked anything in this shop."""
    row = tx.execute(ANY_IN_SHOP, {"shop_id": shop_id}).fetchone()
    return bool(row and row[0])


def settle(tx: Tx, shop_id: int, mark_ids: Sequence[int], outcome: str, at: datetime, batch_id: int) -> None:
    """Notes that an import bore these marks out, or spoke against them."""
    if mark_ids:
        tx.execute(SETTLE, {"shop_id": shop_id, "mark_ids": list(mark_ids), "outcome": outcome, "at": at, "batch_id": batch_id})


def reopen_of_batch(tx: Tx, shop_id: int, batch_id: int) -> list[tuple[str, str]]:
    """Forgets what an undone import said of marks, and names the things they are about."""
    return [(kind, no) for kind, no in tx.execute(REOPEN_OF_BATCH, {"shop_id": shop_id, "batch_id": batch_id})]


def member_name(tx: Tx, shop_id: int, person_id: int) -> str | None:
    """The name of a person who has a part in the shop, None for anybody else."""
    row = tx.execute(IS_MEMBER, {"shop_id": shop_id, "person_id": person_id}).fetchone()
    return str(row[0]) if row else None
