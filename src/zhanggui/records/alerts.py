"""Alerts: one row a matter. What has to be heard of is found among the running deadlines; what ended there ends here."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from psycopg.rows import class_row

from zhanggui.core.alerts.matters import AlertState
from zhanggui.core.deadlines import Band, DeadlineKind, Subject, SubjectKind
from zhanggui.core.say import Say
from zhanggui.records.db import Tx
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.records.each_shop import merged
from zhanggui.records.says import unpacked

RUNNING = (Band.OVERDUE, Band.HOUR, Band.TODAY, Band.LATER)
"""Bands in which a to-do waits for somebody of the shop; in all others nobody is to be called."""


class StoredAlert(msgspec.Struct, frozen=True, kw_only=True):
    """An alert as it stands in the table."""

    shop_id: int
    alert_no: int
    kind: str
    subject_kind: str
    subject_no: str
    due_at: datetime
    act: str
    because: str
    money: int
    is_money_clock: bool
    is_watched: bool
    assignee: int | None
    state: str
    ring: int
    told: list[int]
    is_overdue_told: bool
    look_at: datetime | None
    raised_at: datetime
    acknowledged_by: int | None
    acknowledged_at: datetime | None
    ended_at: datetime | None

    @property
    def at(self) -> AlertState:
        """Where it stands."""
        return AlertState(self.state)

    @property
    def deadline_kind(self) -> DeadlineKind:
        """The kind of to-do."""
        return DeadlineKind(self.kind)

    @property
    def subject(self) -> Subject:
        """The thing it is about."""
        return Subject(SubjectKind(self.subject_kind), self.subject_no)

    @property
    def next_act(self) -> Say:
        """What to do next."""
        return unpacked(self.act)

    @property
    def reason(self) -> Say:
        """Why."""
        return unpacked(self.because)


class _Standing(StoredDeadline, frozen=True, kw_only=True):
    """A deadline with the number of the alert about it."""

    alert_no: int


class SeenAlert(msgspec.Struct, frozen=True, kw_only=True):
    """An alert for the page: with the names that belong to it."""

    shop_id: int
    shop_name: str
    alert_no: int
    kind: str
    subject_kind: str
    subject_no: str
    order_no: str | None
    due_at: datetime
    act: str
    because: str
    money: int
    is_money_clock: bool
    state: str
    raised_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by_name: str | None
    ended_at: datetime | None
    is_overdue_told: bool
    assignee_name: str | None


# one look into an index for each kind: what is due soon, and what has not been overdue for long; either only where no alert says so yet
HEARD_OF = """
    select found.*
    from unnest(%(kinds)s::text[], %(untils)s::timestamptz[]) as wanted (kind, until)
    cross join unnest(%(bands)s::smallint[]) as wide (band)
    cross join lateral (
        select shop_id, subject_kind, subject_no, kind, state, counts_from, started_at, due_at, due_source, look_at, band, score, rule, basis,
            at_risk, worth, risk_rule, closed_at, because::text as because, order_no, assignee, data_as_of, made_at
        from deadlines
        where shop_id = %(shop_id)s and deadlines.kind = wanted.kind and deadlines.band = wide.band
            and due_at > %(since)s and due_at <= wanted.until
            and (at_risk = 0 or at_risk >= %(least_money)s)
    ) as found
    where not exists (
        select 1 from alerts
        where alerts.shop_id = %(shop_id)s and alerts.kind = found.kind and alerts.subject_kind = found.subject_kind and alerts.subject_no = found.subject_no
            and alerts.state <> 'ended' and alerts.due_at between found.due_at - %(same)s and found.due_at + %(same)s
    )
    order by found.due_at, found.subject_no, found.kind
    limit %(limit)s
"""
# whatever is not waiting for us any more, and what was given more time than the alert was raised for
ENDS = """
    update alerts set state = 'ended', ended_at = %(now)s, look_at = null
    where shop_id = %(shop_id)s and state <> 'ended' and is_watched
        and not exists (
            select 1 from deadlines
            where deadlines.shop_id = %(shop_id)s and deadlines.subject_kind = alerts.subject_kind and deadlines.subject_no = alerts.subject_no
                and deadlines.kind = alerts.kind and deadlines.band = any(%(bands)s)
                and deadlines.due_at between alerts.due_at - %(same)s and alerts.due_at + %(same)s
        )
    returning alert_no
