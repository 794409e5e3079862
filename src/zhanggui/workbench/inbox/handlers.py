"""The inbox, and the box into which a conversation is pasted."""

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.conversations.taking import take_paste
from zhanggui.actions.inbox.pasting import PasteRead, read_paste
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, Desk, back_to, shop_number

HERE = "/inbox"


class PasteForm(msgspec.Struct, frozen=True):
    """A conversation as it was copied, and the order it is about where the person says so."""

    text: str = ""
    order_no: str = ""
    step: str = ""
    """`read` shows what it would become; `take` takes it in."""


@get(HERE, sync_to_thread=True)
def inbox_page(desk: AtDesk, shop: FromQuery[str] = "", taken: FromQuery[int | None] = None) -> Template:
    """Conversations of the shops in which the person may read them."""
    return _page(desk, shop, taken=taken)


@post("/shops/{shop_id:int}/pastes", sync_to_thread=True, status_code=200)
def put_paste(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[PasteForm]) -> Template | Redirect:
    """Shows what a paste is read as; takes it in where the person says so."""
    shop = desk.by.need(Permission.CONVERSATIONS_WRITE, shop_number(shop_id))
    if data.step == "take":
        taken = take_paste(desk.house, desk.by, shop, data.text, desk.now, order_no=data.order_no.strip() or None)
        return back_to(HERE, shop=shop, taken=taken.conversation_no)
    return _page(desk, str(shop), read=read_paste(desk.house, desk.by, shop, data.text, desk.now), pasted=data)


def _page(desk: Desk, shop: str, *, taken: int | None = None, read: PasteRead | None = None, pasted: PasteForm | None = None) -> Template:
    shops = desk.shops(Permission.CONVERSATIONS_READ)
    chosen = desk.chosen(shops, shop) or (shops[0] if shops else None)
    return desk.page("inbox/page.html", shops=shops, shop=chosen, taken=taken, read=read, pasted=pasted)
