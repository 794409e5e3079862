"""Expert reviews: what was entered of them, and how far the report of one has come."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.records.db import Tx, rows_of

INSERT = """
    insert into expert_reviews (shop_id, goods_id, title, author, said, placed_at, state, made_by, made_at)
    values (%(shop_id)s, %(goods_id)s, %(title)s, %(author)s, %(said)s, %(placed_at)s, %(state)s, %(made_by)s, %(made_at)s)
    returning expert_no
"""
LISTED = """
    select shop_id, expert_no, goods_id, title, author, said, placed_at, state, reason, report, pieces::text as pieces, filed_at, due_at, ended_at, note,
        made_by, made_at, version
    from expert_reviews
    where shop_id = %(shop_id)s and expert_no < %(before)s and (%(state)s::text is null or state = %(state)s)
        and (%(goods_id)s::text is null or goods_id = %(goods_id)s)
        and (%(words)s::text is null or strpos(lower(title), %(words)s) > 0 or strpos(lower(said), %(words)s) > 0 or strpos(lower(author), %(words)s) > 0)
    order by expert_no desc
    limit %(limit)s
"""
LOCKED = """
    select shop_id, expert_no, goods_id, title, author, said, placed_at, state, reason, report, pieces::text as pieces, filed_at, due_at, ended_at, note,
        made_by, made_at, version
    from expert_reviews where shop_id = %(shop_id)s and expert_no = %(expert_no)s for update
"""
SAVE = """
    update expert_reviews set state = %(state)s, reason = %(reason)s, report = %(report)s, pieces = %(pieces)s, filed_at = %(filed_at)s, due_at = %(due_at)s,
        ended_at = %(ended_at)s, note = %(note)s, version = version + 1
    where shop_id = %(shop_id)s and expert_no = %(expert_no)s and version = %(version)s
"""
REMOVE = "delete from expert_reviews where shop_id = %(shop_id)s and expert_no = %(expert_no)s and state = %(state)s"
TITLE = "select max(title) from items where shop_id = %(shop_id)s and goods_id = %(goods_id)s"


class ExpertRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One expert review."""

    shop_id: int
    expert_no: int
    goods_id: str
    title: str
    author: str
    said: str
    placed_at: datetime | None
    state: str
    reason: str
    report: str
    pieces: str
    filed_at: datetime | None
    due_at: datetime | None
    ended_at: datetime | None
    note: str
    made_by: int | None
    made_at: datetime
    version: int

    @property
    def attached(self) -> tuple[tuple[str, int], ...]:
        """The pieces of the vault that go with the report: order number and number of the piece."""
        return msgspec.json.decode(self.pieces, type=tuple[tuple[str, int], ...])


def insert(
    tx: Tx, shop_id: int, goods_id: str, *, title: str, author: str, said: str, placed_at: datetime | None, state: str, by: int | None, now: datetime
) -> int:
    """The number of a new one."""
    slots = {"shop_id": shop_id, "goods_id": goods_id, "title": title, "author": author, "said": said, "placed_at": placed_at, "state": state}
    row = tx.execute(INSERT, {**slots, "made_by": by, "made_at": now}).fetchone()
    assert row is not None
    return int(row[0])


def page(
    tx: Tx, shop_id: int, before: int, limit: int, *, state: str | None = None, goods_id: str | None = None, words: str | None = None
) -> list[ExpertRecord]:
    """Some of them, the newest first."""
    asked = {"shop_id": shop_id, "before": before, "limit": limit, "state": state, "goods_id": goods_id, "words": None if words is None else words.lower()}
    with tx.cursor(row_factory=rows_of(ExpertRecord)) as cursor:
        return cursor.execute(LISTED, asked).fetchall()


def locked(tx: Tx, shop_id: int, expert_no: int) -> ExpertRecord | None:
    """That one, held until the transaction ends."""
    with tx.cursor(row_factory=rows_of(ExpertRecord)) as cursor:
        return cursor.execute(LOCKED, {"shop_id": shop_id, "expert_no": expert_no}).fetchone()


def save(tx: Tx, expert: ExpertRecord) -> bool:
    """Stores it; False where somebody was quicker."""
    return tx.execute(SAVE, msgspec.structs.asdict(expert)).rowcount == 1


def remove(tx: Tx, shop_id: int, expert_no: int, state: str) -> bool:
    """Takes one away that is in this state."""
    return tx.execute(REMOVE, {"shop_id": shop_id, "expert_no": expert_no, "state": state}).rowcount == 1


def title_of(tx: Tx, shop_id: int, goods_id: str) -> str:
    """What the shop's own list calls this product; empty where it is not in it."""
    row = tx.execute(TITLE, {"shop_id": shop_id, "goods_id": goods_id}).fetchone()
    return (row[0] or "") if row is not None else ""


def pieces_written(pieces: Sequence[tuple[str, int]]) -> str:
    """The pieces as they are stored."""
    return msgspec.json.encode(pieces).decode()
