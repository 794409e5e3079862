"""The Goods pages: the list, one SKU, and the sheet that is taken in."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import get, post
from litestar.datastructures import UploadFile
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, MultipartBody, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.cases.exceptions import goods_exception
from zhanggui.actions.goods.listing import goods_list, goods_view
from zhanggui.actions.goods.own import SheetTaken, name_goods, take_stock_sheet
from zhanggui.actions.platform import connected_shops
from zhanggui.actions.refused import Refused
from zhanggui.connectors.files.stock_sheets import headers
from zhanggui.core.cases.no_reason import NoReasonException
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, Desk, back_to, number_in, shop_number
from zhanggui.workbench.goods.places import goods_path
from zhanggui.workbench.imports.spool import put_down
from zhanggui.workbench.places import order_path

_LONGEST_QUERY = 100


class SheetForm(msgspec.Struct):
    """The sheet, and the shop it is for."""

    shop: str
    files: list[Any] = msgspec.field(default_factory=list)
    """One UploadFile; where no file was chosen, browsers send an empty text."""


class NameForm(msgspec.Struct, frozen=True):
    """The code by which goods go in the shop."""

    code: str = ""


@get("/goods", sync_to_thread=True)
def goods_page(desk: AtDesk, shop: FromQuery[str] = "", number: FromQuery[str] = "", show: FromQuery[str] = "", after: FromQuery[str] = "") -> Template:
    """The shop's goods, those of one product together."""
    return _page(desk, shop, number.strip()[:_LONGEST_QUERY], show, after, None)


@post("/goods", opt={"upload": True}, sync_to_thread=True, status_code=200)
def put_stock_sheet(desk: AtDesk, data: MultipartBody[SheetForm]) -> Template:
    """Takes a stock sheet in and tells what it brought."""
    shop_id = number_in(data.shop)
    uploads = [upload for upload in data.files if isinstance(upload, UploadFile) and upload.filename]
    if shop_id is None or len(uploads) != 1:
        raise Refused(say("Choose the sheet first: one file."))
    shop = desk.by.need(Permission.GOODS_WRITE, shop_number(shop_id))
    with put_down(desk.house.home, uploads) as paths:
        taken = take_stock_sheet(desk.house, desk.by, shop, paths[0], desk.now)
    return _page(desk, data.shop, "", "", "", taken)


@get("/shops/{shop_id:int}/goods", sync_to_thread=True)
def sku_page(desk: AtDesk, shop_id: FromPath[int], sku: FromQuery[str] = "", before: FromQuery[str] = "", done: FromQuery[str] = "") -> Template:
    """One SKU with everything known of it."""
    shop = desk.chosen(desk.shops(Permission.GOODS_READ), str(shop_id))
    if shop is None:
        raise NotFoundException
    view = goods_view(desk.house, desk.by, shop.shop_id, sku, desk.now, before=number_in(before) if before else None)
    if view is None:
        raise NotFoundException
    facts = view.row.facts
    may_tell = desk.by.may(Permission.ACTS_SEND, shop.shop_id) and facts is not None and facts.goods_id is not None
    here = goods_path(shop.shop_id, sku)
    return desk.page(
        "goods/sku.html",
        shop=shop,
        view=view,
        row=view.row,
        may_write=desk.by.may(Permission.GOODS_WRITE, shop.shop_id),
        may_tell=may_tell and shop.shop_id in connected_shops(desk.house),
        goods_path=goods_path,
        order_path=order_path,
        here_href=here,
        older_href=f"{here}&{urlencode({'before': view.next_change})}#stock" if view.next_change else None,
        newest_href=f"{here}#stock" if before else None,
        done=_DONE.get(done),
        exceptions=tuple(NoReasonException),
        exception=goods_exception(desk.house, desk.by, shop.shop_id, view.row.item.goods_id) if view.row.item.goods_id else None,
    )


@post("/shops/{shop_id:int}/goods/names", sync_to_thread=True)
def put_name_of_goods(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[NameForm]) -> Redirect:
    """Makes goods known by the seller's own code."""
    return back_to(goods_path(shop_number(shop_id), name_goods(desk.house, desk.by, shop_number(shop_id), data.code, desk.now)))


def _page(desk: Desk, shop: str, number: str, show: str, after: str, taken: SheetTaken | None) -> Template:
    shops = desk.shops(Permission.GOODS_READ)
    chosen = desk.chosen(shops, shop) or (shops[0] if shops else None)
    listed = None
    if chosen is not None:
        listed = goods_list(desk.house, desk.by, chosen.shop_id, query=number or None, only_short=show == "short", cursor=after or None)
    kept = {"shop": str(chosen.shop_id) if chosen else "", "number": number, "show": show}
    return desk.page(
        "goods/page.html",
        shops=shops,
        shop=chosen,
        listed=listed,
        number=number,
        show=show,
        taken=taken,
        may_write=chosen is not None and desk.by.may(Permission.GOODS_WRITE, chosen.shop_id),
        sheet_headers=headers(),
        goods_path=goods_path,
        all_href=_address({"shop": kept["shop"]}),
        short_href=_address({"shop": kept["shop"], "show": "short"}),
        next_href=_address(kept | {"after": listed.next_cursor}) if listed and listed.next_cursor else None,
        first_href=_address(kept) if after else None,
    )


def _address(filters: dict[str, str]) -> str:
    kept = urlencode({name: value for name, value in filters.items() if value})
    return f"/goods?{kept}" if kept else "/goods"


_DONE = {
    "stock": say("The stock was changed; the journal below tells how."),
    "own": say("Kept."),
    "told": say("It is on its way to the platform; Automatic handling shows what becomes of it."),
}
