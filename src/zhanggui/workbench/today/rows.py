"""What a row of to-dos needs to draw itself, on whatever page it stands."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from zhanggui.actions.access import ShopInfo
from zhanggui.actions.house import House
from zhanggui.actions.people import colleagues
from zhanggui.actions.views import TodoItem
from zhanggui.people.members import Member
from zhanggui.people.permissions import Permission, Person
from zhanggui.words import Catalog
from zhanggui.workbench.desk import Desk, own_path
from zhanggui.workbench.places import place_of
from zhanggui.workbench.today.drawing import Reading

LONGEST_PATH = 1000
"""No list has a longer address."""


def rows_at(desk: Desk, shops: tuple[ShopInfo, ...]) -> dict[str, Any]:
    """The same for whoever asks at the desk."""
    return row_context(desk.house, desk.by, desk.words, desk.now, shops, here_path(desk))


def row_context(house: House, by: Person, words: Catalog, now: datetime, shops: tuple[ShopInfo, ...], path: str) -> dict[str, Any]:
    """What every row needs to draw itself; `path` is the list that its forms send people back to."""
    may_mark: Callable[[TodoItem], bool] = lambda item: by.may(Permission.TODO_MARK, item.shop_id)  # noqa: E731 - named for the template
    return {
        "place_of": place_of,
        "draw": Reading(words, may_mark, len(shops) > 1, path, lambda item: place_of(item).is_for(by)).draws(now),
        "may_mark": may_mark,
        "colleagues": _hands(house, by, shops),
        "many_shops": len(shops) > 1,
        "here_path": path,
    }


def here_path(desk: Desk) -> str:
    """The list that a piece of page was asked from, with its filters; where a form sends people back to. From elsewhere it is the plain Today list."""
    if not desk.is_fragment:
        return "/today"
    path = own_path(_path_of(desk.request.headers.get("HX-Current-URL", "")), "/today")
    return path if len(path) <= LONGEST_PATH else "/today"


def _hands(house: House, by: Person, shops: tuple[ShopInfo, ...]) -> tuple[Member, ...]:
    """Everybody a to-do of these shops can be handed to, once each."""
    mine = [shop.shop_id for shop in shops if by.may(Permission.TODO_MARK, shop.shop_id)]
    found = {member.person_id: member for shop_id in mine for member in colleagues(house, by, shop_id)}
    return tuple(found.values())


def _path_of(address: str) -> str:
    _, _, rest = address.partition("://")
    _, slash, path = rest.partition("/")
    return slash + path
