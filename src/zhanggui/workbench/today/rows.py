"""What a row of to-dos needs to draw itself, on whatever page it stands."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from zhanggui.actions.access import ShopInfo
from zhanggui.actions.people import colleagues
from zhanggui.actions.views import TodoItem
from zhanggui.people.members import Member
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import Desk, own_path
from zhanggui.workbench.places import place_of


def row_context(desk: Desk, shops: tuple[ShopInfo, ...]) -> dict[str, Any]:
    """What every row needs to draw itself."""
    may_mark: Callable[[TodoItem], bool] = lambda item: desk.by.may(Permission.TODO_MARK, item.shop_id)  # noqa: E731 - named for the template
    return {
        "place_of": place_of,
        "may_mark": may_mark,
        "colleagues": _hands(desk, shops),
        "many_shops": len(shops) > 1,
        "here_path": here_path(desk),
    }


def _hands(desk: Desk, shops: tuple[ShopInfo, ...]) -> tuple[Member, ...]:
    """Everybody a to-do of these shops can be handed to, once each."""
    mine = [shop.shop_id for shop in shops if desk.by.may(Permission.TODO_MARK, shop.shop_id)]
    found = {member.person_id: member for shop_id in mine for member in colleagues(desk.house, desk.by, shop_id)}
    return tuple(found.values())


def here_path(desk: Desk) -> str:
    """The Today list a person came from, with its filters; where a form sends them back to."""
    if desk.is_fragment:
        return own_path(_path_of(desk.request.headers.get("HX-Current-URL", "")), "/today")
    url = desk.request.url
    if url.path != "/today":
        return "/today"
    kept = [(name, value) for name, value in desk.request.query_params.multi_items() if name != "marked" and value]
    return "/today" + (f"?{urlencode(kept)}" if kept else "")


def _path_of(address: str) -> str:
    _, _, rest = address.partition("://")
    _, slash, path = rest.partition("/")
    return slash + path