"""
# of those to be said, only what still stands; what was given another moment is heard of anew
STILL_STANDING = """
    select alerts.alert_no, deadlines.shop_id, deadlines.subject_kind, deadlines.subject_no, deadlines.kind, deadlines.state, deadlines.counts_from,
        deadlines.started_at, deadlines.due_at, deadlines.due_source, deadlines.look_at, deadlines.band, deadlines.score, deadlines.rule, deadlines.basis,
        deadlines.at_risk, deadlines.worth, deadlines.risk_rule, deadlines.closed_at, deadlines.because::text as because, deadlines.order_no,
        deadlines.assignee, deadlines.data_as_of, deadlines.made_at
    from alerts
    join deadlines on deadlines.shop_id = alerts.shop_id and deadlines.subject_kind = alerts.subject_kind and deadlines.subject_no = alerts.subject_no
        and deadlines.kind = alerts.kind
    where alerts.shop_id = %(shop_id)s and deadlines.shop_id = %(shop_id)s and alerts.alert_no = any(%(alert_nos)s) and alerts.state <> 'ended'
        and deadlines.band = any(%(bands)s)
        and deadlines.due_at between alerts.due_at - %(same)s and alerts.due_at + %(same)s
"""
LOCK_ONE = """
    select shop_id, alert_no, kind, subject_kind, subject_no, due_at, act::text as act, because::text as because, money, is_money_clock, is_watched,
        assignee, state, ring, told, is_overdue_told, look_at, raised_at, acknowledged_by, acknowledged_at, ended_at
    from alerts
    where shop_id = %(shop_id)s and kind = %(kind)s and subject_kind = %(subject_kind)s and subject_no = %(subject_no)s
    for update
"""
LOCK_NUMBERS = """
    select shop_id, alert_no, kind, subject_kind, subject_no, due_at, act::text as act, because::text as because, money, is_money_clock, is_watched,
        assignee, state, ring, told, is_overdue_told, look_at, raised_at, acknowledged_by, acknowledged_at, ended_at
    from alerts
    where shop_id = %(shop_id)s and alert_no = any(%(alert_nos)s)
    order by alert_no
    for update
"""
LOCK_DUE = """
    select shop_id, alert_no, kind, subject_kind, subject_no, due_at, act::text as act, because::text as because, money, is_money_clock, is_watched,
        assignee, state, ring, told, is_overdue_told, look_at, raised_at, acknowledged_by, acknowledged_at, ended_at
    from alerts
    where shop_id = %(shop_id)s and look_at <= %(now)s
    order by look_at, alert_no
    limit %(limit)s
    for update skip locked
"""
OF_NUMBERS = """
    select shop_id, alert_no, kind, subject_kind, subject_no, due_at, act::text as act, because::text as because, money, is_money_clock, is_watched,
        assignee, state, ring, told, is_overdue_told, look_at, raised_at, acknowledged_by, acknowledged_at, ended_at
    from alerts
    where shop_id = %(shop_id)s and alert_no = any(%(alert_nos)s)
    order by is_money_clock desc, due_at, alert_no
"""
INSERT = """
    insert into alerts (shop_id, kind, subject_kind, subject_no, due_at, act, because, money, is_money_clock, is_watched, assignee, state, told,
        is_overdue_told, look_at, raised_at)
    values (%(shop_id)s, %(kind)s, %(subject_kind)s, %(subject_no)s, %(due_at)s, %(act)s, %(because)s, %(money)s, %(is_money_clock)s, %(is_watched)s,
        %(assignee)s, 'open', '{}', false, null, %(now)s)
    on conflict (shop_id, kind, subject_kind, subject_no) do nothing
"""
KEEP = """
    update alerts set due_at = %(due_at)s, act = %(act)s, because = %(because)s, money = %(money)s, is_money_clock = %(is_money_clock)s,
        is_watched = %(is_watched)s, assignee = %(assignee)s, state = %(state)s, ring = %(ring)s, told = %(told)s,
        is_overdue_told = %(is_overdue_told)s, look_at = %(look_at)s,
        raised_at = %(raised_at)s, acknowledged_by = %(acknowledged_by)s, acknowledged_at = %(acknowledged_at)s, ended_at = %(ended_at)s
    where shop_id = %(shop_id)s and alert_no = %(alert_no)s
