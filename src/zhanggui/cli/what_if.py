"""`zhanggui what-if`: what becomes of the measures if open things are decided, or rules change, as a file says."""

import sys
from datetime import date, datetime
from pathlib import Path

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.refused import Refused
from zhanggui.actions.whatif.consequences import Consequence
from zhanggui.actions.whatif.planned import Tried, try_plan
from zhanggui.actions.whatif.rules_tried import RuleTried
from zhanggui.actions.whatif.trying import Ahead, MeasureAhead, Outlook
from zhanggui.cli.columns import columns
from zhanggui.cli.desk import DONE, REFUSED, Desk, with_desk
from zhanggui.cli.moments import MOMENT
from zhanggui.cli.shop_option import shop_of
from zhanggui.core.measures.book import Formula, Unit
from zhanggui.core.say import say
from zhanggui.core.standing.standing import Standing
from zhanggui.core.whatif.plan import BadPlan, Plan, read_plan
from zhanggui.core.whatif.predicting import Figure

_MOST = 1_000_000
_PLACES = 6


class FigureShape(msgspec.Struct, frozen=True):
    """A measure of one day; parts of an order are expectations."""

    value: float | None
    low: float | None
    high: float | None
    numerator: float
    denominator: float


class AheadShape(msgspec.Struct, frozen=True):
    """A day to come: as it goes on, and with the decisions."""

    as_is: FigureShape
    decided: FigureShape


class MeasureShape(msgspec.Struct, frozen=True, kw_only=True):
    """One measure."""

    unit: str
    better: str
    rule: str
    shown: FigureShape
    now: FigureShape
    tomorrow: AheadShape | None
    next_week: AheadShape | None
    last_month: FigureShape | None


class DecidedShape(msgspec.Struct, frozen=True, kw_only=True):
    """One thing, what is decided of it, and what that adds above and below within a week beyond habit."""

    do: str
    case_no: str | None
    order_no: str
    adds: dict[str, tuple[float, float]]


class StarsShape(msgspec.Struct, frozen=True):
    """The levels of stars that fit."""

    low: float | None
    high: float | None


class RestrictionShape(msgspec.Struct, frozen=True, kw_only=True):
    """One restriction, as it goes on and with the decisions."""

    id: str
    as_is_beyond: bool | None
    as_is_orders_left: int | None
    decided_beyond: bool | None
    decided_orders_left: int | None


class ActivityShape(msgspec.Struct, frozen=True, kw_only=True):
    """One activity: whether everything it asks is met."""

    id: str
    as_is: bool | None
    decided: bool | None


class ConsequenceShape(msgspec.Struct, frozen=True, kw_only=True):
    """Stars, restrictions and activities of a day to come."""

    day: date
    as_is_stars: StarsShape
    decided_stars: StarsShape
    restrictions: tuple[RestrictionShape, ...]
    activities: tuple[ActivityShape, ...]


class RuleShape(msgspec.Struct, frozen=True, kw_only=True):
    """A changed rule, laid over the last month."""

    rule: str
    orders: int
    left_off: bool
    clocks: int
    missed_now: int
    missed_then: int
    lost_now_fen: int
    lost_then_fen: int
    measures: dict[str, AheadShape]


