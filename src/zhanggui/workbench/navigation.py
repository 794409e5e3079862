"""The pages of the desk, in the order of the bar, and who finds which there."""

import msgspec

from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person


class Page(msgspec.Struct, frozen=True):
    """One entry of the bar."""

    name: str
    href: str
    title: Say
    needs: Permission


PAGES = (
    Page("today", "/today", say("Today"), Permission.TODO_READ),
    Page("orders", "/orders", say("Orders"), Permission.ORDERS_READ),
    Page("shipping", "/shipping", say("Shipping numbers"), Permission.SHIPPING_WRITE),
    Page("aftersales", "/aftersales", say("After-sales"), Permission.AFTERSALES_READ),
    Page("imports", "/imports", say("Imports"), Permission.IMPORTS_READ),
    Page("rules", "/rules", say("Rules"), Permission.RULES_READ),
    Page("people", "/people", say("People"), Permission.PEOPLE_READ),
    Page("settings", "/settings", say("Settings"), Permission.SETTINGS_READ),
    Page("journal", "/journal", say("Journal"), Permission.ORDERS_READ),
    Page("acts", "/acts", say("Automatic"), Permission.ACTS_READ),
)


def pages_for(by: Person) -> tuple[Page, ...]:
    """The pages this person may open in at least one shop; the house's keeper sees Settings also before there is a shop."""
    return tuple(page for page in PAGES if _opens(by, page))


def _opens(by: Person, page: Page) -> bool:
    if by.is_keeper and page.name == "settings":
        return True
    return by.all_shops or any(by.may(page.needs, shop_id) for shop_id in by.roles)
