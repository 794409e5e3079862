"""Export files of the story shop, small enough to be read: a few orders and cases, their moments told from the moment of the export."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from zhanggui.core.moments import in_shanghai

ORDER_HEADERS = (
    "订单成交时间",
    "商品",
    "订单号",
    "订单状态",
    "用户实付金额(元)",
    "商家实收金额(元)",
    "商品数量(件)",
    "承诺发货时间",
    "发货时间",
    "确认收货时间",
    "商品id",
    "商品规格",
    "售后状态",
    "快递单号",
    "快递公司",
    "省",
    "市",
)
CASE_HEADERS = ("售后编号", "订单编号", "售后状态", "退款类型", "退款原因", "订单状态", "交易金额", "退款金额", "申请时间", "买家")

LATE = "261120-100000000000001"
SOON = "261120-100000000000002"
CALM = "261121-100000000000003"
SENT = "261119-100000000000004"
REFUNDED = "261120-100000000000005"
LATE_TRACKING = "YT7400000000001"


def orders(at: datetime, **status: Mapping[str, str]) -> list[dict[str, str]]:
    """Five orders as the back office shows them at this moment: one late, one due within the hour, one calm, one sent, one with a refund asked for."""
    rows = [
        _order(LATE, at, formed=-50, ship_by=-2),
        _order(SOON, at, formed=-47.5, ship_by=0.5),
        _order(CALM, at, formed=-3, ship_by=45),
        _order(SENT, at, formed=-60, ship_by=-12, sent=-20, number="YT7400000000004"),
        _order(REFUNDED, at, formed=-20, ship_by=28) | {"售后状态": "售后处理中"},
    ]
    return [row | dict(status.get("no_" + row["订单号"].replace("-", "_"), {})) for row in rows]


def cases(at: datetime) -> list[dict[str, str]]:
    """The one refund that was asked for."""
    return [
        {
            "售后编号": "88000001",
            "订单编号": REFUNDED,
            "售后状态": "待商家处理",
            "退款类型": "仅退款",
            "退款原因": "多拍/拍错/不想要",
            "订单状态": "未发货",
            "交易金额": "89.90",
            "退款金额": "89.90",
            "申请时间": wall(at, -20),
            "买家": "赵**",
        }
    ]


def csv_bytes(headers: Sequence[str], rows: Sequence[Mapping[str, str]]) -> bytes:
    """The rows as the back office writes a CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, headers, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def order_file(at: datetime, **status: Mapping[str, str]) -> bytes:
    """The order export of the moment."""
    return csv_bytes(ORDER_HEADERS, orders(at, **status))


def case_file(at: datetime) -> bytes:
    """The after-sales export of the moment."""
    return csv_bytes(CASE_HEADERS, cases(at))


def wall(at: datetime, hours: float) -> str:
    """A Shanghai wall-clock reading so many hours from the moment."""
    return f"{in_shanghai(at + timedelta(hours=hours)):%Y-%m-%d %H:%M:%S}"


def _order(no: str, at: datetime, *, formed: float, ship_by: float, sent: float | None = None, number: str = "") -> dict[str, str]:
    return {
        "订单成交时间": wall(at, formed),
        "商品": "云南红富士苹果 脆甜多汁 净重5斤",
        "订单号": no,
        "订单状态": "已发货，待收货" if sent is not None else "待发货",
        "用户实付金额(元)": "89.90",
        "商家实收金额(元)": "87.90",
        "商品数量(件)": "1",
        "承诺发货时间": wall(at, ship_by),
        "发货时间": wall(at, sent) if sent is not None else "",
        "商品id": "600000000001",
        "商品规格": "净重5斤 中果",
        "售后状态": "无售后或售后取消",
        "快递单号": number,
        "快递公司": "圆通快递" if number else "",
        "省": "浙江省",
        "市": "杭州市",
    }