class WhatIfShape(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan comes to."""

    day: date | None
    decided: tuple[DecidedShape, ...]
    missing: tuple[str, ...]
    left_off: bool
    replayed: int
    month_left_off: bool
    history_days: int
    counted_whole: bool
    measures: dict[str, MeasureShape]
    tomorrow: ConsequenceShape | None
    next_week: ConsequenceShape | None
    starts_at: datetime | None
    rules: tuple[RuleShape, ...]


@click.command("what-if")
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path, allow_dash=True), required=False)
@click.option("--at", type=MOMENT, metavar="MOMENT", help="Decide at this moment instead of now.")
@click.option("--schema", "wants_schema", is_flag=True, help="Write the JSON schema of a plan, and nothing else.")
@click.option("--shop", "shop_name", metavar="NAME", help="The shop's name.")
@with_desk
def what_if(desk: Desk, shop_name: str | None, file: Path | None, at: datetime | None, wants_schema: bool) -> int:
    """Try decisions and changed rules, written in FILE (JSON, or TOML by its name; - for stdin): each measure tomorrow, next week, and last month."""
    if wants_schema:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(msgspec.json.schema(Plan))).decode() + "\n")
        return DONE
    if file is None or shop_name is None:
        raise click.UsageError("Missing argument 'FILE'." if file is None else "Missing option '--shop'.")
    plan = _plan(file)
    with desk.house() as house:
        tried = try_plan(house, desk.by, shop_of(house, desk.by, shop_name), plan, at or clock.now(), waits=True)
    desk.document(_shape(tried))
    _show(desk, tried)
    return REFUSED if tried.outlook is not None and tried.outlook.missing else DONE


def _plan(file: Path) -> Plan:
    """The plan in the file. Raises Refused."""
    try:
        text = sys.stdin.buffer.read(_MOST) if str(file) == "-" else file.read_bytes()[:_MOST]
        return read_plan(text, is_toml=file.suffix.lower() == ".toml")
    except OSError as problem:
        raise Refused(say("{file} cannot be read: {problem}", file=str(file), problem=problem.strerror or "")) from None
    except BadPlan as problem:
        raise Refused(say("This is no plan: {problem}. `zhanggui what-if --schema` shows what one looks like.", problem=str(problem))) from None


def _shape(tried: Tried) -> WhatIfShape:
    outlook = tried.outlook
    return WhatIfShape(
        day=None if outlook is None else outlook.day,
        decided=() if outlook is None else tuple(_decided(outlook)),
        missing=() if outlook is None else outlook.missing,
        left_off=outlook is not None and outlook.left_off,
        replayed=0 if outlook is None else outlook.replayed,
        month_left_off=outlook is not None and outlook.month_left_off,
        history_days=0 if outlook is None else outlook.history_days,
        counted_whole=outlook is None or outlook.is_whole,
        measures={} if outlook is None else {each.formula.id: _measure(each) for each in outlook.measures},
        tomorrow=None if outlook is None or outlook.tomorrow is None else _consequence(outlook.tomorrow),
        next_week=None if outlook is None or outlook.week is None else _consequence(outlook.week),
        starts_at=None if tried.read is None else tried.read.starts_at,
        rules=tuple(_rule(each) for each in tried.rules),
    )


def _decided(outlook: Outlook) -> list[DecidedShape]:
    return [
        DecidedShape(
            do=each.do.value,
            case_no=each.case_no,
            order_no=each.order_no,
            adds={name: (round(num, _PLACES), round(den, _PLACES)) for name, (num, den) in each.adds.items()},
        )
        for each in outlook.weighed
    ]


def _measure(told: MeasureAhead) -> MeasureShape:
    formula = told.formula
    return MeasureShape(
        unit=formula.unit.value,
        better=formula.better.value,
        rule=formula.cite,
        shown=_figure(told.shown),
        now=_figure(told.now),
        tomorrow=_ahead(told.tomorrow),
        next_week=_ahead(told.week),
        last_month=None if told.month is None else _figure(told.month),
    )


def _ahead(told: Ahead | None) -> AheadShape | None:
    return None if told is None else AheadShape(_figure(told.as_is), _figure(told.decided))


def _figure(told: Figure) -> FigureShape:
    return FigureShape(_rounded(told.value), _rounded(told.low), _rounded(told.high), round(told.num, _PLACES), round(told.den, _PLACES))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _PLACES)


def _consequence(told: Consequence) -> ConsequenceShape:
    return ConsequenceShape(
        day=told.day,
        as_is_stars=_stars(told.as_is),
        decided_stars=_stars(told.decided),
        restrictions=tuple(
            RestrictionShape(
                id=each.as_is.rule.id,
                as_is_beyond=each.as_is.is_beyond,
                as_is_orders_left=each.as_is.orders_left,
                decided_beyond=each.decided.is_beyond,
                decided_orders_left=each.decided.orders_left,
            )
            for each in told.restrictions
        ),
        activities=tuple(ActivityShape(id=each.activity.id, as_is=each.as_is, decided=each.decided) for each in told.activities),
    )


def _stars(told: Standing) -> StarsShape:
    return StarsShape(told.stars.low, told.stars.high)


def _rule(tried: RuleTried) -> RuleShape:
    trial = tried.trial
    return RuleShape(
        rule=tried.rule.id,
        orders=trial.orders,
        left_off=trial.left_off,
        clocks=trial.clocks,
        missed_now=trial.missed_now,
        missed_then=trial.missed_then,
        lost_now_fen=trial.lost_now,
        lost_then_fen=trial.lost_then,
        measures={each.formula.id: AheadShape(_figure(each.now), _figure(each.then)) for each in tried.measures},
    )


def _show(desk: Desk, tried: Tried) -> None:
    outlook = tried.outlook
    if outlook is not None:
        rows = [
            [
                "",
                *(
                    desk.said(each)
                    for each in (say("now"), say("tomorrow"), say("decided so"), say("in a week"), say("decided so"), say("last month, decided so"))
                ),
            ]
        ]
        for each in outlook.measures:
            title = each.formula.title.zh if desk.catalog.language == "zh_Hans" else each.formula.title.en
            rows.append(
                [title, _told(each.formula, each.now), *_both(each.formula, each.tomorrow), *_both(each.formula, each.week), _told(each.formula, each.month)]
            )
        desk.lines(columns(rows))
        if outlook.missing:
            desk.lines([desk.said(say("Not found, or nothing of it is to be decided: {numbers}", numbers=", ".join(outlook.missing[:20])))])
        if outlook.history_days and outlook.week is None:
            desk.lines([desk.said(say("The shop's history of {days} days is too short to tell of days to come.", days=outlook.history_days))])
    for rule in tried.rules:
        trial = rule.trial
        desk.lines(
            [
                desk.said(
                    say(
                        "{rule}: of {clocks} clocks of the last month {now} were missed, {then} would have been; lost {now_fen}, would have been {then_fen}.",
                        rule=rule.rule.id,
                        clocks=trial.clocks,
                        now=trial.missed_now,
                        then=trial.missed_then,
                        now_fen=trial.lost_now,
                        then_fen=trial.lost_then,
                    )
                )
            ]
        )


def _both(formula: Formula, told: Ahead | None) -> list[str]:
    return ["-", "-"] if told is None else [_told(formula, told.as_is), _told(formula, told.decided)]


def _told(formula: Formula, told: Figure | None) -> str:
    if told is None or told.value is None:
        return "-"
    match formula.unit:
        case Unit.RATE:
            return f"{100 * told.value:.2f} %" + ("" if told.low is None or told.high is None else f" ({100 * told.low:.2f}–{100 * told.high:.2f})")
        case Unit.COUNT:
            return f"{told.value:.0f}"
        case _:
            return f"{told.value:.2f}" + ("" if told.low is None or told.high is None else f" ({told.low:.2f}–{told.high:.2f})")
