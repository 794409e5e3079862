"""A day's bill as the platform packs it: a zip with one CSV."""

import csv
import io
import zipfile
from collections.abc import Iterator

from zhanggui.emulator.moments import DAY, china_text, from_iso
from zhanggui.emulator.world.orders import RECEIVED, REFUNDED
from zhanggui.emulator.world.world import World

HEADER = ("商户订单号", "发生时间", "收入金额（+元）", "支出金额（-元）", "账务类型", "备注", "业务描述")
PENALTY_WORDS = {"late_shipment": "延迟发货_扣款", "false_shipment": "虚假发货_扣款", "out_of_stock": "缺货_扣款"}
Line = tuple[str, str, str, str, str, str, str]


def bill(world: World, day: str) -> bytes:
    """The zip of a day: income when an order was received, refunds, deductions, in the order of their moments."""
    begins = from_iso(day)
    lines = sorted(_lines(world, begins, begins + DAY), key=lambda line: line[1])
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows(lines)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"pdd-mall-bill-detail-{world.mall_id}-{day}.csv", b"\xef\xbb\xbf" + text.getvalue().encode())
    return packed.getvalue()


def _lines(world: World, begins: int, ends: int) -> Iterator[Line]:
    """Everything that moved money between two moments."""
    orders = world.orders
    for row, at in enumerate(orders.received_at):
        if begins <= at < ends and orders.status[row] == RECEIVED and orders.refund[row] != REFUNDED:
            yield (world.order_sn(row), china_text(at), _yuan(orders.paid(row)), "", "交易收入", "", "0010002|交易收入-订单收入")
            yield (world.order_sn(row), china_text(at), "", f"-{_yuan(orders.paid(row) * 6 // 1000)}", "技术服务费", "", "0030002|技术服务费-基础技术服务费")
    for case in world.cases.each():
        if begins <= case.refunded_at < ends and case.was_shipped:
            yield (world.order_sn(case.row), china_text(case.refunded_at), "", f"-{_yuan(case.amount)}", "退款", "", "0020002|退款-订单退款")
    for each in world.books.penalties:
        if begins <= each.at < ends:
            yield (each.order_sn, china_text(each.at), "", f"-{_yuan(each.fen)}", "其他", PENALTY_WORDS[each.kind], "0060001|其他-消费者补偿扣款")


def _yuan(fen: int) -> str:
    """Fen as yuan with two decimals."""
    return f"{fen // 100}.{fen % 100:02d}"
