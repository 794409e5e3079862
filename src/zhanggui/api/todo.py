"""What to do next, and the shop itself."""

from enum import StrEnum

import msgspec
from litestar import get
from litestar.params import FromQuery
from litestar.response import Response

from zhanggui.actions.refused import Refused
from zhanggui.actions.shops import shop_of_token
from zhanggui.actions.today import today
from zhanggui.actions.today import todo as ranked
from zhanggui.api.asked import AtAsked, Cursor, Limit
from zhanggui.api.bearing import NEEDS
from zhanggui.api.deadlines import TodoOut, todo_out
from zhanggui.api.units import At, FenOut, NextCursor
from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.deadlines import Band
from zhanggui.core.say import say


class BandAsked(StrEnum):
    """The bands of the list, the most urgent first."""

    OVERDUE = "overdue"
    HOUR = "hour"
    TODAY = "today"
    LATER = "later"


class AgeOut(msgspec.Struct, frozen=True):
    """How fresh one kind of fact is."""

    kind: str
    as_of: At
    is_stale: bool


class BandOut(msgspec.Struct, frozen=True):
    """How many to-dos stand in a band, and the money at risk in them."""

    band: str
    todos: int
    at_risk_fen: FenOut


class ShopOut(msgspec.Struct, frozen=True, kw_only=True):
    """The one shop that the token is of."""

    shop_id: int
    name: str
    now: At
    """The house's own moment, by which everything is counted."""
    bands: tuple[BandOut, ...]
    ages: tuple[AgeOut, ...]


class ShopsOut(msgspec.Struct, frozen=True):
    """The shops that the token sees: one."""

    shops: tuple[ShopOut, ...]


class TodosOut(msgspec.Struct, frozen=True):
    """What to do, the greatest expected loss first; of one band in its order, with a cursor to go on."""

    todo: tuple[TodoOut, ...]
    next_cursor: NextCursor


@get("/shops", sync_to_thread=True, opt={NEEDS: Scope.SHOP_READ})
def list_shops(asked: AtAsked) -> Response[ShopsOut]:
    """The shop of the token, how many to-dos stand in each band, and how old its data are."""
    shop = shop_of_token(asked.house, asked.by, asked.shop_id)
    listed = today(asked.house, asked.by, asked.now, shop_ids=[asked.shop_id], bands=(), limit=1)
    bands = tuple(BandOut(each.band.name.lower(), each.deadlines, each.at_risk) for each in listed.sums)
    ages = tuple(AgeOut(age.kind.value, age.as_of, age.is_stale) for age in listed.ages)
    return asked.told(ShopsOut((ShopOut(shop_id=shop.shop_id, name=shop.name, now=asked.now, bands=bands, ages=ages),)))


@get("/todo", sync_to_thread=True, opt={NEEDS: Scope.TODO_READ})
def list_todo(asked: AtAsked, band: FromQuery[BandAsked | None] = None, cursor: Cursor = "", limit: Limit = 50) -> Response[TodosOut]:
    """What to do next, each with its verdict and what leaving it costs. With `band` the whole of that band, page by page; without, the first of all bands."""
    if band is None:
        if cursor:
            raise Refused(say("Name the band that the cursor goes on in."))
        found = ranked(asked.house, asked.by, asked.shop_id, asked.now, limit)
        return asked.told(TodosOut(tuple(todo_out(asked, item) for item in found), None))
    chosen = Band[band.name]
    page = today(asked.house, asked.by, asked.now, shop_ids=[asked.shop_id], bands=(chosen,), limit=limit, after=cursor or None)
    items = tuple(todo_out(asked, item) for _, group in page.groups for item in group)
    return asked.told(TodosOut(items, dict(page.more).get(chosen)))


route_handlers = (list_shops, list_todo)
