"""`zhanggui labels`: shipping labels, packing slips and pick lists of a shop's orders, as a file to print."""

from pathlib import Path

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.papers.composing import Told
from zhanggui.actions.papers.making import MOST, Made, Wanted, make_papers
from zhanggui.actions.refused import Refused
from zhanggui.cli.columns import columns
from zhanggui.cli.desk import DONE, REFUSED, Desk, with_desk
from zhanggui.cli.shop_option import shop_of, shop_option
from zhanggui.core.facts import OrderStage
from zhanggui.core.say import say
from zhanggui.papers.geometry import SIZES
from zhanggui.papers.receivers import receivers_in
from zhanggui.papers.shapes import Form, Paper, Party
from zhanggui.papers.trouble import PaperTrouble
from zhanggui.papers.zpl import DPI

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_STAGES = (OrderStage.TO_SHIP.value, OrderStage.SHIPPED.value)


class MadeForShape(msgspec.Struct, frozen=True):
    """An order that is on paper."""

    order_no: str
    number: str | None
    made_before: int


class NotMadeShape(msgspec.Struct, frozen=True):
    """An order that got no paper."""

    order_no: str
    reason: str


class LabelsShape(msgspec.Struct, frozen=True, kw_only=True):
    """What was made, and what was not."""

    shop: str
    paper: str
    form: str
    size: str
    out: str | None
    bytes: int
    made: tuple[MadeForShape, ...]
    not_made: tuple[NotMadeShape, ...]
    more: bool


@click.command("labels")
@click.argument("order_nos", nargs=-1, metavar="[ORDER_NO]…")
@shop_option
@click.option("--stage", type=click.Choice(_STAGES), help="Every order at this stage, the most urgent first, instead of those named.")
@click.option("--limit", type=click.IntRange(1, MOST), default=500, show_default=True, metavar="N", help="With --stage: how many at most.")
@click.option("--paper", type=click.Choice([each.value for each in Paper]), default=Paper.LABEL.value, show_default=True, help="What to make.")
@click.option("--size", type=click.Choice([*SIZES]), default="76x130", show_default=True, help="The label's size in millimetres; slips and lists are A4.")
@click.option("--dpi", type=click.Choice([str(each) for each in DPI]), default="203", show_default=True, help="For ZPL: dots an inch of the printer's head.")
@click.option("--sender", metavar="TEXT", default="", help="Where the parcels come from, for labels; telephone and room numbers are hidden.")
@click.option("--receivers", type=_FILE, metavar="FILE", help="A CSV of order_no, name, phone, address for parcels sent by hand; hidden, not stored.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="FILE", help="The file to write, .pdf or .zpl.")
@with_desk
def labels(
    desk: Desk,
    order_nos: tuple[str, ...],
    *,
    shop_name: str,
    stage: str | None,
    limit: int,
    paper: str,
    size: str,
    dpi: str,
    sender: str,
    receivers: Path | None,
    out: Path,
) -> int:
    """Make shipping labels, packing slips or a pick list of a shop's orders."""
    form = _form(out)
    if bool(order_nos) == (stage is not None):
        raise click.UsageError(desk.said(say("Name order numbers, or a stage with --stage.")))
    if form is Form.ZPL and paper != Paper.LABEL:
        raise click.UsageError(desk.said(say("Only labels can be written as ZPL. Make packing slips and pick lists as PDF.")))
    wanted = Wanted(
        paper=Paper(paper),
        form=form,
        size=size,
        dpi=int(dpi),
        order_nos=order_nos,
        stage=OrderStage(stage) if stage else None,
        limit=limit,
        told=_told(sender, receivers),
    )
    with desk.house() as house:
        made = make_papers(house, desk.by, shop_of(house, desk.by, shop_name), wanted, clock.now())
    if made.content:
        _write(out, made.content)
    desk.document(_shape(desk, shop_name, wanted, made, out))
    _show(desk, made, out)
    return DONE if made.orders and not made.not_made else REFUSED


def _form(out: Path) -> Form:
    try:
        return Form(out.suffix.lower().removeprefix("."))
    except ValueError:
        raise click.BadParameter(f"{out.name}: .pdf, .zpl", param_hint="--out") from None


def _told(sender: str, receivers: Path | None) -> Told:
    try:
        named = receivers_in(receivers.read_bytes()) if receivers is not None else {}
    except PaperTrouble as trouble:
        raise Refused(trouble.say) from None
    return Told(named, Party.hidden("", "", sender))


def _write(out: Path, content: bytes) -> None:
    try:
        out.write_bytes(content)
    except OSError as problem:
        raise Refused(say("{file} could not be written: {problem}.", file=str(out), problem=problem.strerror or "")) from None


def _shape(desk: Desk, shop: str, wanted: Wanted, made: Made, out: Path) -> LabelsShape:
    return LabelsShape(
        shop=shop,
        paper=wanted.paper.value,
        form=wanted.form.value,
        size=wanted.size if wanted.paper is Paper.LABEL else "A4",
        out=str(out) if made.content else None,
        bytes=len(made.content),
        made=tuple(MadeForShape(each.order_no, each.number, each.made_before) for each in made.orders),
        not_made=tuple(NotMadeShape(each.order_no, desk.said(each.because)) for each in made.not_made),
        more=made.left > 0,
    )


def _show(desk: Desk, made: Made, out: Path) -> None:
    if made.content:
        desk.line("Papers for {count} orders are in {file}.", count=len(made.orders), file=str(out))
    else:
        desk.line("Nothing was made.")
    again = [each for each in made.orders if each.made_before]
    if again:
        desk.line("Made before, so take care that no parcel leaves twice: {numbers}.", numbers=", ".join(each.order_no for each in again))
    desk.lines(columns([[each.order_no, desk.said(each.because)] for each in made.not_made]))
    if made.left:
        desk.line("More orders wait than were asked for; --limit takes more at once.")
