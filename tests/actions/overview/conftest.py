"""A week of a small shop, every number of which can be counted by hand."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.actions.files import orders_csv, row, shipped
from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm, preview

NOW = datetime(2026, 3, 9, 2, tzinfo=UTC)
"""Monday at 10:00 in Shanghai."""
A, B, C, D, EARLIER = (f"2603{day:02d}-{number:015d}" for number, day in enumerate((2, 3, 4, 8, 1), start=1))
CASES = "售后编号,订单编号,交易金额,退款金额,售后状态,订单状态,退款类型,退款原因,申请时间,同意退款时间\n"
CASE = f"7001,{C},29.90,29.90,退款成功,已发货,仅退款,质量问题,2026-03-06 09:00:00,2026-03-06 12:00:00\n"
BILL = (
    "商户订单号,发生时间,收入金额（+元）,支出金额（-元）,账务类型,备注,业务描述\n"
    f"{A},2026-03-05 10:00:00,29.90,,交易收入,,0010002|交易收入-订单收入\n"
    f"{B},2026-03-06 23:10:00,,-3.00,其他,,延迟发货_扣款\n"
)
REVIEWS = (
    f'{{"fact": "review", "review_no": "r1", "order_no": "{A}", "score": 5, "text": "好吃", "created_at": "2026-03-07 20:00:00"}}\n'
    f'{{"fact": "review", "review_no": "r2", "order_no": "{B}", "score": 1, "text": "烂了", "goods_id": "901", "created_at": "2026-03-08 23:59:59"}}\n'
    f'{{"fact": "review", "review_no": "r3", "order_no": "{C}", "score": 5, "goods_id": "901", "is_default": true, "created_at": "2026-03-08 10:00:00"}}\n'
    f'{{"fact": "review", "review_no": "r4", "order_no": "{C}", "score": 2, "text": "软", "goods_id": "901", "created_at": "2026-03-09 00:00:00"}}\n'
)


@pytest.fixture
def shop(house: House, people: Cast, tmp_path: Path) -> House:
    """The house with that week: one order left in time, one late, one refunded, one still to ship and overdue tomorrow; one of the week before."""
    rows = [
        shipped(A, "2026-03-02 20:00:00", 订单成交时间="2026-03-02 10:00:00", 承诺发货时间="2026-03-04 10:00:00"),
        shipped(B, "2026-03-06 11:00:00", 订单成交时间="2026-03-03 10:00:00", 承诺发货时间="2026-03-05 10:00:00", 商品id="902", 商品="红枣"),
        shipped(C, "2026-03-04 20:00:00", 订单成交时间="2026-03-04 10:00:00", 承诺发货时间="2026-03-06 10:00:00", 售后状态="退款成功"),
        row(D, 订单成交时间="2026-03-08 09:00:00", 承诺发货时间="2026-03-08 23:00:00"),
        shipped(EARLIER, "2026-03-01 12:00:00", 订单成交时间="2026-03-01 10:00:00", 承诺发货时间="2026-03-01 23:00:00"),
    ]
    files = [orders_csv(tmp_path / "orders.csv", rows), tmp_path / "cases.csv", tmp_path / "pdd-mall-bill-detail-1.csv", tmp_path / "heard.jsonl"]
    for file, text in zip(files[1:], (CASES + CASE, BILL, REVIEWS), strict=True):
        file.write_text(text, encoding="utf-8")
    batch = preview(house, people.lin, people.shop_id, files, NOW, as_of=NOW)
    confirm(house, people.lin, people.shop_id, batch.batch_id, NOW)
    return house
