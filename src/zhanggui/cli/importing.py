"""`zhanggui import`: a preview of the files, a yes, and what was taken."""

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from zhanggui import clock
from zhanggui.actions import importing
from zhanggui.actions.house import House
from zhanggui.actions.views import BatchView, Examples, QuarantineRow, Refusal, TableSeen
from zhanggui.cli.columns import columns
from zhanggui.cli.desk import DONE, REFUSED, Desk, with_desk
from zhanggui.cli.moments import MOMENT, wall
from zhanggui.cli.paths import files_named
from zhanggui.cli.shapes import batch_shape
from zhanggui.cli.shop_option import shop_option, shop_or_new
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import ShopId

_MOST_REFUSALS = 1000


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@shop_option
@click.option(
    "--profile",
    metavar="NAME",
    help="How to read the files: pdd, olist, tmall, facts, or the path of a profile of your own. Recognised by their headers when left out.",
)
@click.option("--create", is_flag=True, help="Make the shop when there is none of that name.")
@click.option("--yes", is_flag=True, help="Take the files without asking.")
@click.option("--as-of", type=MOMENT, metavar="MOMENT", help="The moment the files were exported, where they do not tell it themselves.")
@with_desk
def import_files(desk: Desk, paths: tuple[str, ...], shop_name: str, profile: str | None, create: bool, yes: bool, as_of: datetime | None) -> int:
    """Take in export files: a file, a folder or a pattern.

    First a preview is shown, and nothing is stored before you say yes. Exit code 1 means that some rows or the whole import were refused.
    """
    files = files_named(paths)
    with desk.house() as house:
        now = clock.now()
        shop_id = shop_or_new(house, desk.by, shop_name, now, create=create)
        preview = importing.preview(house, desk.by, shop_id, files, now, profile=profile, as_of=as_of)
        if nothing := _nothing_to_take(preview):
            importing.drop(house, desk.by, shop_id, preview.batch_id, now)
            return _not_taken(desk, preview, nothing)
        if not yes:
            _show(desk, preview, _refusals_of(preview))
            if no := _asked(desk):
                importing.drop(house, desk.by, shop_id, preview.batch_id, now)
                return _not_taken(desk, preview, no)
        return _take(desk, house, shop_id, preview, was_shown=not yes)


def _take(desk: Desk, house: House, shop_id: ShopId, preview: BatchView, *, was_shown: bool) -> int:
    if not was_shown:
        for doubt in preview.doubts:
            click.echo(desk.said(doubt), err=True)
    progress = _progress(desk)
    batch = importing.confirm(house, desk.by, shop_id, preview.batch_id, clock.now(), progress=progress)
    if progress is not None:
        click.echo(err=True)
    refusals = _all_refusals(desk, house, shop_id, batch)
    not_read = tuple(desk.said(table.note) for table in batch.tables if _is_not_read(table) and table.note is not None)
    if not was_shown:
        _show(desk, batch, refusals)
    desk.line("Batch {batch} is stored. Take it back with: zhanggui undo {batch} --shop {shop}", batch=batch.batch_id, shop=batch.shop_name)
    desk.document(batch_shape(batch, refusals, desk.catalog, reasons=not_read, doubts=preview.doubts))
    return REFUSED if _refused_rows(batch) or not_read else DONE


def _nothing_to_take(preview: BatchView) -> Say | None:
    """Why there is nothing to confirm, or None. Files imported before are no refusal: taking them again changes nothing."""
    if preview.problem is not None:
        return preview.problem
    if preview.already_imported or any(table.kind is not None for table in preview.tables):
        return None
    return say("No table of these files was recognised. Export again from the back office, or name a profile with --profile.")


def _asked(desk: Desk) -> Say | None:
    """Ask for a yes; why it was not given, or None."""
    if desk.as_json or not sys.stdin.isatty():
        return say("Nothing was stored, because nobody is here to confirm the preview. Run the same command with --yes to take the files.")
    if click.confirm(desk.said(say("Take these files?")), err=True):
        return None
    return say("Nothing was stored.")


def _not_taken(desk: Desk, preview: BatchView, reason: Say) -> int:
    said = desk.said(reason)
    desk.document(batch_shape(preview, _refusals_of(preview), desk.catalog, reasons=(said,), doubts=preview.doubts))
    click.echo(said, err=True)
    return REFUSED


def _is_not_read(table: TableSeen) -> bool:
    """Whether the table could not be read, unlike one that a profile knows and leaves aside."""
    return table.kind is None and table.profile is None


def _refused_rows(batch: BatchView) -> int:
    return sum(result.refused for result in batch.results)


def _refusals_of(batch: BatchView) -> tuple[Refusal, ...]:
    return tuple(refusal for result in batch.results for refusal in result.refusals)


def _all_refusals(desk: Desk, house: House, shop_id: ShopId, batch: BatchView) -> tuple[Refusal | QuarantineRow, ...]:
    """The refused rows of the batch from the quarantine; the preview keeps a few examples only."""
    if not _refused_rows(batch):
        return ()
    return importing.quarantine(house, desk.by, shop_id, batch.batch_id, limit=_MOST_REFUSALS) or _refusals_of(batch)


def _progress(desk: Desk) -> Callable[[int, int | None], None] | None:
    """A line on a terminal's stderr that counts the rows; nothing where no person looks."""
    if not sys.stderr.isatty():
        return None

    def tell(done: int, of: int | None) -> None:
        sentence = say("{done} rows taken in", done=done) if of is None else say("{done} of {of} rows taken in", done=done, of=of)
        click.echo(f"\r{desk.said(sentence)} ", nl=False, err=True)

    return tell


def _show(desk: Desk, batch: BatchView, refusals: tuple[Refusal | QuarantineRow, ...]) -> None:
    """The import for the eye: what was recognised, the counts of each kind, what changes, what was refused and why."""
    if desk.as_json:
        return
    _show_tables(desk, batch)
    _show_counts(desk, batch)
    for before, after, orders in batch.state_changes:
        desk.line("{orders} orders move from {before} to {after}.", orders=orders, before=desk.catalog.word(before), after=desk.catalog.word(after))
    for refusal in refusals[:20]:
        place = refusal.place
        where = " ".join(filter(None, (place.file, place.sheet, str(place.row or ""), place.column)))
        desk.line("Refused {where}: {reason}", where=where, reason=desk.said(refusal.reason))


def _show_tables(desk: Desk, batch: BatchView) -> None:
    for name in batch.already_imported:
        desk.line("{file} was imported before; it changes nothing.", file=Path(name).name)
    for table in batch.tables:
        kind = "-" if table.kind is None else desk.catalog.word(table.kind.value)
        desk.line(
            "{file}: {kind}, {rows} rows, {used} columns used, {unknown} unknown",
            file=table.file,
            kind=kind,
            rows=table.rows,
            used=len(table.used),
            unknown=len(table.unknown),
        )
        desk.lines(["  " + desk.said(note) for note in table.notes])
    desk.lines([desk.said(doubt) for doubt in batch.doubts])
    if batch.as_of is not None:
        desk.line("The data speak of {moment}.", moment=wall(batch.as_of))


def _show_counts(desk: Desk, batch: BatchView) -> None:
    names = ("new", "changed", "unchanged", "refused", "older")
    head = ["", *(desk.catalog.word(f"count.{name}") for name in names)]
    desk.lines(columns([head, *(_counts_row(desk, result) for result in batch.results)]))


def _counts_row(desk: Desk, result: Examples) -> list[str]:
    counts = (result.new, result.changed, result.unchanged, result.refused, result.older)
    return [desk.catalog.word(result.kind.value), *(str(count) for count in counts)]
