"""Deadlines: one row per subject and kind, ranked inside its band by an index. Every write answers with what it moved, so that the totals follow."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState, DueSource, Subject, SubjectKind
from zhanggui.core.money import Fen
from zhanggui.core.rules import Basis
from zhanggui.records.db import Tx
from zhanggui.records.deadline_totals import Moved
from zhanggui.records.says import unpacked
from zhanggui.records.streams import copy_rows


class StoredDeadline(msgspec.Struct, frozen=True, gc=False):
    """A deadline as it stands in the table."""

    shop_id: int
    subject_kind: str
    subject_no: str
    kind: str
    state: str
    counts_from: str
    started_at: datetime
    due_at: datetime
    due_source: str
    look_at: datetime | None
    band: int | None
    score: float
    rule: str
    basis: str
    at_risk: int
    worth: int
    risk_rule: str | None
    closed_at: datetime | None
    because: str | None
    order_no: str | None
    assignee: int | None
    data_as_of: datetime
    made_at: datetime

    @property
    def subject(self) -> Subject:
        """The thing it hangs on."""
        return Subject(SubjectKind(self.subject_kind), self.subject_no)

    def deadline(self) -> Deadline:
        """The deadline as core computed it."""
        return Deadline(
            subject=self.subject,
            kind=DeadlineKind(self.kind),
            state=DeadlineState(self.state),
            counts_from=self.counts_from,
            started_at=self.started_at,
            due_at=self.due_at,
            due_source=DueSource(self.due_source),
            rule=self.rule,
            basis=Basis(self.basis),
            at_risk=Fen(self.at_risk),
            risk_rule=self.risk_rule,
            closed_at=self.closed_at,
            because=unpacked(self.because) if self.because else None,
            order_no=self.order_no,
        )


COPY_NEW = """
    copy deadlines (shop_id, subject_kind, subject_no, kind, state, counts_from, started_at, due_at, due_source, look_at, band, score, rule, basis,
        at_risk, worth, risk_rule, closed_at, because, order_no, assignee, data_as_of, made_at) from stdin
"""
CHANGE = """
    with changed as (
        update deadlines set
            state = told.state, counts_from = told.counts_from, started_at = told.started_at, due_at = told.due_at, due_source = told.due_source,
            look_at = told.look_at, band = told.band, score = told.score, rule = told.rule, basis = told.basis, at_risk = told.at_risk,
            worth = told.worth, risk_rule = told.risk_rule, closed_at = told.closed_at, because = told.because::jsonb, order_no = told.order_no,
            assignee = told.assignee, data_as_of = told.data_as_of, made_at = told.made_at
        from json_to_recordset(%(rows)s::json) as told (subject_kind text, subject_no text, kind text, state text, counts_from text, started_at timestamptz,
            due_at timestamptz, due_source text, look_at timestamptz, band smallint, score double precision, rule text, basis text, at_risk bigint,
            worth bigint, risk_rule text, closed_at timestamptz, because text, order_no text, assignee bigint, data_as_of timestamptz, made_at timestamptz)
        where deadlines.shop_id = %(shop_id)s and deadlines.subject_kind = told.subject_kind and deadlines.subject_no = told.subject_no
            and deadlines.kind = told.kind
        returning new.kind as kind, old.band as old_band, old.at_risk as old_at_risk, old.worth as old_worth,
            new.band as new_band, new.at_risk as new_at_risk, new.worth as new_worth
    )
    select band, kind, sum(deadlines)::bigint as deadlines, sum(at_risk)::bigint as at_risk, sum(worth)::bigint as worth
    from (
        select old_band as band, kind, -1 as deadlines, -old_at_risk as at_risk, -old_worth as worth from changed where old_band is not null
        union all
        select new_band, kind, 1, new_at_risk, new_worth from changed where new_band is not null
    ) as moves
    group by band, kind
