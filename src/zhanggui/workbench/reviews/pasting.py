"""Reviews out of pasted text: shown as they are read, then taken in."""

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.reviews.taking import paste_seen, take_paste_of_reviews
from zhanggui.core.reviews.pasting import LONGEST_PASTE, PastedReviews
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, Desk, back_to, shop_number
from zhanggui.workbench.reviews.handlers import DONE, HERE, page_of


class PasteForm(msgspec.Struct, frozen=True):
    """The text, and whether it is only to be looked at."""

    text: str = ""
    do: str = "look"


@get("/reviews/paste", sync_to_thread=True)
def paste_reviews_page(desk: AtDesk, shop: FromQuery[str] = "", done: FromQuery[str] = "") -> Template:
    """A place to paste reviews."""
    shops = desk.shops(Permission.REVIEWS_WRITE)
    chosen = desk.chosen(shops, shop) or (shops[0] if shops else None)
    return page_of(desk, "paste", chosen, done=DONE.get(done), read=None, text="", longest=LONGEST_PASTE)


@post("/shops/{shop_id:int}/pasted_reviews", sync_to_thread=True, status_code=200)
def put_pasted_reviews(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[PasteForm]) -> Template | Redirect:
    """What is read of the text; or it is taken in."""
    shop = desk.by.need(Permission.REVIEWS_WRITE, shop_number(shop_id))
    if data.do == "take":
        take_paste_of_reviews(desk.house, desk.by, shop, data.text, desk.now)
        return back_to(HERE, view="all", shop=shop_id, done="taken")
    return _looked(desk, shop_id, data.text, paste_seen(desk.by, shop, data.text, desk.now))


def _looked(desk: Desk, shop_id: int, text: str, read: PastedReviews) -> Template:
    chosen = desk.chosen(desk.shops(Permission.REVIEWS_WRITE), str(shop_id))
    return page_of(desk, "paste", chosen, done=None, read=read, text=text, longest=LONGEST_PASTE)
