"""Makes export files of every family as the back office writes them: seeded, of any size, with nobody's real data in them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.makers.headers import AFTERSALES, BILL, ORDERS_LONG, ORDERS_OLD, ORDERS_SHORT

GOODS = (
    ("【顺丰包邮】云南高山红富士苹果 脆甜多汁 当季新鲜水果 产地直发", ("净重5斤 中果", "净重10斤 大果")),
    ("加厚抽纸整箱30包 原生木浆 家用实惠装 可湿水", ("30包/箱", "10包试用")),
    ("儿童保温杯 316不锈钢 带吸管 上学专用 [送杯刷]", ("粉色 500ml", "蓝色 500ml", "蓝色 750ml")),
    ("厨房置物架落地多层 微波炉架子, 免打孔", ("三层 白", "四层 黑")),
    ("东北五常大米 2026新米 10斤真空装", ("10斤", "20斤")),
    ('手机壳透明防摔 适用多机型 "买一送一"', ("透明", "磨砂黑")),
)
CARRIERS = (("中通快递", "76"), ("圆通快递", "YT"), ("极兔速递", "JT"), ("韵达快递", "43"), ("申通快递", "77"))
PLACES = (
    ("浙江省", "杭州市", "余杭区"),
    ("广东省", "广州市", "白云区"),
    ("四川省", "成都市", "武侯区"),
    ("北京市", "北京市", "朝阳区"),
    ("新疆维吾尔自治区", "伊犁哈萨克自治州", "伊宁市"),
)
NAMES = ("张三", "欧阳小美", "李四", "王五六", "周老")
STATUSES = ("待发货", "已发货，待收货", "已收货", "未发货，退款成功", "已发货，退款成功", "已收货，退款成功", "已取消")
OLD_STATUSES = ("待发货", "已发货，待签收", "已签收", "未发货，退款成功", "已签收，退款成功", "已取消")
ORDER_HEADERS = {"a": ORDERS_SHORT, "b": ORDERS_LONG, "c": ORDERS_OLD}
IDS = frozenset({"订单号", "商品id", "样式ID", "快递单号", "售后编号", "订单编号", "发货运单号", "退货运单号", "商户订单号"})
MOMENTS = frozenset(name for name in (*ORDERS_LONG, *ORDERS_OLD, *AFTERSALES, *BILL) if name.endswith("时间") and name != "消费者资料上传时间")
MONEY = frozenset(header for header in (*ORDERS_LONG, *ORDERS_OLD, *AFTERSALES, *BILL) if "金额" in header or "总价" in header or "折扣" in header)


@dataclass(frozen=True)
class Export:
    """A table of texts: its headers and its rows."""

    headers: Sequence[str]
    rows: list[list[str]]


def orders(header: str = "a", count: int = 20, seed: int = 1, start: datetime = datetime(2026, 11, 20, 8, 0)) -> Export:  # noqa: DTZ001 - a wall clock
    """An order export with header a, b or c."""
    dice = random.Random(f"orders/{header}/{seed}")
    headers = ORDER_HEADERS[header]
    rows = [_order(dice, number, start, OLD_STATUSES if header == "c" else STATUSES) for number in range(count)]
    return Export(headers, [[row.get(name, "") for name in headers] for row in rows])


def aftersales(count: int = 20, seed: int = 1, start: datetime = datetime(2026, 11, 20, 9, 0)) -> Export:  # noqa: DTZ001 - a wall clock
    """An after-sales export."""
    dice = random.Random(f"aftersales/{seed}")
    return Export(AFTERSALES, [[_case(dice, number, start).get(name, "") for name in AFTERSALES] for number in range(count)])


def bill(count: int = 20, seed: int = 1, start: datetime = datetime(2026, 11, 1, 0, 0)) -> Export:  # noqa: DTZ001 - a wall clock
    """A bill; some of its rows are equal to each other, as fees of one second are."""
    dice = random.Random(f"bill/{seed}")
    rows: list[list[str]] = []
    for number in range(count):
        rows.append(list(rows[-1]) if rows and number % 7 == 6 else [_bill_line(dice, number, start)[name] for name in BILL])
    return Export(BILL, rows)


def order_no(number: int, day: datetime) -> str:
    """An order number as the platform builds them: the day, and fifteen digits."""
    return f"{day:%y%m%d}-{100_000_000_000_000 + number * 7_919_777:015d}"


def _order(dice: random.Random, number: int, start: datetime, statuses: Sequence[str]) -> dict[str, str]:
    formed = start + timedelta(seconds=37 * number + dice.randrange(30))
    status = dice.choice(statuses)
    title, specs = dice.choice(GOODS)
    goods_id = 600_000_000_000 + GOODS.index((title, specs)) * 1_234_567
    shipped = formed + timedelta(hours=dice.randrange(2, 40)) if status.startswith(("已发货", "已收货", "已签收")) else None
    received = shipped + timedelta(days=3, minutes=dice.randrange(600)) if shipped and status.startswith(("已收货", "已签收")) else None
    quantity = dice.randint(1, 3)
    goods, shop_off, platform_off = quantity * dice.randrange(990, 150_000), dice.choice((0, 100, 550)), dice.choice((0, 0, 200))
    carrier, prefix = dice.choice(CARRIERS)
    province, city, district = dice.choice(PLACES)
    return {
        "商品": title,
        "订单号": order_no(number, formed),
        "订单状态": status,
        "售后状态": "退款成功" if "退款" in status else dice.choice(("无售后或售后取消", "无售后或售后取消", "售后处理中")),
        "订单成交时间": _text(formed),
        "拼单成功时间": _text(formed),
        "订单确认时间": _text(formed),
        "支付时间": _text(formed - timedelta(minutes=3)),
        "承诺发货时间": _text(formed + timedelta(hours=48)),
        "承诺送达时间": _text(formed + timedelta(days=5)) if dice.random() < 0.3 else "",
        "发货时间": _text(shipped),
        "确认收货时间": _text(received),
        "商品id": str(goods_id),
        "样式ID": str(goods_id + dice.randrange(9)),
        "商品规格": dice.choice(specs),
        "商家编码-规格维度": f"A-{number % 9:03d}",
        "商家编码-SKU维度": f"A-{number % 9:03d}",
        "商家编码-商品维度": f"A{number % 9}",
        "商品数量(件)": str(quantity),
        "商品总价(元)": _yuan(goods),
        "邮费(元)": "0.00",
        "店铺优惠折扣(元)": _yuan(shop_off),
        "平台优惠折扣(元)": _yuan(platform_off),
        "多多支付立减金额(元)": "0.00",
        "用户实付金额(元)": _yuan(goods - shop_off - platform_off),
        "商家实收金额(元)": _yuan(goods - shop_off),
        "快递公司": carrier if shipped else "",
        "快递单号": f"{prefix}{1_000_000_000_00 + number:013d}" if shipped else "",
        "是否审核中": "是" if dice.random() < 0.05 else "否",
        "商家备注": dice.choice(("", "", "易碎，多包一层")),
        "买家留言": dice.choice(("", "", f"请打电话 138{number % 10_000:04d}5678\n谢谢")),
        "省": province,
        "市": city,
        "区": district,
        "街道": "某某街道 88 号",
        "街道/镇": "某某街道",
        "收货人": dice.choice(NAMES),
        "手机": f"139{number % 10_000:04d}4321",
        "身份证姓名": dice.choice(NAMES),
        "身份证号码": f"33010619900101{number % 1000:03d}X",
        "用户购买手机号": f"137{number % 10_000:04d}9999",
        "支付方式": "多多支付",
    }


def _case(dice: random.Random, number: int, start: datetime) -> dict[str, str]:
    applied = start + timedelta(minutes=11 * number)
    amount = dice.randrange(500, 30_000)
    state = dice.choice(("待商家处理", "待商家收货", "待消费者发货", "平台处理中", "退款成功", "退款关闭", "换货/补寄成功", "维修关闭"))
    return {
        "售后编号": str(10_000_000_000 + number * 31),
        "订单编号": order_no(number, applied - timedelta(days=2)),
        "发货运单号": f"YT{number:013d}",
        "退货运单号": f"SF{number:013d}" if state == "待商家收货" else "",
        "售后状态": state,
        "退款类型": dice.choice(("仅退款", "退货退款", "换货", "补寄", "维修")),
        "退款原因": dice.choice(("不喜欢、效果不好", "质量问题", "少件/漏发")),
        "订单状态": dice.choice(("未发货", "已发货")),
        "交易金额": _yuan(amount),
        "退款金额": _yuan(amount if number % 3 else amount // 2),
        "申请时间": _text(applied),
        "退货物流状态": "运输中" if state == "待商家收货" else "",
        "买家": "小***",
        "商品ID": str(600_000_000_000 + number % 5),
    }


def _bill_line(dice: random.Random, number: int, start: datetime) -> dict[str, str]:
    happened = start + timedelta(minutes=17 * number)
    income = number % 2 == 0
    amount = _yuan(dice.randrange(10, 99_999))
    return {
        "商户订单号": order_no(number, happened),
        "发生时间": _text(happened),
        "收入金额（+元）": amount if income else "0.00",
        "支出金额（-元）": "0.00" if income else f"-{amount}",
        "账务类型": "交易收入" if income else "退款",
        "备注": "",
        "业务描述": "0010002|交易收入-订单收入" if income else "0020002|退款-订单退款",
    }


def _text(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}"


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
