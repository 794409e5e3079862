"""Goods and stock."""

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from zhanggui.actions.goods.listing import GoodsRow, goods_list, goods_view
from zhanggui.api.asked import AtAsked, Cursor, Limit
from zhanggui.api.bearing import NEEDS
from zhanggui.api.units import FenOut, MaybeAt, NextCursor
from zhanggui.core.bridge.scopes import Scope
from zhanggui.people.permissions import NotAllowed, Permission


class SkuOut(msgspec.Struct, frozen=True, kw_only=True):
    """One variant of a product, and how much of it there is. What was never counted is null."""

    sku: str
    goods_id: str
    title: str
    spec: str | None
    code: str | None
    on_hand: int | None
    reserved: int
    free: int | None
    location: str


class GoodsOut(msgspec.Struct, frozen=True):
    """Variants, those of one product together."""

    skus: tuple[SkuOut, ...]
    next_cursor: NextCursor
    read_at: MaybeAt


class WaitingOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order that waits for the variant."""

    order_no: str
    pieces: int
    due_at: MaybeAt


class WholeSku(msgspec.Struct, frozen=True, kw_only=True):
    """One variant, the orders that wait for it, and what is missing."""

    sku: SkuOut
    waiting: tuple[WaitingOrder, ...]
    missing: int
    cost_fen: FenOut


@get("/goods", sync_to_thread=True, opt={NEEDS: Scope.GOODS_READ})
def list_goods(asked: AtAsked, q: FromQuery[str] = "", short: FromQuery[bool] = False, cursor: Cursor = "", limit: Limit = 50) -> Response[GoodsOut]:
    """Variants with their stock; `q` is a number, a code, a barcode or a word of the title, `short` only those of which more is promised than lies there."""
    page = goods_list(asked.house, asked.by, asked.shop_id, query=q or None, only_short=short, cursor=cursor or None, limit=limit)
    return asked.told(GoodsOut(tuple(map(_sku, page.rows)), page.next_cursor, page.read_at))


@get("/goods/{sku:str}", sync_to_thread=True, opt={NEEDS: Scope.GOODS_READ})
def one_sku(asked: AtAsked, sku: FromPath[str]) -> Response[WholeSku]:
    """One variant."""
    found = goods_view(asked.house, asked.by, asked.shop_id, sku, asked.now)
    if found is None:
        raise NotAllowed(Permission.GOODS_READ.value)
    waiting = tuple(WaitingOrder(order_no=each.order_no, pieces=each.pieces, due_at=each.due_at) for each in found.waiting)
    return asked.told(WholeSku(sku=_sku(found.row), waiting=waiting, missing=found.missing, cost_fen=found.cost))


def _sku(row: GoodsRow) -> SkuOut:
    return SkuOut(
        sku=row.item.sku,
        goods_id=row.item.goods_id,
        title=row.title,
        spec=row.item.spec,
        code=row.item.code,
        on_hand=row.stock.on_hand,
        reserved=row.stock.reserved,
        free=row.stock.free,
        location=row.item.location,
    )


route_handlers = (list_goods, one_sku)
