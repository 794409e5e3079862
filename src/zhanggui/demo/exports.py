"""The files of the story: exports of the back office as they would have been written at a moment, and what was heard as facts."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from zhanggui.demo.bill import bill_rows
from zhanggui.demo.cells import moment_cell, past, yuan_cell
from zhanggui.demo.hearsay import facts_heard
from zhanggui.demo.past import past_world
from zhanggui.demo.story_data import Damage, FileTold, Heard, story
from zhanggui.demo.world import Case, Sold, World

_SHORT = (
    "订单成交时间",
    "商品",
    "订单号",
    "订单状态",
    "用户实付金额(元)",
    "商家实收金额(元)",
    "商品数量(件)",
    "发货时间",
    "确认收货时间",
    "商品id",
    "商品规格",
    "售后状态",
    "快递单号",
    "快递公司",
)
"""The columns of somebody who ticked few boxes; no promised moment among them."""


def written(file: FileTold, world: World, heard: Heard, since: datetime | None, moment: datetime) -> bytes:
    """The bytes of a file as of a Shanghai wall clock; facts are those heard after `since`."""
    as_of = file.as_of or moment
    match file.kind:
        case "orders" | "aftersales":
            return csv_of(file, world, as_of)
        case "bill":
            return _csv(list(bill_rows(world, past_world(), story().bill, as_of)), file)
        case _:
            return json_lines(facts_heard(world, heard, since, as_of))


def csv_of(file: FileTold, world: World, as_of: datetime) -> bytes:
    """The export of these orders, or of their cases."""
    if file.kind == "orders":
        return _csv([_damaged(_order_row(sold, as_of), sold, file.damage) for sold in world.orders if sold.told.formed_at <= as_of], file)
    return _csv([row for case in world.cases if (row := _case_row(case, as_of))], file)


def _csv(rows: Sequence[Mapping[str, str]], file: FileTold) -> bytes:
    text = io.StringIO()
    columns = list(rows[0]) if file.columns == "full" else list(_SHORT)
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(file.encoding)


def _order_row(sold: Sold, as_of: datetime) -> dict[str, str]:
    """One row of the order export; ids carry the tab that the back office glues to them."""
    order, spec = sold.told, sold.goods.specs[sold.told.spec]
    shipped, received = past(order.shipped_at, as_of), past(order.received_at, as_of)
    has_number = shipped or past(order.printed_at, as_of)
    return {
        "商品": sold.goods.title,
        "订单号": f"{sold.order_no}\t",
        "订单状态": _status(sold, as_of),
        "商品数量(件)": str(order.quantity),
        "是否审核中": "是" if order.review_until is not None and as_of < order.review_until else "否",
        "订单成交时间": moment_cell(order.formed_at),
        "承诺发货时间": moment_cell(sold.ship_by),
        "承诺送达时间": moment_cell(order.deliver_by),
        "发货时间": moment_cell(shipped),
        "确认收货时间": moment_cell(received),
        "商品id": f"{sold.goods.goods_id}\t",
        "商品规格": spec.name,
        "样式ID": f"{sold.goods.goods_id}{order.spec + 1:02d}\t",
        "商家编码-规格维度": f"{sold.goods.code}-{order.spec + 1:02d}",
        "商家编码-商品维度": sold.goods.code,
        "商家备注": "",
        "买家留言": order.buyer_note,
        "售后状态": _refund_status(sold, as_of),
        "商品总价(元)": yuan_cell(sold.goods_amount),
        "邮费(元)": "0.00",
        "店铺优惠折扣(元)": yuan_cell(sold.seller_discount),
        "平台优惠折扣(元)": yuan_cell(sold.platform_discount),
        "多多支付立减金额(元)": "0.00",
        "用户实付金额(元)": yuan_cell(sold.pay_amount),
        "商家实收金额(元)": yuan_cell(sold.receive_amount),
        "快递单号": f"{sold.tracking_no}\t" if has_number else "",
        "快递公司": sold.carrier if has_number else "",
        "省": sold.province,
        "市": sold.city,
        "区": sold.district,
    }


def _status(sold: Sold, as_of: datetime) -> str:
    order = sold.told
    received, shipped = past(order.received_at, as_of), past(order.shipped_at, as_of)
    if past(sold.refunded_at, as_of):
        return "已收货，退款成功" if received else "已发货，退款成功" if shipped else "未发货，退款成功"
    return "已收货" if received else "已发货，待收货" if shipped else "待发货"


def _refund_status(sold: Sold, as_of: datetime) -> str:
    if past(sold.refunded_at, as_of):
        return "退款成功"
    if past(sold.refund_closed_at, as_of):
        return "无售后或售后取消"
    return "售后处理中" if past(sold.refund_asked_at, as_of) else "无售后或售后取消"


def _damaged(row: dict[str, str], sold: Sold, damage: Damage | None) -> dict[str, str]:
    if damage is None or damage.order != sold.told.key:
        return row
    return row | {damage.column: damage.text}


def _case_row(case: Case, as_of: datetime) -> dict[str, str] | None:
    step = case.step_at(as_of)
    if step is None:
        return None
    sold, steps = case.sold, case.told.steps
    agreed = next((one.at for one in steps if one.agreed and one.at <= as_of), None)
    return {
        "售后编号": f"{case.case_no}\t",
        "订单编号": f"{sold.order_no}\t",
        "发货运单号": f"{sold.tracking_no}\t" if past(sold.told.shipped_at, as_of) else "",
        "退货运单号": step.return_tracking_no,
        "售后状态": step.state,
        "退款类型": case.told.kind,
        "退款原因": case.told.reason,
        "订单状态": "已发货" if past(sold.told.shipped_at, steps[0].at) else "未发货",
        "交易金额": yuan_cell(sold.pay_amount),
        "退款金额": yuan_cell(case.refund_amount),
        "申请时间": moment_cell(steps[0].at),
        "同意退款时间": moment_cell(agreed),
        "退货物流状态": step.return_state,
        "商品ID": sold.goods.goods_id,
    }


def json_lines(lines: Sequence[Mapping[str, object]]) -> bytes:
    """Facts as a file, one a line."""
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
