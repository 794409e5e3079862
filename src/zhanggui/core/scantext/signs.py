"""What is odd about a parcel's whole way: silence, repeated pickups, going backwards, a wrong city, delivery elsewhere or twice, refusal, return, trouble.

A sign is a reason to look, not a verdict: carriers scan late, twice and out of order every day. Each says in a sentence what was seen and between which
moments; where a rule of the platform sets the limit, it is cited.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt

import msgspec

from zhanggui.core.facts import ScanStage
from zhanggui.core.rules import Question, Rule, Rulebook
from zhanggui.core.say import Say, say
from zhanggui.core.scantext.places import province_of, town_of
from zhanggui.core.scantext.reading import Reading, read_scan
from zhanggui.core.scantext.table import Province


class SignKind(StrEnum):
    """The kinds of sign."""

    SILENCE = "silence"
    REPEATED_PICKUP = "repeated_pickup"
    REPEATED_ARRIVAL = "repeated_arrival"
    BACKWARDS = "backwards"
    WRONG_CITY = "wrong_city"
    ELSEWHERE = "elsewhere"
    DELIVERED_TWICE = "delivered_twice"
    REFUSED = "refused"
    RETURNING = "returning"
    EXCEPTION = "exception"


class ReadEvent(msgspec.Struct, frozen=True):
    """One event of a parcel, read."""

    at: datetime
    text: str
    reading: Reading

    @property
    def stage(self) -> ScanStage:
        """What happened."""
        return self.reading.stage


class Sign(msgspec.Struct, frozen=True):
    """Something odd: between which moments, why we say so, and the rule whose limit was passed, if one was."""

    kind: SignKind
    since: datetime
    until: datetime
    because: Say
    rule: str | None = None


NOTICE = timedelta(hours=25)
"""Silence on the way that is worth a look though no limit is passed: a line haul across the country takes a day. Our assumption."""

_BLINK = timedelta(minutes=1)
"""Scans of the same thing within a minute are one."""

_FURTHER = {
    ScanStage.PICKED_UP: 1,
    ScanStage.IN_TRANSIT: 2,
    ScanStage.ARRIVED: 2,
    ScanStage.OUT_FOR_DELIVERY: 3,
    ScanStage.READY_FOR_PICKUP: 4,
    ScanStage.DELIVERED: 5,
}
_ON_THE_WAY = frozenset({ScanStage.PICKED_UP, ScanStage.IN_TRANSIT, ScanStage.ARRIVED, ScanStage.OUT_FOR_DELIVERY, ScanStage.EXCEPTION})
_TURNED = frozenset({ScanStage.REFUSED, ScanStage.RETURN_TO_SENDER})
_LAST_MILE = frozenset({ScanStage.OUT_FOR_DELIVERY, ScanStage.READY_FOR_PICKUP, ScanStage.DELIVERED})

_DETOUR_FACTOR, _DETOUR_KM = 2.0, 600.0
"""A way over a third province is far astray when it is more than twice as long as the direct one, and six hundred kilometres on top."""


def read_way(events: Sequence[tuple[datetime, str]]) -> tuple[ReadEvent, ...]:
    """The events of a parcel read, oldest first; events of the same moment keep the order in which the source tells its way."""
    told = list(events)
    if len(told) > 1 and told[0][0] > told[-1][0]:
        told.reverse()
    return tuple(ReadEvent(at, text, read_scan(text)) for at, text in sorted(told, key=lambda event: event[0]))


def stage_of_way(way: Sequence[ReadEvent]) -> ScanStage:
    """Where the parcel stands: its last event that says anything; what was sent back stays so, whoever signs for it."""
    stages = [event.stage for event in way if event.stage is not ScanStage.UNKNOWN]
    if ScanStage.RETURN_TO_SENDER in stages:
        return ScanStage.RETURN_TO_SENDER
    return stages[-1] if stages else ScanStage.UNKNOWN


def signs_of(way: Sequence[ReadEvent], rulebook: Rulebook, now: datetime, *, destination: str | None = None) -> tuple[Sign, ...]:
    """Everything odd about the parcel by `now`, oldest first; `destination` is the place the buyer gave, where it is known."""
    told = [event for event in way if event.stage is not ScanStage.UNKNOWN and event.at <= now]
    outward = _until_turned(told)
    found = [
        *_silences(told, rulebook, now),
        *_repeated_pickups(outward),
        *_hub_oddities(outward),
        *_steps_back(outward),
        *_detours(outward),
        *_wrong_end(outward, destination),
        *_second_deliveries(_until_sent_back(told)),
        *_plain_trouble(told),
    ]
    return tuple(sorted(found, key=lambda sign: (sign.since, sign.kind)))


def _until_turned(way: Sequence[ReadEvent]) -> list[ReadEvent]:
    """The way out, before the parcel was refused or sent back: what comes then goes backwards rightly."""
    turned = next((place for place, event in enumerate(way) if event.stage in _TURNED), len(way))
    return list(way[:turned])


def _until_sent_back(way: Sequence[ReadEvent]) -> list[ReadEvent]:
    """What came before the carrier sent the parcel back: one that was refused may be delivered all the same, and who signs after that is the shop."""
    sent_back = next((place for place, event in enumerate(way) if event.stage is ScanStage.RETURN_TO_SENDER), len(way))
    return list(way[:sent_back])


def _silences(way: Sequence[ReadEvent], rulebook: Rulebook, now: datetime) -> Iterator[Sign]:
    for event, following in zip(way, [*(later.at for later in way[1:]), now], strict=False):
        rule = rulebook.in_force(Question.PARCEL_MOVES, at=now, stage=event.stage.value)
        limit = _limit(rule)
        gap = following - event.at
        if event.stage not in _ON_THE_WAY or gap <= min(limit or NOTICE, NOTICE):
            continue
        is_over = limit is not None and gap > limit
        because = say("No event for {hours} hours after: {text}", hours=int(gap / timedelta(hours=1)), text=event.text[:60])
        yield Sign(SignKind.SILENCE, event.at, following, because, rule.cite if rule is not None and is_over else None)


def _limit(rule: Rule | None) -> timedelta | None:
    """How long the rule lets a parcel be silent; None where it counts in another way than by the clock."""
    return None if rule is None or rule.term is None or not rule.term.length else rule.term.length


def _repeated_pickups(way: Sequence[ReadEvent]) -> Iterator[Sign]:
    pickups = [event for event in way if event.stage is ScanStage.PICKED_UP]
    for first, again in pairwise(pickups):
        if again.at - first.at > _BLINK:
            yield Sign(SignKind.REPEATED_PICKUP, first.at, again.at, say("Picked up again: {text}", text=again.text[:60]))


def _hub_oddities(way: Sequence[ReadEvent]) -> Iterator[Sign]:
    """The same hub reached twice: without having left it, or after having left it."""
    arrived: dict[str, datetime] = {}
    left: dict[str, datetime] = {}
    for event in way:
        place = _hub(event)
        if place is None:
            continue
        if event.stage is ScanStage.IN_TRANSIT:
            left[place] = event.at
            arrived.pop(place, None)
        elif place in left:
            yield Sign(SignKind.BACKWARDS, left.pop(place), event.at, say("Left {place}, and arrived there afterwards.", place=place))
            arrived[place] = event.at
        else:
            before = arrived.setdefault(place, event.at)
            if event.at - before > _BLINK:
                yield Sign(SignKind.REPEATED_ARRIVAL, before, event.at, say("Arrived at {place} again without having left.", place=place))
                arrived[place] = event.at


def _hub(event: ReadEvent) -> str | None:
    """The hub an arrival or a departure names; carriers write the same one with and without 公司."""
    if event.stage not in {ScanStage.ARRIVED, ScanStage.IN_TRANSIT} or event.reading.place is None:
        return None
    return event.reading.place.removesuffix("公司")


def _steps_back(way: Sequence[ReadEvent]) -> Iterator[Sign]:
    """An event of an earlier part of the way than the one before it; trouble in between explains any step."""
    last: ReadEvent | None = None
    for event in way:
        if event.stage is ScanStage.EXCEPTION:
            last = None
            continue
        if last is not None and _FURTHER[event.stage] < _FURTHER[last.stage] and event.stage is not ScanStage.PICKED_UP:
            because = say("After {before} comes {after}: {text}", before=last.stage.value, after=event.stage.value, text=event.text[:60])
            yield Sign(SignKind.BACKWARDS, last.at, event.at, because)
        last = event


def _detours(way: Sequence[ReadEvent]) -> Iterator[Sign]:
    """A third province far off the way between the one before and the one after it."""
    visited: list[tuple[Province, datetime]] = []
    for event in way:
        province = province_of(event.text)
        if province is not None and (not visited or visited[-1][0] is not province):
            visited.append((province, event.at))
    for (one, _), (over, since), (other, until) in zip(visited, visited[1:], visited[2:], strict=False):
        direct, way_over = _km(one, other), _km(one, over) + _km(over, other)
        if way_over > _DETOUR_FACTOR * direct + _DETOUR_KM:
            because = say(
                "From {start} over {over} to {end}: {way_km} km in place of {direct_km}.",
                start=one.name,
                over=over.name,
                end=other.name,
                way_km=int(round(way_over, -1)),
                direct_km=int(round(direct, -1)),
            )
            yield Sign(SignKind.WRONG_CITY, since, until, because)


def _wrong_end(way: Sequence[ReadEvent], destination: str | None) -> Iterator[Sign]:
    """The last mile run where nobody ordered: in another province than the buyer's, or in another of its cities."""
    meant = None if destination is None else town_of(destination)
    if meant is None:
        return
    for event in way:
        where = town_of(event.text) if event.stage in _LAST_MILE else None
        if where is not None and where.is_elsewhere(meant):
            because = say("Ordered to {meant}, but it is delivered in {where}: {text}", meant=meant.name, where=where.name, text=event.text[:60])
            yield Sign(SignKind.ELSEWHERE, event.at, event.at, because)
            return


