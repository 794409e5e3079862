"""The Anomaly rate page and the Foresight page."""

from typing import Any

import msgspec
from litestar import get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery, MultipartBody, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.parcels.foreseen import foresight, learn_now
from zhanggui.actions.parcels.means import bring_means, means_kept, put_category_mean
from zhanggui.actions.parcels.rates import anomaly_rate
from zhanggui.actions.refused import Refused
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, back_to, shop_number
from zhanggui.workbench.imports.spool import put_down

_TOLD = {
    "learnt": say("Learnt anew."),
    "too_little": say("Too little is known of parcels' ways to learn from yet."),
}


class MeanForm(msgspec.Struct, frozen=True):
    """The category's mean as typed."""

    share: str = ""
    orders: str = ""
    source: str = ""


class MeansForm(msgspec.Struct, frozen=True):
    """A list of the category's means."""

    files: Any = None


@get("/parcels/rate", sync_to_thread=True)
def rate_page(desk: AtDesk, shop: FromQuery[str] = "", saved: FromQuery[int | None] = None) -> Template:
    """The shop's anomaly rate against its category."""
    shops = desk.shops(Permission.ORDERS_READ)
    chosen = desk.chosen(shops, shop) or (shops[0] if shops else None)
    view = None if chosen is None else anomaly_rate(desk.house, desk.by, chosen.shop_id, desk.now)
    may_set = chosen is not None and desk.by.may(Permission.SETTINGS_WRITE, chosen.shop_id)
    return desk.page(
        "parcels/rate.html",
        shops=shops,
        shop=chosen,
        view=view,
        may_set=may_set,
        saved=saved,
        means=() if chosen is None else means_kept(desk.house, desk.by, chosen.shop_id),
    )


@post("/shops/{shop_id:int}/category_mean", sync_to_thread=True)
def put_mean(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[MeanForm]) -> Redirect:
    """Keeps the category's mean from today on."""
    shop = shop_number(shop_id)
    put_category_mean(desk.house, desk.by, shop, data.share, data.orders, desk.now, source=data.source)
    return back_to("/parcels/rate", shop=shop, saved=1)


@post("/shops/{shop_id:int}/category_means", opt={"upload": True}, sync_to_thread=True)
def put_means(desk: AtDesk, shop_id: FromPath[int], data: MultipartBody[MeansForm]) -> Redirect:
    """Keeps a list of the category's means."""
    shop = desk.by.need(Permission.SETTINGS_WRITE, shop_number(shop_id))
    listed = data.files if isinstance(data.files, list) else [data.files]
    uploads = [upload for upload in listed if isinstance(upload, UploadFile) and upload.filename]
    if len(uploads) != 1:
        raise Refused(say("Choose the file with the list."))
    with put_down(desk.house.home, uploads) as paths:
        told = bring_means(desk.house, desk.by, shop, paths[0], desk.now)
    if told.refused:
        row, left = told.refused[0][0], len(told.refused)
        sentence = say("{kept} days were kept, {left} lines not. Mend line {row}, for one, and bring the list again.", kept=told.kept, left=left, row=row)
        raise Refused(sentence)
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
