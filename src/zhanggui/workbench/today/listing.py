"""What stands on the Today list, for the page that shows it and for the live stream that keeps it in step."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar.exceptions import NotFoundException

from zhanggui import clock
from zhanggui.actions.access import ShopInfo
from zhanggui.actions.house import House
from zhanggui.actions.shops import shops_seen
from zhanggui.actions.today import ranked, settle, today
from zhanggui.actions.views import BandSum, TodayList
from zhanggui.core.deadlines import Band, DeadlineKind
from zhanggui.core.money import Fen
from zhanggui.people.permissions import Permission, Person, PersonId
from zhanggui.words import Catalog
from zhanggui.workbench.desk import chosen_of, number_in
from zhanggui.workbench.today.rows import LONGEST_PATH, row_context
from zhanggui.workbench.today.views import RUNNING, VIEWS, tabs

_ROWS = 25
"""Rows of each band on a page: what a person can take in before filtering."""
_MORE = 100
_MOST = 1000
"""The list by expected loss is drawn anew as the time passes, so it is not leafed through but made longer; nobody works off more than this in a day."""
BY_LOSS = "loss"
"""The word of an address that asks for one list by expected loss; without it the list is grouped by time."""


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """What the address of the Today page asks for."""

    view: str = ""
    kind: str = ""
    shop: str = ""
    person: str = ""
    band: str = ""
    after: str = ""
    order: str = ""
    show: str = ""
    """How many of the list by expected loss; a hundred where it is not said."""

    @property
    def shown(self) -> int:
        """The same as a number."""
        return min(max(number_in(self.show) or _MORE, _MORE), _MOST)

    @property
    def query(self) -> str:
        """The same as the query of an address, without what is not asked for."""
        return urlencode({name: value for name, value in msgspec.structs.asdict(self).items() if value})

    @property
    def path(self) -> str:
        """The address of the page."""
        return "/today" + (f"?{self.query}" if self.query else "")

    @property
    def live_path(self) -> str:
        """Where the page is kept in step."""
        return "/live/today" + (f"?{self.query}" if self.query else "")


def shops_listed(house: House, by: Person, listing: Listing) -> tuple[tuple[ShopInfo, ...], ShopInfo | None]:
    """The shops whose to-dos the person may read, and the one the address names. Raises NotFoundException for one they may not, and for endless filters:
    every row that is kept bears the address of its list."""
    if len(listing.path) > LONGEST_PATH:
        raise NotFoundException
    shops = tuple(shop for shop in shops_seen(house, by) if by.may(Permission.TODO_READ, shop.shop_id))
    return shops, chosen_of(shops, listing.shop)


def list_context(house: House, by: Person, words: Catalog, now: datetime, listing: Listing) -> dict[str, Any]:
    """All that the list is drawn from: ranked, filtered, grouped by the time left or as one list by expected loss. Raises NotFoundException."""
    shops, chosen = shops_listed(house, by, listing)
    shop_ids = tuple(each.shop_id for each in ((chosen,) if chosen else shops))
    settle(house, shop_ids, now, wall=clock.unwound())
    bands = VIEWS.get(listing.view, RUNNING)
    only = next((each for each in bands if listing.band == str(each.value)), None)
    is_flat = listing.order == BY_LOSS and bands == RUNNING and only is None
    kinds = tuple(each for each in DeadlineKind if each == listing.kind)
    hands = number_in(listing.person)
    assignee = None if hands is None else PersonId(hands)
    listed = today(
        house,
        by,
        now,
        shop_ids=shop_ids,
        kinds=kinds,
        assignee=assignee,
        bands=() if is_flat else (only,) if only is not None else bands,
        limit=_MORE if only is not None else _ROWS,
        after=listing.after or None,
    )
    view = listing.view if listing.view in VIEWS else "todo"
    filters = {"kind": listing.kind, "shop": listing.shop, "person": listing.person, "order": BY_LOSS if listing.order == BY_LOSS else ""}
    return {
        "today": listed,
        "groups": tuple((band, items) for band, items in listed.groups if items),
        "flat": ranked(house, by, now, shop_ids=shop_ids, kinds=kinds, assignee=assignee, limit=listing.shown) if is_flat else None,
        "longer": _longer(listing, filters),
        "orders": _orders({"view": "todo", **filters}) if bands == RUNNING else (),
        "by_loss": listing.order == BY_LOSS,
        "view": view,
        "kind": listing.kind,
        "shop": chosen,
        "person": hands,
        "shops": shops,
        "kinds": tuple(DeadlineKind),
        "live_path": listing.live_path,
        **_sums(listed, view, filters),
        **row_context(house, by, words, now, shops, listing.path),
    }


def _longer(listing: Listing, filters: dict[str, str]) -> str | None:
    """The address of the same list with more of it; None at its end."""
    if listing.shown >= _MOST:
        return None
    kept = {name: value for name, value in filters.items() if value}
    return "/today?" + urlencode({"view": "todo", **kept, "show": min(listing.shown + 2 * _MORE, _MOST)})


def _orders(query: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """The addresses of the same list in each order, each with the word that asks for it; the list by time is asked for by no word."""
    kept = {name: value for name, value in query.items() if value and name != "order"}
    return tuple((word, "/today?" + urlencode(kept | ({"order": word} if word else {}))) for word in ("", BY_LOSS))


def _sums(listed: TodayList, view: str, filters: dict[str, str]) -> dict[str, Any]:
    told = {each.band: each for each in listed.sums}
    sums = {band: told.get(band, BandSum(band, 0, Fen(0))) for band in Band}
    kept = urlencode({name: value for name, value in filters.items() if value})
    address = f"/today?{kept}&view=" if kept else "/today?view="
    return {
        "sums": sums,
        "running": RUNNING,
        "at_risk": sum(sums[band].at_risk for band in RUNNING),
        "open_count": sum(sums[band].deadlines for band in RUNNING),
        "tabs": tabs(sums, address),
        "stale": tuple(age for age in listed.ages if age.is_stale),
        "more": {band: f"{address}{view}&{urlencode({'band': band.value, 'after': cursor})}" for band, cursor in listed.more},
    }