def _second_deliveries(way: Sequence[ReadEvent]) -> Iterator[Sign]:
    delivered = [event for event in way if event.stage is ScanStage.DELIVERED]
    for first, again in pairwise(delivered):
        if again.at - first.at > _BLINK:
            yield Sign(SignKind.DELIVERED_TWICE, first.at, again.at, say("Delivered again: {text}", text=again.text[:60]))


_RETURNS = re.compile(r"退货(组|部|仓|处|中心|专员)")
_TROUBLE = {ScanStage.REFUSED: SignKind.REFUSED, ScanStage.RETURN_TO_SENDER: SignKind.RETURNING, ScanStage.EXCEPTION: SignKind.EXCEPTION}


def _plain_trouble(way: Sequence[ReadEvent]) -> Iterator[Sign]:
    for event in way:
        if event.stage is ScanStage.DELIVERED and _RETURNS.search(event.text):
            yield Sign(SignKind.RETURNING, event.at, event.at, say("Signed for by a returns department: {text}", text=event.text[:60]))
        if event.stage in _TROUBLE:
            yield Sign(_TROUBLE[event.stage], event.at, event.at, say("The carrier says: {text}", text=event.text[:60]))


def _km(one: Province, other: Province) -> float:
    """The distance between two provinces' capitals over the ground."""
    north, east = radians(other.north - one.north), radians(other.east - one.east)
    half = sin(north / 2) ** 2 + cos(radians(one.north)) * cos(radians(other.north)) * sin(east / 2) ** 2
    return 2 * 6371 * asin(sqrt(half))
