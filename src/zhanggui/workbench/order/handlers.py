"""The page of one order, and what people add to it: notes and pasted tracking scans."""

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.notes import add_note
from zhanggui.actions.orders import find
from zhanggui.actions.scans import paste_scans
from zhanggui.core.deadlines import Subject, SubjectKind
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, back_to, shop_number
from zhanggui.workbench.live.live import Live
from zhanggui.workbench.order.whole import order_context
from zhanggui.workbench.places import order_path


class NoteForm(msgspec.Struct, frozen=True):
    """A note as typed."""

    text: str = ""


class ScansForm(msgspec.Struct, frozen=True):
    """Tracking text as pasted from a carrier's page."""

    text: str = ""


@get("/shops/{shop_id:int}/orders/{order_no:str}", sync_to_thread=True)
def order_page(desk: AtDesk, live: NamedDependency[Live], shop_id: FromPath[int], order_no: FromPath[str], pasted: FromQuery[int | None] = None) -> Template:
    """Everything known of one order."""
    stamp = live.stamp()
    context = order_context(desk.house, desk.by, desk.words, desk.now, shop_number(shop_id), order_no)
    return desk.page("order/page.html", pasted=pasted, stamp=stamp, **context)


@post("/shops/{shop_id:int}/orders/{order_no:str}/notes", sync_to_thread=True)
def put_note(desk: AtDesk, shop_id: FromPath[int], order_no: FromPath[str], data: URLEncodedBody[NoteForm]) -> Redirect:
    """Leaves a note on the order."""
    shop = shop_number(shop_id)
    add_note(desk.house, desk.by, shop, Subject(SubjectKind.ORDER, order_no), data.text, desk.now)
    return back_to(order_path(shop, order_no) + "#notes")


@post("/shops/{shop_id:int}/orders/{order_no:str}/scans", sync_to_thread=True)
def put_scans(desk: AtDesk, shop_id: FromPath[int], order_no: FromPath[str], data: URLEncodedBody[ScansForm]) -> Redirect:
    """Takes in tracking events pasted from the carrier's page."""
    shop = shop_number(shop_id)
    pasted = paste_scans(desk.house, desk.by, shop, order_no, data.text, desk.now)
    return back_to(order_path(shop, order_no), pasted=sum(result.new for result in pasted.results))


@get("/search", sync_to_thread=True)
def search_page(desk: AtDesk, number: FromQuery[str] = "") -> Template | Redirect:
    """Leads to the one thing that bears the number, or lists the few that do."""
    number = number.strip()
    found = find(desk.house, desk.by, number) if number else ()
    if len(found) == 1:
        shop_id, kind, no = found[0]
        return back_to(order_path(shop_id, no)) if kind == SubjectKind.ORDER else back_to("/aftersales", number=no)
    return desk.page("search/page.html", number=number, found=found, order_path=order_path, shops=desk.shops(Permission.ORDERS_READ))
