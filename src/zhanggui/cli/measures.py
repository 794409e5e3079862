"""`zhanggui measures`: the shop's figures, each with what it was counted from."""

from datetime import datetime

import click

from zhanggui import clock
from zhanggui.actions.measures import measures as measures_of
from zhanggui.cli.columns import columns
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.moments import MOMENT
from zhanggui.cli.shop_option import shop_of, shop_option


@click.command("measures")
@shop_option
@click.option("--at", type=MOMENT, metavar="MOMENT", help="Count what had happened up to this moment instead of now.")
@with_desk
def measures(desk: Desk, shop_name: str, at: datetime | None) -> int:
    """Show the shop's measures, over everything imported up to the moment."""
    with desk.house() as house:
        shop_id = shop_of(house, desk.by, shop_name)
        counted = measures_of(house, desk.by, shop_id, at or clock.now())
    desk.document(counted)
    rows = [[desk.catalog.word(name), _value(measure.value), f"{measure.numerator}/{measure.denominator}", measure.rule] for name, measure in counted.items()]
    desk.lines(columns(rows))
    return DONE


def _value(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"
