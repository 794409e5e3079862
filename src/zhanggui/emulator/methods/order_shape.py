"""An order as the platform writes it: yuan, China time, masks always, ciphertext only while it waits to be shipped."""

from typing import Any

import msgspec

from zhanggui.emulator.moments import china_text
from zhanggui.emulator.seeded import mixed
from zhanggui.emulator.world.drawing import mind
from zhanggui.emulator.world.orders import FREE_RETURN, LUCKY, ONE_DAY, PRESALE, PROMISED, STOCK_OUT, TO_SHIP, UNDER_REVIEW, Line, Note
from zhanggui.emulator.world.people import ciphertext, masks_of, same_home
from zhanggui.emulator.world.travel import number_of
from zhanggui.emulator.world.world import World

NO_NOTE, MOST_TOLD = Note(), 20_000
MEMOS = ("请尽快发货", "送人的，请包装好", "不要放驿站", "麻烦发顺丰")


class Item(msgspec.Struct, frozen=True):
    """One line of an order."""

    goods_id: int
    sku_id: int
    goods_name: str
    goods_img: str
    goods_spec: str
    goods_price: float
    goods_count: int
    outer_id: str
    outer_goods_id: str


class Tag(msgspec.Struct, frozen=True):
    """One tag of an order, on or off."""

    name: str
    value: int


class Parcel(msgspec.Struct, frozen=True):
    """A further parcel."""

    logistics_id: int
    tracking_number: str


class OrderInfo(msgspec.Struct, frozen=True, kw_only=True):
    """The order object of the lists; the detail answers the same."""

    order_sn: str
    trade_type: int = 0
    mkt_biz_type: int = 0
    is_lucky_flag: int
    is_pre_sale: int
    gift_order_status: int = 0
    order_status: int
    refund_status: int
    after_sales_status: int
    confirm_status: int = 1
    group_status: int = 1
    group_role: int
    group_order_id: int
    risk_control_status: int
    is_stock_out: int
    stock_out_handle_status: int
    invoice_status: int = 0
    created_time: str
    pay_time: str
    confirm_time: str
    last_ship_time: str
    shipping_time: str
    receive_time: str
    updated_at: str
    urge_shipping_time: str
    promise_delivery_time: str = ""
    pre_sale_time: str
    yyps_date: str = ""
    yyps_time: str = ""
    goods_amount: float
    pay_amount: float
    discount_amount: float
    platform_discount: float
    seller_discount: float
    capital_free_discount: float = 0.0
    order_change_amount: float = 0.0
    duo_duo_pay_reduction: float = 0.0
    postage: float = 0.0
    delivery_home_value: float = 0.0
    delivery_install_value: float = 0.0
    home_install_value: float = 0.0
    service_fee_detail: tuple[Item, ...] = ()
    pay_type: str = ""
    pay_no: str = ""
    inner_transaction_id: str
    receiver_name: str | None = None
    receiver_phone: str | None = None
    receiver_address: str | None = None
    address: str | None = None
    receiver_name_mask: str | None = None
    receiver_phone_mask: str | None = None
    receiver_address_mask: str | None = None
    address_mask: str | None = None
    province: str | None = None
    province_id: int | None = None
    city: str | None = None
    city_id: int | None = None
    town: str | None = None
    town_id: int | None = None
    country: str = "中国"
    country_id: int = 0
    open_address_id: str | None = None
    open_address_id_2: str | None = None
    buyer_memo: str
    remark: str
    remark_tag: int | None
    remark_tag_name: str | None
    logistics_id: int | None
    tracking_number: str
    extra_delivery_list: tuple[Parcel, ...]
    resend_delivery_list: tuple[Parcel, ...]
    gift_delivery_list: tuple[Parcel, ...]
    shipping_type: int = 0
    item_list: tuple[Item, ...]
    gift_list: tuple[Item, ...] = ()
    free_sf: int = 0
    return_freight_payer: int
    delivery_one_day: int
    support_nationwide_warranty: int = 0
    only_support_replace: int = 0
    duoduo_wholesale: int = 0
    self_contained: int = 0
    order_tag_list: tuple[Tag, ...]
    store_info: None = None


def order_info(world: World, row: int, *, with_buyer: bool = True) -> OrderInfo:
    """The order of a row; the basic list leaves the buyer out."""
    orders, serial = world.orders, world.orders.serial[row]
    note = orders.notes.get(row, NO_NOTE)
    number = number_of(world, row)
    flags = orders.flags[row]
    mixed_bits = mixed(world.seed, serial, 77)
    buyer = _buyer_fields(world, row) if with_buyer else {}
    return OrderInfo(
        order_sn=world.order_sn(row),
        is_lucky_flag=2 if flags & LUCKY else 1,
        is_pre_sale=1 if flags & PRESALE else 0,
        order_status=orders.status[row],
        refund_status=orders.refund[row],
        after_sales_status=orders.aftersale[row],
        group_role=mixed_bits & 1,
        group_order_id=1_000_000_000_000 + mixed_bits % 10**12,
        risk_control_status=1 if flags & UNDER_REVIEW else 0,
        is_stock_out=1 if flags & STOCK_OUT else 0,
        stock_out_handle_status=0 if flags & STOCK_OUT else -1,
        pre_sale_time=china_text(orders.ship_by[row]) if flags & PRESALE else "",
        inner_transaction_id=f"TX{mixed_bits % 10**18:018d}",
        buyer_memo=orders.memos.get(row) or (MEMOS[mixed_bits >> 8 & 3] if mind(world, serial, "memo") < world.scenario.buyers.memo else ""),
        remark=note.text,
        remark_tag=note.tag or None,
        remark_tag_name=note.tag_name or None,
        logistics_id=orders.carrier[row] or None,
        tracking_number=number,
        extra_delivery_list=_parcels(world, row, 1),
        resend_delivery_list=_parcels(world, row, 2),
        gift_delivery_list=_parcels(world, row, 3),
        item_list=tuple(_item(world, line) for line in (Line(orders.sku[row], orders.many[row], orders.price[row]), *orders.more.get(row, ()))),
        gift_list=tuple(_item(world, line) for line in orders.gifts.get(row, ())),
        return_freight_payer=1 if flags & FREE_RETURN else 0,
        delivery_one_day=1 if flags & ONE_DAY else 0,
        order_tag_list=_tags(flags),
        **_times(world, row),
        **_money(world, row),
        **buyer,
    )


