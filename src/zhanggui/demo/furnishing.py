"""What the people of the demo told the house by hand before the week began: goods and where they lie, carriers, their visits and prices, who sends."""

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from zhanggui import clock
from zhanggui.actions import importing
from zhanggui.actions.carrier_choice.settling import bring_prices, name_carrier, set_gap, set_visits
from zhanggui.actions.goods.changing import Count, count_stock
from zhanggui.actions.goods.listing import goods_list
from zhanggui.actions.goods.own import take_stock_sheet
from zhanggui.actions.goods.reading import read_goods
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.waybills import accounts_of, refresh_accounts
from zhanggui.actions.waybills.accounts import Settings, set_account
from zhanggui.connectors.pdd.errors import PlatformError
from zhanggui.connectors.pdd.waybill import Address
from zhanggui.demo.money import furnish_money
from zhanggui.demo.story_data import story
from zhanggui.people.permissions import Person, ShopId


class Visits(msgspec.Struct, frozen=True):
    """When a carrier comes."""

    carrier: str
    times: str
    weekdays: str


class Gap(msgspec.Struct, frozen=True):
    """Where a carrier does not come."""

    carrier: str
    place: str


class Shelf(msgspec.Struct, frozen=True):
    """What lies at a place, spec by spec, and what a piece and its packing weigh."""

    goods: str
    place: str
    pieces: tuple[int, ...]
    grams: tuple[int, ...]
    packing: int


class Sender(msgspec.Struct, frozen=True):
    """Where the parcels come from."""

    province: str
    city: str
    district: str
    detail: str


class Told(msgspec.Struct, frozen=True):
    """Everything of house.toml."""

    sender_name: str
    sender_mobile: str
    sender: Sender
    prices: str
    visits: tuple[Visits, ...]
    gaps: tuple[Gap, ...]
    shelf: tuple[Shelf, ...]


@cache
def told() -> Told:
    """What was told by hand."""
    text = (files("zhanggui.demo") / "story" / "house.toml").read_text("utf-8")
    return msgspec.toml.decode(text, type=Told)


def furnish(house: House, by: Person, shop_id: ShopId) -> None:
    """Bring in the list of products, count what lies on the shelves, and name the carriers of the shop that lives by files."""
    folder = house.home / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    now = clock.now()
    listed = _sheet(folder / "商品列表.csv", list(_products()))
    batch = importing.preview(house, by, shop_id, [listed], now, as_of=now)
    importing.confirm(house, by, shop_id, batch.batch_id, now)
    take_stock_sheet(house, by, shop_id, _sheet(folder / "库存盘点.csv", list(_counted())), now)
    name_carriers(house, by, shop_id)
    furnish_money(house, by, shop_id)


def furnish_connected(house: House, by: Person, shop_id: ShopId) -> None:
    """The same of the shop on the platform: its goods are read from there, and so are its accounts for waybills. What does not answer comes later."""
    name_carriers(house, by, shop_id)
    now, wall = clock.now(), clock.unwound()
    read_goods(house, by, shop_id, now, wall)
    count_stock(house, by, shop_id, list(_lying(house, by, shop_id)), now)
    try:
        refresh_accounts(house, shop_id, now, wall)
    except (PlatformError, Refused):
        return
    for account in accounts_of(house, by, shop_id, now):
        sender = told().sender
        address = Address(sender.province, sender.city, sender.district, "", sender.detail)
        kept = Settings(
            sender_name=told().sender_name,
            sender_mobile=told().sender_mobile,
            address=address,
            low_at=LOW_AT,
            template_url=account.row.template_url or "",
            template_name=account.row.template_name or "",
        )
        set_account(house, by, shop_id, account.account_no, kept, now)


def name_carriers(house: House, by: Person, shop_id: ShopId) -> None:
    """Who fetches the parcels, when, whither not, and for how much."""
    now = clock.now()
    for visits in told().visits:
        name_carrier(house, by, shop_id, visits.carrier, now, is_used=True)
        set_visits(house, by, shop_id, visits.carrier, visits.times, visits.weekdays, now)
    for gap in told().gaps:
        set_gap(house, by, shop_id, gap.carrier, gap.place, now, comes=False)
    bring_prices(house, by, shop_id, told().prices, now)


LOW_AT = 60
PLENTY, SCARCE, EVERY_SO_MANY = 60, 3, 7
"""Of every seventh variant little is left, so that something is short now and then."""


def _lying(house: House, by: Person, shop_id: ShopId) -> Iterator[Count]:
    """How much of each variant lies there."""
    for number, row in enumerate(goods_list(house, by, shop_id, limit=200).rows):
        yield Count(row.item.sku, SCARCE if number % EVERY_SO_MANY == EVERY_SO_MANY - 1 else PLENTY + number)


def _products() -> Iterator[dict[str, str]]:
    """The list of products as a shop keeps it."""
    for goods in story().shop.goods:
        for number, spec in enumerate(goods.specs, 1):
            yield {
                "商品ID": f"{goods.goods_id}\t",
                "规格ID": f"{goods.goods_id}{number:02d}\t",
                "商品名称": goods.title,
                "规格": spec.name,
                "商家编码": f"{goods.code}-{number:02d}",
                "商品编码": goods.code,
                "上下架": "上架",
                "库存": "999",
                "拼单价(元)": f"{spec.price / 100:.2f}",
                "承诺发货时间": f"{goods.ship_hours}小时",
            }


def _counted() -> Iterator[dict[str, str]]:
    """The sheet of Monday's count."""
    goods = {one.key: one for one in story().shop.goods}
    for shelf in told().shelf:
        for number, (pieces, grams) in enumerate(zip(shelf.pieces, shelf.grams, strict=True), 1):
            one = goods[shelf.goods]
            yield {
                "规格ID": f"{one.goods_id}{number:02d}\t",
                "商家编码": f"{one.code}-{number:02d}",
                "数量": str(pieces),
                "库位": shelf.place,
                "拣货位": shelf.place,
                "重量(g)": str(grams),
                "包装重量(g)": str(shelf.packing),
            }


def _sheet(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as text:
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path
