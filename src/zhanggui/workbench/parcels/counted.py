"""The Anomaly rate page and the Foresight page."""

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.parcels.foreseen import foresight, learn_now
from zhanggui.actions.parcels.rates import anomaly_rate, put_category_mean
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, back_to, shop_number

_TOLD = {
    "learnt": say("Learnt anew."),
    "too_little": say("Too little is known of parcels' ways to learn from yet."),
}


class MeanForm(msgspec.Struct, frozen=True):
    """The category's mean as typed."""

    share: str = ""
    orders: str = ""


@get("/parcels/rate", sync_to_thread=True)
def rate_page(desk: AtDesk, shop: FromQuery[str] = "", saved: FromQuery[int | None] = None) -> Template:
    """The shop's anomaly rate against its category."""
    shops = desk.shops(Permission.ORDERS_READ)
    chosen = desk.chosen(shops, shop) or (shops[0] if shops else None)
    view = None if chosen is None else anomaly_rate(desk.house, desk.by, chosen.shop_id, desk.now)
    may_set = chosen is not None and desk.by.may(Permission.SETTINGS_WRITE, chosen.shop_id)
    return desk.page("parcels/rate.html", shops=shops, shop=chosen, view=view, may_set=may_set, saved=saved)


@post("/shops/{shop_id:int}/category_mean", sync_to_thread=True)
def put_mean(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[MeanForm]) -> Redirect:
    """Keeps the category's mean from today on."""
    shop = shop_number(shop_id)
    put_category_mean(desk.house, desk.by, shop, data.share, data.orders, desk.now)
    return back_to("/parcels/rate", shop=shop, saved=1)


@get("/parcels/foresight", sync_to_thread=True)
def foresight_page(desk: AtDesk, shop: FromQuery[str] = "", told: FromQuery[str] = "", carrier: FromQuery[str] = "", province: FromQuery[str] = "") -> Template:
    """What was learnt of how parcels stall, and how well it foresees."""
    shops = desk.shops(Permission.ORDERS_READ)
    chosen = desk.chosen(shops, shop) or (shops[0] if shops else None)
    view = None if chosen is None else foresight(desk.house, desk.by, chosen.shop_id, desk.now, route=(carrier, province))
    may_learn = chosen is not None and desk.by.may(Permission.SETTINGS_WRITE, chosen.shop_id)
    return desk.page("parcels/foresight.html", shops=shops, shop=chosen, view=view, may_learn=may_learn, told=_TOLD.get(told))


@post("/shops/{shop_id:int}/foresight", sync_to_thread=True)
def learn_foresight(desk: AtDesk, shop_id: FromPath[int]) -> Redirect:
    """Learns anew at once."""
    shop = shop_number(shop_id)
    made = learn_now(desk.house, desk.by, shop, desk.now)
    return back_to("/parcels/foresight", shop=shop, told="learnt" if made else "too_little")
