"""Outward acts: one row each, from the decision to the end. Two clocks: `send_at` goes by the house's time, `look_at` and leases by the wall.

Every change of a row names the version it saw, so that of two who move the same act only one does.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

import msgspec
from psycopg.rows import class_row

from zhanggui.core.acts import ActKind, ActState, NoteOrder, Request
from zhanggui.core.acts.grounds import Grounds
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.say import Say
from zhanggui.records.db import Tx
from zhanggui.records.each_shop import merged
from zhanggui.records.says import packed, revived


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the platform said, in its own words."""

    code: str = ""
    text: str = ""
    sub_code: str = ""
    sub_text: str = ""
    request_id: str = ""


class NewAct(msgspec.Struct, frozen=True, kw_only=True):
    """An act as it is decided."""

    key: str
    once: str
    kind: str
    subject_kind: str
    subject_no: str
    order_no: str | None
    deadline_kind: str | None
    request: str
    grounds: str
    money: int
    state: str
    by_itself: bool
    decided_by: int | None
    decided_at: datetime
    epoch: int
    send_at: datetime | None


class StoredAct(msgspec.Struct, frozen=True, kw_only=True):
    """An act as it stands in the table."""

    shop_id: int
    act_no: int
    key: str
    once: str | None
    kind: str
    subject_kind: str
    subject_no: str
    order_no: str | None
    deadline_kind: str | None
    request: str
    grounds: str
    money: int
    state: str
    by_itself: bool
    decided_by: int | None
    decided_by_name: str | None
    decided_at: datetime
    epoch: int
    send_at: datetime | None
    look_at: datetime | None
    sure_after: datetime | None
    attempts: int
    tries: int
    is_halted: bool
    sent_at: datetime | None
    day: date | None
    holder: str | None
    leased_until: datetime | None
    because: str | None
    answer: str | None
    ended_at: datetime | None
    version: int

    @property
    def act_kind(self) -> ActKind:
        """What it does."""
        return ActKind(self.kind)

    @property
    def at(self) -> ActState:
        """How far it has come."""
        return ActState(self.state)

    @property
    def subject(self) -> Subject:
        """The thing it is about."""
        return Subject(SubjectKind(self.subject_kind), self.subject_no)

    @property
    def todo(self) -> DeadlineKind | None:
        """The to-do it answers."""
        return None if self.deadline_kind is None else DeadlineKind(self.deadline_kind)

    @property
    def is_left_open(self) -> bool:
        """Whether it lies there proposed, and no person has decided it."""
        return self.at is ActState.PROPOSED and self.decided_by is None

    @property
    def asked(self) -> Request:
        """What is sent."""
        request: Request = msgspec.json.decode(self.request, type=Request)
        return request

    @property
    def rests_on(self) -> Grounds:
        """The facts it was decided on."""
        return msgspec.json.decode(self.grounds, type=Grounds)

    @property
    def reason(self) -> Say | None:
        """Why it is where it is."""
        return None if self.because is None else revived(msgspec.json.decode(self.because, type=Say))

    @property
    def told(self) -> Answer | None:
        """What the platform said."""
        return None if self.answer is None else msgspec.json.decode(self.answer, type=Answer)


