"""The pages of the desk, gathered in groups in the order of the bar, and who finds which there."""

import msgspec

from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person


class Page(msgspec.Struct, frozen=True):
    """One page; its name is that of its folder."""

    name: str
    href: str
    title: Say
    needs: Permission
    for_several: bool = False
    """Whether only those who see several shops find it."""


class Group(msgspec.Struct, frozen=True):
    """One entry of the bar: leads to the first of its pages; where it has several, a second row shows them while one of them is open."""

    name: str
    title: Say
    pages: tuple[Page, ...]
    also: tuple[str, ...] = ()
    """Folders of pages that one comes to from these, and that have no entry of their own."""

    @property
    def href(self) -> str:
        """Where the entry leads."""
        return self.pages[0].href

    def holds(self, here: str) -> bool:
        """Whether the page that is open is one of these, or leads on from them."""
        return here in self.also or any(page.name == here for page in self.pages)

    def beside(self, here: str) -> tuple[str | None, str | None]:
        """The names of the pages before and after the open one; from a page without an entry the first is the next one."""
        names = [page.name for page in self.pages]
        if here not in names:
            return None, names[0]
        at = names.index(here)
        return names[at - 1] if at else None, names[at + 1] if at + 1 < len(names) else None


GROUPS = (
    Group(
        "today",
        say("Today"),
        (
            Page("today", "/today", say("Today"), Permission.TODO_READ),
            Page("across", "/shops", say("All shops"), Permission.TODO_READ, for_several=True),
        ),
    ),
    Group(
        "service",
        say("Conversations"),
        (
            Page("inbox", "/inbox", say("Inbox"), Permission.CONVERSATIONS_READ),
            Page("notices", "/notices", say("Notices"), Permission.CONVERSATIONS_READ),
            Page("scripts", "/scripts", say("Scripts"), Permission.CONVERSATIONS_READ),
            Page("quality", "/quality", say("Quality"), Permission.CONVERSATIONS_READ),
        ),
    ),
    Group(
        "orders",
        say("Orders"),
        (
            Page("orders", "/orders", say("All orders"), Permission.ORDERS_READ),
            Page("abnormal", "/abnormal", say("Abnormal orders"), Permission.ORDERS_READ),
        ),
        also=("order", "search", "answers"),
    ),
    Group(
        "ship",
        say("Shipping"),
        (
            Page("ship", "/ship", say("To ship"), Permission.SHIPPING_WRITE),
            Page("pack", "/ship/pack", say("Packing check"), Permission.SHIPPING_WRITE),
            Page("waybills", "/waybills", say("Waybills"), Permission.WAYBILLS_TAKE),
            Page("plan", "/plan", say("Print plan"), Permission.ORDERS_READ),
            Page("shipping", "/shipping", say("Shipping numbers"), Permission.SHIPPING_WRITE),
        ),
    ),
    Group(
        "parcels",
        say("Parcels"),
        (
            Page("parcels", "/parcels", say("Parcels"), Permission.ORDERS_READ),
            Page("chase", "/chase", say("Chase and claim"), Permission.ORDERS_READ),
            Page("carriers", "/carriers", say("Carriers"), Permission.ORDERS_READ),
        ),
    ),
    Group(
        "aftersales",
        say("After-sales"),
        (
            Page("aftersales", "/aftersales", say("After-sales"), Permission.AFTERSALES_READ),
            Page("returns", "/returns", say("Returns"), Permission.AFTERSALES_READ),
            Page("complaints", "/complaints", say("Disputes and complaints"), Permission.AFTERSALES_READ),
            Page("reasons", "/reasons", say("Reasons and goods"), Permission.AFTERSALES_READ),
        ),
    ),
    Group(
        "standing",
        say("Standing"),
        (
            Page("overview", "/overview", say("Overview"), Permission.MONEY_READ),
            Page("standing", "/standing", say("Measures"), Permission.ORDERS_READ),
            Page("reviews", "/reviews", say("Reviews"), Permission.ORDERS_READ),
            Page("whatif", "/whatif", say("What if"), Permission.AFTERSALES_READ),
            Page("activities", "/activities", say("Activities"), Permission.ORDERS_READ),
        ),
        also=("products",),
    ),
    Group("goods", say("Goods"), (Page("goods", "/goods", say("Goods"), Permission.GOODS_READ),)),
    Group("money", say("Money"), (Page("money", "/money", say("Money"), Permission.MONEY_READ),)),
    Group(
        "house",
        say("Management"),
        (
            Page("imports", "/imports", say("Imports"), Permission.IMPORTS_READ),
            Page("rules", "/rules", say("Rules"), Permission.RULES_READ),
            Page("acts", "/acts", say("Automatic"), Permission.ACTS_READ),
            Page("automation", "/automation", say("Automation rules"), Permission.ACTS_READ),
            Page("people", "/people", say("People"), Permission.PEOPLE_READ),
            Page("settings", "/settings", say("Settings"), Permission.SETTINGS_READ),
            Page("privacy", "/privacy", say("Personal data"), Permission.PRIVACY_WRITE),
            Page("journal", "/journal", say("Journal"), Permission.ORDERS_READ),
        ),
        also=("connections", "timetable"),
    ),
)
"""A new page goes into the group of the work it belongs to; a new group only for work that is none of these."""


def groups_for(by: Person) -> tuple[Group, ...]:
    """The groups with the pages this person may open in at least one shop, empty ones left out; the keeper sees Settings also before there is a shop."""
    seen = (msgspec.structs.replace(group, pages=tuple(page for page in group.pages if _opens(by, page))) for group in GROUPS)
    return tuple(group for group in seen if group.pages)


def _opens(by: Person, page: Page) -> bool:
    if by.is_keeper and page.name == "settings":
        return True
    found = sum(by.may(page.needs, shop_id) for shop_id in by.roles)
    return by.all_shops or found >= (2 if page.for_several else 1)
