"""Orders for the benches: many, different, and as full of particulars as those of a real export."""

import csv
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from zhanggui.core.facts import OrderFacts, OrderStage, RefundState
from zhanggui.core.moments import in_shanghai
from zhanggui.core.money import Fen, yuan

BEGAN = datetime(2026, 2, 1, tzinfo=UTC)
_TITLES = (
    "每日坚果混合装750g独立小包装孕妇儿童零食大礼包",
    "新疆灰枣特级5斤装和田红枣干果免洗即食",
    "手工红糖姜茶块大姨妈暖身240g罐装",
    "四川丑橘不知火10斤当季新鲜水果",
)
_PLACES = (("浙江省", "杭州市", "余杭区"), ("广东省", "广州市", "天河区"), ("四川省", "成都市", "武侯区"), ("山东省", "济南市", "历下区"))


def some_orders(count: int, *, seed: int = 7, share_to_ship: float = 0.2) -> Iterator[OrderFacts]:
    """Orders of a month: a fifth still to ship, some on their way, most received."""
    dice = random.Random(seed)
    for number in range(count):
        yield one_order(dice, number, share_to_ship)


def one_order(dice: random.Random, number: int, share_to_ship: float) -> OrderFacts:
    """One order, different from all others of its run."""
    formed = BEGAN + timedelta(seconds=dice.randrange(29 * 86400))
    stage = OrderStage.TO_SHIP if dice.random() < share_to_ship else dice.choice((OrderStage.SHIPPED, OrderStage.RECEIVED, OrderStage.RECEIVED))
    left = None if stage is OrderStage.TO_SHIP else formed + timedelta(hours=dice.randrange(1, 60))
    amount = Fen(dice.randrange(500, 30000))
    goods = dice.randrange(200)
    place = dice.choice(_PLACES)
    return OrderFacts(
        order_no=f"26{formed:%m%d}-{number:015d}",
        stage=stage,
        refund=RefundState.NONE,
        status_text={OrderStage.TO_SHIP: "待发货", OrderStage.SHIPPED: "已发货，待收货"}.get(stage, "已收货"),
        refund_text="无售后或售后取消",
        paid_at=formed - timedelta(minutes=5),
        group_formed_at=formed,
        ship_by=formed + timedelta(hours=48),
        deliver_by=formed + timedelta(days=6),
        shipped_at=left,
        received_at=left + timedelta(days=3) if left is not None and stage is OrderStage.RECEIVED else None,
        under_review=False,
        goods_amount=amount,
        postage=Fen(0),
        seller_discount=Fen(0),
        platform_discount=Fen(0),
        pay_reduction=Fen(0),
        pay_amount=amount,
        receive_amount=amount,
        quantity=dice.randrange(1, 4),
        title=_TITLES[goods % len(_TITLES)],
        goods_id=str(600_000_000_000 + goods),
        sku_id=str(1_500_000_000_000 + goods * 7),
        spec="混合口味,30包",
        outer_sku=f"SKU{goods:05d}",
        outer_goods=f"G{goods:04d}",
        carrier=None if left is None else "圆通快递",
        tracking_no=None if left is None else f"YT{8_000_000_000_000 + number}",
        buyer_note=None,
        province=place[0],
        city=place[1],
        district=place[2],
        group_no=str(2_000_000_000_000 + number),
        pay_method="支付宝",
    )


_COLUMNS: dict[str, str] = {
    "商品": "title",
    "订单号": "order_no",
    "订单状态": "status_text",
    "商品总价(元)": "goods_amount",
    "邮费(元)": "postage",
    "店铺优惠折扣(元)": "seller_discount",
    "平台优惠折扣(元)": "platform_discount",
    "多多支付立减金额(元)": "pay_reduction",
    "用户实付金额(元)": "pay_amount",
    "商家实收金额(元)": "receive_amount",
    "商品数量(件)": "quantity",
    "支付时间": "paid_at",
    "订单成交时间": "group_formed_at",
    "承诺发货时间": "ship_by",
    "承诺送达时间": "deliver_by",
    "发货时间": "shipped_at",
    "确认收货时间": "received_at",
    "商品id": "goods_id",
    "样式ID": "sku_id",
    "商品规格": "spec",
    "商家编码-规格维度": "outer_sku",
    "商家编码-商品维度": "outer_goods",
    "售后状态": "refund_text",
    "快递单号": "tracking_no",
    "快递公司": "carrier",
    "省": "province",
    "市": "city",
    "区": "district",
    "团ID": "group_no",
    "支付方式": "pay_method",
}
_AMOUNTS = frozenset({"goods_amount", "postage", "seller_discount", "platform_discount", "pay_reduction", "pay_amount", "receive_amount"})


def write_export(path: Path, orders: Iterable[OrderFacts]) -> None:
    """An export of the merchant back office with these orders."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_COLUMNS)
        writer.writerows([_cell(order, name) for name in _COLUMNS.values()] for order in orders)


def _cell(order: OrderFacts, name: str) -> str:
    value = getattr(order, name)
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{in_shanghai(value):%Y-%m-%d %H:%M:%S}"
    return yuan(value) if name in _AMOUNTS else f"{value}\t"
