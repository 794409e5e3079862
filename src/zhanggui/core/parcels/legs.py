"""A parcel's way in legs: from one event to the next, with how long the next one was waited for and how long it may take.

A leg nobody has seen the end of is not left out: that it has lasted so long already is known.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.core.clocks.way_out import TURNED
from zhanggui.core.facts import ScanStage
from zhanggui.core.moments import in_shanghai
from zhanggui.core.parcels.parcel import Parcel
from zhanggui.core.rules import Question, Rule, Rulebook

HANDED_IN, FIRST_HOP, TRANSIT, DELIVERY = "handed_in", "first_hop", "transit", "delivery"
STEPS = (HANDED_IN, FIRST_HOP, TRANSIT, DELIVERY)
_STEP_OF = {
    ScanStage.PICKED_UP: FIRST_HOP,
    ScanStage.IN_TRANSIT: TRANSIT,
    ScanStage.ARRIVED: TRANSIT,
    ScanStage.EXCEPTION: TRANSIT,
    ScanStage.OUT_FOR_DELIVERY: DELIVERY,
}
_HOUR = timedelta(hours=1)

Told = tuple[datetime, ScanStage]


class Leg(msgspec.Struct, frozen=True, gc=False):
    """One leg: which step of the way, with whom, whereto, begun at which hour in Shanghai, how long it was or has been waited, and the limit."""

    step: str
    carrier: str
    province: str
    started_at: datetime
    hour: int
    waited: float
    """Hours."""
    is_followed: bool
    """Whether the next event came."""
    limit: float
    """Hours."""

    @property
    def stalled(self) -> bool | None:
        """Whether the next event came too late; None while nobody can know."""
        if self.waited > self.limit:
            return True
        return False if self.is_followed else None

    def seen_by(self, moment: datetime) -> "Leg | None":
        """The leg as it was known at an earlier moment; None where it had not begun."""
        known = (moment - self.started_at) / _HOUR
        if known <= 0:
            return None
        return self if self.waited <= known else msgspec.structs.replace(self, waited=known, is_followed=False)


class Limits(msgspec.Struct, frozen=True):
    """How many hours each step may take, by the rules in force."""

    by_stage: tuple[tuple[str, float], ...]
    handed_in: float

    def of(self, stage: ScanStage) -> float | None:
        """How long may pass after an event of this stage; None where no limit counts by the clock."""
        return next((hours for name, hours in self.by_stage if name == stage.value), None)


def limits_of(rulebook: Rulebook, at: datetime) -> Limits:
    """The limits as the rules stand at a moment."""
    pickup = rulebook.in_force(Question.PICKUP_BY, at=at)
    rules = ((stage.value, rulebook.in_force(Question.PARCEL_MOVES, at=at, stage=stage.value)) for stage in _STEP_OF)
    by_stage = tuple((stage, hours) for stage, rule in rules if (hours := _hours(rule)) is not None)
    return Limits(by_stage, _hours(pickup) or 24.0)


def legs_of(parcel: Parcel, told: Sequence[Told], limits: Limits, now: datetime) -> Iterator[Leg]:
    """The legs of the way out, oldest first; `told` are the events that say anything, oldest first. None of a parcel nobody ever told of."""
    if not told:
        return
    ends = parcel.delivered_at if parcel.is_over else None
    if parcel.shipped_at < told[0][0]:
        pickup = next((at for at, stage in told if stage is not ScanStage.EXCEPTION), None)
        yield from _leg(HANDED_IN, parcel, parcel.shipped_at, pickup, limits.handed_in, now, ends)
    before: Told | None = None
    for event in told:
        if before is not None:
            yield from _leg(_STEP_OF[before[1]], parcel, before[0], event[0], limits.of(before[1]), now, ends)
        if event[1] in TURNED or event[1] is ScanStage.DELIVERED:
            return
        before = event if event[1] in _STEP_OF else None
    if before is not None:
        yield from _leg(_STEP_OF[before[1]], parcel, before[0], None, limits.of(before[1]), now, ends)


def current_leg(parcel: Parcel, told: Sequence[Told], limits: Limits, now: datetime) -> Leg | None:
    """The leg the parcel is on; None where it is on none: arrived, turned back, waiting to be fetched, or nothing known of it."""
    legs = list(legs_of(parcel, told, limits, now))
    return legs[-1] if legs and not legs[-1].is_followed and not parcel.is_over else None


def _leg(step: str, parcel: Parcel, since: datetime, until: datetime | None, limit: float | None, now: datetime, ends: datetime | None) -> Iterator[Leg]:
    if limit is None:
        return
    seen_to = until or (min(now, ends) if ends is not None else now)
    waited = (seen_to - since) / _HOUR
    if waited <= 0 and until is None:
        return
    yield Leg(step, parcel.carrier, parcel.province, since, in_shanghai(since).hour, max(waited, 0.0), until is not None, limit)


def _hours(rule: Rule | None) -> float | None:
    return rule.term.length / _HOUR if rule is not None and rule.term is not None and rule.term.length else None
