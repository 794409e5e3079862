"""The Settings page and its forms."""

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui import clock
from zhanggui.actions.bridge_tokens import MadeToken, tokens_seen
from zhanggui.actions.connections import connection_state
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_for
from zhanggui.actions.shops import SETTINGS, create_shop, promised_hours, rename_shop, set_promised_hours, set_shop_setting, shop_settings
from zhanggui.actions.syncing import sync_state
from zhanggui.actions.trackers import USUAL_CAP, trackers_seen
from zhanggui.core.bridge.scopes import BRIDGE, DEEDS, READS
from zhanggui.core.rules import Question
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, Desk, back_to, number_in, shop_number

_SHOWN_PROMISES = 200
_SCOPE_GROUPS = ((say("It may read"), READS), (say("It may do"), DEEDS), (say("A service tool's talk"), BRIDGE))
_DONE = {
    "kept": say("Kept."),
    "shop": say("The shop is made. Bring its export files next."),
    "token_gone": say("Taken back: the program gets no answer any more."),
    "tracker": say("Kept. Parcels that show no sign of moving are asked about from now on."),
    "tracker_gone": say("Taken away: the key is wiped, the tracking events stay."),
}


class NameForm(msgspec.Struct, frozen=True):
    """A shop's name."""

    name: str = ""


class SettingForm(msgspec.Struct, frozen=True):
    """One setting and its value; an empty value brings the default back."""

    name: str
    value: str = ""


class PromiseForm(msgspec.Struct, frozen=True):
    """The hours one product promises; empty hours forget them."""

    goods_id: str
    hours: str = ""


@get("/settings", sync_to_thread=True)
def settings_page(desk: AtDesk, shop: FromQuery[str] = "", done: FromQuery[str] = "") -> Template:
    """The settings of one shop, and the making of a new one for keepers of the house."""
    return settings_shown(desk, shop, done=_DONE.get(done))


def settings_shown(desk: Desk, shop: str, *, done: Say | None = None, made: MadeToken | None = None, made_for: str = "") -> Template:
    """The page, with what an answer alone says."""
    shops = desk.shops(Permission.SETTINGS_READ)
    chosen = desk.chosen(shops, shop) or (shops[0] if shops else None)
    book = rulebook_for(desk.house, chosen.shop_id) if chosen else desk.house.rulebook
    return desk.page(
        "settings/page.html",
        shops=shops,
        shop=chosen,
        settings=shop_settings(desk.house, desk.by, chosen.shop_id) if chosen else {},
        links=tuple(name for name in SETTINGS if name.startswith("link.")),
        promises=promised_hours(desk.house, desk.by, chosen.shop_id, limit=_SHOWN_PROMISES) if chosen else (),
        service=book.in_force(Question.REPLY_BUYER, at=desk.now),
        may_write=chosen is not None and desk.by.may(Permission.SETTINGS_WRITE, chosen.shop_id),
        connection=connection_state(desk.house, desk.by, chosen.shop_id, desk.now) if chosen else None,
        sync=sync_state(desk.house, desk.by, chosen.shop_id, desk.now) if chosen else None,
        trackers=trackers_seen(desk.house, desk.by, chosen.shop_id, clock.unwound()) if chosen else (),
        usual_cap=USUAL_CAP,
        tokens=tokens_seen(desk.house, desk.by, chosen.shop_id) if chosen else (),
        scope_groups=_SCOPE_GROUPS,
        wall=clock.unwound(),
        done=done,
        made=made,
        made_for=made_for,
    )


@post("/shops", sync_to_thread=True)
def new_shop(desk: AtDesk, data: URLEncodedBody[NameForm]) -> Redirect:
    """Makes a shop."""
    shop_id = create_shop(desk.house, desk.by, data.name, desk.now)
    return back_to("/settings", shop=shop_id, done="shop")


@post("/shops/{shop_id:int}/name", sync_to_thread=True)
def put_name(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[NameForm]) -> Redirect:
    """Gives the shop another name."""
    rename_shop(desk.house, desk.by, shop_number(shop_id), data.name, desk.now)
    return back_to("/settings", shop=shop_id, done="kept")


@post("/shops/{shop_id:int}/settings", sync_to_thread=True)
def put_setting(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[SettingForm]) -> Redirect:
    """Keeps one setting."""
    set_shop_setting(desk.house, desk.by, shop_number(shop_id), data.name, data.value.strip() or None, desk.now)
    return back_to("/settings", shop=shop_id, done="kept")


@post("/shops/{shop_id:int}/promised_hours", sync_to_thread=True)
def put_promise(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[PromiseForm]) -> Redirect:
    """Keeps the hours a product promises, or forgets them."""
    typed = data.hours.strip()
    hours = number_in(typed)
    if typed and hours is None:
        raise Refused(say("{typed} is not a whole number.", typed=typed[:40]))
    if not data.goods_id.strip():
        raise Refused(say("Which product? Its id stands in the order export."))
    set_promised_hours(desk.house, desk.by, shop_number(shop_id), data.goods_id.strip(), hours, desk.now)
    return back_to("/settings", shop=shop_id, done="kept")
