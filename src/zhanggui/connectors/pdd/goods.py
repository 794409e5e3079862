"""Products: the list, one product in detail, and the acts on them. Prices of the list and the detail are in fen."""

from typing import Any

import msgspec

from zhanggui.connectors.pdd.calls import Call, Done, act_reader, reader
from zhanggui.connectors.pdd.values import NO_RECORD, OddWire, Told, fen, flag, key, records, text, whole
from zhanggui.core.facts import Place, Sighting, SkuFacts
from zhanggui.core.money import Fen

LIST, DETAIL = "pdd.goods.list.get", "pdd.goods.detail.get"
SHELF, STOCK, PRICE = "pdd.goods.sale.status.set", "pdd.goods.quantity.update", "pdd.goods.sku.price.update"
PAGE_SIZE = 100
IN_LIST, IN_DETAIL = Place("goods_list"), Place("goods_detail")
_ON, _SOLD_OUT = 1, 3
_WHOLE_STOCK = "1"


class GoodsPage(msgspec.Struct, frozen=True):
    """A page of products, each as it came."""

    goods: tuple[msgspec.Raw, ...]
    total: int | None


class _Page(msgspec.Struct, frozen=True):
    goods_list: list[msgspec.Raw] | None = None
    total_count: Any = None


class _Listed(msgspec.Struct, frozen=True):
    goods_id: Any = None
    goods_name: Any = None
    image_url: Any = None
    thumb_url: Any = None
    is_onsale: Any = None
    sku_list: Any = None


class _Detailed(msgspec.Struct, frozen=True):
    goods_id: Any = None
    goods_name: Any = None
    status: Any = None
    shipment_limit_second: Any = None
    outer_goods_id: Any = None
    sku_list: Any = None


def goods_list(page: int, page_size: int = PAGE_SIZE) -> Call[GoodsPage]:
    """A page of all products of the shop."""
    return Call(LIST, {"page": str(page), "page_size": str(page_size)}, reader(LIST, _Page, _page))


def goods_detail(goods_id: str) -> Call[tuple[Sighting[SkuFacts], ...]]:
    """The variants of one product in detail."""
    return Call(DETAIL, {"goods_id": goods_id}, reader(DETAIL, _Detailed, _detailed))


def put_on_shelf(goods_id: str, *, on_shelf: bool) -> Call[Done]:
    """Put a product on the shelf, or take it off."""
    return _act(SHELF, {"goods_id": goods_id, "is_onsale": "1" if on_shelf else "0"})


def put_stock(goods_id: str, sku_id: str, pieces: int) -> Call[Done]:
    """Set how many pieces of a variant the platform offers."""
    return _act(STOCK, {"goods_id": goods_id, "sku_id": sku_id, "quantity": str(pieces), "update_type": _WHOLE_STOCK})


def put_prices(goods_id: str, sku_id: str, group_price: Fen, single_price: Fen) -> Call[Done]:
    """Set the two prices of a variant."""
    told = [{"sku_id": int(sku_id), "group_price": group_price, "single_price": single_price}]
    return _act(PRICE, {"goods_id": goods_id, "sku_price_list": msgspec.json.encode(told).decode()})


def listed_skus(wire: msgspec.Raw) -> tuple[Sighting[SkuFacts], ...]:
    """The variants of a product as the list tells them. Raises OddWire."""
    told = _decoded(wire)
    goods_id, product_on = key(told.goods_id, "goods_id"), flag(told.is_onsale, "is_onsale")
    common = {"goods_id": goods_id, "title": text(told.goods_name, "goods_name"), "picture": _picture(told.image_url, told.thumb_url)}
    return tuple(_sighting(_listed(sku, product_on) | common, IN_LIST) for sku in records(told.sku_list, "sku_list"))


def _listed(sku: dict[str, Told], product_on: bool | None) -> dict[str, Any]:
    """What the list tells of one variant. It parts the variant's values by blanks; orders part them by commas."""
    values = [text(one.get("spec_name", None), "spec_name") for one in records(sku.get("spec_details"), "spec_details")]
    spec = text(sku.get("spec"), "spec")
    return {
        "sku_id": key(sku.get("sku_id"), "sku_id"),
        "spec": ",".join(value for value in values if value) or spec,
        "outer_sku": text(sku.get("outer_id"), "outer_id"),
        "outer_goods": text(sku.get("outer_goods_id"), "outer_goods_id"),
        "on_shelf": _both(product_on, flag(sku.get("is_sku_onsale"), "is_sku_onsale")),
        "offered": whole(sku.get("sku_quantity"), "sku_quantity"),
        "held": whole(sku.get("reserve_quantity"), "reserve_quantity"),
    }


def _detailed(told: _Detailed) -> tuple[Sighting[SkuFacts], ...]:
    try:
        status, seconds = whole(told.status, "status"), whole(told.shipment_limit_second, "shipment_limit_second")
        common = {
            "goods_id": key(told.goods_id, "goods_id"),
            "title": text(told.goods_name, "goods_name"),
            "outer_goods": text(told.outer_goods_id, "outer_goods_id"),
            "promised_hours": seconds // 3600 if seconds else None,
        }
        product_on = None if status is None else status in (_ON, _SOLD_OUT)
        return tuple(_sighting(_detailed_sku(sku, product_on) | common, IN_DETAIL) for sku in records(told.sku_list, "sku_list"))
    except OddWire as odd:
        raise msgspec.ValidationError(str(odd)) from None


def _detailed_sku(sku: dict[str, Told], product_on: bool | None) -> dict[str, Any]:
    values = [text(one.get("spec_name", None), "spec_name") for one in records(sku.get("spec"), "spec")]
    weight = whole(sku.get("weight"), "weight")
    return {
        "sku_id": key(sku.get("sku_id"), "sku_id"),
        "spec": ",".join(value for value in values if value) or None,
        "outer_sku": text(sku.get("out_sku_sn"), "out_sku_sn"),
        "on_shelf": _both(product_on, flag(sku.get("is_onsale"), "is_onsale")),
        "offered": whole(sku.get("quantity"), "quantity"),
        "held": whole(sku.get("reserve_quantity"), "reserve_quantity"),
        "group_price": fen(sku.get("multi_price"), "multi_price"),
        "single_price": fen(sku.get("price"), "price"),
        "weight_g": weight or None,
    }


def _sighting(values: dict[str, Any], place: Place) -> Sighting[SkuFacts]:
    """The variant; what the wire leaves open it does not speak of."""
    told = {name: value for name, value in values.items() if value is not None}
    return Sighting(SkuFacts(**told), frozenset(told), place)


def _both(product: bool | None, variant: bool | None) -> bool | None:
    if product is False or variant is False:
        return False
    return product if variant is None else variant


def _picture(*told: Told) -> str | None:
    found = next((address for one in told if (address := text(one, "image_url"))), None)
    return found if found and found.startswith("https://") and len(found) <= 1000 else None


def _decoded(wire: msgspec.Raw) -> _Listed:
    try:
        return msgspec.json.decode(wire, type=_Listed)
    except msgspec.DecodeError as problem:
        raise OddWire(NO_RECORD, "goods_list", "") from problem


def _page(told: _Page) -> GoodsPage:
    try:
        return GoodsPage(tuple(told.goods_list or ()), whole(told.total_count, "total_count"))
    except OddWire as odd:
        raise msgspec.ValidationError(str(odd)) from None


def _act(method: str, params: dict[str, str]) -> Call[Done]:
    return Call(method, params, act_reader(method), is_act=True)
