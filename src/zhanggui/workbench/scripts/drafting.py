"""The forms of the endpoint that may draft: named, tried, taken away; and a draft asked for in a conversation or for an order."""

import msgspec
from litestar import post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui import clock
from zhanggui.actions.drafting.asking import draft_reply
from zhanggui.actions.drafting.settings import USUAL_CAP, NewDrafting, keep_drafting, take_drafting_away
from zhanggui.actions.refused import Refused
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, back_to, number_in, shop_number
from zhanggui.workbench.door.confirming import need_recent
from zhanggui.workbench.scripts.handlers import HERE, LISTS, scripts_template


class DraftingForm(msgspec.Struct):
    """An endpoint as typed."""

    address: str = ""
    model: str = ""
    key: str = ""
    without_key: str = ""
    is_on: str = ""
    daily_cap: str = ""
    act: str = "keep"


class TrialForm(msgspec.Struct):
    """What a buyer says, of which order."""

    said: str = ""
    order_no: str = ""


@post("/shops/{shop_id:int}/drafting", sync_to_thread=True)
def put_drafting(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[DraftingForm]) -> Redirect:
    """Keeps the endpoint, or wipes it."""
    shop = desk.by.need(Permission.SETTINGS_WRITE, shop_number(shop_id))
    if data.act == "off":
        take_drafting_away(desk.house, desk.by, shop, desk.now)
        return back_to(HERE, view="shop", shop=shop_id, done="off")
    need_recent(desk.request)
    cap = number_in(data.daily_cap.strip() or str(USUAL_CAP))
    if cap is None:
        raise Refused(say("{typed} is not a whole number.", typed=data.daily_cap[:40]))
    new = NewDrafting(
        address=data.address.strip(),
        model=data.model.strip(),
        key=data.key.strip(),
        without_key=bool(data.without_key),
        is_on=bool(data.is_on),
        daily_cap=cap,
    )
    keep_drafting(desk.house, desk.by, shop, new, desk.now)
    return back_to(HERE, view="shop", shop=shop_id, done="kept")


@post("/shops/{shop_id:int}/drafting/trial", sync_to_thread=True, status_code=200)
def try_drafting(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[TrialForm]) -> Template:
    """Asks the endpoint for a draft of one message, and shows what came of it."""
    shop = shop_number(shop_id)
    drafted = draft_reply(desk.house, desk.by, shop, desk.now, clock.unwound(), order_no=data.order_no.strip() or None, said=data.said)
    chosen = desk.chosen(desk.shops(LISTS.permission), str(shop))
    return scripts_template(desk, "shop", chosen, dict.fromkeys(("situation", "room", "q", "order_no"), ""), drafted=drafted)


@post("/shops/{shop_id:int}/threads/{thread_no:int}/drafting", sync_to_thread=True, status_code=200)
def draft_in_thread(desk: AtDesk, shop_id: FromPath[int], thread_no: FromPath[int]) -> Template:
    """A draft for a conversation, as a piece of its page."""
    drafted = draft_reply(desk.house, desk.by, shop_number(shop_id), desk.now, clock.unwound(), thread_no=thread_no)
    return desk.page("scripts/drafted.html", drafted=drafted, in_talk=True)
