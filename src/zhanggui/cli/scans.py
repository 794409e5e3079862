"""`zhanggui scans`: what tracking texts say, and what is odd about each parcel; read from stdin, answered line by line, nothing stored."""

import re
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime

import click
import msgspec

from zhanggui import clock, rulebook
from zhanggui.cli.desk import DONE, REFUSED, Desk, with_desk
from zhanggui.cli.moments import MOMENT, NotAMoment, moment_from, utc, wall
from zhanggui.core.rules import Rulebook
from zhanggui.core.say import say
from zhanggui.core.scantext import Sign, read_scan, read_way, signs_of, stage_of_way

_LONGEST_LINE = 1_000_000
_LOOSE = re.compile(r"(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?[\sT]*(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?")
"""Moments as carriers' pages write them: without leading noughts, with slashes or Chinese signs."""


class EventGiven(msgspec.Struct, frozen=True):
    """One event as it comes in; the moment as the carrier wrote it, by a clock in Shanghai where no offset stands."""

    time: str
    text: str


class ParcelGiven(msgspec.Struct, frozen=True):
    """One parcel as it comes in; `to` is the place it was ordered to, where that is known."""

    tracking_no: str
    events: tuple[EventGiven, ...]
    carrier: str | None = None
    to: str | None = None


class EventRead(msgspec.Struct, frozen=True):
    """One event read; the moment as it was given."""

    time: str
    stage: str
    confidence: float
    words: str
    place: str | None


class Anomaly(msgspec.Struct, frozen=True):
    """Something odd, between which moments, why, and the rule whose limit was passed."""

    kind: str
    since: datetime
    until: datetime
    because: str
    rule: str | None


class ParcelRead(msgspec.Struct, frozen=True):
    """One parcel read."""

    carrier: str | None
    tracking_no: str
    stage: str
    events: tuple[EventRead, ...]
    anomalies: tuple[Anomaly, ...]


class LineRefused(msgspec.Struct, frozen=True):
    """A line that could not be read, by its number, and why."""

    line: int
    refused: tuple[str, ...]


@click.command("scans")
@click.option("--at", type=MOMENT, metavar="MOMENT", help="Judge silence as of this moment instead of now.")
@with_desk
def scans(desk: Desk, at: datetime | None) -> int:
    """Read tracking texts from stdin, a JSON object a line, and say of each parcel where it stands and what is odd."""
    rules, now = rulebook.load(), at or clock.now()
    refused = False
    for number, line in _lines(sys.stdin.buffer):
        try:
            parcel = msgspec.json.decode(line, type=ParcelGiven)
        except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError) as problem:
            refused = True
            _refuse(desk, number, str(problem))
            continue
        answer = _read(desk, parcel, rules, now)
        desk.document(answer)
        _show(desk, answer)
    return REFUSED if refused else DONE


def _lines(stream: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    return ((number, line[:_LONGEST_LINE]) for number, line in enumerate(stream, start=1) if line.strip())


def _refuse(desk: Desk, number: int, problem: str) -> None:
    reason = say(
        "Line {number} is no parcel: {problem}. Each line is a JSON object with carrier, tracking_no and events, a list of time and text.",
        number=number,
        problem=problem,
    )
    desk.document(LineRefused(number, (desk.said(reason),)))
    click.echo(desk.said(reason), err=True)


def _read(desk: Desk, parcel: ParcelGiven, rules: Rulebook, now: datetime) -> ParcelRead:
    timed = [(moment, event.text) for event in parcel.events if (moment := _moment(event.time)) is not None]
    way = read_way(timed)
    anomalies = tuple(_anomaly(desk, sign) for sign in signs_of(way, rules, now, destination=parcel.to))
    return ParcelRead(parcel.carrier, parcel.tracking_no, stage_of_way(way).value, tuple(map(_event, parcel.events)), anomalies)


def _event(event: EventGiven) -> EventRead:
    reading = read_scan(event.text)
    return EventRead(event.time, reading.stage.value, reading.confidence, reading.words, reading.place)


def _anomaly(desk: Desk, sign: Sign) -> Anomaly:
    return Anomaly(sign.kind.value, utc(sign.since), utc(sign.until), desk.said(sign.because), sign.rule)


def _moment(text: str) -> datetime | None:
    """The moment of an event; None where it is none: the event is read all the same, but takes no part in the order of things."""
    try:
        return moment_from(text)
    except NotAMoment:
        found = _LOOSE.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return moment_from(f"{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    except NotAMoment:
        return None


def _show(desk: Desk, parcel: ParcelRead) -> None:
    desk.lines([f"{parcel.carrier or ''} {parcel.tracking_no}  {desk.catalog.word(parcel.stage)}".strip()])
    desk.lines(f"  {event.time}  {desk.catalog.word(event.stage)}  {event.confidence:.2f}  {event.words}" for event in parcel.events)
    desk.lines(f"  ! {wall(anomaly.since)}  {anomaly.because}" for anomaly in parcel.anomalies)
