"""`zhanggui measures`: the shop's figures, each with what it was counted from."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import click

from zhanggui import clock
from zhanggui.actions.measures import measures as measures_of
from zhanggui.actions.measures import recount
from zhanggui.actions.views import Measure
from zhanggui.cli.columns import columns
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.moments import MOMENT
from zhanggui.cli.shop_option import shop_of, shop_option
from zhanggui.core.measures.book import Unit
from zhanggui.core.moments import shanghai_day
from zhanggui.core.say import say
from zhanggui.rulebook.measures import measure_book
from zhanggui.words import Language

MeasuresShape = dict[str, Measure]
"""An object from measure id to what it was counted from."""


@click.command("measures")
@shop_option
@click.option("--at", type=MOMENT, metavar="MOMENT", help="Count what had happened up to this moment instead of now.")
@click.option("--recount", "anew", is_flag=True, help="Count everything anew first, whatever was counted before.")
@with_desk
def measures(desk: Desk, shop_name: str, at: datetime | None, *, anew: bool) -> int:
    """Show the shop's measures: the platform's over their windows, and three over everything imported."""
    moment = at or clock.now()
    with desk.house() as house:
        shop_id = shop_of(house, desk.by, shop_name)
        if anew:
            recount(house, shop_id, clock.now())
        counted = measures_of(house, desk.by, shop_id, moment)
    desk.document(counted)
    desk.lines(columns(list(_rows(desk, counted, moment))))
    return DONE


def _rows(desk: Desk, counted: Mapping[str, Measure], at: datetime) -> Iterator[list[str]]:
    titles = {formula.id: formula.title for formula in measure_book().in_force(shanghai_day(at))}
    is_chinese = desk.catalog.language is Language.ZH_HANS
    for name, measure in counted.items():
        title = (titles[name].zh if is_chinese else titles[name].en) if name in titles else desk.catalog.word(name)
        days = say("all history") if measure.since is None else say("{first} to {last}", first=str(measure.since), last=str(measure.until))
        yield [title, _value(desk, measure), f"{measure.numerator}/{measure.denominator}", desk.said(days), measure.rule]


def _value(desk: Desk, measure: Measure) -> str:
    match measure.unit:
        case _ if measure.value is None:
            return "-"
        case Unit.MEAN_HOURS:
            return desk.said(say("{figure} h", figure=f"{measure.value:.1f}"))
        case Unit.COUNT:
            return str(measure.numerator)
        case _:
            return f"{measure.value:.4f}"
