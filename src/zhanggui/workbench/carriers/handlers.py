"""The Carriers page: what each has shown, what a parcel costs with each, when they come, their prices, and experiments."""

from functools import partial
from typing import Any

import msgspec
from litestar import get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery, MultipartBody, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.carrier_choice import carrier_name
from zhanggui.actions.carrier_choice.comparing import carriers_seen
from zhanggui.actions.carrier_choice.settling import begin_experiment, bring_prices, end_experiment, name_carrier, set_gap, set_visits
from zhanggui.actions.planning.settling import plan_terms
from zhanggui.actions.platform_carriers import carriers_now
from zhanggui.actions.refused import Refused
from zhanggui.actions.shipdesk.advised import apply_carriers
from zhanggui.core.planning.latest import percent
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, back_to, number_in, shop_number
from zhanggui.workbench.imports.spool import put_down

_DONE = {
    "kept": say("Kept."),
    "visits": say("Kept. What was learned of its pickups was learned anew, counted from these times."),
    "prices": say("The prices are kept."),
}
MAIN = ("YTO", "ZTO", "YUNDA", "STO", "JTSD", "SF", "EMS", "YZXB", "JD", "DB")
"""Offered first; any other carrier of the platform can be typed."""


class CarrierForm(msgspec.Struct, frozen=True):
    """A carrier, by name or code, and whether the shop works with it."""

    carrier: str = ""
    use: str = ""


class ApplyForm(msgspec.Struct, frozen=True):
    """Whether batches go with the advised carriers by themselves."""

    applies: str = ""


class VisitsForm(msgspec.Struct, frozen=True):
    """When a carrier comes."""

    carrier: str = ""
    times: str = ""
    weekdays: list[str] | str = msgspec.field(default_factory=list)


class GapForm(msgspec.Struct, frozen=True):
    """Where a carrier does not come."""

    carrier: str = ""
    place: str = ""
    comes: str = ""


class PricesForm(msgspec.Struct):
    """A price table: a file, or pasted."""

    text: str = ""
    files: list[Any] = msgspec.field(default_factory=list)


class ExperimentForm(msgspec.Struct, frozen=True):
    """Carriers to be tried, a line each: name and share in percent."""

    name: str = ""
    shares: str = ""
    provinces: str = ""


@post("/shops/{shop_id:int}/carriers_applied", sync_to_thread=True)
def put_carriers_applied(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[ApplyForm]) -> Redirect:
    """Keeps whether batches go with the advised carriers by themselves."""
    apply_carriers(desk.house, desk.by, shop_number(shop_id), desk.now, applies=data.applies == "yes")
    return back_to("/carriers", shop=shop_id, done="kept")


@get("/carriers", sync_to_thread=True)
def carriers_page(
    desk: AtDesk, shop: FromQuery[str] = "", province: FromQuery[str] = "", weight: FromQuery[str] = "", of: FromQuery[str] = "", done: FromQuery[str] = ""
) -> Template:
    """The carriers of one shop, and a parcel of some weight to some province with each of them."""
    shops = desk.shops(Permission.ORDERS_READ)
    chosen = desk.chosen(shops, shop) or (shops[0] if shops else None)
    grams, known = number_in(weight.strip()), carriers_now(desk.house)
    seen = (
        carriers_seen(
            desk.house, desk.by, chosen.shop_id, desk.now, province=province.strip()[:20], weight_g=grams if grams and grams <= 1_000_000 else None, place_of=of
        )
        if chosen
        else None
    )
    return desk.page(
        "carriers/page.html",
        shops=shops,
        shop=chosen,
        seen=seen,
        may_write=chosen is not None and desk.by.may(Permission.CARRIERS_WRITE, chosen.shop_id),
        may_plan=chosen is not None and desk.by.may(Permission.PLANNING_WRITE, chosen.shop_id),
        main=[known.by_code[code] for code in MAIN if known.offers(code)],
        percent=percent,
        carrier_name=partial(carrier_name, carriers=known),
        hours=_hours,
        applies=chosen is not None and plan_terms(desk.house, desk.by, chosen.shop_id).applies_carrier,
        done=_DONE.get(done),
    )


