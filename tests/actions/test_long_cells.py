"""A name or a code longer than any index of the database holds goes into quarantine with a sentence; the rows beside it are stored."""

import secrets
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cast import Cast
from zhanggui.actions import importing
from zhanggui.actions.house import House

NOW = datetime(2026, 3, 1, 4, tzinfo=UTC)
HEADER = "订单号,订单状态,订单成交时间,商家编码-规格维度,快递公司,商品规格"
ROW = {"商家编码-规格维度": "JG-1", "快递公司": "圆通快递", "商品规格": "500g"}
LONG = secrets.token_hex(2000)
"""Of random digits: what repeats is pressed together before an index looks at it."""


@pytest.mark.parametrize("column", list(ROW))
def test_it_waits_in_quarantine_and_the_rest_is_stored(house: House, people: Cast, tmp_path: Path, column: str) -> None:
    lines = [HEADER]
    for order_no, told in (("260301-111111111111111", {column: LONG}), ("260301-222222222222222", {})):
        lines.append(",".join([order_no, "待发货", "2026-03-01 10:00:00", *(ROW | told).values()]))
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    view = importing.preview(house, people.lin, people.shop_id, [path], NOW, as_of=NOW)
    importing.confirm(house, people.lin, people.shop_id, view.batch_id, NOW)

    (waiting,) = importing.quarantine(house, people.lin, people.shop_id, view.batch_id)
    assert "longer than any text" in waiting.reason.text
    with house.pool.connection() as tx:
        assert tx.execute("select order_no from orders where shop_id = %s", (people.shop_id,)).fetchall() == [("260301-222222222222222",)]
