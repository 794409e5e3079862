"""What the shop sells: products with their variants, stock and prices in fen."""

from collections.abc import Sequence

import msgspec

from zhanggui.emulator.scenario import Ware
from zhanggui.emulator.seeded import between, one_of, salt

KINDS = (
    ("纯棉短袖T恤", 2900, ("白色", "黑色", "雾霾蓝"), ("M", "L", "XL")),
    ("不锈钢保温杯", 3980, ("500ml", "750ml"), ("银色", "墨绿")),
    ("加厚垃圾袋", 990, ("小号", "大号"), ("5卷", "10卷")),
    ("儿童雨衣", 4500, ("黄色", "粉色"), ("S", "M", "L")),
    ("蓝牙耳机", 8900, ("白色", "黑色"), ("标准版", "加长续航")),
    ("赣南脐橙", 3290, ("中果", "大果"), ("5斤", "9斤")),
    ("懒人拖鞋", 1590, ("灰色", "米色"), ("36-37", "40-41", "44-45")),
    ("折叠收纳箱", 2690, ("透明", "奶白"), ("中号", "特大号")),
)
TRAITS = ("新款", "家用", "爆款", "学生", "工厂直销", "加厚", "便携", "礼盒")
PRICE, STOCK = salt("price"), salt("stock")
ON_SHELF, OFF_SHELF = 1, 2
FIRST_GOODS, FIRST_SKU = 560_000_000_000, 1_400_000_000_000


class Sku(msgspec.Struct):
    """One variant: what it is called, what it costs, how many are left."""

    sku_id: int
    goods_index: int
    values: tuple[str, ...]
    names: tuple[str, ...]
    outer_id: str
    price: int
    single_price: int
    quantity: int
    weight: int
    is_onsale: bool = True
    held: int = 0

    @property
    def spec(self) -> str:
        """The variant as orders write it: values with commas."""
        return ",".join(self.values)


class Goods(msgspec.Struct):
    """One product."""

    goods_id: int
    name: str
    outer_goods_id: str
    created_at: int
    market_price: int
    ship_hours: int
    skus: list[Sku]
    status: int = ON_SHELF

    @property
    def image(self) -> str:
        """Where its picture would be."""
        return f"https://img.pddpic.com/goods/{self.goods_id}.jpeg"


class Catalog:
    """The shop's products, findable by id and by variant."""

    def __init__(self, seed: int, many: int, opened_at: int, shelf: Sequence[Ware] = (), percent: int = 100) -> None:
        drawn = shelf or [_drawn(seed, index, percent) for index in range(max(1, many))]
        self.goods = [_product(seed, index, opened_at, ware) for index, ware in enumerate(drawn)]
        self.skus: list[Sku] = []
        for product in self.goods:
            for sku in product.skus:
                sku.sku_id = FIRST_SKU + seed % 1000 * 10_000_000 + len(self.skus)
                self.skus.append(sku)
        self.by_id = {product.goods_id: product for product in self.goods}
        self.by_sku = {sku.sku_id: sku for sku in self.skus}

    def product_of(self, sku: Sku) -> Goods:
        """The product this variant belongs to."""
        return self.goods[sku.goods_index]


def _drawn(seed: int, index: int, percent: int) -> Ware:
    """A product nobody has named."""
    kind, base, first, second = KINDS[index % len(KINDS)]
    price = base * between(80, 130, seed, index, PRICE) // 100 * percent // 100 // 10 * 10
    return Ware(f"{one_of(TRAITS, seed, index)}{kind}{index + 1:03d}", price, one_of((48, 48, 48, 24), seed, index), first, second)


def _product(seed: int, index: int, opened_at: int, ware: Ware) -> Goods:
    """The product with this place in the catalog."""
    created = opened_at - between(30, 300, seed, index) * 86400
    ident = FIRST_GOODS + seed % 1000 * 1_000_000 + index
    product = Goods(ident, ware.name, f"G{index + 1:04d}", created, ware.price * 2, ware.ship_hours, [])
    for left in ware.first:
        for right in ware.second:
            product.skus.append(_variant(seed, index, len(product.skus), ware.price, (left, right)))
    return product


def _variant(seed: int, index: int, nth: int, price: int, values: tuple[str, str]) -> Sku:
    """One variant of a product; its id is given by the catalog."""
    own = price + nth * 100
    stock, weight = between(500, 5000, seed, index, nth, STOCK), between(100, 2000, seed, index)
    return Sku(0, index, values, ("款式", "规格"), f"G{index + 1:04d}-{nth + 1:02d}", own, own + 500, stock, weight)
