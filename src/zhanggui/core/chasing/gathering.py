"""Which parcels one message to a carrier's branch speaks of, and that message."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.facts import ScanFacts, ScanStage
from zhanggui.core.moments import in_shanghai
from zhanggui.core.money import Fen
from zhanggui.core.numbers.shapes import carrier_of
from zhanggui.core.scantext.reading import read_scan
from zhanggui.core.scripts import Both, Scripts
from zhanggui.core.verdicts import Draft

MOST_IN_A_MESSAGE = 50
"""A message that a person at a branch still reads; the rest makes another."""


class Stuck(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel that stands still: since when, where, and what is at risk."""

    order_no: str
    tracking_no: str
    carrier: str | None
    branch: str | None
    """The place of its last tracking event; None where no event names one, as before the pickup."""
    kind: DeadlineKind
    """The to-do that makes it one."""
    stage: ScanStage | None
    last_at: datetime | None
    due_at: datetime
    at_risk: Fen


class Gathered(msgspec.Struct, frozen=True):
    """The parcels for one message."""

    carrier: str | None
    branch: str | None
    parcels: tuple[Stuck, ...]

    @property
    def at_risk(self) -> Fen:
        """What is at risk with all of them."""
        return Fen(sum(parcel.at_risk for parcel in self.parcels))

    @property
    def oldest(self) -> datetime:
        """Since when the first of them has been overdue."""
        return min(parcel.due_at for parcel in self.parcels)


def branch_of(scans: Sequence[ScanFacts]) -> str | None:
    """The place the last tracking event names, oldest first given; an event without one leaves the place before it."""
    return next((place for scan in reversed(scans) if (place := read_scan(scan.text).place)), None)


def gathered(parcels: Iterable[Stuck]) -> tuple[Gathered, ...]:
    """The parcels by carrier and branch, dearest group first; long groups in several messages, the most urgent parcels in the first."""
    groups: dict[tuple[str, str], list[Stuck]] = {}
    for parcel in parcels:
        groups.setdefault((carrier_key(parcel.carrier), parcel.branch or ""), []).append(parcel)
    found = []
    for listed in groups.values():
        ordered = sorted(listed, key=lambda parcel: (-parcel.at_risk, parcel.due_at, parcel.order_no))
        for start in range(0, len(ordered), MOST_IN_A_MESSAGE):
            part = tuple(ordered[start : start + MOST_IN_A_MESSAGE])
            found.append(Gathered(part[0].carrier, part[0].branch, part))
    return tuple(sorted(found, key=lambda group: (-group.at_risk, group.oldest, group.carrier or "", group.branch or "")))


def carrier_key(name: str | None) -> str:
    """One word for a carrier, however a source writes its name; the name itself where it is not known."""
    known = carrier_of(name) if name else None
    return known.code if known is not None else (name or "").strip().casefold()


def chase_message(group: Gathered, now: datetime, scripts: Scripts) -> Draft | None:
    """The message to the branch, with every parcel in a line of its own; no name and no address of a buyer."""
    lines_zh = "\n".join(f"{n}. {_line_zh(parcel, now)}" for n, parcel in enumerate(group.parcels, 1))
    lines_en = "\n".join(f"{n}. {_line_en(parcel, now)}" for n, parcel in enumerate(group.parcels, 1))
    where = Both(f"{group.branch}的", f" at {group.branch}") if group.branch else Both("", "")
    script = "chase_pickup" if all(parcel.kind is DeadlineKind.PICKUP_BY for parcel in group.parcels) else "chase_branch"
    return scripts.draft(
        script,
        where=where,
        carrier=group.carrier or Both("贵司", "your company"),
        count=len(group.parcels),
        parcels=Both(lines_zh, lines_en),
    )


def _line_zh(parcel: Stuck, now: datetime) -> str:
    if parcel.last_at is None or parcel.kind is DeadlineKind.PICKUP_BY:
        return f"{parcel.tracking_no}：已交寄，没有揽收记录"
    wall = in_shanghai(parcel.last_at)
    return f"{parcel.tracking_no}：{wall.month}月{wall.day}日{wall:%H:%M}起没有新记录（{_days(now - parcel.last_at)[0]}）"


def _line_en(parcel: Stuck, now: datetime) -> str:
    if parcel.last_at is None or parcel.kind is DeadlineKind.PICKUP_BY:
        return f"{parcel.tracking_no}: handed in, no pickup scan"
    return f"{parcel.tracking_no}: no event since {in_shanghai(parcel.last_at):%d %b %H:%M} ({_days(now - parcel.last_at)[1]})"


def _days(span: timedelta) -> tuple[str, str]:
    hours = max(0, int(span / timedelta(hours=1)))
    if hours < 48:
        return f"已 {hours} 小时", f"{hours} hours"
    return f"已 {hours // 24} 天", f"{hours // 24} days"
