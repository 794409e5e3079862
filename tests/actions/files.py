"""Small export files for the tests of actions, in the headers of the merchant back office."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

HEADER = (
    "订单号", "订单状态", "商品总价(元)", "用户实付金额(元)", "商家实收金额(元)", "商品数量(件)", "订单成交时间", "承诺发货时间",
    "发货时间", "确认收货时间", "快递单号", "快递公司", "售后状态", "商品id", "商品",
)  # fmt: skip

ONE = "260301-111111111111111"
TWO = "260301-222222222222222"
THREE = "260228-333333333333333"


def row(order_no: str, **changes: str) -> dict[str, str]:
    """One order to ship, formed on 1 March at 10:00 in Shanghai, promised within 48 hours, with what is told differently."""
    plain = {
        "订单号": order_no,
        "订单状态": "待发货",
        "商品总价(元)": "29.90",
        "用户实付金额(元)": "29.90",
        "商家实收金额(元)": "29.90",
        "商品数量(件)": "1",
        "订单成交时间": "2026-03-01 10:00:00",
        "承诺发货时间": "2026-03-03 10:00:00",
        "售后状态": "无售后或售后取消",
        "商品id": "901",
        "商品": "坚果礼盒",
    }
    return {**plain, **changes}


def shipped(order_no: str, at: str = "2026-03-01 20:00:00", **changes: str) -> dict[str, str]:
    """The same order after its parcel number was uploaded."""
    return row(order_no, 订单状态="已发货，待收货", 发货时间=at, 快递单号=f"YT{order_no[-10:]}", 快递公司="圆通快递", **changes)


def orders_csv(path: Path, rows: Sequence[Mapping[str, str]], *, leaving: Sequence[str] = ()) -> Path:
    """An order export with these rows; `leaving` are columns the merchant did not tick."""
    headers = [header for header in HEADER if header not in leaving]
    lines = [",".join(headers), *(",".join(one.get(header, "") for header in headers) for one in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def zipped(path: Path, member: Path) -> Path:
    """A ZIP around one file."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(member, member.name)
    return path
