"""A few parcels of every sort, told the way files tell: orders with numbers, and the events of each."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.cast import Cast
from tests.estimates.ways import emulated_ways
from zhanggui.actions.house import House
from zhanggui.actions.intake.mending import store_by_hand
from zhanggui.core.facts import Facts, OrderFacts, OrderStage, Place, ScanFacts, ScanStage, Sighting
from zhanggui.core.money import Fen
from zhanggui.core.scantext import stage_of
from zhanggui.people.permissions import Person, ShopId
from zhanggui.records.db import transact

FINE_NO, STILL_NO, LATE_NO, ELSEWHERE_NO, UNKNOWN_NO, UNSEEN_NO = "YTFINE00001", "YTSTILL0001", "YTLATE00001", "YTELSE00001", "YTODD000001", "YTUNSEEN001"


def tell(house: House, by: Person, shop_id: ShopId, facts: Sequence[Facts], now: datetime) -> None:
    """Stores these facts as an import of their own: every field that has a value is given."""
    transact(house.pool, lambda tx: store_by_hand(house, tx, by, shop_id, [_sighting(one) for one in facts], now, now, profile="pasted"))


def order(number: str, shipped_at: datetime, *, carrier: str = "圆通快递", province: str = "浙江省", city: str = "杭州市", **more: Any) -> OrderFacts:
    """A shipped order whose parcel bears this number."""
    plain: dict[str, Any] = {
        "order_no": f"260301-{number}",
        "stage": OrderStage.SHIPPED,
        "group_formed_at": shipped_at - timedelta(hours=5),
        "shipped_at": shipped_at,
        "tracking_no": number,
        "carrier": carrier,
        "province": province,
        "city": city,
        "pay_amount": Fen(5990),
    }
    return OrderFacts(**plain | more)


def scans(number: str, since: datetime, *events: tuple[float, str]) -> list[ScanFacts]:
    """Events so many hours after a moment."""
    return [ScanFacts(tracking_no=number, at=since + timedelta(hours=hours), text=text, stage=stage_of(text)) for hours, text in events]


def ways(house: House, people: Cast, now: datetime) -> None:
    """One parcel that goes well, one that stands still, one picked up late, one delivered elsewhere, one with an odd event, one nobody told of."""
    sent = now - timedelta(hours=80)
    picked, left = (3, "【金华市】义乌北苑网点 已揽收"), (10, "快件离开【义乌转运中心】，发往【杭州转运中心】")
    facts: list[Facts] = [
        order(FINE_NO, sent, stage=OrderStage.SHIPPED),
        *scans(FINE_NO, sent, picked, left, (20, "到达【杭州转运中心】"), (50, "【杭州市】正在派件"), (52, "【杭州市】已签收")),
        order(STILL_NO, sent, carrier="极兔速递", province="新疆维吾尔自治区", city="乌鲁木齐市", pay_amount=Fen(12900)),
        *scans(STILL_NO, sent, picked, left),
        order(LATE_NO, now - timedelta(hours=40)),
        *scans(LATE_NO, now - timedelta(hours=40), (30, "【金华市】义乌北苑网点 已揽收"), (33, "快件离开【义乌转运中心】，发往【杭州转运中心】")),
        order(ELSEWHERE_NO, sent),
        *scans(ELSEWHERE_NO, sent, picked, left, (40, "【宁波市】快递员正在派件")),
        order(UNKNOWN_NO, now - timedelta(hours=10)),
        *scans(UNKNOWN_NO, now - timedelta(hours=10), picked, (6, "包裹正在与月亮核对")),
        order(UNSEEN_NO, now - timedelta(hours=30)),
    ]
    tell(house, people.lin, people.shop_id, facts, now)


def _sighting(one: Facts) -> Sighting[Facts]:
    given = frozenset(name for name in one.__struct_fields__ if getattr(one, name) is not None)
    return Sighting(one, given, Place("test"))


def month(house: House, people: Cast, now: datetime, count: int) -> None:
    """So many parcels of the last forty days, drawn the way the emulator's carriers go: 极兔 badly to 新疆, all others well."""
    facts: list[Facts] = []
    for way in emulated_ways(count, now - timedelta(days=40), now):
        number = f"JT{way.no:013}" if way.carrier.startswith("极兔") else f"YT{way.no:013}"
        received = next((at for at, stage, _ in way.told if stage is ScanStage.DELIVERED), None)
        stage = OrderStage.RECEIVED if received else OrderStage.SHIPPED
        facts.append(order(number, way.shipped_at, carrier=way.carrier, province=way.province, city="", stage=stage, received_at=received))
        facts += [ScanFacts(tracking_no=number, at=at, text=text, stage=stage) for at, stage, text in way.told]
    tell(house, people.lin, people.shop_id, facts, now)
