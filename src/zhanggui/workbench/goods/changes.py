"""The forms of a SKU's page: stock, what the shop knows of it, what the platform is told."""

from contextlib import suppress

import msgspec
from litestar import post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from zhanggui.actions.cases.exceptions import mark_goods
from zhanggui.actions.goods.changing import Count, bring_in, count_stock, move_stock, take_out
from zhanggui.actions.goods.own import Own, keep_own
from zhanggui.actions.goods.telling import tell_platform
from zhanggui.actions.once import DoneBefore
from zhanggui.actions.refused import Refused
from zhanggui.connectors.files.cells import NotUnderstood, money
from zhanggui.core.acts.goods import GoodsRequest, PutOnShelf, PutPrices, PutStock
from zhanggui.core.cases.no_reason import NoReasonException
from zhanggui.core.money import Fen
from zhanggui.core.say import say
from zhanggui.people.permissions import ShopId
from zhanggui.workbench.desk import AtDesk, Desk, back_to, number_in, shop_number
from zhanggui.workbench.goods.places import goods_path
from zhanggui.workbench.once import once_of


class StockForm(msgspec.Struct, frozen=True):
    """A change of stock: which, how many pieces, where, and why."""

    sku: str = ""
    deed: str = ""
    pieces: str = ""
    location: str = ""
    target: str = ""
    reason: str = ""
    once: str = ""


class OwnForm(msgspec.Struct, frozen=True):
    """What the shop knows of a SKU."""

    sku: str = ""
    weight_g: str = ""
    packing_g: str = ""
    barcodes: str = ""
    location: str = ""
    warn_at: str = ""


class ExceptionForm(msgspec.Struct, frozen=True):
    """Why a product cannot be sent back without a reason; blank where it can."""

    sku: str = ""
    goods_id: str = ""
    exception: str = ""


class OfferForm(msgspec.Struct, frozen=True):
    """What the platform is to offer."""

    sku: str = ""
    goods_id: str = ""
    title: str = ""
    deed: str = ""
    pieces: str = ""
    group_price: str = ""
    single_price: str = ""


@post("/shops/{shop_id:int}/goods/stock", sync_to_thread=True)
def put_stock_change(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[StockForm]) -> Redirect:
    """Counts, brings in, takes out or moves."""
    with suppress(DoneBefore):
        _change_stock(desk, shop_number(shop_id), data)
    return back_to(goods_path(shop_number(shop_id), data.sku), done="stock")


def _change_stock(desk: Desk, shop: ShopId, data: StockForm) -> None:
    by, house, now, pieces, once = desk.by, desk.house, desk.now, _whole(data.pieces), once_of(desk, data)
    match data.deed:
        case "count":
            count_stock(house, by, shop, [Count(data.sku, pieces, data.location.strip(), data.reason)], now)
        case "bring_in":
            bring_in(house, by, shop, data.sku, pieces, now, location=data.location, reason=data.reason, once=once)
        case "take_out":
            take_out(house, by, shop, data.sku, pieces, now, location=data.location, reason=data.reason, once=once)
        case "move":
            move_stock(house, by, shop, data.sku, pieces, now, source=data.location, target=data.target, reason=data.reason, once=once)
        case _:
            raise Refused(say("Choose what happened to the stock."))


@post("/shops/{shop_id:int}/goods/own", sync_to_thread=True)
def put_own_facts(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[OwnForm]) -> Redirect:
    """Keeps what the shop knows of a SKU; a blank field forgets what stood there."""
    barcodes = tuple(dict.fromkeys(data.barcodes.replace(",", " ").replace("，", " ").split()))
    own = Own(
        weight_g=_number(data.weight_g),
        packing_g=_number(data.packing_g),
        barcodes=barcodes,
        location=data.location.strip(),
        warn_at=_number(data.warn_at),
    )
    keep_own(desk.house, desk.by, shop_number(shop_id), data.sku, own, desk.now)
    return back_to(goods_path(shop_number(shop_id), data.sku), done="own")


@post("/shops/{shop_id:int}/goods/no_reason", sync_to_thread=True)
def put_exception(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[ExceptionForm]) -> Redirect:
    """Keeps whether the seven days without a reason hold for a product."""
    if data.exception and data.exception not in set(NoReasonException):
        raise Refused(say("This form is out of date. Load the page again."))
    mark_goods(desk.house, desk.by, shop_number(shop_id), data.goods_id, NoReasonException(data.exception) if data.exception else None, desk.now)
    return back_to(goods_path(shop_number(shop_id), data.sku), done="own")


@post("/shops/{shop_id:int}/goods/offer", sync_to_thread=True)
def put_offer(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[OfferForm]) -> Redirect:
    """Tells the platform what to offer; it goes through the door out."""
    tell_platform(desk.house, desk.by, shop_number(shop_id), _request(desk, data), desk.now)
    return back_to(goods_path(shop_number(shop_id), data.sku), done="told")


def _request(_desk: Desk, data: OfferForm) -> GoodsRequest:
    title = data.title[:80]
    match data.deed:
        case "stock":
            return PutStock(goods_id=data.goods_id, sku_id=data.sku, pieces=_whole(data.pieces), title=title)
        case "prices":
            return PutPrices(goods_id=data.goods_id, sku_id=data.sku, group_price=_fen(data.group_price), single_price=_fen(data.single_price), title=title)
        case "shelf_on" | "shelf_off":
            return PutOnShelf(goods_id=data.goods_id, on_shelf=data.deed == "shelf_on", title=title)
        case _:
            raise Refused(say("Choose what the platform is to be told."))


def _whole(typed: str) -> int:
    found = number_in(typed.strip())
    if found is None:
        raise Refused(say("{typed} is not a whole number.", typed=typed[:40]))
    return found


def _number(typed: str) -> int | None:
    return _whole(typed) if typed.strip() else None


def _fen(typed: str) -> Fen:
    try:
        amount = money(typed.strip())
    except NotUnderstood:
        amount = None
    if amount is None:
        raise Refused(say("{typed} is no amount. Write it in yuan, like 12.50.", typed=typed[:40]))
    return amount
