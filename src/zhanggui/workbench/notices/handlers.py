"""The queue of notices, those let go and copied one after the other, and what was sent."""

from typing import Any

import msgspec
from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui import clock
from zhanggui.actions.access import ShopInfo
from zhanggui.actions.conversations.handing import is_listening
from zhanggui.actions.notices.finding import notices_of
from zhanggui.actions.notices.money import MoneyBack, wants_money
from zhanggui.actions.notices.releasing import release, sent, skip
from zhanggui.actions.notices.seeing import decided, waiting, waiting_count, waits_about
from zhanggui.actions.texts.seeing import festivals_near, texts_seen
from zhanggui.core.notices.steps import NoticeState, NoticeStep, is_quiet
from zhanggui.core.say import say
from zhanggui.core.texts.content import SLOTS
from zhanggui.core.texts.kinds import TextKind
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, Desk, back_to, shop_number
from zhanggui.workbench.lists import Lists
from zhanggui.workbench.places import order_path, thread_path

HERE = "/notices"
VIEWS = {
    "queue": say("To be told"),
    "copy": say("To be sent"),
    "sent": say("Told"),
    "left": say("Not told"),
    "texts": say("Texts"),
}
LISTS = Lists(HERE, Permission.CONVERSATIONS_READ, VIEWS)
_DONE = {
    "released": say("Let go: they wait to be sent."),
    "some": say("Some were let go; the facts no longer ask for the others."),
    "none": say("None was let go: the facts no longer ask for it, or somebody has decided before."),
    "sent": say("Kept as sent. What it promises is a to-do now."),
    "sent_late": say("Kept as sent. By now the facts speak against it; under Told stands what."),
    "given": say("Given to the service tool, which sends it."),
    "skipped": say("Noted: this buyer is not told."),
    "texts": say("Let go: they are sent in their hours."),
    "no_texts": say("None was let go; see why below."),
    "text_stopped": say("Noted."),
    "kept": say("Kept."),
    "numbers": say("Sealed."),
    "some_numbers": say("Sealed. Some lines named no order and mobile number, and were left out."),
}
_TERMS = {
    "price_li": say("Price of one part, in tenths of a fen"),
    "monthly_yuan": say("At most a month, in yuan"),
    "a_day": say("At most to one number in 24 hours"),
    "a_month": say("At most to one number in thirty days"),
    "opens": say("From this hour"),
    "closes": say("Until this hour"),
    "keep_days": say("Days that numbers are kept"),
}


class ReleaseForm(msgspec.Struct, frozen=True):
    """The orders whose notices are let go, or of which nothing is told."""

    orders: list[str] | str = ""
    do: str = "release"


class SentForm(msgspec.Struct, frozen=True):
    """What became of a notice that was let go."""

    order_no: str
    do: str = "sent"
    said: str | None = None
    """The words that the page showed."""


class MoneyForm(msgspec.Struct, frozen=True):
    """Whose money is wanted back."""

    order_no: str


@get(HERE, sync_to_thread=True)
def notices_page(
    desk: AtDesk,
    view: FromQuery[str] = "queue",
    shop: FromQuery[str] = "",
    done: FromQuery[str] = "",
    after: FromQuery[str] = "",
    festival: FromQuery[str] = "",
    whom: FromQuery[str] = "",
) -> Template:
    """One of the lists of one shop."""
    chosen = LISTS.opened(desk, view, shop)
    seen = {} if chosen is None else _texts(desk, chosen, festival) if view == "texts" else _SEEN[view](desk, chosen, after)
    return _page(desk, view, chosen, done=_DONE.get(done), whom=whom, **seen)


@post("/shops/{shop_id:int}/notices/{step:str}", sync_to_thread=True)
def put_notices(desk: AtDesk, shop_id: FromPath[int], step: FromPath[str], data: URLEncodedBody[ReleaseForm]) -> Redirect:
    """Notices are let go, or skipped."""
    shop, meant = shop_number(shop_id), _step(step)
    orders = [no for no in ([data.orders] if isinstance(data.orders, str) else data.orders) if no]
    if data.do == "skip":
        skip(desk.house, desk.by, shop, meant, orders, desk.now)
        return back_to(HERE, view="queue", shop=shop_id, done="skipped")
    gone = release(desk.house, desk.by, shop, meant, orders, desk.now)
    done = "none" if not gone.order_nos else "some" if gone.left else "released"
    return back_to(HERE, view="copy" if gone.order_nos else "queue", shop=shop_id, done=done)