INSERT = """
    insert into acts (shop_id, key, once, kind, subject_kind, subject_no, order_no, deadline_kind, request, grounds, money, state, by_itself,
        decided_by, decided_at, epoch, send_at)
    values (%(shop_id)s, %(key)s, %(once)s, %(kind)s, %(subject_kind)s, %(subject_no)s, %(order_no)s, %(deadline_kind)s, %(request)s, %(grounds)s,
        %(money)s, %(state)s, %(by_itself)s, %(decided_by)s, %(decided_at)s, %(epoch)s, %(send_at)s)
    on conflict do nothing
    returning act_no
"""
OF_KEY = "select act_no from acts where shop_id = %(shop_id)s and key = %(key)s"
OF_ONCE = """
    select act_no from acts where shop_id = %(shop_id)s and once = %(once)s and state not in ('declined', 'withdrawn', 'stopped')
"""
# a stop holds once it is known that nothing was sent: what a person settled as done is another matter
STOPPED_BY_SOMEBODY = """
    select act_no from acts
    where shop_id = %(shop_id)s and subject_kind = %(subject_kind)s and subject_no = %(subject_no)s and kind = %(kind)s
        and is_halted and state in ('declined', 'withdrawn', 'stopped')
    order by act_no desc
    limit 1
"""
NOTES_LATELY = """
    select order_no, act_no, ended_at, request::text as request from acts
    where shop_id = %(shop_id)s and order_no = any(%(order_nos)s) and kind = 'order.note' and state not in ('declined', 'withdrawn', 'stopped')
        and (ended_at is null or ended_at > %(since)s)
    order by act_no
"""
ONE = """
    select acts.*, request::text as request, grounds::text as grounds, because::text as because, answer::text as answer, people.display_name as decided_by_name
    from acts left join people on people.person_id = acts.decided_by
    where acts.shop_id = %(shop_id)s and act_no = %(act_no)s
"""
LOCK_ONE = """
    select acts.*, request::text as request, grounds::text as grounds, because::text as because, answer::text as answer, null::text as decided_by_name
    from acts where shop_id = %(shop_id)s and act_no = %(act_no)s
    for update
"""
SAVE = """
    update acts set once = %(once)s, request = %(request)s, state = %(state)s, by_itself = %(by_itself)s, decided_by = %(decided_by)s, epoch = %(epoch)s,
        send_at = %(send_at)s, look_at = %(look_at)s, sure_after = %(sure_after)s, attempts = %(attempts)s, tries = %(tries)s, is_halted = %(is_halted)s,
        sent_at = %(sent_at)s, day = %(day)s, holder = %(holder)s, leased_until = %(leased_until)s, because = %(because)s, answer = %(answer)s,
        ended_at = %(ended_at)s, version = version + 1
    where shop_id = %(shop_id)s and act_no = %(act_no)s and version = %(version)s
    returning act_no
"""
# the oldest announcement first; whoever was put off is passed by until its moment. A lease that ran out is taken over: nothing was sent under it
CLAIM_ANNOUNCED = """
    select act_no from acts
    where shop_id = %(shop_id)s and state = 'announced' and send_at <= %(now)s
        and (look_at is null or look_at <= %(wall)s) and (leased_until is null or leased_until <= %(wall)s)
    order by send_at, act_no
    limit 1
    for update skip locked
"""
# what was under way when its sender died, and what nobody is sure of
CLAIM_UNCERTAIN = """
    select act_no from acts
    where shop_id = %(shop_id)s and state in ('sending', 'unsure') and look_at <= %(wall)s
    order by look_at, act_no
    limit 1
    for update skip locked
"""
SHOPS_DUE = """
    select shop.shop_id
    from shop_homes as shop
    where shop.shop_id = any(%(shop_ids)s) and (
        exists (
            select 1 from acts where acts.shop_id = shop.shop_id and acts.state = 'announced' and acts.send_at <= %(now)s
                and (acts.look_at is null or acts.look_at <= %(wall)s) and (acts.leased_until is null or acts.leased_until <= %(wall)s)
        )
        or exists (select 1 from acts where acts.shop_id = shop.shop_id and acts.state in ('sending', 'unsure') and acts.look_at <= %(wall)s)
        or (
            exists (select 1 from act_levels where act_levels.shop_id = shop.shop_id and act_levels.level = 'act')
            and not exists (select 1 from act_rounds where act_rounds.shop_id = shop.shop_id and act_rounds.next_at > %(wall)s)
        )
    )
"""
IN_STATES = """
    select acts.*, request::text as request, grounds::text as grounds, because::text as because, answer::text as answer,
        people.display_name as decided_by_name
    from (
        select * from acts where shop_id = %(shop_id)s and state = any(%(states)s) order by act_no desc limit %(limit)s
    ) as acts
    left join people on people.person_id = acts.decided_by
    order by coalesce(acts.ended_at, acts.send_at, acts.decided_at) desc, acts.act_no desc
"""
# what was stopped, declined or withdrawn before it left pays nobody; what is announced does not yet
PAYING_BY_CASE = """
    select order_no, subject_no, max(money)::bigint from acts
    where shop_id = %(shop_id)s and order_no = any(%(order_nos)s) and kind in ('refund.agree', 'sending.cancel')
        and (state in ('sending', 'unsure', 'carried_out') or (state = 'needs_person' and %(also_doubtful)s))
    group by order_no, subject_no
"""
ALIVE_OF_KINDS = """
    select act_no from acts where shop_id = %(shop_id)s and state in ('proposed', 'announced', 'sending', 'unsure') and kind = any(%(kinds)s) order by act_no
"""
OF_SUBJECTS = """
    select distinct on (acts.subject_kind, acts.subject_no) acts.*, request::text as request, grounds::text as grounds, because::text as because,
        answer::text as answer, people.display_name as decided_by_name
    from acts
    join unnest(%(subject_kinds)s::text[], %(subject_nos)s::text[]) as wanted (subject_kind, subject_no)
        on wanted.subject_kind = acts.subject_kind and wanted.subject_no = acts.subject_no
    left join people on people.person_id = acts.decided_by
    where acts.shop_id = %(shop_id)s
    order by acts.subject_kind, acts.subject_no, acts.act_no desc
"""

