"""Days of conversations as they were graded, and their faults."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx
from zhanggui.records.sealing import opened, sealed

SAID, WORDS = "quality_faults.said", "quality_faults.words"
"""The places of what lies sealed."""


class GradeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A day of a thread."""

    shop_id: int
    thread_no: int
    day: date
    messages: int
    answers: int
    points: int
    knows_order: bool
    last_at: datetime
    graded_at: datetime


class AnswersRow(msgspec.Struct, frozen=True, kw_only=True):
    """What one person wrote in it, and the points that person's faults took."""

    rep: str
    answers: int
    points: int


class FaultRow(msgspec.Struct, frozen=True, kw_only=True):
    """One fault of it."""

    thread_no: int
    day: date
    place: int
    kind: str
    rep: str
    at: datetime | None
    said: str
    words: str
    because: str
    about: str
    points: int


class FaultSeen(FaultRow, frozen=True, kw_only=True):
    """A fault with whose talk it was in."""

    shown: str
    order_no: str | None


class RepGrades(msgspec.Struct, frozen=True):
    """How one person's conversations were graded over some days."""

    rep: str
    talks: int
    answers: int
    points: int
    """Taken off, all together."""


class KindCount(msgspec.Struct, frozen=True):
    """How often one person did one thing wrong, and in how many talks."""

    rep: str
    kind: str
    many: int
    talks: int


UNGRADED = """
    select t.thread_no, t.last_at from threads t
    left join quality_marks m on m.shop_id = t.shop_id and m.thread_no = t.thread_no
    where t.shop_id = %(shop_id)s and t.last_at > %(since)s and t.last_at <= %(calm)s and (m.graded_to is null or m.graded_to < t.last_at)
    order by t.last_at limit %(limit)s
"""
SAVE = """
    insert into quality_grades (shop_id, thread_no, day, messages, answers, points, knows_order, last_at, graded_at)
    values (%(shop_id)s, %(thread_no)s, %(day)s, %(messages)s, %(answers)s, %(points)s, %(knows_order)s, %(last_at)s, %(graded_at)s)
    on conflict (shop_id, thread_no, day) do update set messages = excluded.messages, answers = excluded.answers, points = excluded.points,
        knows_order = excluded.knows_order, last_at = excluded.last_at, graded_at = excluded.graded_at
"""
# the days of which a conversation tells something, before it goes
FORGET_DAYS = """
    delete from quality_grades
    where shop_id = %(shop_id)s and thread_no = %(thread_no)s and day in (
        select (placed_at at time zone 'Asia/Shanghai')::date from conversation_messages
        where shop_id = %(shop_id)s and conversation_no = %(conversation_no)s
    )
"""
FORGET_MARK = "delete from quality_marks where shop_id = %(shop_id)s and thread_no = %(thread_no)s"
FORGET_MARK_PAST = "delete from quality_marks where shop_id = %(shop_id)s and thread_no = %(thread_no)s and graded_to >= %(said_at)s"
FORGET_FAULTS = "delete from quality_faults where shop_id = %(shop_id)s and thread_no = %(thread_no)s and day = %(day)s"
FORGET_ANSWERS = "delete from quality_answers where shop_id = %(shop_id)s and thread_no = %(thread_no)s and day = %(day)s"
ADD_ANSWERS = """
    insert into quality_answers (shop_id, thread_no, day, rep, answers, points)
    values (%(shop_id)s, %(thread_no)s, %(day)s, %(rep)s, %(answers)s, %(points)s)
"""
ADD_FAULT = """
    insert into quality_faults (shop_id, thread_no, day, place, kind, rep, at, said, words, because, about, points)
    values (%(shop_id)s, %(thread_no)s, %(day)s, %(place)s, %(kind)s, %(rep)s, %(at)s, %(said)s, %(words)s, %(because)s::json, %(about)s, %(points)s)
"""
MARK = """
    insert into quality_marks (shop_id, thread_no, graded_to) values (%(shop_id)s, %(thread_no)s, %(graded_to)s)
    on conflict (shop_id, thread_no) do update set graded_to = excluded.graded_to
"""
REPS = """
    select rep, count(*)::integer as talks, sum(answers)::integer as answers, sum(points)::integer as points
    from quality_answers where shop_id = %(shop_id)s and day >= %(since)s group by rep order by rep
"""
KINDS = """
    select rep, kind, count(*)::integer as many, count(distinct (thread_no, day))::integer as talks
    from quality_faults where shop_id = %(shop_id)s and day >= %(since)s group by rep, kind
"""
FAULTS = """
    select f.thread_no, f.day, f.place, f.kind, f.rep, f.at, f.said, f.words, f.because::text, f.about, f.points, t.shown, t.order_no
    from quality_faults f join threads t on t.shop_id = f.shop_id and t.thread_no = f.thread_no
    where f.shop_id = %(shop_id)s and (f.day, f.thread_no, -f.place) < (%(day)s, %(thread_no)s, %(place)s) and (%(rep)s = '' or f.rep = %(rep)s)
        and (%(kind)s = '' or f.kind = %(kind)s)
    order by f.day desc, f.thread_no desc, f.place limit %(limit)s
"""
TALKS = "select count(*)::integer, coalesce(sum(points), 0)::bigint from quality_grades where shop_id = %(shop_id)s and day >= %(since)s and answers > 0"


