"""Cases that the platform decides, what was handed in for them, and what the pieces of the vault show."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.disputes.states import DisputeState
from zhanggui.records.db import Tx

_WITHOUT_RULING = frozenset({DisputeState.GATHERING.value, DisputeState.AGREED.value, DisputeState.SETTLED.value, DisputeState.WITHDRAWN.value})


class DisputeRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A dispute as it stands in the table. Money in fen."""

    shop_id: int
    dispute_no: int
    case_no: str
    order_no: str
    claim: str
    at_stake: int
    noticed_at: datetime
    said: str
    said_at: datetime
    state: str
    stepped_at: datetime
    note: str
    images: list[int]
    proposed_by: int | None
    proposed_at: datetime | None
    signed_by: int | None
    signed_at: datetime | None
    is_signed_alone: bool
    remark: str
    submitted_by: int | None
    submitted_at: datetime | None
    manifest_seq: int | None
    packet_sha256: str
    shown: list[str]
    ended_at: datetime | None
    version: int
    round: int
    """The how-manieth time that the platform stepped into the case."""
    appeal_seq: int | None
    appeal_sha256: str
    appealed_at: datetime | None
    appealed_by: int | None

    @property
    def grounds(self) -> str:
        """The platform's grounds, as told with its ruling; where nobody told of one, the remark is a colleague's, for the house alone."""
        return "" if self.said in _WITHOUT_RULING else self.remark


class NewDispute(msgspec.Struct, frozen=True, kw_only=True):
    """A dispute as it begins."""

    case_no: str
    order_no: str
    claim: str
    at_stake: int
    state: str
    at: datetime
    round: int = 1


class Listed(msgspec.Struct, frozen=True):
    """As much of a dispute as its place in the list hangs on."""

    dispute_no: int
    case_no: str
    noticed_at: datetime
    is_latest: bool
    """Whether the platform did not step into the case once more after this."""


class Ruled(msgspec.Struct, frozen=True):
    """How many disputes about one thing, with one set of pictures, ended in one state."""

    claim: str
    shown: list[str]
    state: str
    disputes: int


INSERT = """
    insert into disputes (shop_id, case_no, round, order_no, claim, at_stake, noticed_at, said, said_at, state, stepped_at)
    values (%(shop_id)s, %(case_no)s, %(round)s, %(order_no)s, %(claim)s, %(at_stake)s, %(at)s, %(state)s, %(at)s, %(state)s, %(at)s)
    on conflict (shop_id, case_no, round) do nothing
    returning dispute_no
"""
ONE = "select * from disputes where shop_id = %(shop_id)s and dispute_no = %(dispute_no)s"
OF_ORDERS = "select * from disputes where shop_id = %(shop_id)s and order_no = any(%(order_nos)s) order by dispute_no"
LOCK_OF_ORDERS = "select * from disputes where shop_id = %(shop_id)s and order_no = any(%(order_nos)s) order by dispute_no for update"
LOCK = "select * from disputes where shop_id = %(shop_id)s and dispute_no = any(%(dispute_nos)s) order by dispute_no for update"
SAVE = """
    update disputes set claim = %(claim)s, at_stake = %(at_stake)s, said = %(said)s, said_at = %(said_at)s, state = %(state)s, stepped_at = %(stepped_at)s,
        note = %(note)s, images = %(images)s, proposed_by = %(proposed_by)s, proposed_at = %(proposed_at)s, signed_by = %(signed_by)s,
        signed_at = %(signed_at)s, is_signed_alone = %(is_signed_alone)s, remark = %(remark)s, submitted_by = %(submitted_by)s,
        submitted_at = %(submitted_at)s, manifest_seq = %(manifest_seq)s, packet_sha256 = %(packet_sha256)s, shown = %(shown)s,
        ended_at = %(ended_at)s, appeal_seq = %(appeal_seq)s, appeal_sha256 = %(appeal_sha256)s, appealed_at = %(appealed_at)s,
        appealed_by = %(appealed_by)s, version = version + 1
    where shop_id = %(shop_id)s and dispute_no = %(dispute_no)s and version = %(version)s
"""
PAGE = """
    select * from disputes
    where shop_id = %(shop_id)s and state = any(%(states)s) and dispute_no < %(before)s
    order by dispute_no desc
    limit %(limit)s
"""
IN_STATES = """
    select dispute_no, case_no, noticed_at, not exists (
        select 1 from disputes as later
        where later.shop_id = %(shop_id)s and later.case_no = disputes.case_no and later.round > disputes.round
    ) as is_latest
    from disputes
    where shop_id = %(shop_id)s and state = any(%(states)s)
    order by dispute_no
"""
NUMBERED = "select * from disputes where shop_id = %(shop_id)s and dispute_no = any(%(dispute_nos)s)"
COUNT = "select count(*) from disputes where shop_id = %(shop_id)s and state = any(%(states)s)"
RULED = """
    select claim, shown, state, count(*)::integer as disputes from disputes
    where shop_id = %(shop_id)s and state = any(%(states)s) and stepped_at >= %(since)s
    group by claim, shown, state
"""
HEADS = """
    select evidence.seq, substring(evidence_contents.content from 1 for %(bytes)s)
    from evidence join evidence_contents on evidence_contents.shop_id = evidence.shop_id and evidence_contents.digest = evidence.content
    where evidence.shop_id = %(shop_id)s and evidence.order_no = %(order_no)s and evidence.kind = 'file'
"""
SHOWS = "select seq, shows from evidence_shows where shop_id = %(shop_id)s and seq = any(%(seqs)s)"
SHOW = """
    insert into evidence_shows (shop_id, seq, shows, made_by, made_at) values (%(shop_id)s, %(seq)s, %(shows)s, %(made_by)s, %(made_at)s)
    on conflict (shop_id, seq) do update set shows = excluded.shows, made_by = excluded.made_by, made_at = excluded.made_at
"""