"""
REMOVE = """
    with gone as (
        delete from deadlines
        using unnest(%(subject_kinds)s::text[], %(subject_nos)s::text[], %(kinds)s::text[]) as leaving (subject_kind, subject_no, kind)
        where deadlines.shop_id = %(shop_id)s and deadlines.subject_kind = leaving.subject_kind
            and deadlines.subject_no = leaving.subject_no and deadlines.kind = leaving.kind
        returning deadlines.kind, deadlines.band, deadlines.at_risk, deadlines.worth
    )
    select band, kind, -count(*)::bigint as deadlines, -sum(at_risk)::bigint as at_risk, -sum(worth)::bigint as worth
    from gone where band is not null group by band, kind
"""
OF_SUBJECTS = """
    select shop_id, subject_kind, subject_no, kind, state, counts_from, started_at, due_at, due_source, look_at, band, score, rule, basis,
        at_risk, worth, risk_rule, closed_at, because::text as because, order_no, assignee, data_as_of, made_at
    from deadlines
    where shop_id = %(shop_id)s and subject_kind = %(subject_kind)s and subject_no = any(%(subject_nos)s)
"""
# held until the end: what a person says of a to-do meanwhile waits, and is said of the fresh row
HOLD_RUNNING = """
    select kind from deadlines
    where shop_id = %(shop_id)s and subject_kind = %(subject_kind)s and subject_no = any(%(subject_nos)s) and band is not null
    order by subject_no, kind
    for no key update
"""
ONE = """
    select shop_id, subject_kind, subject_no, kind, state, counts_from, started_at, due_at, due_source, look_at, band, score, rule, basis,
        at_risk, worth, risk_rule, closed_at, because::text as because, order_no, assignee, data_as_of, made_at
    from deadlines
    where shop_id = %(shop_id)s and subject_kind = %(subject_kind)s and subject_no = %(subject_no)s and kind = %(kind)s
"""
OF_ORDERS = """
    select shop_id, subject_kind, subject_no, kind, state, counts_from, started_at, due_at, due_source, look_at, band, score, rule, basis,
        at_risk, worth, risk_rule, closed_at, because::text as because, order_no, assignee, data_as_of, made_at
    from deadlines
    where shop_id = %(shop_id)s and order_no = any(%(order_nos)s)
"""
RUNNING_AMONG = """
    select distinct subject_no from deadlines
    where shop_id = %(shop_id)s and subject_kind = %(subject_kind)s and subject_no = any(%(subject_nos)s) and band is not null
"""
RUNNING = """
    select distinct subject_kind, subject_no from deadlines
    where shop_id = %(shop_id)s and band is not null and (subject_kind, subject_no) > (%(after_kind)s, %(after_no)s)
    order by subject_kind, subject_no
    limit %(limit)s
"""
DUE_A_LOOK = """
    select shop_id, subject_kind, subject_no, kind, state, counts_from, started_at, due_at, due_source, look_at, band, score, rule, basis,
        at_risk, worth, risk_rule, closed_at, because::text as because, order_no, assignee, data_as_of, made_at
    from deadlines
    where shop_id = %(shop_id)s and look_at <= %(now)s
    order by look_at
    limit %(limit)s
    for update skip locked
"""
ANY_DUE_A_LOOK = """
    select shop.shop_id
    from shop_homes as shop
    -- one look into the index for each shop; written as `exists` it may be planned as one walk over what is due in all of them, and without its order
    -- as a walk over the whole table, since whoever plans it once for every moment must think that a third of all is due
    cross join lateral (
        select look_at from deadlines where deadlines.shop_id = shop.shop_id and deadlines.look_at <= %(now)s order by deadlines.look_at limit 1
    ) as due
    where shop.shop_id = any(%(shop_ids)s)
"""
# held back until the platform was asked: looked at later than its own due moment, though nobody put it off
NO_LONGER_HELD = """
    update deadlines set look_at = %(now)s
    where shop_id = %(shop_id)s and subject_kind = %(subject_kind)s and subject_no = any(%(subject_nos)s)
        and band = any(%(bands)s) and look_at > %(now)s and due_at < %(now)s
