"""Pages of several lists of one shop: how they are opened, their tabs, and the addresses of a list and of its next part."""

from collections.abc import Mapping
from urllib.parse import urlencode

import msgspec
from litestar.exceptions import NotFoundException

from zhanggui.actions.access import ShopInfo
from zhanggui.core.say import Say
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import Desk

Tab = tuple[str, Say, str]
"""A list's name, its title and its address."""


class Lists(msgspec.Struct, frozen=True):
    """The page's address, who may see it, and its lists by name."""

    here: str
    permission: Permission
    views: Mapping[str, Say]

    def opened(self, desk: Desk, view: str, shop: str) -> ShopInfo | None:
        """The shop that is meant, the first where none is named; None where the person has none. A list that there is not is not found."""
        if view not in self.views:
            raise NotFoundException
        shops = desk.shops(self.permission)
        return desk.chosen(shops, shop) or (shops[0] if shops else None)

    def tabs(self, shop: ShopInfo | None) -> tuple[Tab, ...]:
        """Every list of that shop."""
        return tuple((name, title, self.address(name, shop)) for name, title in self.views.items())

    def address(self, view: str, shop: ShopInfo | None, **more: str) -> str:
        """The address of a list, with whatever else it is told; what is blank is left out."""
        told = {"view": view} | ({"shop": str(shop.shop_id)} if shop else {}) | {name: value for name, value in more.items() if value}
        return f"{self.here}?{urlencode(told)}"

    def next_of(self, view: str, shop: ShopInfo, cursor: str | None, *, over: bool = False) -> str | None:
        """The address of the next part of a list, None at its end."""
        return None if cursor is None else self.address(view, shop, after=cursor, over="1" if over else "")
