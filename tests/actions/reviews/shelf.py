"""A shop with reviews, for tests: told by files in the headers of our template."""

from datetime import UTC, datetime
from pathlib import Path

from tests.actions.files import HEADER as ORDER_HEADER
from tests.actions.files import shipped
from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm, preview

NOW = datetime(2026, 3, 9, 2, tzinfo=UTC)
"""10:00 in Shanghai on Monday, 9 March."""
A, B, C = "260301-111111111111111", "260301-222222222222222", "260301-333333333333333"
ORDERS = (*ORDER_HEADER, "收货人", "样式ID", "商品规格")
HEADER = "评价编号,订单编号,描述相符,物流服务,服务态度,评价内容,评价时间,追评,追评时间,商家回复,回复时间,评价图片,买家昵称"


def review_row(
    no: str, order_no: str, stars: int | str, said: str = "", at: str = "2026-03-08 20:00:00", *, more: str = "", reply: str = "", pictures: str = ""
) -> str:
    """One review as our template has it."""
    answered = "2026-03-08 21:00:00" if reply else ""
    added = "2026-03-08 22:00:00" if more else ""
    return f"{no},{order_no},{stars},5,4,{said},{at},{more},{added},{reply},{answered},{pictures},张小明"


def orders_told(house: House, people: Cast, folder: Path, *nos: str, at: datetime = NOW) -> int:
    """Imports these orders, received on 7 March."""
    rows = [shipped(no, 收货人="138****1234", 样式ID="77", 商品规格="黑色", 确认收货时间="2026-03-07 12:00:00") for no in nos]
    file = folder / f"orders{len(nos)}.csv"
    lines = [",".join(ORDERS), *(",".join(row.get(name, "") for name in ORDERS) for row in rows)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    view = preview(house, people.lin, people.shop_id, [file], at, as_of=at)
    confirm(house, people.lin, people.shop_id, view.batch_id, at)
    return view.batch_id


def reviews_told(house: House, people: Cast, folder: Path, *rows: str, at: datetime = NOW) -> int:
    """Imports these reviews as of a moment; the import's number."""
    file = folder / f"reviews{at:%d%H%M%S}-{len(rows)}.csv"
    file.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    view = preview(house, people.lin, people.shop_id, [file], at, as_of=at)
    confirm(house, people.lin, people.shop_id, view.batch_id, at)
    return view.batch_id
