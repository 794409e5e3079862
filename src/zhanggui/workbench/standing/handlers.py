"""The page of measures and standing: five views of one shop, and what people enter from the back office."""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.access import ShopInfo
from zhanggui.actions.refused import Refused
from zhanggui.actions.standing.entering import drop_reading, end_penalty, keep_page, keep_reading, put_penalty, set_limit, set_target
from zhanggui.actions.standing.seeing import StandingSeen, standing_of
from zhanggui.core.say import say
from zhanggui.core.standing.book import Figure
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, Desk, back_to, shop_number
from zhanggui.workbench.lists import Lists
from zhanggui.workbench.standing.wording import UNITS, figured, places, room_said, titled

HERE = "/standing"
VIEWS = {
    "stars": say("Stars and indicators"),
    "restrictions": say("Restrictions"),
    "ranking": say("What ranking weighs"),
    "shown": say("What the back office shows"),
}
LISTS = Lists(HERE, Permission.ORDERS_READ, VIEWS)
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
    desk: AtDesk, view: FromQuery[str] = "stars", shop: FromQuery[str] = "", told: FromQuery[str] = "", n: FromQuery[int | None] = None
) -> Template:
    """One of the views of one shop."""
    chosen = LISTS.opened(desk, view, shop)
    seen = None if chosen is None else standing_of(desk.house, desk.by, chosen.shop_id, desk.now)
    return desk.page(
        "standing/page.html",
        shops=desk.shops(Permission.ORDERS_READ),
        shop=chosen,
        view=view,
        views=LISTS.tabs(chosen),
        seen=seen,
        told=say("{n} figures were read and kept.", n=n) if n is not None else TOLD.get(told),
        may_set=chosen is not None and desk.by.may(Permission.SETTINGS_WRITE, chosen.shop_id),
        **wordings(desk, seen),
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


def wordings(desk: Desk, seen: StandingSeen | None) -> Mapping[str, Any]:
    """What the templates word figures with."""

    def name_of(figure: Figure) -> str:
        return titled(figure.title, desk.words) if figure.title is not None else figure.label[0]

    dimensions = {} if seen is None else {each.id: titled(each.title, desk.words) for each in seen.book.dimension}
    return {
        "figured": figured,
        "places": places,
        "room_said": room_said,
        "titled": lambda title: titled(title, desk.words),
        "name_of": name_of,
        "dimensions": dimensions,
        "units": UNITS,
    }


def shop_of(desk: Desk, shop: str) -> ShopInfo | None:
    """The shop that is meant, the first where none is named."""
    return LISTS.opened(desk, "stars", shop)
