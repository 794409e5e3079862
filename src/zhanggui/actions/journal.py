"""The journal of the shops a person sees."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from zhanggui.actions import cursors
from zhanggui.actions.access import shops_with
from zhanggui.actions.house import House
from zhanggui.actions.views import JournalEntry
from zhanggui.core.deadlines import Subject, SubjectKind
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import journal as records
from zhanggui.records.journal import JournalRecord
from zhanggui.records.journal_entries import worded
from zhanggui.records.journal_entries.money import OF_CASH, OF_COSTS


class JournalPage(msgspec.Struct, frozen=True):
    """A page of the journal, newest first, and the cursor of the next."""

    entries: tuple[JournalEntry, ...]
    next_cursor: str | None


_ENDLESS = (datetime(9999, 1, 1, tzinfo=UTC), 2**62)


def journal(house: House, by: Person, shop_ids: Sequence[ShopId] | None = None, *, cursor: str | None = None, limit: int = 50) -> JournalPage:
    """What was done in these shops, newest first."""
    before_at, before_no = cursors.read(cursor, tuple[datetime, int]) if cursor else _ENDLESS
    with house.pool.connection() as tx:
        seen = shops_with(tx, by, Permission.ORDERS_READ, shop_ids)
        without = [(shop_id, kind) for shop_id in seen for kind in kinds_hidden(by, shop_id)]
        rows = records.newest(tx, list(seen), before_at, before_no, limit + 1, without)
    shown = rows[:limit]
    following = cursors.write((shown[-1].at, shown[-1].entry_no)) if len(rows) > limit else None
    return JournalPage(tuple(_entry(row) for row in shown), following)


def kinds_hidden(by: Person, shop_id: ShopId) -> tuple[str, ...]:
    """The kinds of entry that tell this person sums they may not see in the shop."""
    if by.may(Permission.MONEY_READ, shop_id):
        return ()
    return OF_CASH if by.may(Permission.COSTS_WRITE, shop_id) else OF_CASH + OF_COSTS


def _entry(row: JournalRecord) -> JournalEntry:
    subject = Subject(SubjectKind(row.subject_kind), row.subject_no) if row.subject_kind and row.subject_no else None
    return JournalEntry(row.at, row.kind, row.by_name, worded(row.kind, row.data), ShopId(row.shop_id), subject)