@post("/shops/{shop_id:int}/notices/{step:str}/sent", sync_to_thread=True)
def put_notice_sent(desk: AtDesk, shop_id: FromPath[int], step: FromPath[str], data: URLEncodedBody[SentForm]) -> Redirect:
    """A notice was sent, is to be sent by the service tool, or is not to be sent after all."""
    shop, meant = shop_number(shop_id), _step(step)
    if data.do == "skip":
        skip(desk.house, desk.by, shop, meant, [data.order_no], desk.now)
        return back_to(HERE, view="copy", shop=shop_id, done="skipped", whom=data.order_no)
    kept = sent(desk.house, desk.by, shop, meant, data.order_no, desk.now, said=data.said, by_bridge=data.do == "bridge")
    done = "given" if data.do == "bridge" else "sent" if kept.because is None else "sent_late"
    return back_to(HERE, view="copy", shop=shop_id, done=done, whom=data.order_no)


@post("/shops/{shop_id:int}/notices/{step:str}/money", sync_to_thread=True)
def put_money_wanted(desk: AtDesk, shop_id: FromPath[int], step: FromPath[str], data: URLEncodedBody[MoneyForm]) -> Template:
    """A buyer who was told would rather have the money; what is to be done now is shown at once."""
    shop = shop_number(shop_id)
    if _step(step) is not NoticeStep.DELAYED:
        raise NotFoundException
    back = wants_money(desk.house, desk.by, shop, data.order_no, desk.now)
    return _money(desk, shop_id, data.order_no, back)


def _money(desk: Desk, shop_id: int, order_no: str, back: MoneyBack) -> Template:
    chosen = LISTS.opened(desk, "sent", str(shop_id))
    page = {} if chosen is None else _sent(desk, chosen, "")
    return _page(desk, "sent", chosen, done=None, paying=back, paying_order=order_no, **page)


def _page(desk: Desk, view: str, shop: ShopInfo | None, **context: Any) -> Template:
    shops = desk.shops(LISTS.permission)
    told: dict[str, int] = {} if shop is None else {"copy": waiting_count(desk.house, desk.by, shop.shop_id)}
    if "queue" in context:
        told["queue"] = context["queue"].orders
    mine: dict[str, Any] = {
        "may_write": shop is not None and desk.by.may(Permission.CONVERSATIONS_WRITE, shop.shop_id),
        "views": tuple((*tab, told.get(tab[0])) for tab in LISTS.tabs(shop)),
        "is_quiet": is_quiet(desk.now),
        "paying": None,
        "whom": "",
    }
    return desk.page("notices/page.html", view=view, shops=shops, shop=shop, order_path=order_path, thread_path=thread_path, **(mine | context))


def _queue(desk: Desk, shop: ShopInfo, _after: str) -> dict[str, Any]:
    return {"queue": notices_of(desk.house, desk.by, shop.shop_id, None, desk.now)}


def _copy(desk: Desk, shop: ShopInfo, _after: str) -> dict[str, Any]:
    may_give = desk.by.may(Permission.CONVERSATIONS_WRITE, shop.shop_id) and is_listening(desk.house, desk.by, shop.shop_id, clock.unwound())
    rows = waiting(desk.house, desk.by, shop.shop_id, desk.now)
    asks = waits_about(desk.house, desk.by, shop.shop_id, rows[0].order_no) if rows else None
    return {"rows": rows, "may_give": may_give, "asks": asks}


def _sent(desk: Desk, shop: ShopInfo, after: str) -> dict[str, Any]:
    page = decided(desk.house, desk.by, shop.shop_id, NoticeState.SENT, cursor=after or None)
    return {"page": page, "next_href": LISTS.next_of("sent", shop, page.next_cursor)}


def _left(desk: Desk, shop: ShopInfo, after: str) -> dict[str, Any]:
    """What was skipped or ceased; the two lists side by side, those that ceased with the reason."""
    page = decided(desk.house, desk.by, shop.shop_id, NoticeState.CEASED, cursor=after or None)
    skipped = decided(desk.house, desk.by, shop.shop_id, NoticeState.SKIPPED)
    return {"page": page, "skipped": skipped, "next_href": LISTS.next_of("left", shop, page.next_cursor)}


def _texts(desk: Desk, shop: ShopInfo, festival: str) -> dict[str, Any]:
    near = festivals_near(desk.house, desk.now)
    meant = festival if festival in near else ""
    seen = texts_seen(desk.house, desk.by, shop.shop_id, desk.now, festival=meant)
    values = msgspec.structs.asdict(seen.terms) | {"monthly_yuan": seen.terms.monthly_li // 1000}
    return {
        "texts": seen,
        "festival": meant,
        "may_set": desk.by.may(Permission.SETTINGS_WRITE, shop.shop_id),
        "kinds": tuple(TextKind),
        "slots": SLOTS,
        "terms_fields": tuple((name, title, values[name]) for name, title in _TERMS.items()),
    }


def _step(word: str) -> NoticeStep:
    try:
        return NoticeStep(f"notice_{word}")
    except ValueError:
        raise NotFoundException from None


_SEEN = {"queue": _queue, "copy": _copy, "sent": _sent, "left": _left}
