"""Legs of made-up parcels, drawn the way the emulator's carriers go."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from zhanggui import rulebook
from zhanggui.core.facts import ScanStage
from zhanggui.core.money import Fen
from zhanggui.core.parcels import Parcel, ParcelState
from zhanggui.core.parcels.legs import Leg, Limits, legs_of, limits_of
from zhanggui.emulator.scenario import Parcels
from zhanggui.emulator.world.journeys import ARRIVED, DECLINED, GOT, LEFT, OUT, RETURNED, SIGNED, WAITING, journey
from zhanggui.emulator.world.places import Place

BEGAN = datetime(2026, 9, 1, tzinfo=UTC)
STAGES = {
    GOT: ScanStage.PICKED_UP,
    LEFT: ScanStage.IN_TRANSIT,
    ARRIVED: ScanStage.ARRIVED,
    OUT: ScanStage.OUT_FOR_DELIVERY,
    WAITING: ScanStage.READY_FOR_PICKUP,
    SIGNED: ScanStage.DELIVERED,
    DECLINED: ScanStage.REFUSED,
    RETURNED: ScanStage.RETURN_TO_SENDER,
}
GOOD = Parcels(never_picked_up=0.01, late_pickup=0.02, stalled=0.02, lost=0.005, refused=0.01)
BAD = Parcels(never_picked_up=0.03, late_pickup=0.1, stalled=0.2, lost=0.05, refused=0.01)


def emulated_legs(count: int, seed: int = 1, days: int = 60) -> tuple[list[Leg], datetime]:
    """The legs of so many parcels over two months: 圆通 goes well, 极兔 badly to 新疆; and until when they are known."""
    limits = limits_of(rulebook.load(), BEGAN)
    until = BEGAN + timedelta(days=days)
    return [leg for number in range(count) for leg in _legs(number, count, seed, days, until, limits)], until


def _legs(number: int, count: int, seed: int, days: int, until: datetime, limits: Limits) -> Iterator[Leg]:
    shipped_at = BEGAN + timedelta(days=days) * number / count
    carrier = ("圆通", "极兔", "中通")[number % 3]
    province = ("浙江", "广东", "新疆")[number // 3 % 3]
    habits = BAD if carrier == "极兔" and province == "新疆" else GOOD
    way = journey(seed, number, int(shipped_at.timestamp()), Place(1, province, 1, "某市", 1, "某区"), habits)
    told = [(datetime.fromtimestamp(scan.at, UTC), STAGES[scan.action]) for scan in way.scans if scan.at <= until.timestamp()]
    yield from legs_of(parcel(str(number), carrier, province, shipped_at), told, limits, until)


def parcel(no: str, carrier: str, province: str, shipped_at: datetime) -> Parcel:
    return Parcel(
        order_no=no,
        tracking_no=f"YT{no}",
        carrier=carrier,
        province=province,
        city="",
        shipped_at=shipped_at,
        state=ParcelState.MOVING,
        stage=ScanStage.UNKNOWN,
        place="",
        picked_up_at=None,
        last_at=None,
        delivered_at=None,
        abnormal_at=None,
        worth=Fen(0),
        is_over=False,
        anomalies=(),
    )
