"""The page itself, and what is done with chases."""

from typing import Any

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.access import ShopInfo
from zhanggui.actions.chasing.asking import ask_again, mark_sent, note_answer
from zhanggui.actions.chasing.gathering import to_chase
from zhanggui.actions.chasing.seeing import counts, open_chases
from zhanggui.actions.claims.seeing import claims_seen
from zhanggui.actions.platform_carriers import carriers_now
from zhanggui.actions.recalls.seeing import recalls_seen
from zhanggui.actions.renumbering.seeing import numbers_seen
from zhanggui.core.facts import ParcelKind
from zhanggui.core.money import yuan
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission
from zhanggui.rulebook.following import hotlines, recall_terms
from zhanggui.workbench.chase.wording import CLAIM_EVENTS, CLAIM_STATES, RECALL_EVENTS, RECALL_STATES
from zhanggui.workbench.desk import AtDesk, Desk, back_to, shop_number
from zhanggui.workbench.lists import Lists
from zhanggui.workbench.places import case_path, order_path

HERE = "/chase"
VIEWS = {
    "chase": say("To ask about"),
    "waiting": say("Answer awaited"),
    "recalls": say("Recalls"),
    "claims": say("Claims"),
    "numbers": say("Numbers and further parcels"),
    "carriers": say("Hotlines"),
}
LISTS = Lists(HERE, Permission.ORDERS_READ, VIEWS)
_DONE = {
    "sent": say("Marked as sent. The parcels wait for the answer and come back by themselves."),
    "again": say("Marked as asked again."),
    "kept": say("Kept."),
    "settled": say("Settled."),
    "recall": say("The recall is on the list."),
    "claim": say("The claim is on the list."),
    "change": say("The change is on the list."),
    "extra": say("The parcel is on the list."),
    "act": say("It is on its way to the platform; see Automatic handling."),
    "dropped": say("Dropped."),
    "told": say("Noted that the buyer was told."),
}
_CARRIERS = ("YTO", "ZTO", "STO", "YUNDA", "JTSD", "YZXB", "EMS", "SF", "JD", "DB")
"""Offered first where a carrier is to be named; any other name may be typed."""


class SentForm(msgspec.Struct, frozen=True):
    """A message that went out, and the parcels it spoke of."""

    orders: list[str] | str = ""
    message: str = ""
    check_at: str = ""


class AgainForm(msgspec.Struct, frozen=True):
    """When to look again."""

    check_at: str = ""


class AnswerForm(msgspec.Struct, frozen=True):
    """What the carrier said, and whether that settles it."""

    answer: str = ""
    settled: str = ""


@get(HERE, sync_to_thread=True)
def chase_page(
    desk: AtDesk,
    view: FromQuery[str] = "chase",
    shop: FromQuery[str] = "",
    done: FromQuery[str] = "",
    after: FromQuery[str] = "",
    more: FromQuery[str] = "",
    over: FromQuery[str] = "",
    order: FromQuery[str] = "",
) -> Template:
    """One of the lists of one shop."""
    chosen = LISTS.opened(desk, view, shop)
    seen = {} if chosen is None else _SEEN[view](desk, chosen, after, more, bool(over))
    return page_of(desk, view, chosen, done=_DONE.get(done), order_no=order, over=bool(over), **seen)


@post("/shops/{shop_id:int}/chases", sync_to_thread=True)
def put_chase(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[SentForm]) -> Redirect:
    """The message about these parcels was sent."""
    orders = [data.orders] if isinstance(data.orders, str) else data.orders
    check_at = desk.moment(data.check_at) if data.check_at.strip() else None
    mark_sent(desk.house, desk.by, shop_number(shop_id), [no for no in orders if no], data.message, desk.now, check_at=check_at)
    return back_to(HERE, view="chase", shop=shop_id, done="sent")


@post("/shops/{shop_id:int}/chases/{chase_no:int}/again", sync_to_thread=True)
def put_again(desk: AtDesk, shop_id: FromPath[int], chase_no: FromPath[int], data: URLEncodedBody[AgainForm]) -> Redirect:
    """The carrier was asked once more."""
    check_at = desk.moment(data.check_at) if data.check_at.strip() else None
    ask_again(desk.house, desk.by, shop_number(shop_id), chase_no, desk.now, check_at=check_at)
    return back_to(HERE, view="waiting", shop=shop_id, done="again")


