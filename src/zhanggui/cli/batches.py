"""`zhanggui batches`, `undo`, `quarantine`: what was imported, taking it back whole, and the rows that were refused."""

from datetime import datetime

import click
import msgspec

from zhanggui import clock
from zhanggui.actions import importing
from zhanggui.actions.views import BatchView, QuarantineRow
from zhanggui.cli.columns import columns
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.moments import utc_or_none, wall
from zhanggui.cli.shapes import BatchShape, PlaceShape, batch_shape, place_shape
from zhanggui.cli.shop_option import shop_of, shop_option


class BatchLine(msgspec.Struct, frozen=True, kw_only=True):
    """One import in the list of a shop's imports."""

    batch: int
    state: str
    made_at: datetime | None
    made_by: str | None
    as_of: datetime | None
    files: tuple[str, ...]
    new: int
    changed: int
    unchanged: int
    refused: int
    older: int
    waiting_in_quarantine: int


class BatchesShape(msgspec.Struct, frozen=True):
    """The shop's imports, newest first."""

    shop: str
    batches: tuple[BatchLine, ...]


class QuarantineLine(msgspec.Struct, frozen=True, kw_only=True):
    """A refused row as it stood, personal data masked."""

    batch: int
    row_no: int
    place: PlaceShape
    kind: str
    reason: str
    cells: dict[str, str]


class QuarantineShape(msgspec.Struct, frozen=True):
    """The refused rows of a shop that wait to be mended or dropped."""

    shop: str
    rows: tuple[QuarantineLine, ...]


@click.command("batches")
@shop_option
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, metavar="N", help="How many to show.")
@with_desk
def batches(desk: Desk, shop_name: str, limit: int) -> int:
    """List the shop's imports, newest first."""
    with desk.house() as house:
        found = importing.batches(house, desk.by, (shop_of(house, desk.by, shop_name),), limit=limit)
    lines = tuple(_line(batch) for batch in found)
    desk.document(BatchesShape(shop_name, lines))
    desk.lines(
        columns(
            [[str(line.batch), desk.catalog.word(line.state), wall(line.made_at), f"+{line.new}", f"~{line.changed}", ", ".join(line.files)] for line in lines]
        )
    )
    return DONE


@click.command("undo")
@click.argument("batch", type=int)
@shop_option
@with_desk
def undo(desk: Desk, batch: int, shop_name: str) -> int:
    """Take one import back whole, as if it had never been made."""
    with desk.house() as house:
        undone = importing.undo(house, desk.by, shop_of(house, desk.by, shop_name), batch, clock.now())
    shape: BatchShape = batch_shape(undone, (), desk.catalog)
    desk.document(shape)
    desk.line("Batch {batch} is taken back.", batch=batch)
    return DONE


@click.command("quarantine")
@shop_option
@click.option("--batch", type=int, metavar="NUMBER", help="Only the rows of this import.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=200, show_default=True, metavar="N", help="How many to show.")
@with_desk
def quarantine(desk: Desk, shop_name: str, batch: int | None, limit: int) -> int:
    """List the refused rows, where each stands and why it was refused."""
    with desk.house() as house:
        shop_id = shop_of(house, desk.by, shop_name)
        wanted = (
            [batch]
            if batch is not None
            else [seen.batch_id for seen in importing.batches(house, desk.by, (shop_id,), limit=limit) if seen.waiting_in_quarantine]
        )
        rows = [row for number in wanted for row in importing.quarantine(house, desk.by, shop_id, number, limit=limit)][:limit]
    desk.document(QuarantineShape(shop_name, tuple(_row(desk, row) for row in rows)))
    if not rows:
        desk.line("No row waits in quarantine.")
    desk.lines(columns([[str(row.batch_id), row.place.file, str(row.place.row or ""), row.place.column or "", desk.said(row.reason)] for row in rows]))
    return DONE


def _line(batch: BatchView) -> BatchLine:
    return BatchLine(
        batch=batch.batch_id,
        state=batch.state,
        made_at=utc_or_none(batch.made_at),
        made_by=batch.made_by_name,
        as_of=utc_or_none(batch.as_of),
        files=tuple(dict.fromkeys([*(table.file for table in batch.tables), *batch.already_imported])),
        new=sum(result.new for result in batch.results),
        changed=sum(result.changed for result in batch.results),
        unchanged=sum(result.unchanged for result in batch.results),
        refused=sum(result.refused for result in batch.results),
        older=sum(result.older for result in batch.results),
        waiting_in_quarantine=batch.waiting_in_quarantine,
    )


def _row(desk: Desk, row: QuarantineRow) -> QuarantineLine:
    return QuarantineLine(
        batch=row.batch_id, row_no=row.row_no, place=place_shape(row.place), kind=row.kind.value, reason=desk.said(row.reason), cells=row.cells
    )
