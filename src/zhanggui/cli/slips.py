"""`zhanggui slips`: the list of a printing tool, checked, as the file to upload by hand in the merchant back office."""

from pathlib import Path

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.refused import Refused
from zhanggui.actions.shipping_slips import MadeFile, SlipRow, make_shipping_file, slips_in
from zhanggui.cli.columns import columns
from zhanggui.cli.desk import DONE, REFUSED, Desk, with_desk
from zhanggui.cli.shop_option import shop_of, shop_option
from zhanggui.connectors.files.bulk_shipping import SheetForm
from zhanggui.connectors.files.sheets import RowRefused
from zhanggui.core.numbers import Verdict
from zhanggui.core.say import say

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_SIGN = {Verdict.OK: " ", Verdict.WARN: "?", Verdict.BLOCK: "X"}


class SlipShape(msgspec.Struct, frozen=True):
    """An order of the list; `included` tells whether it is in the file."""

    order_no: str
    carrier: str | None
    number: str
    row: int | None
    verdict: str
    included: bool
    reasons: tuple[str, ...]


class SlipRefusedShape(msgspec.Struct, frozen=True):
    """A row that could not be read."""

    file: str
    sheet: str | None
    row: int | None
    column: str | None
    reason: str


class SlipsShape(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the list."""

    shop: str
    out: str | None
    form: str
    included: int
    ok: int
    warned: int
    blocked: int
    repeated: int
    data_as_of: str | None
    slips: tuple[SlipShape, ...]
    refused_rows: tuple[SlipRefusedShape, ...]


@click.command("slips")
@click.argument("list_file", metavar="LIST", type=_FILE)
@shop_option
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="FILE", help="The file to write, .csv or .xlsx.")
@click.option("--include", multiple=True, metavar="ORDER_NO", help="Take this order in spite of its warning; may be given several times.")
@with_desk
def slips(desk: Desk, list_file: Path, *, shop_name: str, out: Path, include: tuple[str, ...]) -> int:
    """Check a printing tool's list of tracking numbers, and write the file to upload by hand."""
    form = _form(out)
    with desk.house() as house:
        shop_id = shop_of(house, desk.by, shop_name)
        told, refused = slips_in(house, desk.by, shop_id, list_file)
        made = make_shipping_file(house, desk.by, shop_id, told, form, clock.now(), include=frozenset(include))
    if made.content:
        _write(out, made.content)
    desk.document(_shape(desk, shop_name, made, refused, form, out))
    _show(desk, made, refused, out)
    return DONE if made.rows and len(made.rows) == len(made.report.rows) and not refused else REFUSED


def _form(out: Path) -> SheetForm:
    try:
        return SheetForm(out.suffix.lower().removeprefix("."))
    except ValueError:
        raise click.BadParameter(f"{out.name}: .csv, .xlsx", param_hint="--out") from None


def _write(out: Path, content: bytes) -> None:
    try:
        out.write_bytes(content)
    except OSError as problem:
        raise Refused(say("{file} could not be written: {problem}.", file=str(out), problem=problem.strerror or "")) from None


def _shape(desk: Desk, shop: str, made: MadeFile, refused: tuple[RowRefused, ...], form: SheetForm, out: Path) -> SlipsShape:
    report, taken = made.report, {row.slip.order_no for row in made.rows}
    return SlipsShape(
        shop=shop,
        out=str(out) if made.content else None,
        form=form.value,
        included=len(made.rows),
        ok=len(report.of(Verdict.OK)),
        warned=len(report.of(Verdict.WARN)),
        blocked=len(report.of(Verdict.BLOCK)),
        repeated=report.repeated,
        data_as_of=None if report.data_as_of is None else report.data_as_of.isoformat().replace("+00:00", "Z"),
        slips=tuple(_slip(desk, row, row.slip.order_no in taken) for row in report.rows),
        refused_rows=tuple(SlipRefusedShape(each.place.file, each.place.sheet, each.place.row, each.place.column, desk.said(each.reason)) for each in refused),
    )


def _slip(desk: Desk, row: SlipRow, is_taken: bool) -> SlipShape:
    slip = row.slip
    return SlipShape(slip.order_no, slip.carrier, slip.tracking_no, slip.place.row, row.verdict.value, is_taken, tuple(map(desk.said, row.reasons)))


def _show(desk: Desk, made: MadeFile, refused: tuple[RowRefused, ...], out: Path) -> None:
    if made.content:
        desk.line(
            "{count} numbers are in {file}. Upload it in the back office; orders count as shipped once the next export says so.",
            count=len(made.rows),
            file=str(out),
        )
    else:
        desk.line("No number could be taken, so no file was written.")
    told = [row for row in made.report.rows if row.reasons]
    desk.lines(columns([[_SIGN[row.verdict], row.slip.order_no, row.slip.tracking_no, " ".join(map(desk.said, row.reasons))] for row in told]))
    desk.lines(columns([["X", f"{each.place.file}:{each.place.row}", desk.said(each.reason)] for each in refused]))
    if made.report.of(Verdict.WARN):
        desk.line("Warned numbers are left out unless --include names their order.")