@post("/shops/{shop_id:int}/chases/{chase_no:int}/answer", sync_to_thread=True)
def put_chase_answer(desk: AtDesk, shop_id: FromPath[int], chase_no: FromPath[int], data: URLEncodedBody[AnswerForm]) -> Redirect:
    """What the carrier said."""
    note_answer(desk.house, desk.by, shop_number(shop_id), chase_no, data.answer, desk.now, is_settled=bool(data.settled))
    return back_to(HERE, view="waiting", shop=shop_id, done="settled" if data.settled else "kept")


def page_of(desk: Desk, view: str, shop: ShopInfo | None, *, status: int = 200, **context: Any) -> Template:
    """The page with one of its lists."""
    shops = desk.shops(LISTS.permission)
    told: dict[str, int] = {} if shop is None else msgspec.structs.asdict(counts(desk.house, desk.by, shop.shop_id))
    known = carriers_now(desk.house)
    if "gathered" in context:
        told["chase"] = context["gathered"].parcels
    mine: dict[str, Any] = {
        "may_chase": shop is not None and desk.by.may(Permission.CHASING_WRITE, shop.shop_id),
        "may_claim": shop is not None and desk.by.may(Permission.CLAIMS_WRITE, shop.shop_id),
        "views": tuple((*tab, told.get(tab[0])) for tab in LISTS.tabs(shop)),
        "here_path": LISTS.address(view, shop),
        "carriers": tuple(known.by_code[code].name for code in _CARRIERS if known.offers(code)),
        "hotlines": hotlines(),
        "carrier_names": {code: carrier.name for code, carrier in known.by_code.items()},
        "recall_terms": recall_terms(),
        "recall_events": RECALL_EVENTS,
        "recall_states": RECALL_STATES,
        "claim_events": CLAIM_EVENTS,
        "claim_states": CLAIM_STATES,
        "parcel_kinds": tuple(ParcelKind),
        "yuan": yuan,
    }
    return desk.page("chase/page.html", status=status, view=view, shops=shops, shop=shop, order_path=order_path, case_path=case_path, **(mine | context))


def _to_chase(desk: Desk, shop: ShopInfo, _after: str, _more: str, _over: bool) -> dict[str, Any]:
    return {"gathered": to_chase(desk.house, desk.by, shop.shop_id, desk.now)}


def _waiting(desk: Desk, shop: ShopInfo, after: str, _more: str, _over: bool) -> dict[str, Any]:
    page = open_chases(desk.house, desk.by, shop.shop_id, desk.now, cursor=after or None)
    return {"page": page, "next_href": LISTS.next_of("waiting", shop, page.next_cursor)}


def _recalls(desk: Desk, shop: ShopInfo, after: str, _more: str, over: bool) -> dict[str, Any]:
    page = recalls_seen(desk.house, desk.by, shop.shop_id, desk.now, live=not over, cursor=after or None)
    return {"page": page, "next_href": LISTS.next_of("recalls", shop, page.next_cursor, over=over)}


def _claims(desk: Desk, shop: ShopInfo, after: str, _more: str, over: bool) -> dict[str, Any]:
    page = claims_seen(desk.house, desk.by, shop.shop_id, desk.now, live=not over, cursor=after or None)
    return {"page": page, "next_href": LISTS.next_of("claims", shop, page.next_cursor, over=over)}


def _numbers(desk: Desk, shop: ShopInfo, after: str, more: str, _over: bool) -> dict[str, Any]:
    page = numbers_seen(desk.house, desk.by, shop.shop_id, cursor=after or None, extra_cursor=more or None)
    next_extra = LISTS.address("numbers", shop, more=page.next_extra) if page.next_extra else None
    return {"page": page, "next_href": LISTS.next_of("numbers", shop, page.next_cursor), "next_extra": next_extra}


def _carriers(_desk: Desk, _shop: ShopInfo, _after: str, _more: str, _over: bool) -> dict[str, Any]:
    return {}


_SEEN = {"chase": _to_chase, "waiting": _waiting, "recalls": _recalls, "claims": _claims, "numbers": _numbers, "carriers": _carriers}
