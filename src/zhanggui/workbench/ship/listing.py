"""One list of the desk as a page shows it, and as it is kept in step."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec

from zhanggui.actions.dispatching.seeing import destroyed_lately
from zhanggui.actions.house import House
from zhanggui.actions.platform_carriers import carriers_now
from zhanggui.actions.shipdesk.desk import MOST, Due, Filter, View, desk
from zhanggui.actions.shipdesk.further import further_to_tell
from zhanggui.actions.shipdesk.telling import not_to_tell
from zhanggui.core.batches import KEPT, Kept, Tag
from zhanggui.people.permissions import Person, ShopId
from zhanggui.workbench.places import order_path
from zhanggui.workbench.ship.advising import advice_for
from zhanggui.workbench.ship.carriers import carrier_names
from zhanggui.workbench.ship.wording import GROUPS, HEADINGS, TAGS, VIEWS


class DeskListing(msgspec.Struct, frozen=True):
    """Which list of which shop, narrowed to what, grouped by what, from where on."""

    shop_id: ShopId
    wanted: Filter
    group: str = ""
    after: str = ""

    @property
    def live_path(self) -> str:
        """Where it is kept in step."""
        return "/live" + address(self.shop_id, self.wanted, group=self.group, after=self.after)


def list_context(house: House, by: Person, now: datetime, listing: DeskListing) -> dict[str, Any]:
    """What the list's template needs."""
    shop_id, wanted, group = listing.shop_id, listing.wanted, listing.group or None
    found = desk(house, by, shop_id, wanted, now, group_by=group, cursor=listing.after or None)
    return {
        "shop": found.shop,
        "found": found,
        "wanted": wanted,
        "view": wanted.view,
        "group": listing.group,
        "is_narrowed": bool(wanted.goods or wanted.carrier or wanted.door or wanted.tag or wanted.due),
        "address": address,
        "replace": msgspec.structs.replace,
        "views": VIEWS,
        "headings": HEADINGS,
        "groups": GROUPS,
        "tags": TAGS,
        "kept": {kept.value: sentence for kept, sentence in KEPT.items()},
        "kept_of": {each.value: each for each in Kept},
        "dues": tuple(Due),
        "most": MOST,
        "order_path": order_path,
        "carriers": carrier_names(carriers_now(house)),
        "advice": advice_for(house, by, shop_id, [row.row.order_no for row in found.rows], now) if wanted.view is View.PRINT else {},
        "not_to_tell": not_to_tell(house, by, shop_id) if wanted.view is View.TELL and found.is_connected else None,
        "further": further_to_tell(house, by, shop_id) if wanted.view is View.TELL else (),
        "destroyed": destroyed_lately(house, by, shop_id, now) if wanted.view is View.DESTROY else (),
        "first_href": address(shop_id, wanted, group=group) if listing.after else None,
        "next_href": address(shop_id, wanted, group=group, after=found.next_cursor) if found.next_cursor else None,
    }


def filter_of(view: str, goods: str, carrier: str, door: str, tag: str, due: str, filed: str, why: str = "") -> Filter:
    """The filter that an address names; words it does not know stand for nothing."""
    return Filter(
        view=next((each for each in View if each == view), View.PRINT),
        goods=goods or None,
        carrier=carrier or None,
        door=door or None,
        tag=next((each.value for each in Tag if each == tag), None),
        due=next((each for each in Due if each == due), None),
        kept=next((each for each in Kept if each == why), None),
        with_filed=bool(filed),
    )


def address(shop_id: int, wanted: Filter, **more: str | int | None) -> str:
    """The address of a list."""
    named = {
        "shop": shop_id,
        "view": wanted.view.value,
        "goods": wanted.goods,
        "carrier": wanted.carrier,
        "to": wanted.door,
        "tag": wanted.tag,
        "due": wanted.due.value if wanted.due else None,
        "filed": "1" if wanted.with_filed else None,
        "why": wanted.kept.value if wanted.kept else None,
        **more,
    }
    return "/ship?" + urlencode({name: value for name, value in named.items() if value is not None and value != ""})
