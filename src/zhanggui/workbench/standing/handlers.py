"""The page of measures and standing: five views of one shop, and what people enter from the back office."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.access import ShopInfo
from zhanggui.actions.cursors import read as read_cursor
from zhanggui.actions.cursors import write as write_cursor
from zhanggui.actions.measures.listing import Side, members
from zhanggui.actions.refused import Refused
from zhanggui.actions.standing.entering import drop_reading, end_penalty, keep_page, keep_reading, put_penalty, set_limit, set_target
from zhanggui.actions.standing.listing import MeasureRow, compared_seen, measure_seen, measures_seen
from zhanggui.actions.standing.seeing import standing_of
from zhanggui.core.measures.book import Formula
from zhanggui.core.measures.marks import window
from zhanggui.core.say import say
from zhanggui.core.standing.book import Better, Figure
from zhanggui.people.permissions import Permission
from zhanggui.rulebook.measures import measure_book
from zhanggui.rulebook.standing import standing_book
from zhanggui.workbench.charts import Point
from zhanggui.workbench.desk import AtDesk, Desk, back_to, shop_number
from zhanggui.workbench.lists import Lists
from zhanggui.workbench.places import thread_path
from zhanggui.workbench.standing.wording import SIGNS, UNITS, compared_said, counted_said, figured, places, room_said, shortened, titled

HERE = "/standing"
VIEWS = {
    "measures": say("All measures"),
    "stars": say("Stars and indicators"),
    "restrictions": say("Restrictions"),
    "ranking": say("What ranking weighs"),
    "shown": say("What the back office shows"),
}
LISTS = Lists(HERE, Permission.ORDERS_READ, VIEWS)
MEMBERS_SHOWN = 50
GROUPS = (
    (say("Ratings"), frozenset({"shop_rating", "valid_ratings", "active_review_rate"})),
    (
        say("After-sales"),
        frozenset(
            {
                "quality_refund_rate",
                "serious_quality_rate",
                "dispute_refund_rate",
                "intervention_rate",
                "help_rate",
                "transit_refund_hours",
                "returned_refund_hours",
            }
        ),
    ),
    (say("Replies"), frozenset({"reply_rate_3min", "reply_rate_5min", "reply_rate_1h"})),
    (
        say("Shipping and logistics"),
        frozenset({"pdd_on_time_shipment_rate", "on_time_pickup_rate", "formed_to_signed_hours", "logistics_penalty_rate", "logistics_abnormal_rate"}),
    ),
)
"""Which measures stand together; one that no group names stands under Others."""
_SIDES = {
    Better.LOW: {Side.NUMERATOR: say("What counts against it"), Side.REST: say("The rest"), Side.DENOMINATOR: say("All of them")},
    Better.HIGH: {Side.REST: say("What missed"), Side.NUMERATOR: say("What reached it"), Side.DENOMINATOR: say("All of them")},
}
TOLD = {
    "kept": say("Kept."),
    "ended": say("Noted: it has ended."),
    "gone": say("Taken away."),
}


class PageForm(msgspec.Struct, frozen=True):
    """What was copied from the back office."""

    text: str = ""
    day: str = ""


class ReadingForm(msgspec.Struct, frozen=True):
    """One figure as it was read, or one that goes."""

    figure: str = ""
    value: str = ""
    day: str = ""
    percentile: str = ""
    do: str = "keep"


class LineForm(msgspec.Struct, frozen=True):
    """A standard of a figure, or the limit of a restriction."""

    kind: str = "target"
    name: str = ""
    value: str = ""
    source: str = ""


class PenaltyForm(msgspec.Struct, frozen=True):
    """A penalty in force."""

    title: str = ""
    cause: str = ""
    goods_id: str = ""
    since: str = ""
    until: str = ""


@get(HERE, sync_to_thread=True)
def standing_page(
    desk: AtDesk, view: FromQuery[str] = "measures", shop: FromQuery[str] = "", told: FromQuery[str] = "", n: FromQuery[int | None] = None
) -> Template:
    """One of the views of one shop."""
    chosen = LISTS.opened(desk, view, shop)
    seen = None if chosen is None or view == "measures" else standing_of(desk.house, desk.by, chosen.shop_id, desk.now)
    more = _MORE[view](desk, chosen) if chosen is not None and view in _MORE else {}
    return desk.page(
        "standing/page.html",
        shops=desk.shops(Permission.ORDERS_READ),
        shop=chosen,
        view=view,
        views=LISTS.tabs(chosen),
        seen=seen,
        told=say("{n} figures were read and kept.", n=n) if n is not None and n > 0 else TOLD.get(told),
        may_set=chosen is not None and desk.by.may(Permission.SETTINGS_WRITE, chosen.shop_id),
        **wordings(desk),
        **more,
    )


@get("/shops/{shop_id:int}/measures/{measure:str}", sync_to_thread=True)
def measure_page(desk: AtDesk, shop_id: FromPath[int], measure: FromPath[str], side: FromQuery[str] = "", after: FromQuery[str] = "") -> Template:
    """One measure: how it is counted, how it went, what leaves it, the orders behind it, and what the back office showed."""
    shop = shop_number(shop_id)
    seen = measure_seen(desk.house, desk.by, shop, measure, desk.now)
    if seen is None:
        raise NotFoundException
    place = read_cursor(after, tuple[date, str, str]) if after else None
    told = tuple(each for each in _SIDES[seen.row.figure.better] if _is_told(each, seen.row.formula))
    asked = Side(side) if side in told else told[0]
    since, until = window(seen.row.formula, seen.day)
    listed = members(desk.house, desk.by, shop, measure, asked, since, until, place, MEMBERS_SHOWN, desk.now)
    here = f"/shops/{shop}/measures/{measure}"
    return desk.page(
        "standing/measure.html",
        shop=next(each for each in desk.shops(Permission.ORDERS_READ) if each.shop_id == shop),
        seen=seen,
        row=seen.row,
        trend=points_of(seen.row),
        side=asked,
        sides=tuple((each, _SIDES[seen.row.figure.better][each], f"{here}?{urlencode({'side': each.value})}") for each in told),
        scaled=lambda value: f"{value:g}{SIGNS.get(seen.row.figure.unit, '')}",
        listed=listed,
        since=since,
        until=until,
        next_href=f"{here}?{urlencode({'side': asked.value, 'after': write_cursor(listed.next)})}" if listed.next else None,
        may_set=desk.by.may(Permission.SETTINGS_WRITE, shop),
        may_talk=desk.by.may(Permission.CONVERSATIONS_READ, shop),
        thread_path=thread_path,
        **wordings(desk),
    )


@post("/shops/{shop_id:int}/standing/pages", sync_to_thread=True)
def put_standing_page(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[PageForm]) -> Redirect:
    """Keeps the figures of a page copied from the back office."""
    shop = shop_number(shop_id)
    read = keep_page(desk.house, desk.by, shop, data.text, desk.now, day=data.day)
    return back_to(HERE, view="shown", shop=shop, n=len(read.readings))


@post("/shops/{shop_id:int}/standing/readings", sync_to_thread=True)
def put_standing_reading(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[ReadingForm]) -> Redirect:
    """Keeps one figure as it was read, or takes one away."""
    shop = shop_number(shop_id)
    if data.do == "drop":
        drop_reading(desk.house, desk.by, shop, data.figure, data.day, desk.now)
        return back_to(HERE, view="shown", shop=shop, told="gone")
    keep_reading(desk.house, desk.by, shop, data.figure, data.value, data.day, desk.now, percentile=data.percentile)
    return back_to(HERE, view="shown", shop=shop, told="kept")


@post("/shops/{shop_id:int}/standing/lines", sync_to_thread=True)
def put_standing_line(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[LineForm]) -> Redirect:
    """Keeps a standard or a limit of the shop's own, or takes it away."""
    shop = shop_number(shop_id)
    if data.kind not in {"target", "limit"}:
        raise Refused(say("This form is out of date. Load the page again."))
    setting = set_target if data.kind == "target" else set_limit
    setting(desk.house, desk.by, shop, data.name, data.value, desk.now, source=data.source)
    return back_to(HERE, view="stars" if data.kind == "target" else "restrictions", shop=shop, told="kept")


