"""An import is previewed, stored whole, recognised again, and undone whole."""

from datetime import UTC, datetime
from pathlib import Path

from tests.cast import Cast
from zhanggui.actions import importing
from zhanggui.actions.house import House
from zhanggui.core.facts import FactKind

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def orders_file(folder: Path, name: str = "orders.csv", *rows: str) -> Path:
    path = folder / name
    header = "订单号,订单状态,商品总价(元),用户实付金额(元),商家实收金额(元),商品数量(件),订单成交时间,承诺发货时间,发货时间,快递单号,快递公司,售后状态,商品id,商品"
    path.write_text("\n".join([header, *(rows or ROWS)]) + "\n", encoding="utf-8")
    return path


ROWS = (
    "260301-111111111111111,待发货,29.90,29.90,29.90,1,2026-03-01 10:00:00,2026-03-03 10:00:00,,,,无售后或售后取消,901,坚果礼盒",
    "260301-222222222222222,待发货,59.00,59.00,59.00,2,2026-03-01 11:00:00,2026-03-03 11:00:00,,,,无售后或售后取消,901,坚果礼盒",
    "260228-333333333333333,已发货，待收货,19.00,19.00,19.00,1,2026-02-28 09:00:00,2026-03-02 09:00:00,2026-02-28 20:00:00,YT1234567890123,圆通快递,无售后或售后取消,902,茶叶",
)


def test_it_stores_what_the_preview_promised(house: House, people: Cast, tmp_path: Path) -> None:
    preview = importing.preview(house, people.lin, people.shop_id, [orders_file(tmp_path)], NOW)
    done = importing.confirm(house, people.lin, people.shop_id, preview.batch_id, NOW)

    assert done.state == "done"
    assert preview.results == done.results
    (orders,) = [result for result in done.results if result.kind is FactKind.ORDER]
    assert (orders.new, orders.changed, orders.unchanged, orders.refused) == (3, 0, 0, 0)
