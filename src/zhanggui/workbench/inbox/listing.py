"""What the inbox shows: the list by its filters and the one talk that is open, for the page and for the stream that keeps it in step."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar.exceptions import NotFoundException
from markupsafe import Markup

from zhanggui import clock
from zhanggui.actions.access import ShopInfo
from zhanggui.actions.drafting.settings import drafting_seen
from zhanggui.actions.house import House
from zhanggui.actions.inbox.listing import Inbox, InboxAsked, InboxRow, InboxView, inbox
from zhanggui.actions.inbox.opening import opened
from zhanggui.actions.shops import shops_seen
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.words import Catalog
from zhanggui.workbench.answers.places import offer_path
from zhanggui.workbench.desk import chosen_of
from zhanggui.workbench.inbox.wording import VIEWS, clock_text, percent, times_to_put_off
from zhanggui.workbench.places import case_path, order_path, place_of, thread_path
from zhanggui.workbench.templating import environment

HERE = "/inbox"
DrawRow = Callable[[InboxRow], Markup]
_LONGEST_PATH = 600


class InboxListing(msgspec.Struct, frozen=True, kw_only=True):
    """What the address of the inbox asks for: the filters, and the talk that is open."""

    view: str = ""
    shop: str = ""
    find: str = ""
    after: str = ""
    thread_shop: int = 0
    thread_no: int = 0
    whole: str = ""

    @property
    def filters(self) -> dict[str, str]:
        """What the address says beside the talk."""
        told = {"view": self.view, "shop": self.shop, "find": self.find, "after": self.after}
        return {name: value for name, value in told.items() if value}

    @property
    def path(self) -> str:
        """The address of the page."""
        here = thread_path(ShopId(self.thread_shop), self.thread_no) if self.thread_no else HERE
        return _joined(here, self.filters | ({"whole": self.whole} if self.whole else {}))

    @property
    def live_path(self) -> str:
        """Where the page is kept in step."""
        opened_too = {"thread_shop": str(self.thread_shop), "thread_no": str(self.thread_no)} if self.thread_no else {}
        return _joined("/live/inbox", self.filters | opened_too | ({"whole": self.whole} if self.whole else {}))

    def row_path(self, row: InboxRow) -> str:
        """The address of another talk, with the same filters."""
        return _joined(thread_path(row.shop_id, row.thread_no), self.filters)

    def view_path(self, view: str) -> str:
        """The address of another list; the talk that is open stays open."""
        here = thread_path(ShopId(self.thread_shop), self.thread_no) if self.thread_no else HERE
        return _joined(here, {name: value for name, value in {"view": view, "shop": self.shop}.items() if value})


def row_id(row: InboxRow) -> str:
    """A name for the row inside the page."""
    return f"thread-{row.shop_id}-{row.thread_no}"


def inbox_context(house: House, by: Person, words: Catalog, now: datetime, listing: InboxListing) -> dict[str, Any]:
    """All that the inbox is drawn from. Raises NotFoundException, NotAllowed."""
    if len(listing.path) > _LONGEST_PATH:
        raise NotFoundException
    shops = tuple(shop for shop in shops_seen(house, by) if by.may(Permission.CONVERSATIONS_READ, shop.shop_id))
    chosen = chosen_of(shops, listing.shop)
    view = InboxView(listing.view) if listing.view in VIEWS else InboxView.WAITING
    asked = InboxAsked(view=view, shop_id=None if chosen is None else chosen.shop_id, words=listing.find, after=listing.after)
    listed = inbox(house, by, asked, now)
    before, next_one = _beside(listed, listing)
    return {
        "listing": listing,
        "shops": shops,
        "shop": chosen,
        "view": view,
        "views": VIEWS,
        "listed": listed,
        "thread_path": thread_path,
        "before_path": before,
        "next_path": next_one,
        "read": None,
        "pasted": None,
        "typed": None,
        "findings": (),
        "why": None,
        "mark": "",
        "by_id": by.person_id,
        "many_shops": len(shops) > 1,
        "paste_shop": _paste_shop(by, shops, chosen),
        "draw": _drawer(words, now, listing, many_shops=len(shops) > 1),
        "list_path": _joined(HERE, listing.filters),
        "more_path": None if listed.next_cursor is None else _joined(HERE, {**listing.filters, "after": listed.next_cursor}),
        "clock_text": clock_text,
        "percent": percent,
        "live_path": listing.live_path,
        **_open_context(house, by, now, listing),
    }


def _open_context(house: House, by: Person, now: datetime, listing: InboxListing) -> dict[str, Any]:
    if not listing.thread_no:
        return {"talk": None}
    shop_id = ShopId(listing.thread_shop)
    talk = opened(house, by, shop_id, listing.thread_no, now, clock.unwound(), whole=bool(listing.whole))
    if talk is None:
        raise NotFoundException
    path = thread_path(shop_id, listing.thread_no)
    return {
        "talk": talk,
        "talk_shop": shop_id,
        "talk_path": path,
        "whole_path": _joined(path, {**listing.filters, "whole": "1"}),
        "may_write": by.may(Permission.CONVERSATIONS_WRITE, shop_id),
        "may_draft": _may_draft(house, by, shop_id),
        "may_note": by.may(Permission.NOTES_WRITE, shop_id),
        "order_path": order_path,
        "case_path": case_path,
        "offer_path": lambda offer: offer_path(by, shop_id, talk.thread.order_no, offer),
        "place_of": place_of,
        "answer_shop": shop_id,
        "answer_order": talk.thread.order_no,
        "answer_back": listing.path,
        "may_concede": by.may(Permission.CONVERSATIONS_WRITE, shop_id),
        "may_recall": by.may(Permission.CHASING_WRITE, shop_id),
        "put_off_until": times_to_put_off(now),
    }


def _drawer(words: Catalog, now: datetime, listing: InboxListing, *, many_shops: bool) -> DrawRow:
    """What draws a line of the list."""
    template = environment().get_template("inbox/row.html")

    def draw(row: InboxRow) -> Markup:
        is_open = (row.shop_id, row.thread_no) == (listing.thread_shop, listing.thread_no)
        told = {"row": row, "row_id": row_id(row), "path": listing.row_path(row), "is_open": is_open, "many_shops": many_shops, "clock_text": clock_text}
        return Markup(template.render(**told, words=words, now=now))  # noqa: S704 - drawn by a template, which escapes

    return draw


def _paste_shop(by: Person, shops: tuple[ShopInfo, ...], chosen: ShopInfo | None) -> ShopInfo | None:
    """The shop that a paste is for: the one that was chosen, else the first in which the person may take one in."""
    return next((shop for shop in ((chosen,) if chosen else shops) if by.may(Permission.CONVERSATIONS_WRITE, shop.shop_id)), None)


def _may_draft(house: House, by: Person, shop_id: ShopId) -> bool:
    """Whether the shop has an endpoint that drafts, and it is on."""
    seen = drafting_seen(house, by, shop_id, clock.unwound()) if by.may(Permission.CONVERSATIONS_WRITE, shop_id) else None
    return seen is not None and seen.is_on


def _beside(listed: Inbox, listing: InboxListing) -> tuple[str | None, str | None]:
    """The addresses of the talks before and after the open one; where that is not on the list any more, the first one comes next."""
    at = next((place for place, row in enumerate(listed.rows) if (row.shop_id, row.thread_no) == (listing.thread_shop, listing.thread_no)), None)
    paths = [listing.row_path(row) for row in listed.rows]
    if at is None:
        return None, paths[0] if paths else None
    return paths[at - 1] if at else None, paths[at + 1] if at + 1 < len(paths) else None


def _joined(path: str, query: dict[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
