"""What is asked of a tracking service, in whose name, and what it tells: the same for every service."""

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from zhanggui.connectors.carriers.errors import TrackerError, strange_answer
from zhanggui.connectors.carriers.tables import Answers, Codes, codes_of
from zhanggui.connectors.files.masking import masked_signatory
from zhanggui.connectors.pdd.calls import Call
from zhanggui.connectors.pdd.doors import safe_address
from zhanggui.connectors.pdd.errors import Trouble
from zhanggui.connectors.pdd.values import OddWire, moment, text
from zhanggui.core.facts import Place, ScanFacts, ScanStage, Sighting
from zhanggui.core.scantext import stage_of

_GIVEN = frozenset({"tracking_no", "at", "text", "carrier", "stage"})
_LONGEST = 400
"""Longer text of one event is cut, as in pasted tracking texts: it is part of the event's key."""
_TAIL = re.compile(r"(?<![\d*])1\d{2}\*{4}(\d{4})(?![\d*])")
_CODE = re.compile(r"\d{1,9}", re.ASCII)

Wire = Any
"""A value as it came: the services write numbers as text and as numbers, and leave out what they do not know."""


class Account(msgspec.Struct, frozen=True):
    """In whose name a service is asked, and where. The key is never shown. Raises UnsafeDoor for an address that would carry it in the clear."""

    name: str
    key: str
    address: str

    def __post_init__(self) -> None:
        safe_address(self.address)

    def __repr__(self) -> str:
        return f"Account(name={self.name!r}, key=***, address={self.address!r})"


class Parcel(msgspec.Struct, frozen=True):
    """The parcel that is asked about: its carrier as its order names it, the last four digits of the receiver's telephone where the mask shows them, and the
    carrier's code on the platform where that is known.
    """

    tracking_no: str
    carrier: str
    phone_tail: str = ""
    code: str = ""

    def __repr__(self) -> str:
        return f"Parcel({self.tracking_no}, {self.carrier})"


class Event(msgspec.Struct, frozen=True):
    """One event as a service tells it."""

    at: Wire
    said: Wire
    code: Wire = None


class Told(msgspec.Struct, frozen=True):
    """What a service told of a parcel: its scans, oldest first, none where there are none yet; and how many events could not be read."""

    scans: tuple[Sighting[ScanFacts], ...] = ()
    left_out: int = 0


Question = Call[Told]
"""A question to a service: `method` is the service's name, `params` the form that is sent."""


def phone_tail(receiver_masked: str | None) -> str:
    """The last four digits of the receiver's mobile number as the mask shows them; empty where it shows none."""
    found = _TAIL.search(receiver_masked or "")
    return found[1] if found else ""


def codes_for(parcel: Parcel, service: str, name: str) -> tuple[Codes, str]:
    """What the service calls the parcel's carrier. Raises TrackerError where it has no name for it, or wants digits that the mask does not show."""
    codes = codes_of(parcel.carrier, parcel.code)
    code = getattr(codes, service) if codes else ""
    if codes is None or not code:
        raise TrackerError(name, Trouble.FOREVER, "carrier", text=parcel.carrier)
    if service in codes.phone and not parcel.phone_tail:
        raise TrackerError(name, Trouble.FOREVER, "phone", text=parcel.carrier)
    return codes, code


def refused(name: str, answers: Answers, code: Wire, reason: Wire) -> Told:
    """Nothing told where the parcel has no scans yet. Raises TrackerError for any other refusal."""
    number = int(str(code)) if _CODE.fullmatch(str(code)) else 0
    said = str(reason or "").strip()
    treatment = answers.treatment(number, said)
    if treatment is None:
        raise TrackerError(name, Trouble.PERSON, "unknown", code=number, text=said)
    if treatment.do == "no_trace":
        return Told()
    raise TrackerError(name, treatment.trouble, treatment.do, code=number, text=said or treatment.means)


def told(name: str, place: str, answers: Answers, parcel: Parcel, events: Iterable[Event]) -> Told:
    """The events as scans, oldest first, each once. Raises TrackerError where there are some and none can be read."""
    listed = list(events)
    scans = [scan for event in listed if (scan := _scan(event, answers, parcel)) is not None]
    if listed and not scans:
        raise strange_answer(name, f"none of {len(listed)} events has a time and a text")
    found = {(scan.at, scan.text): scan for scan in scans}
    sightings = tuple(Sighting(found[key], _GIVEN, Place(place), found[key].at) for key in sorted(found))
    return Told(sightings, len(listed) - len(scans))


def _scan(event: Event, answers: Answers, parcel: Parcel) -> ScanFacts | None:
    try:
        at, said = moment(event.at, "time"), text(event.said, "text")
    except OddWire:
        return None
    if at is None or said is None:
        return None
    said = masked_signatory(said)[:_LONGEST]
    return ScanFacts(tracking_no=parcel.tracking_no, at=at, text=said, carrier=parcel.carrier, stage=_stage(said, answers, event.code))


def _stage(said: str, answers: Answers, code: Wire) -> ScanStage:
    """The stage that the text names, else the one that the service's code names."""
    found = stage_of(said)
    return found if found is not ScanStage.UNKNOWN else answers.stages.get(str(code), ScanStage.UNKNOWN)
