"""Products: lists, details, shelf, stock, prices, pictures."""

import base64
import binascii
import hashlib

import msgspec

from zhanggui.emulator.methods.registry import GOODS, Call, Success, method
from zhanggui.emulator.moments import DAY
from zhanggui.emulator.wire import errors
from zhanggui.emulator.world.goods import OFF_SHELF, ON_SHELF, Goods, Sku

HIGHEST_FEN, MOST_STOCK = 99_999_900, 100_000_000
PICTURES = "https://img.pddpic.com/open-gw"


class SpecDetail(msgspec.Struct, frozen=True):
    """One value of a variant."""

    parent_id: int
    parent_name: str
    spec_id: int
    spec_name: str
    spec_note: str = ""


class ListedSku(msgspec.Struct, frozen=True):
    """A variant in the list; its values are parted by a blank."""

    sku_id: int
    spec: str
    spec_details: list[SpecDetail]
    sku_quantity: int
    reserve_quantity: int
    outer_id: str
    outer_goods_id: str
    is_sku_onsale: int


class ListedGoods(msgspec.Struct, frozen=True):
    """A product in the list."""

    goods_id: int
    goods_name: str
    thumb_url: str
    image_url: str
    is_onsale: int
    is_more_sku: int
    goods_quantity: int
    goods_reserve_quantity: int
    created_at: int
    sku_list: list[ListedSku]


class GoodsPage(msgspec.Struct, frozen=True):
    """A page of products."""

    goods_list: list[ListedGoods]
    total_count: int


class DetailSku(msgspec.Struct, frozen=True):
    """A variant in detail; prices in fen."""

    sku_id: int
    multi_price: int
    price: int
    quantity: int
    reserve_quantity: int
    out_sku_sn: str
    is_onsale: int
    spec: list[SpecDetail]
    thumb_url: str
    weight: int


class GoodsDetail(msgspec.Struct, frozen=True):
    """A product in detail: status 1 on the shelf, 2 off, 3 sold out."""

    goods_id: int
    goods_name: str
    status: int
    goods_type: int
    cat_id: int
    shipment_limit_second: int
    market_price: int
    outer_goods_id: str
    sku_list: list[DetailSku]


class SkuPrice(msgspec.Struct, frozen=True):
    """New prices of a variant, in fen."""

    sku_id: int
    group_price: int = 0
    single_price: int = 0
    is_onsale: int | None = None


class Committed(msgspec.Struct, frozen=True):
    """A change of prices that was taken."""

    goods_commit_id: int
    is_success: bool = True


class PictureUrl(msgspec.Struct, frozen=True):
    """Where an uploaded picture is."""

    url: str


class OldPictureUrl(msgspec.Struct, frozen=True):
    """The same as the older method names it."""

    image_url: str


def product_of(call: Call) -> Goods:
    """The product named in a call."""
    product = call.world.catalog.by_id.get(call.args.integer("goods_id"))
    if product is None:
        raise errors.business("GOODS_NOT_FOUND", "商品不存在")
    return product


@method("pdd.goods.list.get", GOODS)
def goods_list(call: Call) -> GoodsPage:
    """A page of the shop's products, by at most one filter: shelf before SKU code before name."""
    page = call.args.page()
    found = [product for product in call.world.catalog.goods if _is_wanted(call, product)]
    return GoodsPage([_listed(product) for product in found[page.begins : page.begins + page.size]], len(found))


def _is_wanted(call: Call, product: Goods) -> bool:
    """Whether a product fits the first filter that was sent."""
    args = call.args
    if shelf := args.text("is_onsale", ""):
        return (product.status == ON_SHELF) == (shelf == "1")
    if code := args.text("outer_id", ""):
        return any(sku.outer_id == code for sku in product.skus)
    if name := args.text("goods_name", ""):
        return name in product.name
    if codes := args.text("outer_goods_id", ""):
        return product.outer_goods_id in codes.split(",")
    if args.text("created_at_from", ""):
        begins, ends = args.window("created_at_from", "created_at_end", 7 * DAY, "创建时间跨度不能超过7天")
        return begins <= product.created_at <= ends
    return True


def _listed(product: Goods) -> ListedGoods:
    """A product as the list shows it."""
    skus = [
        ListedSku(sku.sku_id, " ".join(sku.values), _specs(sku), sku.quantity, sku.held, sku.outer_id, product.outer_goods_id, int(sku.is_onsale))
        for sku in product.skus
    ]
    return ListedGoods(
        product.goods_id, product.name, product.image, product.image, int(product.status == ON_SHELF), int(len(skus) > 1),
        sum(max(0, sku.quantity) for sku in product.skus), 0, product.created_at, skus,
    )  # fmt: skip


