"""The Personal data page: what is held and how long, who opened what, who was forgotten, keys; and the page that opens a number."""

from datetime import datetime

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui import clock
from zhanggui.actions import cursors
from zhanggui.actions.access import ShopInfo
from zhanggui.actions.privacy.forgetting import Found, Whom, forget_buyer, found_by
from zhanggui.actions.privacy.keeping import set_retention
from zhanggui.actions.privacy.keys import change_key
from zhanggui.actions.privacy.opening import Opened, open_personal
from zhanggui.actions.privacy.seeing import LAST, MOST_OPENINGS, privacy_seen
from zhanggui.actions.refused import Refused
from zhanggui.core.privacy.opening import IN_A_DAY, IN_AN_HOUR, LEAST_REASON, LONGEST_REASON, Opening
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, Desk, back_to, chosen_of, number_in, shop_number
from zhanggui.workbench.door.confirming import need_recent, recently_confirmed
from zhanggui.workbench.places import order_path

_DONE = {
    "kept": say("Kept."),
    "key": say("New words are sealed with the new key from now on; what lies there follows within minutes while a worker runs."),
    "forgotten": say("Forgotten. That it was done stays in the journal; nothing of what it was."),
}


class TermForm(msgspec.Struct, frozen=True):
    """How long a kind is kept; empty days bring the house's term back."""

    kind: str = ""
    days: str = ""


class ForgetForm(msgspec.Struct, frozen=True):
    """Who is to be forgotten, told by one word; `sure` once the orders were looked at."""

    by: str = "order_no"
    told: str = ""
    reason: str = ""
    with_evidence: str = ""
    sure: str = ""

    def __repr__(self) -> str:
        return "ForgetForm(***)"

    @property
    def whom(self) -> Whom:
        """Whom it means."""
        return Whom(**{self.by if self.by in ("order_no", "name", "phone") else "order_no": self.told.strip()})


class OpenForm(msgspec.Struct, frozen=True):
    """Why a number is to be opened."""

    reason: str = ""


@get("/privacy", sync_to_thread=True)
def privacy_page(desk: AtDesk, shop: FromQuery[str] = "", after: FromQuery[str] = "", done: FromQuery[str] = "") -> Template:
    """What one shop holds of persons."""
    shops = desk.shops(Permission.PRIVACY_WRITE)
    chosen = desk.chosen(shops, shop) or (shops[0] if shops else None)
    return _page(desk, chosen, after=after, done=_DONE.get(done))


@post("/shops/{shop_id:int}/privacy/terms", guards=[recently_confirmed], sync_to_thread=True)
def put_term(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[TermForm]) -> Redirect:
    """Keeps how long a kind is kept."""
    typed = data.days.strip()
    days = number_in(typed) if typed else None
    if typed and days is None:
        raise Refused(say("{typed} is not a whole number.", typed=typed[:40]))
    set_retention(desk.house, desk.by, shop_number(shop_id), data.kind, days, desk.now)
    return back_to("/privacy", shop=shop_id, done="kept")


@post("/shops/{shop_id:int}/privacy/key", guards=[recently_confirmed], sync_to_thread=True)
def put_key(desk: AtDesk, shop_id: FromPath[int]) -> Redirect:
    """Gives the shop a new key."""
    change_key(desk.house, desk.by, shop_number(shop_id), clock.unwound())
    return back_to("/privacy", shop=shop_id, done="key")


@post("/shops/{shop_id:int}/privacy/forgotten", sync_to_thread=True, status_code=200)
def post_forgotten(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[ForgetForm]) -> Template | Redirect:
    """Shows whose orders are meant, and forgets the buyer once that was looked at."""
    number = shop_number(shop_id)
    if data.sure:
        need_recent(desk.request)
        forget_buyer(desk.house, desk.by, number, data.whom, desk.now, reason=data.reason, with_evidence=bool(data.with_evidence))
        return back_to("/privacy", shop=shop_id, done="forgotten")
    meant = found_by(desk.house, desk.by, number, data.whom, desk.now)
    return _page(desk, chosen_of(desk.shops(Permission.PRIVACY_WRITE), str(shop_id)), meant=meant, form=data)


@get("/shops/{shop_id:int}/orders/{order_no:str}/number", sync_to_thread=True)
def number_page(desk: AtDesk, shop_id: FromPath[int], order_no: FromPath[str]) -> Template:
    """Asks why the telephone number of an order is to be opened."""
    desk.by.need(Permission.PRIVACY_OPEN, shop_number(shop_id))
    return _number(desk, shop_id, order_no)


@post("/shops/{shop_id:int}/orders/{order_no:str}/number", sync_to_thread=True, status_code=200)
def open_number(desk: AtDesk, shop_id: FromPath[int], order_no: FromPath[str], data: URLEncodedBody[OpenForm]) -> Template:
    """Shows the number, once, after it was noted who asked and why."""
    opened = open_personal(desk.house, desk.by, shop_number(shop_id), Opening.NUMBER, order_no, data.reason, desk.now)
    return _number(desk, shop_id, order_no, opened)


def _number(desk: Desk, shop_id: int, order_no: str, opened: Opened | None = None) -> Template:
    return desk.page(
        "privacy/number.html",
        shop_id=shop_id,
        order_no=order_no,
        opened=opened,
        back=order_path(shop_number(shop_id), order_no),
        least=LEAST_REASON,
        longest=LONGEST_REASON,
        in_an_hour=IN_AN_HOUR,
        in_a_day=IN_A_DAY,
    )


def _page(
    desk: Desk, chosen: ShopInfo | None, *, after: str = "", done: Say | None = None, meant: Found | None = None, form: ForgetForm | None = None
) -> Template:
    before = cursors.read(after, tuple[datetime, int]) if after else (LAST, 0)
    seen = privacy_seen(desk.house, desk.by, chosen.shop_id, before) if chosen is not None else None
    last = seen.openings[-1] if seen is not None and len(seen.openings) == MOST_OPENINGS else None
    following = cursors.write((last.at, last.opening_no)) if last is not None else None
    return desk.page(
        "privacy/page.html",
        shops=desk.shops(Permission.PRIVACY_WRITE),
        shop=chosen,
        seen=seen,
        next_cursor=following,
        order_path=order_path,
        done=done,
        meant=meant,
        form=form or ForgetForm(),
    )
