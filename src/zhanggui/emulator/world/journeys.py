"""The way of a parcel: which scans it gets and when, drawn from its number alone, so that nothing needs to be stored."""

from bisect import bisect_right

import msgspec

from zhanggui.emulator.moments import HOUR
from zhanggui.emulator.scenario import Parcels
from zhanggui.emulator.seeded import between, salt, share
from zhanggui.emulator.world.places import Place

NEVER, STALLED, LOST, REFUSED, RECALLED, FINE = "never", "stalled", "lost", "refused", "recalled", "fine"
GOT, LEFT, ARRIVED, OUT, WAITING, SIGNED, DECLINED, RETURNED = "GOT", "DEPARTURE", "ARRIVAL", "SENT_SCAN", "STORED", "SIGN", "REJECT", "RETURN_SIGN"
NODES = {GOT: "揽收", LEFT: "运输", ARRIVED: "运输", OUT: "派送", WAITING: "派送", SIGNED: "签收", DECLINED: "拒收", RETURNED: "退回签收"}
FATE, PICKUP, HOP = salt("fate"), salt("pickup"), salt("hop")
HUBS = ("义乌转运中心", "杭州转运中心", "上海转运中心", "武汉转运中心", "郑州转运中心")


class Scan(msgspec.Struct, frozen=True):
    """One scan of a parcel."""

    at: int
    action: str
    text: str
    where: str


class Journey(msgspec.Struct, frozen=True):
    """A whole way, seen from the platform's side: its fate and every scan it will ever get."""

    fate: str
    scans: tuple[Scan, ...]

    def until(self, now: int) -> tuple[Scan, ...]:
        """The scans that have happened by now."""
        return self.scans[: bisect_right(self.scans, now, key=lambda scan: scan.at)]

    def at_of(self, action: str) -> int:
        """When this kind of scan happens last; 0 when it never does."""
        return max((scan.at for scan in self.scans if scan.action == action), default=0)

    @property
    def picked_up_at(self) -> int:
        """When the carrier takes the parcel; 0 when it never does."""
        return self.at_of(GOT)

    @property
    def signed_at(self) -> int:
        """When the receiver signs; 0 when nobody ever does."""
        return self.at_of(SIGNED)


def journey(seed: int, serial: int, handed_over: int, to: Place, habits: Parcels) -> Journey:
    """The way of a parcel handed over at this moment; the serial makes it different from every other."""
    fate = _fate(share(seed, serial, handed_over, FATE), habits)
    if fate == NEVER:
        return Journey(fate, ())
    is_late = share(seed, serial, handed_over, PICKUP) < habits.late_pickup
    at = handed_over + (between(25, 40, seed, serial, PICKUP) if is_late else between(1, 12, seed, serial, PICKUP)) * HOUR + between(0, 3599, seed, serial)
    return Journey(fate, tuple(_scans(seed, serial, at, fate, to)))


def turned(way: Journey, how: str, since: int) -> Journey:
    """The way of a parcel that is turned around from this moment on: refused at the door, or recalled before it got there."""
    if how == RECALLED:
        kept = way.until(since)
        home = (Scan(since + 6 * HOUR, LEFT, "应寄件人要求，快件退回中", kept[-1].where),) if kept else ()
        return Journey(RECALLED, (*kept, *home, Scan(since + 60 * HOUR, RETURNED, "退回件已签收", "金华市")))
    at = next((scan.at for scan in way.scans if scan.at > since and scan.action in (WAITING, SIGNED)), 0)
    if not at:
        return way
    kept = tuple(scan for scan in way.scans if scan.at < at)
    return Journey(REFUSED, (*kept, Scan(at, DECLINED, "收件人拒收", kept[-1].where), Scan(at + 72 * HOUR, RETURNED, "退回件已签收", "金华市")))


def _fate(draw: float, habits: Parcels) -> str:
    """What becomes of the parcel."""
    for fate, part in ((NEVER, habits.never_picked_up), (STALLED, habits.stalled), (LOST, habits.lost), (REFUSED, habits.refused)):
        if draw < part:
            return fate
        draw -= part
    return FINE


def _scans(seed: int, serial: int, at: int, fate: str, to: Place) -> list[Scan]:
    """Pickup, two to four hubs, delivery; a stalled parcel rests four to seven days at one hub, a lost one ends there."""
    scans = [Scan(at, GOT, "【金华市】义乌北苑网点 已揽收", "金华市")]
    hops = between(2, 4, seed, serial, HOP)
    for hop in range(hops):
        hub = HUBS[hop] if hop < hops - 1 else f"{to.city}转运中心"
        at += between(5, 16, seed, serial, HOP, hop) * HOUR
        scans.append(Scan(at, ARRIVED, f"快件已到达【{hub}】", hub))
        if fate == LOST and hop == hops - 1:
            return scans
        if fate == STALLED and hop == 0:
            at += between(96, 168, seed, serial, HOP) * HOUR
        at += between(1, 4, seed, serial, HOP, hop, 1) * HOUR
        scans.append(Scan(at, LEFT, f"快件已从【{hub}】发出", hub))
    return scans + _last_mile(seed, serial, at, fate, to)


def _last_mile(seed: int, serial: int, at: int, fate: str, to: Place) -> list[Scan]:
    """Out for delivery, often into a pickup point, then signed for or refused and sent back."""
    at += between(4, 12, seed, serial, HOP, 9) * HOUR
    scans = [Scan(at, OUT, f"【{to.town}】快递员正在派件", to.town)]
    at += between(1, 6, seed, serial, HOP, 10) * HOUR
    if fate == REFUSED:
        return [*scans, Scan(at, DECLINED, "收件人拒收", to.town), Scan(at + 72 * HOUR, RETURNED, "退回件已签收", "金华市")]
    if share(seed, serial, HOP, 11) < 0.6:
        scans.append(Scan(at, WAITING, "快件已存放至菜鸟驿站，请及时取件", to.town))
        at += between(2, 20, seed, serial, HOP, 12) * HOUR
    return [*scans, Scan(at, SIGNED, "快件已签收，感谢使用", to.town)]
