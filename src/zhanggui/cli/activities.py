"""`zhanggui activities`: what each activity of the platform asks, what the shop has, and when it is likely there."""

from datetime import date, datetime

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.activities.reading import catch_up_purchases
from zhanggui.actions.activities.seeing import ActivitySeen, NeedSeen, activities_of
from zhanggui.actions.measures import catch_up
from zhanggui.cli.columns import columns
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.moments import MOMENT
from zhanggui.cli.shop_option import shop_of, shop_option
from zhanggui.core.say import say
from zhanggui.words import Language


class NeedShape(msgspec.Struct, frozen=True):
    """One threshold: `threshold` and `value` are null where nobody knows them, `is_met` then, too."""

    figure: str
    days: int
    unit: str
    told: str
    bound: str
    threshold: float | None
    is_own: bool
    numerator: int | None
    denominator: int | None
    value: float | None
    is_met: bool | None
    gap: float | None
    best_ratings: int | None
    clean: int | None
    likely: date | None
    earliest: date | None
    latest: date | None
    lag_days: int


class ActivityShape(msgspec.Struct, frozen=True):
    """One activity; `likely`, `earliest` and `latest` are the days by which everything known holds, as the platform shows it."""

    id: str
    rule: str
    title: str
    basis: str
    grade: str
    source: str
    is_met: bool | None
    needs: tuple[NeedShape, ...]
    likely: date | None
    earliest: date | None
    latest: date | None
    goods_id: str | None


class ActivitiesShape(msgspec.Struct, frozen=True):
    """The activities in force on that day."""

    day: date
    activities: tuple[ActivityShape, ...]


@click.command("activities")
@shop_option
@click.option("--at", type=MOMENT, metavar="MOMENT", help="As of this moment instead of now.")
@with_desk
def activities(desk: Desk, shop_name: str, at: datetime | None) -> int:
    """Tell what each activity of the platform asks, what the shop has, and when it is likely there."""
    moment = at or clock.now()
    with desk.house() as house:
        shop_id = shop_of(house, desk.by, shop_name)
        catch_up(house, shop_id, clock.now())
        catch_up_purchases(house, shop_id, clock.now())
        seen = activities_of(house, desk.by, shop_id, moment)
    is_chinese = desk.catalog.language is Language.ZH_HANS
    desk.document(ActivitiesShape(seen.today, tuple(_activity(each, is_chinese=is_chinese) for each in seen.seen)))
    for each in seen.seen:
        _say(desk, each, is_chinese=is_chinese)
    return DONE


def _activity(seen: ActivitySeen, *, is_chinese: bool) -> ActivityShape:
    one = seen.activity
    return ActivityShape(
        id=one.id,
        rule=one.cite,
        title=one.title.zh if is_chinese else one.title.en,
        basis=one.basis.value,
        grade=one.grade.value,
        source=one.source,
        is_met=seen.is_met,
        needs=tuple(map(_need, seen.needs)),
        likely=seen.day,
        earliest=seen.early,
        latest=seen.late,
        goods_id=seen.goods_id,
    )


def _need(seen: NeedSeen) -> NeedShape:
    now, need = seen.now, seen.now.need
    exact = None if now.value is None else now.value.exact
    return NeedShape(
        figure=need.figure,
        days=need.days,
        unit=need.unit.value,
        told=need.told.value,
        bound="at_most" if need.is_upper else "above" if need.above is not None else "at_least",
        threshold=None if now.threshold is None else float(now.threshold),
        is_own=now.is_own,
        numerator=None if now.value is None else now.value.num,
        denominator=None if now.value is None else now.value.den,
        value=None if exact is None else float(exact),
        is_met=now.is_met,
        gap=None if now.gap is None else float(now.gap),
        best_ratings=now.best_ratings,
        clean=now.clean,
        likely=None if seen.crossing is None else seen.crossing.day,
        earliest=None if seen.crossing is None else seen.crossing.early,
        latest=None if seen.crossing is None else seen.crossing.late,
        lag_days=seen.lag_days,
    )


def _say(desk: Desk, seen: ActivitySeen, *, is_chinese: bool) -> None:
    title = seen.activity.title.zh if is_chinese else seen.activity.title.en
    if seen.is_met:
        desk.line("{activity}: open to the shop.", activity=title)
    elif seen.is_met is None:
        desk.line("{activity}: something is not known.", activity=title)
    elif seen.day is None and seen.until is None:
        desk.line("{activity}: not yet; when, cannot be told.", activity=title)
    elif seen.day is None:
        desk.line("{activity}: not yet, and as things go not soon.", activity=title)
    else:
        desk.line("{activity}: not yet; likely from {day}.", activity=title, day=seen.day.isoformat())
    rows = []
    for each in map(_need, seen.needs):
        name = next(need.now.need.title for need in seen.needs if (need.now.need.figure, need.now.need.days) == (each.figure, each.days))
        sign = {"at_most": "<=", "above": ">", "at_least": ">="}[each.bound]
        told = "-" if each.value is None else f"{each.value:g} ({each.numerator}/{each.denominator})"
        met = {True: say("met"), False: say("not met"), None: say("not known")}[each.is_met]
        rows.append([f"  {name.zh if is_chinese else name.en}", f"{sign} {'?' if each.threshold is None else f'{each.threshold:g}'}", told, desk.said(met)])
    desk.lines(columns(rows))