COUNTS = """
    select shop_id, state, count(*)::bigint from acts
    where shop_id = any(%(shop_ids)s) and state in ('proposed', 'announced', 'sending', 'unsure', 'needs_person')
    group by shop_id, state
"""
# an answer that nobody may rely on yet stays so: it is only brought as near as any such wait can be
MEND = """
    update acts set look_at = least(look_at, %(wall)s), leased_until = null, sure_after = least(sure_after, %(beyond)s)
    where shop_id = %(shop_id)s and state in ('announced', 'sending', 'unsure')
        and (look_at > %(beyond)s or leased_until > %(beyond)s or sure_after > %(beyond)s)
"""


def paying_by_case(tx: Tx, shop_id: int, order_nos: Sequence[str], *, also_doubtful: bool = True) -> dict[str, dict[str, int]]:
    """What the house is paying back for these orders, or has paid, by order and case; where that is wanted also what nobody could find out about."""
    found: dict[str, dict[str, int]] = {}
    slots = {"shop_id": shop_id, "order_nos": list(order_nos), "also_doubtful": also_doubtful}
    if order_nos:
        for order_no, case_no, money in tx.execute(PAYING_BY_CASE, slots):
            found.setdefault(order_no, {})[case_no] = money
    return found


def insert(tx: Tx, shop_id: int, act: NewAct) -> int | None:
    """The number of the new act; None where there is one with its key already, or one under way or done that does the same."""
    row = tx.execute(INSERT, {"shop_id": shop_id, **msgspec.structs.asdict(act)}).fetchone()
    return int(row[0]) if row else None


def of_key(tx: Tx, shop_id: int, key: str) -> int | None:
    """The act with this key."""
    row = tx.execute(OF_KEY, {"shop_id": shop_id, "key": key}).fetchone()
    return int(row[0]) if row else None


def of_once(tx: Tx, shop_id: int, once: str) -> int | None:
    """The act under way or done that does what may happen only once."""
    row = tx.execute(OF_ONCE, {"shop_id": shop_id, "once": once}).fetchone()
    return int(row[0]) if row else None


def stopped_by_somebody(tx: Tx, shop_id: int, kind: str, subject: Subject) -> int | None:
    """The newest act of this kind about this thing that a person stopped before it happened."""
    slots = {"shop_id": shop_id, "kind": kind, "subject_kind": subject.kind.value, "subject_no": subject.no}
    row = tx.execute(STOPPED_BY_SOMEBODY, slots).fetchone()
    return int(row[0]) if row else None


class NoteLately(NamedTuple):
    """A note of an order that is under way, or was written lately."""

    order_no: str
    act_no: int
    ended_at: datetime | None
    """When it stood on the platform; None while it is under way."""
    request: str

    @property
    def text(self) -> str:
        """The whole note."""
        return msgspec.json.decode(self.request, type=NoteOrder).note