"""
SEEN = """
    select found.shop_id, found.alert_no, found.kind, found.subject_kind, found.subject_no, found.due_at, found.act, found.because, found.money,
        found.is_money_clock, found.state, found.raised_at, found.acknowledged_at, found.ended_at, found.is_overdue_told,
        shops.name as shop_name, doer.display_name as acknowledged_by_name, hand.display_name as assignee_name,
        (select deadlines.order_no from deadlines
         where deadlines.shop_id = %(shop_id)s and deadlines.subject_kind = found.subject_kind and deadlines.subject_no = found.subject_no
            and deadlines.kind = found.kind) as order_no
    from (
        select shop_id, alert_no, kind, subject_kind, subject_no, due_at, act::text as act, because::text as because, money, is_money_clock, state, raised_at,
            acknowledged_at, acknowledged_by, ended_at, is_overdue_told, assignee
        from alerts
        where shop_id = %(shop_id)s and state = %(state)s and (due_at, alert_no) > (%(after_due)s, %(after_no)s)
        order by due_at, alert_no
        limit %(limit)s
    ) as found
    join shops on shops.shop_id = found.shop_id
    left join people as doer on doer.person_id = found.acknowledged_by
    left join people as hand on hand.person_id = found.assignee
    order by found.due_at, found.alert_no
"""
SEEN_ENDED = """
    select found.shop_id, found.alert_no, found.kind, found.subject_kind, found.subject_no, found.due_at, found.act, found.because, found.money,
        found.is_money_clock, found.state, found.raised_at, found.acknowledged_at, found.ended_at, found.is_overdue_told,
        shops.name as shop_name, doer.display_name as acknowledged_by_name, hand.display_name as assignee_name, null::text as order_no
    from (
        select shop_id, alert_no, kind, subject_kind, subject_no, due_at, act::text as act, because::text as because, money, is_money_clock, state, raised_at,
            acknowledged_at, acknowledged_by, ended_at, is_overdue_told, assignee
        from alerts
        where shop_id = %(shop_id)s and state = 'ended' and (ended_at, alert_no) < (%(before)s, %(before_no)s)
        order by ended_at desc, alert_no desc
        limit %(limit)s
    ) as found
    join shops on shops.shop_id = found.shop_id
    left join people as doer on doer.person_id = found.acknowledged_by
    left join people as hand on hand.person_id = found.assignee
    order by found.ended_at desc, found.alert_no desc
"""
COUNT_OPEN = """
    select count(*), coalesce(bool_or(is_money_clock), false) from (
        select is_money_clock from alerts where shop_id = any(%(shop_ids)s) and state = 'open' limit %(most)s
    ) as found
"""
SWEEP = """
    delete from alerts where shop_id = %(shop_id)s and alert_no in (
        select alert_no from alerts where shop_id = %(shop_id)s and state = 'ended' and ended_at < %(before)s order by ended_at, alert_no limit %(limit)s
    )
