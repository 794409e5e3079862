"""The bill of the story: what its orders brought and took, the lines that want to be looked at, and the weeks before."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from zhanggui.demo.cells import moment_cell, past, yuan_cell
from zhanggui.demo.story_data import BillLine, BillTold
from zhanggui.demo.world import Case, Sold, World

Row = dict[str, str]

INCOME = ("交易收入", "0010002|交易收入-订单收入")
REFUND = ("退款", "0020002|退款-订单退款")
FEE = ("技术服务费", "0030002|技术服务费-基础技术服务费")
WITHDRAWN = ("提现", "提现-银行卡")
_FRIDAY = 5
_FEE_PER_MILLE = 6


def bill_rows(world: World, before: World, told: BillTold, as_of: datetime) -> Iterator[Row]:
    """The lines of a bill that was exported at a moment, those of the weeks before first."""
    yield from _before(before, told)
    for sold in world.orders:
        yield from _of_order(sold, as_of)
    for case in world.cases:
        yield from _of_case(case, as_of)
    refunds = {case.told.order: case.refund_amount for case in world.cases}
    yield from (_told(line, world, refunds) for line in told.lines if line.at <= as_of)


def _before(before: World, told: BillTold) -> Iterator[Row]:
    """What the orders of the weeks before brought and took since its first day, and what was withdrawn."""
    first = datetime.combine(told.before_first, time())
    for sold in before.orders:
        if sold.told.received_at is not None and sold.told.received_at >= first:
            yield from _of_order(sold, sold.told.received_at)
    for case in before.cases:
        if case.told.steps[-1].at >= first:
            yield from _of_case(case, case.told.steps[-1].at)
    for day in (told.before_first + timedelta(days=back) for back in range((told.before_last - told.before_first).days + 1)):
        if day.isoweekday() == _FRIDAY:
            yield _row("", datetime.combine(day, time(10, 5)), WITHDRAWN, expense=told.before_withdrawn)


def _of_order(sold: Sold, as_of: datetime) -> Iterator[Row]:
    """The income of a received order, and the platform's fee on it."""
    received = past(sold.told.received_at, as_of)
    if received is not None:
        yield _row(sold.order_no, received, INCOME, income=sold.receive_amount)
        yield _row(sold.order_no, received, FEE, expense=_fee_of(sold.receive_amount))


def _of_case(case: Case, as_of: datetime) -> Iterator[Row]:
    """What a case took out of the balance once the parcel had left; before that nothing was ever credited."""
    paid = next((step.at for step in case.told.steps if step.state == "退款成功" and step.at <= as_of), None)
    if paid is not None and past(case.sold.told.shipped_at, paid) is not None:
        yield _row(case.sold.order_no, paid, REFUND, expense=case.refund_amount)


def _told(line: BillLine, world: World, refunds: dict[str, int]) -> Row:
    order_no = world.told[line.order].order_no if line.order else ""
    expense = refunds[line.order] if line.is_refund else line.expense
    return _row(order_no, line.at, (line.kind, line.what), income=line.income, expense=expense)


def _fee_of(fen: int) -> int:
    return max(1, fen * _FEE_PER_MILLE // 1000)


def _row(order_no: str, at: datetime, kind: tuple[str, str], *, income: int = 0, expense: int = 0) -> Row:
    return {
        "商户订单号": f"{order_no}\t" if order_no else "",
        "发生时间": moment_cell(at),
        "收入金额（+元）": yuan_cell(income),
        "支出金额（-元）": yuan_cell(-expense),
        "账务类型": kind[0],
        "备注": "",
        "业务描述": kind[1],
    }
