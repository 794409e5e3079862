"""Things over which the rules of a shop stumbled: skipped for a while, tried again later and later."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.deadlines import Subject, SubjectKind
from zhanggui.records.db import Tx


class TroubleRow(msgspec.Struct, frozen=True, kw_only=True):
    """One thing over which looking stumbled."""

    todo: str
    subject_kind: str
    subject_no: str
    failures: int
    problem: str
    first_at: datetime
    next_at: datetime
    """By the wall."""

    @property
    def subject(self) -> Subject:
        """The thing."""
        return Subject(SubjectKind(self.subject_kind), self.subject_no)


OF_TODO = """
    select todo, subject_kind, subject_no, failures, problem, first_at, next_at from automation_troubles
    where shop_id = %(shop_id)s and todo = %(todo)s and subject_no = any(%(nos)s)
"""
OF_SHOP = """
    select todo, subject_kind, subject_no, failures, problem, first_at, next_at from automation_troubles
    where shop_id = %(shop_id)s order by first_at, todo, subject_no limit %(limit)s
"""
KEEP = """
    insert into automation_troubles as t (shop_id, todo, subject_kind, subject_no, failures, problem, first_at, next_at)
    values (%(shop_id)s, %(todo)s, %(subject_kind)s, %(subject_no)s, %(failures)s, %(problem)s, %(now)s, %(next_at)s)
    on conflict (shop_id, todo, subject_kind, subject_no) do update set failures = excluded.failures, problem = excluded.problem, next_at = excluded.next_at
"""
FORGET = """
    delete from automation_troubles where shop_id = %(shop_id)s and todo = %(todo)s and subject_kind = %(subject_kind)s and subject_no = %(subject_no)s
"""
FORGET_CLOSED = """
    delete from automation_troubles as t
    where t.shop_id = %(shop_id)s and not exists (
        select 1 from deadlines as d
        where d.shop_id = %(shop_id)s and d.subject_kind = t.subject_kind and d.subject_no = t.subject_no and d.kind = t.todo and d.band is not null
    )
"""


def of_todo(tx: Tx, shop_id: int, todo: str, nos: Sequence[str]) -> dict[tuple[str, str], TroubleRow]:
    """What stumbled before among these things with this to-do, by kind and number."""
    with tx.cursor(row_factory=class_row(TroubleRow)) as cursor:
        rows = cursor.execute(OF_TODO, {"shop_id": shop_id, "todo": todo, "nos": list(nos)}).fetchall()
    return {(row.subject_kind, row.subject_no): row for row in rows}


def of_shop(tx: Tx, shop_id: int, limit: int) -> list[TroubleRow]:
    """Everything of the shop that is skipped, what stumbled first first."""
    with tx.cursor(row_factory=class_row(TroubleRow)) as cursor:
        return cursor.execute(OF_SHOP, {"shop_id": shop_id, "limit": limit}).fetchall()


def keep(tx: Tx, shop_id: int, todo: str, subject: Subject, *, failures: int, problem: str, now: datetime, next_at: datetime) -> None:
    """Keeps that looking at the thing stumbled, and when it is tried again."""
    slots = {"shop_id": shop_id, "todo": todo, "subject_kind": subject.kind.value, "subject_no": subject.no}
    tx.execute(KEEP, slots | {"failures": failures, "problem": problem, "now": now, "next_at": next_at})


def forget(tx: Tx, shop_id: int, todo: str, subject: Subject) -> None:
    """Forgets it: the thing was looked at after all."""
    tx.execute(FORGET, {"shop_id": shop_id, "todo": todo, "subject_kind": subject.kind.value, "subject_no": subject.no})


def forget_closed(tx: Tx, shop_id: int) -> None:
    """Forgets what has no such to-do any more."""
    tx.execute(FORGET_CLOSED, {"shop_id": shop_id})