"""


def heard_of(
    tx: Tx, shop_id: int, untils: Sequence[tuple[DeadlineKind, datetime]], *, since: datetime, least_money: int, same: timedelta, limit: int
) -> list[StoredDeadline]:
    """The running deadlines that come due by these moments and that no standing alert says yet, the earliest first."""
    slots = {
        "shop_id": shop_id,
        "kinds": [kind.value for kind, _ in untils],
        "untils": [until for _, until in untils],
        "bands": [int(band) for band in RUNNING],
        "since": since,
        "least_money": least_money,
        "same": same,
        "limit": limit,
    }
    with tx.cursor(row_factory=class_row(StoredDeadline)) as cursor:
        return cursor.execute(HEARD_OF, slots).fetchall()


def end_what_ended(tx: Tx, shop_id: int, now: datetime, same: timedelta) -> list[int]:
    """The alerts that end now, because nothing waits for us there any more."""
    slots = {"shop_id": shop_id, "now": now, "bands": [int(band) for band in RUNNING], "same": same}
    return [alert_no for (alert_no,) in tx.execute(ENDS, slots)]


def still_standing(tx: Tx, shop_id: int, alert_nos: Sequence[int], same: timedelta) -> dict[int, StoredDeadline]:
    """The to-dos of those of these alerts that still wait for us, by the deadlines as they are now."""
    slots = {"shop_id": shop_id, "alert_nos": list(alert_nos), "bands": [int(band) for band in RUNNING], "same": same}
    with tx.cursor(row_factory=class_row(_Standing)) as cursor:
        return {row.alert_no: row for row in cursor.execute(STILL_STANDING, slots)}


def put(tx: Tx, shop_id: int, row: StoredAlert) -> None:
    """Makes a place for the matter, unless it has one."""
    tx.execute(INSERT, {**msgspec.structs.asdict(row), "shop_id": shop_id, "now": row.raised_at})


def locked(tx: Tx, shop_id: int, kind: DeadlineKind, subject: Subject) -> StoredAlert | None:
    """The alert of the matter, held until the transaction ends."""
    slots = {"shop_id": shop_id, "kind": kind.value, "subject_kind": subject.kind.value, "subject_no": subject.no}
    with tx.cursor(row_factory=class_row(StoredAlert)) as cursor:
        return cursor.execute(LOCK_ONE, slots).fetchone()


def locked_numbers(tx: Tx, shop_id: int, alert_nos: Sequence[int]) -> list[StoredAlert]:
    """These alerts, held until the transaction ends."""
    with tx.cursor(row_factory=class_row(StoredAlert)) as cursor:
        return cursor.execute(LOCK_NUMBERS, {"shop_id": shop_id, "alert_nos": list(alert_nos)}).fetchall()


def locked_due(tx: Tx, shop_id: int, now: datetime, limit: int) -> list[StoredAlert]:
    """The alerts to be looked at by now, held; those another transaction holds are left to it."""
    with tx.cursor(row_factory=class_row(StoredAlert)) as cursor:
        return cursor.execute(LOCK_DUE, {"shop_id": shop_id, "now": now, "limit": limit}).fetchall()


def of_numbers(tx: Tx, shop_id: int, alert_nos: Sequence[int]) -> list[StoredAlert]:
    """These alerts, clocks of money first, then by the moment they are due."""
    with tx.cursor(row_factory=class_row(StoredAlert)) as cursor:
        return cursor.execute(OF_NUMBERS, {"shop_id": shop_id, "alert_nos": list(alert_nos)}).fetchall()


def keep(tx: Tx, row: StoredAlert) -> StoredAlert:
    """Writes the alert back as it now stands."""
    tx.execute(KEEP, msgspec.structs.asdict(row))
    return row


def seen(tx: Tx, shop_ids: Sequence[int], state: AlertState, after: tuple[datetime, int], limit: int) -> list[SeenAlert]:
    """A page of standing alerts, by the moment they are due."""
    slots = {"state": state.value, "after_due": after[0], "after_no": after[1], "limit": limit}
    with tx.cursor(row_factory=class_row(SeenAlert)) as cursor:
        return merged(cursor, SEEN, slots, shop_ids, lambda row: (row.due_at, row.alert_no), limit, ascending=True)


def seen_ended(tx: Tx, shop_ids: Sequence[int], before: tuple[datetime, int], limit: int) -> list[SeenAlert]:
    """A page of ended alerts, the latest first."""
    slots = {"before": before[0], "before_no": before[1], "limit": limit}
    with tx.cursor(row_factory=class_row(SeenAlert)) as cursor:
        return merged(cursor, SEEN_ENDED, slots, shop_ids, lambda row: (row.ended_at, row.alert_no), limit)


def count_open(tx: Tx, shop_ids: Sequence[int], most: int) -> tuple[int, bool]:
    """How many alerts nobody has acknowledged, counted up to so many, and whether money runs in one of them."""
    row = tx.execute(COUNT_OPEN, {"shop_ids": list(shop_ids), "most": most}).fetchone()
    return (int(row[0]), bool(row[1])) if row else (0, False)


def sweep(tx: Tx, shop_id: int, before: datetime, limit: int) -> int:
    """Forgets alerts that ended before the moment, with what was sent of them."""
    return tx.execute(SWEEP, {"shop_id": shop_id, "before": before, "limit": limit}).rowcount