def order_json(world: World, row: int, *, with_buyer: bool = True) -> msgspec.Raw:
    """The same as JSON; kept until the order changes, since lists are read again and again."""
    place, key = world.order_log.place(row), (row, with_buyer)
    held = world.told.get(key)
    if held is not None and held[0] == place:
        return held[1]
    if len(world.told) >= MOST_TOLD:
        world.told.clear()
    written = msgspec.Raw(msgspec.json.encode(order_info(world, row, with_buyer=with_buyer)))
    world.told[key] = (place, written)
    return written


def _times(world: World, row: int) -> dict[str, Any]:
    """The moments of an order, empty where they were not reached."""
    orders = world.orders
    created, formed = orders.created_at[row], orders.formed_at[row]
    return {
        "created_time": china_text(created),
        "pay_time": china_text(min(formed, created + 15)),
        "confirm_time": china_text(formed),
        "last_ship_time": china_text(orders.ship_by[row]),
        "shipping_time": china_text(orders.shipped_at[row]),
        "receive_time": china_text(orders.received_at[row]),
        "updated_at": china_text(orders.updated_at[row]),
        "urge_shipping_time": china_text(orders.urged_at[row]),
    }


def _money(world: World, row: int) -> dict[str, Any]:
    """The amounts of an order, in yuan."""
    orders = world.orders
    platform, seller = orders.platform_discount[row], orders.seller_discount[row]
    return {
        "goods_amount": orders.goods_amount(row) / 100,
        "pay_amount": orders.paid(row) / 100,
        "discount_amount": (platform + seller) / 100,
        "platform_discount": platform / 100,
        "seller_discount": seller / 100,
    }


def has_ciphertext(world: World, row: int) -> bool:
    """Whether the platform hands out this order's ciphertext at the moment."""
    return world.orders.status[row] == TO_SHIP and not world.orders.has(row, UNDER_REVIEW)


def cipher_of(world: World, row: int, kind: str) -> str:
    """The ciphertext of one field of an order's buyer: name, phone, address (all of it) or detail."""
    door = f"/{world.home_of(row)}" if row in world.moved else ""
    return ciphertext(world.seed, f"{world.orders.serial[row]}/{world.orders.buyer[row]}{door}", kind)


def _buyer_fields(world: World, row: int) -> dict[str, Any]:
    """What a seller sees of the buyer."""
    buyer = world.orders.buyer[row]
    who, open_now = world.buyer_of(row), has_ciphertext(world, row)
    place, shown = who.place, masks_of(who)
    return {
        "receiver_name": cipher_of(world, row, "name") if open_now else "",
        "receiver_phone": cipher_of(world, row, "phone") if open_now else "",
        "receiver_address": cipher_of(world, row, "address") if open_now else "",
        "address": cipher_of(world, row, "detail") if open_now else "",
        "receiver_name_mask": shown.name,
        "receiver_phone_mask": shown.phone,
        "receiver_address_mask": shown.detail,
        "address_mask": shown.address,
        "province": place.province,
        "province_id": place.province_id,
        "city": place.city,
        "city_id": place.city_id,
        "town": place.town,
        "town_id": place.town_id,
        "open_address_id": same_home(world.seed + world.orders.serial[row], buyer),
        "open_address_id_2": world.home_of(row),
    }


def _item(world: World, line: Line) -> Item:
    """A line of an order, bought or given."""
    sku = world.catalog.skus[line.sku]
    product = world.catalog.product_of(sku)
    return Item(
        product.goods_id, sku.sku_id, product.name, product.image, sku.spec, line.price / 100, line.many, sku.outer_id, product.outer_goods_id
    )  # fmt: skip


def _parcels(world: World, row: int, kind: int) -> tuple[Parcel, ...]:
    """The further parcels of one kind."""
    return tuple(Parcel(extra.carrier, extra.number) for extra in world.orders.extras.get(row, ()) if extra.kind == kind)


def _tags(flags: int) -> tuple[Tag, ...]:
    """The tags of an order; those this world has no use for stay off."""
    return TAGS[flags & (FREE_RETURN | ONE_DAY | PROMISED)]


def _tag_table(flags: int) -> tuple[Tag, ...]:
    """The tags that go with these flags."""
    lit = {"return_freight_payer": flags & FREE_RETURN, "delivery_one_day": flags & ONE_DAY, "promise_delivery": flags & PROMISED}
    names = ("no_trace_delivery", "only_support_replace", "return_freight_payer", "free_sf", "delivery_one_day", "region_black_delay_shipping", "ship_hold",
             "delivery_schedule", "promise_delivery", "open_in_festival", "conso_order", "has_ship_additional")  # fmt: skip
    return tuple(Tag(name, 1 if lit.get(name) else 0) for name in names)


TAGS = {flags: _tag_table(flags) for flags in range(256) if flags & ~(FREE_RETURN | ONE_DAY | PROMISED) == 0}