@post("/shops/{shop_id:int}/carriers", sync_to_thread=True)
def put_carrier(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[CarrierForm]) -> Redirect:
    """Notes that the shop works with a carrier, or no longer does."""
    name_carrier(desk.house, desk.by, shop_number(shop_id), data.carrier, desk.now, is_used=data.use == "yes")
    return back_to("/carriers", shop=shop_id, done="kept")


@post("/shops/{shop_id:int}/carrier_visits", sync_to_thread=True)
def put_visits(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[VisitsForm]) -> Redirect:
    """Keeps when a carrier comes."""
    set_visits(desk.house, desk.by, shop_number(shop_id), data.carrier, data.times, "".join(data.weekdays), desk.now)
    return back_to("/carriers", shop=shop_id, done="visits")


@post("/shops/{shop_id:int}/carrier_gaps", sync_to_thread=True)
def put_gap(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[GapForm]) -> Redirect:
    """Notes where a carrier does not come, or that it does."""
    set_gap(desk.house, desk.by, shop_number(shop_id), data.carrier, data.place, desk.now, comes=bool(data.comes))
    return back_to("/carriers", shop=shop_id, done="kept")


@post("/shops/{shop_id:int}/carrier_prices", opt={"upload": True}, sync_to_thread=True, status_code=200)
def put_prices(desk: AtDesk, shop_id: FromPath[int], data: MultipartBody[PricesForm]) -> Template | Redirect:
    """Keeps a price table, and tells of the rows that could not be taken."""
    shop = desk.by.need(Permission.CARRIERS_WRITE, shop_number(shop_id))
    uploads = [upload for upload in data.files if isinstance(upload, UploadFile) and upload.filename]
    if len(uploads) == 1:
        with put_down(desk.house.home, uploads) as paths:
            told = bring_prices(desk.house, desk.by, shop, paths[0], desk.now)
    elif data.text.strip():
        told = bring_prices(desk.house, desk.by, shop, data.text, desk.now)
    else:
        raise Refused(say("Choose a price table, or paste one."))
    if not told.refused:
        return back_to("/carriers", shop=shop_id, done="prices")
    return desk.page("carriers/prices.html", shop_id=shop_id, told=told)


@post("/shops/{shop_id:int}/carrier_experiments", sync_to_thread=True)
def put_experiment(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[ExperimentForm]) -> Redirect:
    """Has carriers tried side by side."""
    begin_experiment(desk.house, desk.by, shop_number(shop_id), data.name, _shares(data.shares), data.provinces.split(), desk.now)
    return back_to("/carriers", shop=shop_id, done="kept")


@post("/shops/{shop_id:int}/carrier_experiments/{experiment_no:int}/end", sync_to_thread=True)
def end_the_experiment(desk: AtDesk, shop_id: FromPath[int], experiment_no: FromPath[int]) -> Redirect:
    """Ends an experiment."""
    end_experiment(desk.house, desk.by, shop_number(shop_id), experiment_no, desk.now)
    return back_to("/carriers", shop=shop_id, done="kept")


def _shares(typed: str) -> dict[str, int]:
    """The carriers and their shares in percent: `圆通 50 中通 50`, in one line or several. Raises Refused."""
    words = typed.replace("%", " ").replace("，", " ").replace(",", " ").split()
    pairs = list(zip(words[::2], words[1::2], strict=False))
    numbers = [number_in(share) for _, share in pairs]
    if len(words) % 2 or None in numbers:
        raise Refused(say("Write each carrier with its share in percent, such as: 圆通 50 中通 50."))
    return {name: number or 0 for (name, _), number in zip(pairs, numbers, strict=True)}


def _hours(minutes: int | None) -> Say:
    """Minutes as a short span."""
    if minutes is None:
        return say("longer than seen")
    if minutes < 60:
        return say("{n} min", n=minutes)
    if minutes < 48 * 60:
        return say("{n} h", n=round(minutes / 60))
    return say("{n} d", n=f"{minutes / 1440:.1f}".removesuffix(".0"))