def insert(tx: Tx, shop_id: int, new: NewDispute) -> int | None:
    """The number of the new dispute, None where the case has one of this intervention already."""
    row = tx.execute(INSERT, {"shop_id": shop_id} | msgspec.structs.asdict(new)).fetchone()
    return None if row is None else int(row[0])


def one(tx: Tx, shop_id: int, dispute_no: int) -> DisputeRecord | None:
    """One dispute."""
    with tx.cursor(row_factory=class_row(DisputeRecord)) as cursor:
        return cursor.execute(ONE, {"shop_id": shop_id, "dispute_no": dispute_no}).fetchone()


def of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[DisputeRecord]:
    """The disputes about these orders."""
    return _many(tx, OF_ORDERS, {"shop_id": shop_id, "order_nos": list(order_nos)})


def locked_of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[DisputeRecord]:
    """The same, held until the transaction ends."""
    return _many(tx, LOCK_OF_ORDERS, {"shop_id": shop_id, "order_nos": list(order_nos)}) if order_nos else []


def locked(tx: Tx, shop_id: int, dispute_nos: Iterable[int]) -> list[DisputeRecord]:
    """These disputes, held until the transaction ends."""
    wanted = sorted(set(dispute_nos))
    return _many(tx, LOCK, {"shop_id": shop_id, "dispute_nos": wanted}) if wanted else []


def save(tx: Tx, dispute: DisputeRecord) -> bool:
    """Whether the dispute was stored as it now is; not where somebody changed it meanwhile."""
    return tx.execute(SAVE, msgspec.structs.asdict(dispute)).rowcount == 1


def page(tx: Tx, shop_id: int, states: Sequence[str], before: int, limit: int) -> list[DisputeRecord]:
    """The disputes in these states, newest first, before one of them."""
    return _many(tx, PAGE, {"shop_id": shop_id, "states": list(states), "before": before, "limit": limit})


def in_states(tx: Tx, shop_id: int, states: Sequence[str]) -> list[Listed]:
    """Every dispute in these states, the oldest first."""
    with tx.cursor(row_factory=class_row(Listed)) as cursor:
        return cursor.execute(IN_STATES, {"shop_id": shop_id, "states": list(states)}).fetchall()


def numbered(tx: Tx, shop_id: int, dispute_nos: Sequence[int]) -> list[DisputeRecord]:
    """The disputes of these numbers, in the order asked; those that there are."""
    by_number = {each.dispute_no: each for each in _many(tx, NUMBERED, {"shop_id": shop_id, "dispute_nos": list(dispute_nos)})}
    return [by_number[no] for no in dispute_nos if no in by_number]


def count(tx: Tx, shop_id: int, states: Sequence[str]) -> int:
    """How many are in these states."""
    row = tx.execute(COUNT, {"shop_id": shop_id, "states": list(states)}).fetchone()
    return int(row[0]) if row else 0


def ruled(tx: Tx, shop_id: int, states: Sequence[str], since: datetime) -> list[Ruled]:
    """How the disputes since then ended, by what they were about and what was shown."""
    with tx.cursor(row_factory=class_row(Ruled)) as cursor:
        return cursor.execute(RULED, {"shop_id": shop_id, "states": list(states), "since": since}).fetchall()


def heads(tx: Tx, shop_id: int, order_no: str, size: int) -> dict[int, bytes]:
    """The first bytes of every file kept of the order, by its number in the vault."""
    slots = {"shop_id": shop_id, "order_no": order_no, "bytes": size}
    return {seq: bytes(head) for seq, head in tx.execute(HEADS, slots)}


def shows(tx: Tx, shop_id: int, seqs: Sequence[int]) -> dict[int, list[str]]:
    """What people said these pieces show."""
    return dict(tx.execute(SHOWS, {"shop_id": shop_id, "seqs": list(seqs)}).fetchall())


def show(tx: Tx, shop_id: int, seq: int, shown: Sequence[str], by: int | None, at: datetime) -> None:
    """Keeps what a piece shows."""
    tx.execute(SHOW, {"shop_id": shop_id, "seq": seq, "shows": list(shown), "made_by": by, "made_at": at})


def _many(tx: Tx, statement: str, slots: Mapping[str, object]) -> list[DisputeRecord]:
    with tx.cursor(row_factory=class_row(DisputeRecord)) as cursor:
        return cursor.execute(statement, slots).fetchall()