def _specs(sku: Sku) -> list[SpecDetail]:
    """The values of a variant, one by one."""
    return [
        SpecDetail(1200 + place, name, sku.sku_id * 10 + place, value)
        for place, (name, value) in enumerate(zip(sku.names, sku.values, strict=True))
    ]  # fmt: skip


@method("pdd.goods.detail.get", GOODS)
def goods_detail(call: Call) -> GoodsDetail:
    """One product in detail."""
    product = product_of(call)
    sold_out = product.status == ON_SHELF and not any(sku.quantity > 0 for sku in product.skus)
    skus = [
        DetailSku(sku.sku_id, sku.price, sku.single_price, sku.quantity, sku.held, sku.outer_id, int(sku.is_onsale), _specs(sku), product.image, sku.weight)
        for sku in product.skus
    ]
    status = 3 if sold_out else product.status
    return GoodsDetail(product.goods_id, product.name, status, 1, 8439, product.ship_hours * 3600, product.market_price, product.outer_goods_id, skus)


@method("pdd.goods.sale.status.set", GOODS)
def shelf(call: Call) -> Success:
    """Put a product on the shelf or take it off."""
    product = product_of(call)
    product.status = ON_SHELF if call.args.among("is_onsale", (0, 1)) else OFF_SHELF
    call.did("goods.shelf", product.goods_id)
    call.world.tell("pdd_goods_GoodsOnShelf" if product.status == ON_SHELF else "pdd_goods_GoodsOffShelf", goods_id=product.goods_id)
    return Success()


@method("pdd.goods.quantity.update", GOODS)
def stock(call: Call) -> Success:
    """Set the stock of a variant, or add to it; the variant's id wins over its code."""
    args, product = call.args, product_of(call)
    ident, code = args.integer("sku_id", 0), args.text("outer_id", "")
    sku = next((each for each in product.skus if (each.sku_id == ident if ident else each.outer_id == code)), None)
    if sku is None:
        raise errors.business("SKU_NOT_FOUND", "规格不存在")
    wanted = args.integer("quantity") + (sku.quantity if args.among("update_type", (1, 2), 1) == 2 else 0)
    if not 0 <= wanted <= MOST_STOCK:
        raise errors.business("QUANTITY_NEGATIVE" if wanted < 0 else "QUANTITY_TOO_LARGE", "库存不能小于0，也不能超过上限")
    sku.quantity = wanted
    call.did("goods.stock", sku.sku_id)
    return Success()


@method("pdd.goods.sku.price.update", GOODS)
def price(call: Call) -> Committed:
    """Set the prices of variants, in fen; the group price must stay below the single one."""
    product, args = product_of(call), call.args
    changes = args.document("sku_price_list", list[SkuPrice])
    held = {sku.sku_id: sku for sku in product.skus}
    for change in changes:
        if change.sku_id not in held:
            raise errors.business("SKU_NOT_FOUND", f"规格不存在:{change.sku_id}")
        group, single = change.group_price or held[change.sku_id].price, change.single_price or held[change.sku_id].single_price
        if not 0 < group < single <= HIGHEST_FEN:
            raise errors.business("PRICE_INVALID", "团购价须小于单买价，且不超过上限")
    for change in changes:
        sku = held[change.sku_id]
        sku.price, sku.single_price = change.group_price or sku.price, change.single_price or sku.single_price
        call.did("goods.price", sku.sku_id)
    return Committed(product.goods_id * 1000 + call.platform.calls % 1000)


@method("pdd.goods.img.upload", GOODS)
def picture(call: Call) -> PictureUrl:
    """Say where an uploaded picture is; only the upload gateway brings a file."""
    digest = call.file_digest
    if not digest:
        raise errors.missing("file")
    call.did("picture.uploaded", digest)
    return PictureUrl(f"{PICTURES}/{digest}.jpeg")


@method("pdd.goods.image.upload", GOODS)
def old_picture(call: Call) -> OldPictureUrl:
    """Take a picture as a data URL through the ordinary gateway."""
    _, _, data = call.args.text("image").partition("base64,")
    try:
        digest = hashlib.sha256(base64.b64decode(data, validate=True)).hexdigest()[:32]
    except binascii.Error as failed:
        raise errors.wrong("image", "不是base64图片") from failed
    call.did("picture.uploaded", digest)
    return OldPictureUrl(f"{PICTURES}/{digest}.jpeg")
