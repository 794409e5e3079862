"""What is filed with the platform, and what it brought."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.say import Say
from zhanggui.records.db import Tx
from zhanggui.records.says import packed, unpacked


class ComplaintRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A complaint as it stands in the table. Money in fen."""

    shop_id: int
    complaint_no: int
    kind: str
    order_no: str
    case_no: str
    ref: str
    because_text: str
    at_stake: int
    due: datetime | None
    noticed_at: datetime
    state: str
    stepped_at: datetime
    filed_at: datetime | None
    filed_by: int | None
    got: int | None
    ticket: str
    note: str
    made_by: int | None
    made_by_name: str | None = None
    made_at: datetime
    version: int

    @property
    def because(self) -> Say:
        """Why it is filed."""
        return unpacked(self.because_text)


class NewComplaint(msgspec.Struct, frozen=True, kw_only=True):
    """A complaint as it is begun."""

    kind: str
    order_no: str
    case_no: str
    ref: str
    because: Say
    at_stake: int
    due: datetime | None
    noticed_at: datetime
    state: str
    made_by: int | None
    made_at: datetime


class Weighed(msgspec.Struct, frozen=True, kw_only=True):
    """As much of a complaint as its place in the ranking hangs on."""

    complaint_no: int
    kind: str
    state: str
    at_stake: int
    made_at: datetime


class Decided(msgspec.Struct, frozen=True):
    """How many of a kind were won and lost, and what they brought."""

    kind: str
    won: int
    lost: int
    got: int


INSERT = """
    insert into complaints (shop_id, kind, order_no, case_no, ref, because, at_stake, due, noticed_at, state, stepped_at, made_by, made_at)
    values (%(shop_id)s, %(kind)s, %(order_no)s, %(case_no)s, %(ref)s, %(because)s, %(at_stake)s, %(due)s, %(noticed_at)s, %(state)s, %(made_at)s,
        %(made_by)s, %(made_at)s)
    on conflict (shop_id, kind, order_no, case_no, ref) do nothing
    returning complaint_no
"""
STANDING = """
    select complaint_no from complaints
    where shop_id = %(shop_id)s and kind = %(kind)s and order_no = %(order_no)s and case_no = %(case_no)s and ref = %(ref)s
"""
LOCK = """
    select shop_id, complaint_no, kind, order_no, case_no, ref, because::text as because_text, at_stake, due, noticed_at, state, stepped_at, filed_at, filed_by,
        got, ticket, note, made_by, made_at, version
    from complaints where shop_id = %(shop_id)s and complaint_no = any(%(complaint_nos)s)
    order by complaint_no
    for update
"""
SAVE = """
    update complaints set at_stake = %(at_stake)s, due = %(due)s, state = %(state)s, stepped_at = %(stepped_at)s, filed_at = %(filed_at)s,
        filed_by = %(filed_by)s, got = %(got)s, ticket = %(ticket)s, note = %(note)s, version = version + 1
    where shop_id = %(shop_id)s and complaint_no = %(complaint_no)s and version = %(version)s
"""
PAGE = """
    select c.shop_id, complaint_no, kind, order_no, case_no, ref, because::text as because_text, at_stake, due, noticed_at, state, stepped_at, filed_at,
        filed_by, got, ticket, note, c.made_by, people.display_name as made_by_name, c.made_at, version
    from (
        select * from complaints as listed
        where listed.shop_id = %(shop_id)s and state = any(%(states)s) and complaint_no < %(before)s
        order by complaint_no desc
        limit %(limit)s
    ) as c
    left join people on people.person_id = c.made_by
    order by c.complaint_no desc
"""
IN_STATES = """
    select complaint_no, kind, state, at_stake, made_at from complaints
    where shop_id = %(shop_id)s and state = any(%(states)s) order by complaint_no
"""
NUMBERED = """
    select c.shop_id, complaint_no, kind, order_no, case_no, ref, because::text as because_text, at_stake, due, noticed_at, state, stepped_at, filed_at,
        filed_by, got, ticket, note, c.made_by, people.display_name as made_by_name, c.made_at, version
    from complaints as c
    left join people on people.person_id = c.made_by
    where c.shop_id = %(shop_id)s and c.complaint_no = any(%(complaint_nos)s)
"""
OF_ORDERS = """
    select shop_id, complaint_no, kind, order_no, case_no, ref, because::text as because_text, at_stake, due, noticed_at, state, stepped_at, filed_at,
        filed_by, got, ticket, note, made_by, made_at, version
    from complaints where shop_id = %(shop_id)s and order_no = any(%(order_nos)s) order by complaint_no
"""
COUNT = """
    select count(*) from complaints
    where shop_id = %(shop_id)s and state = any(%(states)s) and (%(kind)s::text is null or kind = %(kind)s::text)
"""
# in the month it was filed, also where it was filed once more after it was lost; a win of one that was filed then gives it back
FILED = """
    select count(*), count(*) filter (where state = 'complaint_won') from complaints
    where shop_id = %(shop_id)s and kind = %(kind)s and filed_at >= %(since)s and filed_at < %(until)s
"""
DECIDED = """
    select kind, count(*) filter (where state = 'complaint_won') as won, count(*) filter (where state = 'complaint_lost') as lost,
        coalesce(sum(got) filter (where state = 'complaint_won'), 0)::bigint as got
    from complaints where shop_id = %(shop_id)s and filed_at >= %(since)s and state in ('complaint_won', 'complaint_lost')
    group by kind order by kind
"""