"""
COUNT_DUE = """
    select count(*) from (select look_at from deadlines where shop_id = %(shop_id)s and look_at <= %(now)s order by look_at limit %(most)s) as due
"""
# a person's act, or time itself, moves a running deadline to another band; nothing else of it changes
MOVE = """
    with changed as (
        update deadlines set band = move.band, look_at = move.look_at, score = move.score, assignee = move.assignee
        from unnest(%(subject_kinds)s::text[], %(subject_nos)s::text[], %(kinds)s::text[], %(bands)s::smallint[], %(looks_at)s::timestamptz[],
            %(scores)s::double precision[], %(assignees)s::bigint[]) as move (subject_kind, subject_no, kind, band, look_at, score, assignee)
        where deadlines.shop_id = %(shop_id)s and deadlines.subject_kind = move.subject_kind and deadlines.subject_no = move.subject_no
            and deadlines.kind = move.kind and deadlines.band is not null
        returning new.kind as kind, old.band as old_band, new.band as new_band, new.at_risk as at_risk, new.worth as worth
    )
    select band, kind, sum(deadlines)::bigint as deadlines, sum(at_risk)::bigint as at_risk, sum(worth)::bigint as worth
    from (
        select old_band as band, kind, -1 as deadlines, -at_risk as at_risk, -worth as worth from changed
        union all
        select new_band, kind, 1, at_risk, worth from changed
    ) as moves
    group by band, kind
"""
LOCK_ONE = """
    select shop_id, subject_kind, subject_no, kind, state, counts_from, started_at, due_at, due_source, look_at, band, score, rule, basis,
        at_risk, worth, risk_rule, closed_at, because::text as because, order_no, assignee, data_as_of, made_at
    from deadlines
    where shop_id = %(shop_id)s and subject_kind = %(subject_kind)s and subject_no = %(subject_no)s and kind = %(kind)s
    for update
