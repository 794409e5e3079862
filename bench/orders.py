"""Orders for the benches: many, different, and as full of particulars as those of a real export."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from zhanggui.core.facts import OrderFacts, OrderStage, RefundState
from zhanggui.core.money import Fen

BEGAN = datetime(2026, 2, 1, tzinfo=UTC)
_TITLES = ("每日坚果混合装750g独立小包装孕妇儿童零食大礼包", "新疆灰枣特级5斤装和田红枣干果免洗即食", "手工红糖姜茶块大姨妈暖身240g罐装", "四川丑橘不知火10斤当季新鲜水果")
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