def ungraded(tx: Tx, shop_id: int, since: datetime, calm: datetime, limit: int) -> list[tuple[int, datetime]]:
    """The threads in which something was said since they were graded, and which are calm now, the oldest first."""
    found = tx.execute(UNGRADED, {"shop_id": shop_id, "since": since, "calm": calm, "limit": limit}).fetchall()
    return [(int(thread_no), last_at) for thread_no, last_at in found]


def save(tx: Tx, row: GradeRow, answers: Sequence[AnswersRow], faults: Sequence[FaultRow]) -> None:
    """Keeps the grade of a day, in the place of an earlier one."""
    key = {"shop_id": row.shop_id, "thread_no": row.thread_no, "day": row.day}
    tx.execute(SAVE, msgspec.structs.asdict(row))
    tx.execute(FORGET_FAULTS, key)
    tx.execute(FORGET_ANSWERS, key)
    for each in answers:
        tx.execute(ADD_ANSWERS, key | msgspec.structs.asdict(each))
    for fault in faults:
        lying = {"said": sealed(tx, row.shop_id, fault.said, SAID), "words": sealed(tx, row.shop_id, fault.words, WORDS)}
        tx.execute(ADD_FAULT, {"shop_id": row.shop_id, **msgspec.structs.asdict(fault), **lying})


def forget_days(tx: Tx, shop_id: int, thread_no: int, conversation_no: int) -> None:
    """Forgets how the days of this conversation were graded; what is left of the thread is graded anew."""
    told = {"shop_id": shop_id, "thread_no": thread_no, "conversation_no": conversation_no}
    tx.execute(FORGET_DAYS, told)
    tx.execute(FORGET_MARK, told)


def grade_again(tx: Tx, shop_id: int, thread_no: int, said_at: datetime) -> None:
    """Has a thread graded anew where it was graded past this moment: what was said then came in only now."""
    tx.execute(FORGET_MARK_PAST, {"shop_id": shop_id, "thread_no": thread_no, "said_at": said_at})


def mark(tx: Tx, shop_id: int, thread_no: int, graded_to: datetime) -> None:
    """Notes up to where a thread is graded."""
    tx.execute(MARK, {"shop_id": shop_id, "thread_no": thread_no, "graded_to": graded_to})


def reps(tx: Tx, shop_id: int, since: date) -> list[RepGrades]:
    """How each person's conversations were graded."""
    with tx.cursor(row_factory=class_row(RepGrades)) as cursor:
        return cursor.execute(REPS, {"shop_id": shop_id, "since": since}).fetchall()


def kinds(tx: Tx, shop_id: int, since: date) -> list[KindCount]:
    """How often each person did each thing wrong."""
    with tx.cursor(row_factory=class_row(KindCount)) as cursor:
        return cursor.execute(KINDS, {"shop_id": shop_id, "since": since}).fetchall()


def faults(tx: Tx, shop_id: int, before: tuple[date, int, int], limit: int, *, rep: str = "", kind: str = "") -> list[FaultSeen]:
    """Faults, the newest day first."""
    day, thread_no, place = before
    told = {"shop_id": shop_id, "day": day, "thread_no": thread_no, "place": place, "rep": rep, "kind": kind, "limit": limit}
    with tx.cursor(row_factory=class_row(FaultSeen)) as cursor:
        rows = cursor.execute(FAULTS, told).fetchall()
    return [msgspec.structs.replace(row, said=opened(tx, shop_id, row.said, SAID), words=opened(tx, shop_id, row.words, WORDS)) for row in rows]


def talks(tx: Tx, shop_id: int, since: date) -> tuple[int, int]:
    """How many days of threads with an answer were graded, and the sum of what was left of their hundreds."""
    row = tx.execute(TALKS, {"shop_id": shop_id, "since": since}).fetchone()
    return (0, 0) if row is None else (int(row[0]), int(row[1]))
