"""An import as pages and commands see it."""

import msgspec

from zhanggui.actions.intake.doubting import worded
from zhanggui.actions.intake.files import BatchFile, tables_seen
from zhanggui.actions.intake.tally import Outcome
from zhanggui.actions.views import BatchView, Examples, QuarantineRow, Refusal
from zhanggui.core.facts import FactKind, Place
from zhanggui.people.permissions import Person, ShopId
from zhanggui.records.batches import BatchRecord
from zhanggui.records.db import Tx
from zhanggui.records.quarantine import QuarantineRecord
from zhanggui.records.says import revived, unpacked


def doubted_view(tx: Tx, by: Person, record: BatchRecord, shop_name: str) -> BatchView:
    """The import, with what this person should doubt of it while it waits to be confirmed."""
    outcome = msgspec.json.decode(record.outcome or "{}", type=Outcome)
    doubts = tuple(worded(tx, by, outcome.doubts)) if record.state == "previewed" else ()
    return msgspec.structs.replace(batch_view(record, shop_name), doubts=doubts)


def batch_view(record: BatchRecord, shop_name: str) -> BatchView:
    """The import with what was recognised, what it brings or brought, and how far it has come."""
    files = msgspec.json.decode(record.files, type=list[BatchFile])
    outcome = msgspec.json.decode(record.outcome or "{}", type=Outcome)
    return BatchView(
        shop_id=ShopId(record.shop_id),
        shop_name=shop_name,
        batch_id=record.batch_id,
        state=record.state,
        as_of=record.as_of,
        as_of_source=record.as_of_source,
        tables=tuple(table for file in files for table in tables_seen(file)),
        results=tuple(_examples(examples) for examples in outcome.results),
        state_changes=outcome.state_changes,
        already_imported=tuple(file.name for file in files if file.repeated),
        progress_done=record.done_rows,
        progress_of=record.of_rows,
        problem=None if record.problem is None else unpacked(record.problem),
        made_by_name=record.made_by_name,
        made_at=record.made_at,
        waiting_in_quarantine=record.waiting,
    )


def quarantine_row(record: QuarantineRecord) -> QuarantineRow:
    """A refused row as it stood."""
    return QuarantineRow(
        batch_id=record.batch_id,
        row_no=record.row_no,
        place=place_of(record),
        kind=FactKind(record.kind),
        reason=unpacked(record.reason),
        cells=msgspec.json.decode(record.cells, type=dict[str, str]),
    )


def place_of(record: QuarantineRecord) -> Place:
    """Where the refused row stood."""
    return Place(record.file, record.sheet, record.line, record.col)


def _examples(examples: Examples) -> Examples:
    return msgspec.structs.replace(examples, refusals=tuple(Refusal(refusal.place, revived(refusal.reason)) for refusal in examples.refusals))