@post("/shops/{shop_id:int}/standing/penalties", sync_to_thread=True)
def put_standing_penalty(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[PenaltyForm]) -> Redirect:
    """Keeps a penalty in force."""
    shop = shop_number(shop_id)
    put_penalty(desk.house, desk.by, shop, data.title, desk.now, cause=data.cause, goods_id=data.goods_id, since=data.since, until=data.until)
    return back_to(HERE, view="ranking", shop=shop, told="kept")


@post("/shops/{shop_id:int}/standing/penalties/{penalty_no:int}/end", sync_to_thread=True)
def end_standing_penalty(desk: AtDesk, shop_id: FromPath[int], penalty_no: FromPath[int]) -> Redirect:
    """A penalty has ended."""
    shop = shop_number(shop_id)
    end_penalty(desk.house, desk.by, shop, penalty_no, desk.now)
    return back_to(HERE, view="ranking", shop=shop, told="ended")


def wordings(desk: Desk) -> Mapping[str, Any]:
    """What the templates word figures with."""
    formulas = {formula.id: formula for formula in measure_book().in_force(desk.today)}

    def name_of(figure: Figure) -> str:
        title = figure.title or (formulas[figure.id].title if figure.id in formulas else None)
        return figure.label[0] if title is None else shortened(titled(title, desk.words))

    return {
        "figured": figured,
        "places": places,
        "counted_said": counted_said,
        "compared_said": compared_said,
        "room_said": room_said,
        "short": lambda title: shortened(titled(title, desk.words)),
        "titled": lambda title: titled(title, desk.words),
        "name_of": name_of,
        "dimensions": {each.id: titled(each.title, desk.words) for each in standing_book().dimension},
        "units": UNITS,
    }


def points_of(row: MeasureRow) -> tuple[Point, ...]:
    """The measure day by day, each with what it was counted of."""
    return tuple(
        Point(
            point.day.isoformat(),
            None if point.value is None else float(point.value),
            f"{figured(row.figure, point.value)} ({counted_said(row.figure, point)})" if point.value is not None else "—",
        )
        for point in row.trend
    )


def _measures(desk: Desk, shop: ShopInfo) -> Mapping[str, Any]:
    told = measures_seen(desk.house, desk.by, shop.shop_id, desk.now)
    named = {name for _, names in GROUPS for name in names}
    rest = tuple(row for row in told.rows if row.formula.id not in named)
    groups = [(title, tuple(row for row in told.rows if row.formula.id in names)) for title, names in GROUPS]
    return {"told_of": told, "groups": [(title, rows) for title, rows in (*groups, (say("Others"), rest)) if rows], "points_of": points_of}


def _shown(desk: Desk, shop: ShopInfo) -> Mapping[str, Any]:
    return {"compared_of": compared_seen(desk.house, desk.by, shop.shop_id, desk.now)}


_MORE = {"measures": _measures, "shown": _shown}


def _is_told(side: Side, formula: Formula) -> bool:
    """Whether the side says anything of its own: of means and numbers there is but one list."""
    if formula.sums_amounts or formula.unit.value == "count":
        return side is Side.NUMERATOR
    return True
