"""The list of alerts as a page shows it, and as it is kept in step."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec

from zhanggui.actions.access import ShopInfo
from zhanggui.actions.alerting.seeing import AlertView, alerts_seen
from zhanggui.actions.house import House
from zhanggui.actions.shops import shops_seen
from zhanggui.core.alerts.matters import AlertState
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person
from zhanggui.workbench.desk import chosen_of
from zhanggui.workbench.places import TodoPlace

STATES = {AlertState.OPEN: say("Nobody has acknowledged"), AlertState.ACKNOWLEDGED: say("Acknowledged"), AlertState.ENDED: say("Ended")}
SENDS: dict[str, Say] = {
    "waiting": say("waits to be sent"),
    "sending": say("is being sent"),
    "sent": say("sent"),
    "unsure": say("may have arrived, is sent again"),
    "failed": say("not sent"),
    "withdrawn": say("taken back"),
}
STAGES: dict[str, Say] = {"warned": say("ahead of time"), "escalated": say("to the next person"), "overdue": say("once overdue")}


class AlertListing(msgspec.Struct, frozen=True):
    """Which alerts: in which state, of which shop, from where on."""

    view: str = ""
    shop: str = ""
    after: str = ""

    @property
    def of_state(self) -> AlertState:
        """The state; the open ones where none is named."""
        return AlertState(self.view) if self.view in set(AlertState) else AlertState.OPEN

    def path(self, base: str = "/alerts", **changes: str) -> str:
        """The address of this list, or of one that differs."""
        told = {name: value for name, value in {**msgspec.structs.asdict(self), **changes}.items() if value}
        return f"{base}?{urlencode(told)}" if told else base


def shops_listed(house: House, by: Person, listing: AlertListing) -> tuple[tuple[ShopInfo, ...], ShopInfo | None]:
    """The shops whose to-dos this person sees, and the one that was chosen."""
    shops = tuple(shop for shop in shops_seen(house, by) if by.may(Permission.TODO_READ, shop.shop_id))
    return shops, chosen_of(shops, listing.shop)


def list_context(house: House, by: Person, now: datetime, listing: AlertListing) -> dict[str, Any]:
    """What the list's template needs."""
    shops, shop = shops_listed(house, by, listing)
    page = alerts_seen(house, by, now, state=listing.of_state, shop_ids=[shop.shop_id] if shop else None, cursor=listing.after or None)
    may_mark = {each.shop_id for each in shops if by.may(Permission.TODO_MARK, each.shop_id)}
    by_shop: dict[int, list[int]] = {}
    for alert in page.alerts:
        if alert.shop_id in may_mark:
            by_shop.setdefault(alert.shop_id, []).append(alert.alert_no)
    return {
        "listing": listing,
        "state": listing.of_state,
        "states": STATES,
        "sends": SENDS,
        "stages": STAGES,
        "shops": shops,
        "shop": shop,
        "many_shops": len(shops) > 1,
        "page": page,
        "may_mark": may_mark,
        "by_shop": by_shop,
        "is_told": any(alert.said for alert in page.alerts),
        "place_of": place_of,
    }


def place_of(alert: AlertView) -> TodoPlace:
    """Where the to-do of an alert is found."""
    return TodoPlace(alert.shop_id, alert.subject, alert.kind, alert.order_no)