def insert(tx: Tx, shop_id: int, new: NewComplaint) -> int | None:
    """The number of the new complaint, None where the same is on the list already."""
    row = tx.execute(INSERT, {"shop_id": shop_id} | msgspec.structs.asdict(new) | {"because": packed(new.because)}).fetchone()
    return None if row is None else int(row[0])


def standing(tx: Tx, shop_id: int, new: NewComplaint) -> int | None:
    """The number of the same complaint."""
    slots = {"shop_id": shop_id, "kind": new.kind, "order_no": new.order_no, "case_no": new.case_no, "ref": new.ref}
    row = tx.execute(STANDING, slots).fetchone()
    return None if row is None else int(row[0])


def locked(tx: Tx, shop_id: int, complaint_nos: Iterable[int]) -> list[ComplaintRecord]:
    """These complaints, held until the transaction ends."""
    wanted = sorted(set(complaint_nos))
    if not wanted:
        return []
    with tx.cursor(row_factory=class_row(ComplaintRecord)) as cursor:
        return cursor.execute(LOCK, {"shop_id": shop_id, "complaint_nos": wanted}).fetchall()


def save(tx: Tx, complaint: ComplaintRecord) -> bool:
    """Whether the complaint was stored as it now is; not where somebody changed it meanwhile."""
    return tx.execute(SAVE, msgspec.structs.asdict(complaint)).rowcount == 1


def page(tx: Tx, shop_id: int, states: Sequence[str], before: int, limit: int) -> list[ComplaintRecord]:
    """The complaints in these states, newest first, before one of them."""
    slots = {"shop_id": shop_id, "states": list(states), "before": before, "limit": limit}
    with tx.cursor(row_factory=class_row(ComplaintRecord)) as cursor:
        return cursor.execute(PAGE, slots).fetchall()


def in_states(tx: Tx, shop_id: int, states: Sequence[str]) -> list[Weighed]:
    """Every complaint in these states, the oldest first."""
    with tx.cursor(row_factory=class_row(Weighed)) as cursor:
        return cursor.execute(IN_STATES, {"shop_id": shop_id, "states": list(states)}).fetchall()


def numbered(tx: Tx, shop_id: int, complaint_nos: Sequence[int]) -> list[ComplaintRecord]:
    """The complaints of these numbers, in the order asked; those that there are."""
    with tx.cursor(row_factory=class_row(ComplaintRecord)) as cursor:
        found = cursor.execute(NUMBERED, {"shop_id": shop_id, "complaint_nos": list(complaint_nos)}).fetchall()
    by_number = {each.complaint_no: each for each in found}
    return [by_number[no] for no in complaint_nos if no in by_number]


def of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[ComplaintRecord]:
    """Everything filed or to be filed about these orders."""
    with tx.cursor(row_factory=class_row(ComplaintRecord)) as cursor:
        return cursor.execute(OF_ORDERS, {"shop_id": shop_id, "order_nos": list(order_nos)}).fetchall()


def count(tx: Tx, shop_id: int, states: Sequence[str], kind: str | None = None) -> int:
    """How many are in these states, of all kinds or of one."""
    row = tx.execute(COUNT, {"shop_id": shop_id, "states": list(states), "kind": kind}).fetchone()
    return int(row[0]) if row else 0


def filed(tx: Tx, shop_id: int, kind: str, since: datetime, until: datetime) -> tuple[int, int]:
    """How many of the kind were filed in that time, and how many of those were won."""
    row = tx.execute(FILED, {"shop_id": shop_id, "kind": kind, "since": since, "until": until}).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def decided(tx: Tx, shop_id: int, since: datetime) -> list[Decided]:
    """What became of those filed since then, by kind."""
    with tx.cursor(row_factory=class_row(Decided)) as cursor:
        return cursor.execute(DECIDED, {"shop_id": shop_id, "since": since}).fetchall()
