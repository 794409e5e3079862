"""A shop whose parcels stand still: two silent at a hub, one never picked up, one silent for so long that it counts as lost."""

from datetime import datetime, timedelta
from pathlib import Path

from tests.actions.files import orders_csv, row
from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm, preview
from zhanggui.actions.scans import paste_scans
from zhanggui.actions.today import settle
from zhanggui.core.moments import in_shanghai

HUB_ONE, HUB_TWO, NO_PICKUP, LOST = (f"261110-{digit * 15}" for digit in "1234")


def stuck_shop(house: House, people: Cast, folder: Path, now: datetime) -> None:
    """Imports the orders and pastes what is known of their parcels."""
    left = {HUB_ONE: 5, HUB_TWO: 5, NO_PICKUP: 2, LOST: 14}
    rows = [_sent(no, now - timedelta(days=days)) for no, days in left.items()]
    view = preview(house, people.lin, people.shop_id, [orders_csv(folder / "sent.csv", rows)], now, as_of=now - timedelta(hours=1))
    confirm(house, people.lin, people.shop_id, view.batch_id, now)
    for no in (HUB_ONE, HUB_TWO, LOST):
        picked, moved = (in_shanghai(now - timedelta(days=left[no], hours=hours)) for hours in (-2, -10))
        text = f"{picked:%Y-%m-%d %H:%M:%S} 【义乌网点】已揽收\n{moved:%Y-%m-%d %H:%M:%S} 【上海转运中心】已发出，下一站【广州转运中心】"
        paste_scans(house, people.lin, people.shop_id, no, text, now - timedelta(hours=1))
    waits = in_shanghai(now - timedelta(days=2, hours=-1))
    paste_scans(house, people.lin, people.shop_id, NO_PICKUP, f"{waits:%Y-%m-%d %H:%M:%S} 商家已下单，等待揽收", now - timedelta(hours=1))
    settle(house, [people.shop_id], now)


def _sent(order_no: str, at: datetime) -> dict[str, str]:
    moment = in_shanghai(at)
    return row(
        order_no,
        订单状态="已发货，待收货",
        订单成交时间=f"{moment - timedelta(hours=20):%Y-%m-%d %H:%M:%S}",
        承诺发货时间=f"{moment + timedelta(hours=28):%Y-%m-%d %H:%M:%S}",
        发货时间=f"{moment:%Y-%m-%d %H:%M:%S}",
        快递单号=f"YT730000{order_no[-7:]}",
        快递公司="圆通快递",
    )
