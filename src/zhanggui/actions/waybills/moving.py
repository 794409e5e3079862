"""One step of a waybill number: by the table, with its journal entries, in the caller's transaction, by whoever holds the row."""

from datetime import datetime
from typing import Any

import msgspec

from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.say import Say
from zhanggui.core.waybills import NumberEvent, NumberState, advance
from zhanggui.records import journal, waybills
from zhanggui.records.db import Tx
from zhanggui.records.journal_entries.entry import Entry
from zhanggui.records.says import packed
from zhanggui.records.waybills import StoredWaybill

_ENDS = frozenset({NumberState.GIVEN_BACK, NumberState.NOT_TAKEN, NumberState.LOST, NumberState.USED})


class Contested(Exception):
    """Somebody changed the number although we held it: nothing of this transaction may stay."""


def moved(tx: Tx, row: StoredWaybill, event: NumberEvent, now: datetime, *, because: Say | None = None, **fields: Any) -> StoredWaybill:
    """The number after this event, stored; whoever held it has let go. Raises NotThatWay where the table has no such step."""
    state = advance(row.at, event)
    told: dict[str, Any] = {"holder": None, "leased_until": None, "look_at": None, "tries": 0, **fields}
    if state in _ENDS:
        told |= {"ended_at": now, "print_data": None}
    return kept(tx, msgspec.structs.replace(row, state=state.value, because=packed(because), **told))


def kept(tx: Tx, row: StoredWaybill) -> StoredWaybill:
    """The number as it now stands, without a step. Raises Contested."""
    if not waybills.save(tx, row):
        raise Contested
    return msgspec.structs.replace(row, version=row.version + 1)


def write(tx: Tx, row: StoredWaybill, entry: Entry, now: datetime, by: int | None) -> None:
    """Tells the journal, beside each order the number is for."""
    rows = [journal.row(row.shop_id, entry, now, by, SubjectKind.ORDER.value, order_no, None) for order_no in row.order_nos]
    journal.copy_many(tx, rows or [journal.row(row.shop_id, entry, now, by, None, None, None)])
