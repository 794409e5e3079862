"""`zhanggui report`: the report of a week as PDF."""

from pathlib import Path

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.overview.reporting import report as report_of
from zhanggui.actions.refused import Refused
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.shop_option import shop_of, shop_option
from zhanggui.core.moments import shanghai_day
from zhanggui.core.periods import Period, week_in, week_name, week_of
from zhanggui.core.say import say


class ReportShape(msgspec.Struct, frozen=True, kw_only=True):
    """What was written."""

    shop: str
    week: str
    first: str
    last: str
    out: str
    bytes: int


@click.command("report")
@shop_option
@click.option("--week", metavar="YYYY-Www", help="The week by ISO 8601, such as 2026-W47; the last whole one when left out.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="FILE", help="The PDF to write.")
@with_desk
def report(desk: Desk, *, shop_name: str, week: str | None, out: Path) -> int:
    """Write the report of a week as PDF: what was sold, what deadlines saved and cost, why money went back, where the shop stands."""
    if out.suffix.lower() != ".pdf":
        raise click.BadParameter(f"{out.name}: .pdf", param_hint="--out")
    now = clock.now()
    period = _period(week) if week is not None else week_of(shanghai_day(now)).before
    with desk.house() as house:
        content = report_of(house, desk.by, shop_of(house, desk.by, shop_name), period, now, desk.catalog)
    try:
        out.write_bytes(content)
    except OSError as problem:
        raise Refused(say("{file} could not be written: {problem}.", file=str(out), problem=problem.strerror or "")) from None
    name = week_name(period)
    desk.document(ReportShape(shop=shop_name, week=name, first=str(period.first), last=str(period.last), out=str(out), bytes=len(content)))
    desk.line("The report of the week {week} is in {file}.", week=name, file=str(out))
    return DONE


def _period(week: str) -> Period:
    period = week_in(week)
    if period is None:
        raise click.BadParameter(f"{week}: 2026-W47", param_hint="--week")
    return period