def notes_lately(tx: Tx, shop_id: int, order_nos: Sequence[str], since: datetime) -> list[NoteLately]:
    """The notes of these orders that are under way or were written since, in the order in which they were decided."""
    rows = tx.execute(NOTES_LATELY, {"shop_id": shop_id, "order_nos": list(order_nos), "since": since})
    return [NoteLately(*row) for row in rows]


def one(tx: Tx, shop_id: int, act_no: int) -> StoredAct | None:
    """One act."""
    with tx.cursor(row_factory=class_row(StoredAct)) as cursor:
        return cursor.execute(ONE, {"shop_id": shop_id, "act_no": act_no}).fetchone()


def locked(tx: Tx, shop_id: int, act_no: int) -> StoredAct | None:
    """One act, held until the transaction ends."""
    with tx.cursor(row_factory=class_row(StoredAct)) as cursor:
        return cursor.execute(LOCK_ONE, {"shop_id": shop_id, "act_no": act_no}).fetchone()


def save(tx: Tx, act: StoredAct) -> bool:
    """Whether the row now reads so; False where somebody changed it since it was read."""
    return tx.execute(SAVE, msgspec.structs.asdict(act)).fetchone() is not None


def next_announced(tx: Tx, shop_id: int, now: datetime, wall: datetime) -> int | None:
    """The announced act whose time has come, held; those others hold are passed by."""
    row = tx.execute(CLAIM_ANNOUNCED, {"shop_id": shop_id, "now": now, "wall": wall}).fetchone()
    return int(row[0]) if row else None


def next_uncertain(tx: Tx, shop_id: int, wall: datetime) -> int | None:
    """The act that has to be asked after, held; those others hold are passed by."""
    row = tx.execute(CLAIM_UNCERTAIN, {"shop_id": shop_id, "wall": wall}).fetchone()
    return int(row[0]) if row else None


def shops_due(tx: Tx, shop_ids: Sequence[int], now: datetime, wall: datetime) -> list[int]:
    """The shops in which the door has something to do."""
    return [shop_id for (shop_id,) in tx.execute(SHOPS_DUE, {"shop_ids": list(shop_ids), "now": now, "wall": wall})]


def mend(tx: Tx, shop_id: int, wall: datetime, beyond: datetime) -> None:
    """Lets acts go on that wait for a moment no wait is ever given."""
    tx.execute(MEND, {"shop_id": shop_id, "wall": wall, "beyond": beyond})


def in_states(tx: Tx, shop_ids: Sequence[int], states: Sequence[ActState], limit: int) -> list[StoredAct]:
    """The newest acts of these shops in these states."""
    slots = {"states": [state.value for state in states], "limit": limit}
    with tx.cursor(row_factory=class_row(StoredAct)) as cursor:
        return merged(cursor, IN_STATES, slots, shop_ids, lambda act: (act.ended_at or act.send_at or act.decided_at, act.act_no), limit)


def alive_of_kinds(tx: Tx, shop_id: int, kinds: Sequence[str]) -> list[int]:
    """The acts of these kinds that may still be sent."""
    return [no for (no,) in tx.execute(ALIVE_OF_KINDS, {"shop_id": shop_id, "kinds": list(kinds)})]


def of_subjects(tx: Tx, shop_id: int, subjects: Sequence[Subject]) -> dict[Subject, StoredAct]:
    """The newest act about each of these things."""
    if not subjects:
        return {}
    slots = {"shop_id": shop_id, "subject_kinds": [each.kind.value for each in subjects], "subject_nos": [each.no for each in subjects]}
    with tx.cursor(row_factory=class_row(StoredAct)) as cursor:
        return {act.subject: act for act in cursor.execute(OF_SUBJECTS, slots)}


def counts(tx: Tx, shop_ids: Sequence[int]) -> dict[tuple[int, str], int]:
    """How many are in hand, by shop and state."""
    return {(shop_id, state): many for shop_id, state, many in tx.execute(COUNTS, {"shop_ids": list(shop_ids)})}


def because(sentence: Say | None) -> str | None:
    """The reason as it is stored."""
    return packed(sentence)
