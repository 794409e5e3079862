"""Legs of made-up parcels, drawn the way the emulator's carriers go."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

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


class Way(NamedTuple):
    """One made-up parcel: what was told of it by the end."""

    no: int
    carrier: str
    province: str
    shipped_at: datetime
    told: list[tuple[datetime, ScanStage, str]]


def emulated_ways(count: int, began: datetime, until: datetime, seed: int = 1) -> Iterator[Way]:
    """So many parcels between two moments: 极兔 badly to 新疆, all others well."""
    for number in range(count):
        shipped_at = (began + (until - began) * number / count).replace(microsecond=0)
        carrier = ("圆通快递", "极兔速递", "中通快递")[number % 3]
        province = ("浙江省", "广东省", "新疆维吾尔自治区")[number // 3 % 3]
        habits = BAD if carrier.startswith("极兔") and province.startswith("新疆") else GOOD
        way = journey(seed, number, int(shipped_at.timestamp()), Place(1, province, 1, "", 1, ""), habits)
        told = [(datetime.fromtimestamp(scan.at, UTC), STAGES[scan.action], scan.text) for scan in way.scans if scan.at <= until.timestamp()]
        yield Way(number, carrier, province, shipped_at, told)


def emulated_legs(count: int, seed: int = 1, days: int = 60) -> tuple[list[Leg], Limits, datetime]:
    """The legs of so many parcels over two months, the limits of the rulebook, and until when they are known."""
    limits, until = limits_of(rulebook.load(), BEGAN), BEGAN + timedelta(days=days)
    legs: list[Leg] = []
    for way in emulated_ways(count, BEGAN, until, seed):
        events = [(at, stage) for at, stage, _ in way.told]
        legs += legs_of(parcel(str(way.no), way.carrier, way.province, way.shipped_at), events, limits, until)
    return legs, limits, until


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
