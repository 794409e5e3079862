"""All shops of a person on one page, and through which of their own channels the report of the day is sent."""

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui import clock
from zhanggui.actions.overview.across import URGENT, across
from zhanggui.actions.overview.daily import USUAL_HOUR, day_channels, put_day_report
from zhanggui.actions.refused import Refused
from zhanggui.actions.today import SHOWN_BANDS, settle
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, back_to, number_in, shop_number
from zhanggui.workbench.places import place_of

HERE = "/shops"
_DONE = {"kept": say("Kept."), "off": say("The report of the day is no longer sent there.")}


class DayReportForm(msgspec.Struct, frozen=True):
    """When the report comes, or that it comes no more."""

    hour: str = ""
    act: str = ""


@get(HERE, sync_to_thread=True)
def shops_page(desk: AtDesk, done: FromQuery[str] = "") -> Template:
    """What is late and at risk in every shop, and what to do first over all of them."""
    shops = desk.shops(Permission.TODO_READ)
    settle(desk.house, [shop.shop_id for shop in shops], desk.now, wall=clock.unwound())
    return desk.page(
        "across/page.html",
        seen=across(desk.house, desk.by, desk.now),
        bands=SHOWN_BANDS,
        urgent=URGENT,
        place_of=place_of,
        may_open=lambda item: place_of(item).is_for(desk.by),
        sees_money=any(desk.by.may(Permission.MONEY_READ, shop.shop_id) for shop in shops),
        channels=day_channels(desk.house, desk.by, [(shop.shop_id, shop.name) for shop in shops]),
        usual_hour=USUAL_HOUR,
        hours=range(24),
        done=_DONE.get(done),
    )


@post("/shops/{shop_id:int}/day-reports/{channel_no:int}", sync_to_thread=True)
def put_day_report_way(desk: AtDesk, shop_id: FromPath[int], channel_no: FromPath[int], data: URLEncodedBody[DayReportForm]) -> Redirect:
    """The report of the day comes through this channel at this hour, or no more."""
    is_off, hour = data.act == "off", number_in(data.hour)
    if not is_off and hour is None:
        raise Refused(say("An hour is a number from 0 to 23."))
    put_day_report(desk.house, desk.by, shop_number(shop_id), channel_no, None if is_off else hour, desk.now)
    return back_to(HERE, done="off" if is_off else "kept")
