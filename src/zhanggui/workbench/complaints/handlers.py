"""The page of disputes and complaints: five lists of one shop."""

from typing import Any

from litestar import get
from litestar.params import FromQuery
from litestar.response import Template

from zhanggui.actions.access import ShopInfo
from zhanggui.actions.complaints.deductions import wrong_deductions
from zhanggui.actions.complaints.malice import malice_plan
from zhanggui.actions.complaints.seeing import complaints_seen
from zhanggui.actions.disputes.seeing import disputes_seen, win_rates_seen
from zhanggui.core.complaints.states import ComplaintKind
from zhanggui.core.money import yuan
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission
from zhanggui.workbench.complaints.wording import COMPLAINT_EVENTS, COMPLAINT_STATES, DISPUTE_STATES
from zhanggui.workbench.desk import AtDesk, Desk, number_in
from zhanggui.workbench.lists import Lists
from zhanggui.workbench.places import case_path, complaint_path, dispute_path, order_path

HERE = "/complaints"
VIEWS = {
    "disputes": say("The platform decides"),
    "register": say("To complain about"),
    "malice": say("Malicious orders"),
    "deductions": say("Wrong deductions"),
    "past": say("How they ended"),
}
LISTS = Lists(HERE, Permission.AFTERSALES_READ, VIEWS)
DONE = {
    "opened": say("It is on the register."),
    "kept": say("Kept."),
    "taken": say("They are on the register, each with its text."),
    "chosen": say("Kept. Somebody else has to look at it now."),
    "signed": say("Signed. It may be handed in."),
    "back": say("Sent back with the remark."),
    "in": say("Noted. Exactly what was handed in lies in the vault."),
    "ready": say("The appeal is ready to be handed in; say here once it is."),
    "brought": say("The picture is in the vault."),
}


@get(HERE, sync_to_thread=True)
def complaints_page(
    desk: AtDesk,
    view: FromQuery[str] = "disputes",
    shop: FromQuery[str] = "",
    after: FromQuery[str] = "",
    over: FromQuery[str] = "",
    done: FromQuery[str] = "",
    order: FromQuery[str] = "",
    case: FromQuery[str] = "",
    no: FromQuery[str] = "",
) -> Template:
    """One of the lists of one shop; of the register with the complaint of this number."""
    chosen = LISTS.opened(desk, view, shop)
    seen: dict[str, Any] = {}
    if chosen is not None and view == "register":
        seen = _register(desk, chosen, after, bool(over), number_in(no))
    elif chosen is not None:
        seen = _SEEN[view](desk, chosen, after, bool(over))
    return page_of(desk, view, chosen, done=DONE.get(done), order_no=order, case_no=case, over=bool(over), **seen)


def page_of(desk: Desk, view: str, shop: ShopInfo | None, **context: Any) -> Template:
    """The page with one of its lists."""
    shops = desk.shops(LISTS.permission)
    may_money = shop is not None and desk.by.may(Permission.MONEY_READ, shop.shop_id)
    mine: dict[str, Any] = {
        "may_write": shop is not None and desk.by.may(Permission.COMPLAINTS_WRITE, shop.shop_id),
        "views": tuple(tab for tab in LISTS.tabs(shop) if tab[0] != "deductions" or may_money),
        "here_path": LISTS.address(view, shop),
        "kinds": tuple(kind for kind in ComplaintKind if kind is not ComplaintKind.WRONG_DEDUCTION),
        "events": COMPLAINT_EVENTS,
        "states": COMPLAINT_STATES,
        "dispute_states": DISPUTE_STATES,
        "order_path": order_path,
        "dispute_path": dispute_path,
        "complaint_path": complaint_path,
        "case_path": case_path,
        "yuan": yuan,
    }
    return desk.page("complaints/page.html", view=view, shops=shops, shop=shop, **(mine | context))


def _disputes(desk: Desk, shop: ShopInfo, after: str, over: bool) -> dict[str, Any]:
    page = disputes_seen(desk.house, desk.by, shop.shop_id, live=not over, cursor=after or None)
    return {"page": page, "next_href": LISTS.next_of("disputes", shop, page.next_cursor, over=over)}


def _register(desk: Desk, shop: ShopInfo, after: str, over: bool, no: int | None) -> dict[str, Any]:
    page = complaints_seen(desk.house, desk.by, shop.shop_id, desk.now, live=not over, cursor=after or None, first=no)
    return {"page": page, "next_href": LISTS.next_of("register", shop, page.next_cursor, over=over)}


def _malice(desk: Desk, shop: ShopInfo, _after: str, _over: bool) -> dict[str, Any]:
    return {"plan": malice_plan(desk.house, desk.by, shop.shop_id, desk.now)}


def _deductions(desk: Desk, shop: ShopInfo, _after: str, _over: bool) -> dict[str, Any]:
    return {"wrong": wrong_deductions(desk.house, desk.by, shop.shop_id, desk.now)}


def _past(desk: Desk, shop: ShopInfo, _after: str, _over: bool) -> dict[str, Any]:
    page = complaints_seen(desk.house, desk.by, shop.shop_id, desk.now, limit=1)
    return {"rates": win_rates_seen(desk.house, desk.by, shop.shop_id, desk.now), "page": page}


_SEEN = {"disputes": _disputes, "malice": _malice, "deductions": _deductions, "past": _past}