"""


def copy_new(tx: Tx, rows: Iterable[StoredDeadline]) -> None:
    """Stores deadlines that were not there before."""
    copy_rows(tx, COPY_NEW, map(msgspec.structs.astuple, rows))


def change(tx: Tx, shop_id: int, rows: Sequence[StoredDeadline]) -> list[Moved]:
    """Overwrites deadlines that are there, and tells what moved between bands."""
    if not rows:
        return []
    with tx.cursor(row_factory=class_row(Moved)) as cursor:
        return cursor.execute(CHANGE, {"shop_id": shop_id, "rows": msgspec.json.encode(rows).decode()}).fetchall()


def remove(tx: Tx, shop_id: int, rows: Sequence[StoredDeadline]) -> list[Moved]:
    """Takes deadlines away, and tells what left which band."""
    if not rows:
        return []
    slots = {
        "shop_id": shop_id,
        "subject_kinds": [row.subject_kind for row in rows],
        "subject_nos": [row.subject_no for row in rows],
        "kinds": [row.kind for row in rows],
    }
    with tx.cursor(row_factory=class_row(Moved)) as cursor:
        return cursor.execute(REMOVE, slots).fetchall()


def of_subjects(tx: Tx, shop_id: int, subject_kind: str, subject_nos: Sequence[str]) -> list[StoredDeadline]:
    """Every deadline, running or closed, of these things."""
    if not subject_nos:
        return []
    slots = {"shop_id": shop_id, "subject_kind": subject_kind, "subject_nos": list(subject_nos)}
    with tx.cursor(row_factory=class_row(StoredDeadline)) as cursor:
        return cursor.execute(OF_SUBJECTS, slots).fetchall()


def held(tx: Tx, shop_id: int, subject_kind: str, subject_nos: Sequence[str]) -> list[StoredDeadline]:
    """The same, the running ones held until the transaction ends."""
    if subject_nos:
        tx.execute(HOLD_RUNNING, {"shop_id": shop_id, "subject_kind": subject_kind, "subject_nos": list(subject_nos)})
    return of_subjects(tx, shop_id, subject_kind, subject_nos)


def of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[StoredDeadline]:
    """Every deadline that concerns these orders, those of their cases and reviews too."""
    with tx.cursor(row_factory=class_row(StoredDeadline)) as cursor:
        return cursor.execute(OF_ORDERS, {"shop_id": shop_id, "order_nos": list(order_nos)}).fetchall()


def one(tx: Tx, shop_id: int, subject: Subject, kind: DeadlineKind, *, lock: bool = False) -> StoredDeadline | None:
    """One deadline; with `lock`, held until the transaction ends."""
    slots = {"shop_id": shop_id, "subject_kind": subject.kind.value, "subject_no": subject.no, "kind": kind.value}
    with tx.cursor(row_factory=class_row(StoredDeadline)) as cursor:
        return cursor.execute(LOCK_ONE if lock else ONE, slots).fetchone()


def running_among(tx: Tx, shop_id: int, subject_kind: str, subject_nos: Sequence[str]) -> list[str]:
    """Those of these things that have running deadlines."""
    slots = {"shop_id": shop_id, "subject_kind": subject_kind, "subject_nos": list(subject_nos)}
    return [no for (no,) in tx.execute(RUNNING_AMONG, slots)]


def running_subjects(tx: Tx, shop_id: int, after: tuple[str, str], limit: int) -> list[tuple[str, str]]:
    """The next things that have running deadlines, after one of them."""
    slots = {"shop_id": shop_id, "after_kind": after[0], "after_no": after[1], "limit": limit}
    return [(kind, no) for kind, no in tx.execute(RUNNING, slots)]


def due_a_look(tx: Tx, shop_id: int, now: datetime, limit: int) -> list[StoredDeadline]:
    """The deadlines whose band changes by now, longest due first, locked; those another transaction holds are left to it."""
    with tx.cursor(row_factory=class_row(StoredDeadline)) as cursor:
        return cursor.execute(DUE_A_LOOK, {"shop_id": shop_id, "now": now, "limit": limit}).fetchall()


def shops_due_a_look(tx: Tx, shop_ids: Sequence[int], now: datetime) -> list[int]:
    """The shops in which some deadline's band changes by now."""
    return [shop_id for (shop_id,) in tx.execute(ANY_DUE_A_LOOK, {"shop_ids": list(shop_ids), "now": now})]


def no_longer_held(tx: Tx, shop_id: int, subject_kind: str, subject_nos: Sequence[str], bands: Sequence[int], now: datetime) -> int:
    """How many deadlines of these things, past their moment and standing in these bands, are looked at now instead of a moment later."""
    slots = {"shop_id": shop_id, "subject_kind": subject_kind, "subject_nos": list(subject_nos), "bands": list(bands), "now": now}
    return tx.execute(NO_LONGER_HELD, slots).rowcount if subject_nos else 0


def count_due(tx: Tx, shop_id: int, now: datetime, most: int) -> int:
    """How many deadlines of the shop are due a look, counted up to so many."""
    row = tx.execute(COUNT_DUE, {"shop_id": shop_id, "now": now, "most": most}).fetchone()
    return int(row[0]) if row else 0


def move(tx: Tx, shop_id: int, rows: Sequence[StoredDeadline]) -> list[Moved]:
    """Puts running deadlines into the band, place and hands the rows name, and tells what moved."""
    if not rows:
        return []
    slots = {
        "shop_id": shop_id,
        "subject_kinds": [row.subject_kind for row in rows],
        "subject_nos": [row.subject_no for row in rows],
        "kinds": [row.kind for row in rows],
        "bands": [row.band for row in rows],
        "looks_at": [row.look_at for row in rows],
        "scores": [row.score for row in rows],
        "assignees": [row.assignee for row in rows],
    }
    with tx.cursor(row_factory=class_row(Moved)) as cursor:
        return cursor.execute(MOVE, slots).fetchall()


def moved_by_new(rows: Iterable[StoredDeadline]) -> list[Moved]:
    """What new deadlines add to the totals."""
    return [Moved(row.band, row.kind, 1, row.at_risk, row.worth) for row in rows if row.band is not None]
