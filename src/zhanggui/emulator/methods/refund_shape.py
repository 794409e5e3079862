"""A case as the platform writes it: in the list with one coding and yuan, in the detail with another and fen."""

import msgspec
from msgspec import UNSET, UnsetType

from zhanggui.emulator.moments import china_text
from zhanggui.emulator.world.carriers import by_id
from zhanggui.emulator.world.cases import EXCHANGE, LIST_CODING, REPAIR, RESEND, SELLER_MUST_ACT, Case
from zhanggui.emulator.world.people import masks_of
from zhanggui.emulator.world.world import World


class RefundItem(msgspec.Struct, frozen=True, kw_only=True):
    """A case in the list: type 2 to 6, amounts as yuan in strings."""

    id: int
    order_sn: str
    after_sales_type: int
    after_sales_status: int
    after_sale_reason: str
    order_amount: str
    discount_amount: str
    refund_amount: str
    goods_price: str
    goods_id: int
    goods_name: str
    good_image: str
    goods_number: str
    sku_id: str
    outer_id: str
    outer_goods_id: str
    confirm_time: str
    created_time: str
    updated_time: str
    tracking_number: str
    shipping_name: str
    user_shipping_status: str
    speed_refund_flag: int
    speed_refund_status: str
    dispute_refund_status: int
    refund_operator_role: int


class ExchangeShipping(msgspec.Struct, frozen=True):
    """The two parcels of an exchange, and to whom the replacement goes (masked)."""

    customer_send_back_ship_id: int
    customer_send_back_trunk_number: str
    merchant_exchange_ship_id: int
    merchant_exchange_trunk_number: str
    exchange_goods_name: str
    exchange_goods_number: int
    exchange_goods_price: int
    sku_id_exchange: str
    merchant_exchange_detail_receiver_mask: str
    merchant_exchange_detail_phone_mask: str
    merchant_exchange_detail_address_mask: str


class RefundDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A case in detail: type 1 to 5, amounts as fen in numbers, moments as unix milliseconds."""

    id: int
    order_sn: str
    after_sales_type: int
    after_sales_status: int
    after_sales_reason: str
    remark: str
    images: list[str]
    exist_images: bool
    refund_amount: int
    order_amount: int
    goods_price: int
    discount_amount: int
    goods_number: int
    goods_id: int
    sku_id: str
    shipping_status: int
    express_no: str
    shipping_name: str
    expire_time: int | None
    join_or_not: str
    speed_refund_flag: int
    dispute_refund_status: int
    user_shipping_status: str
    recreated_at: int
    confirm_time: int
    updated_time: int
    exchange_shipping_detail: ExchangeShipping | UnsetType = UNSET


def refund_item(world: World, case: Case) -> RefundItem:
    """The case as the list shows it."""
    orders, row, sku = world.orders, case.row, world.sku_of(case.row)
    product = world.catalog.product_of(sku)
    return RefundItem(
        id=case.case_id,
        order_sn=world.order_sn(row),
        after_sales_type=LIST_CODING[case.kind],
        after_sales_status=case.status,
        after_sale_reason=case.reason,
        order_amount=yuan(orders.paid(row)),
        discount_amount=yuan(orders.platform_discount[row] + orders.seller_discount[row]),
        refund_amount=yuan(case.amount),
        goods_price=yuan(orders.price[row]),
        goods_id=product.goods_id,
        goods_name=product.name,
        good_image=product.image,
        goods_number=str(orders.many[row]),
        sku_id=str(sku.sku_id),
        outer_id=sku.outer_id,
        outer_goods_id=product.outer_goods_id,
        confirm_time=china_text(orders.formed_at[row]),
        created_time=china_text(case.created_at),
        updated_time=china_text(case.updated_at),
        tracking_number=case.return_number,
        shipping_name=carrier_name(case.return_carrier),
        user_shipping_status=str(case.claims),
        speed_refund_flag=case.speed_flag,
        speed_refund_status=case.speed_status,
        dispute_refund_status=1 if case.is_disputed else 0,
        refund_operator_role=case.operator,
    )


def refund_detail(world: World, case: Case) -> RefundDetail:
    """The case as its own page shows it; the limit only while the seller must act."""
    orders, row, sku = world.orders, case.row, world.sku_of(case.row)
    return RefundDetail(
        id=case.case_id,
        order_sn=world.order_sn(row),
        after_sales_type=case.kind,
        after_sales_status=case.status,
        after_sales_reason=case.reason,
        remark=case.remark,
        images=pictures_of(case),
        exist_images=bool(case.pictures),
        refund_amount=case.amount,
        order_amount=orders.paid(row),
        goods_price=orders.price[row],
        discount_amount=orders.platform_discount[row] + orders.seller_discount[row],
        goods_number=orders.many[row],
        goods_id=world.catalog.product_of(sku).goods_id,
        sku_id=str(sku.sku_id),
        shipping_status=1 if case.was_shipped else 0,
        express_no=case.return_number,
        shipping_name=carrier_name(case.return_carrier),
        expire_time=case.expires_at * 1000 if case.status in SELLER_MUST_ACT and case.expires_at else None,
        join_or_not="1" if case.has_joined else "0",
        speed_refund_flag=case.speed_flag,
        dispute_refund_status=1 if case.is_disputed else 0,
        user_shipping_status=str(case.claims),
        recreated_at=case.created_at * 1000,
        confirm_time=orders.formed_at[row] * 1000,
        updated_time=case.updated_at * 1000,
        exchange_shipping_detail=_exchange(world, case) if case.kind in (EXCHANGE, RESEND, REPAIR) else UNSET,
    )


def pictures_of(case: Case) -> list[str]:
    """Where the buyer's pictures would be."""
    return [f"https://img.pddpic.com/aftersales/{case.case_id}-{place}.jpeg" for place in range(case.pictures)]


def _exchange(world: World, case: Case) -> ExchangeShipping:
    """The parcels of an exchange, of a missing piece or of a repair."""
    sku, shown = world.sku_of(case.row), masks_of(world.buyer_of(case.row))
    return ExchangeShipping(
        case.return_carrier, case.return_number, case.replacement_carrier, case.replacement_number, world.catalog.product_of(sku).name,
        world.orders.many[case.row], world.orders.price[case.row], str(sku.sku_id), shown.name, shown.phone, shown.address,
    )  # fmt: skip


def yuan(fen: int) -> str:
    """Fen as yuan with two decimals."""
    return f"{fen // 100}.{fen % 100:02d}"


def carrier_name(ident: int) -> str:
    """The name of a carrier; empty for none."""
    carrier = by_id().get(ident)
    return carrier.name if carrier else ""
