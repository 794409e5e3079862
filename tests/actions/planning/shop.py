"""A shop with a past: parcels of two carriers that were scanned, and orders that wait."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.actions.dispatching.warehouse import START, Warehouse, tell
from zhanggui.core.facts import OrderFacts, OrderStage, RefundState, ScanFacts, ScanStage
from zhanggui.core.money import Fen

SOON, TONIGHT, TOMORROW, ASKED, OVER = (f"260301-10000000000000{number}" for number in range(1, 6))


def orders(shop: Warehouse, places: str = "浙江省") -> Warehouse:
    """Five orders: due in an hour, tonight, tomorrow; one whose buyer wants the money back; one overdue."""
    for no, hours in ((SOON, 1), (TONIGHT, 12), (TOMORROW, 44), (ASKED, 20), (OVER, -1)):
        shop.comes(no, ship_by=START + timedelta(hours=hours), province=places, city="杭州市", title="坚果礼盒")
    shop.asks_back(ASKED)
    return shop


def past(shop: Warehouse, carrier: str, count: int, *, lag: timedelta, stalled: int = 0, province: str = "浙江省", days: float = 2, first: int = 0) -> None:
    """So many parcels of the last weeks, uploaded at 15:00, scanned after the lag, delivered after so many days, some of them stalled for three days."""
    facts: list[Any] = []
    for number in range(count):
        shipped = START - timedelta(days=10 + number % 5) + timedelta(hours=6)
        no, tracking = f"2602{first + number:02d}-{first + number:015d}", f"YT{7_000_000_000_000 + first + number}"
        scanned = shipped + lag
        hub = scanned + (timedelta(days=3) if number < stalled else timedelta(hours=10))
        done = max(scanned + timedelta(days=days), hub + timedelta(hours=5))
        facts.append(
            OrderFacts(
                order_no=no,
                stage=OrderStage.RECEIVED,
                refund=RefundState.NONE,
                group_formed_at=shipped - timedelta(hours=5),
                ship_by=shipped + timedelta(hours=43),
                shipped_at=shipped,
                carrier=carrier,
                tracking_no=tracking,
                province=province,
                city="杭州市",
                pay_amount=Fen(3000),
                received_at=done,
            )
        )
        facts += _scans(tracking, carrier, scanned, hub, done)
    tell(shop.house, shop.shop_id, facts, shop.now)


def _scans(tracking: str, carrier: str, scanned: datetime, hub: datetime, done: datetime) -> Sequence[ScanFacts]:
    return [
        ScanFacts(tracking_no=tracking, at=at, text=text, carrier=carrier, stage=stage)
        for at, stage, text in (
            (scanned, ScanStage.PICKED_UP, "【杭州市】快递员已揽收"),
            (hub, ScanStage.ARRIVED, "快件已到达【杭州转运中心】"),
            (done, ScanStage.DELIVERED, "【杭州市】已签收"),
        )
    ]
