"""The scans of a parcel as facts of ours."""

from collections.abc import Iterable

import msgspec
from msgspec import UNSET

from zhanggui.connectors.files.masking import masked_signatory
from zhanggui.connectors.pdd.values import MISSING, NO_RECORD, OddWire, Told, moment, text
from zhanggui.connectors.pdd.wording import words
from zhanggui.core.facts import Place, ScanFacts, ScanStage, Sighting
from zhanggui.core.scantext import stage_of

PLACE = Place("pdd.logistics")
_LONGEST = 400
"""Longer text of one event is cut, as in pasted tracking texts: it is part of the event's key."""
_GIVEN = frozenset({"tracking_no", "at", "text", "carrier", "stage"})


class WireScan(msgspec.Struct, frozen=True):
    """One node of a trace. Which words `action` takes is not documented, so it decides nothing."""

    desc: Told = UNSET
    node_description: Told = UNSET
    status_desc: Told = UNSET
    status_time: Told = UNSET
    time: Told = UNSET


_DECODER = msgspec.json.Decoder(WireScan, float_hook=str)


def scan_sightings(nodes: Iterable[msgspec.Raw | bytes], *, tracking_no: str, carrier: str | None = None) -> tuple[Sighting[ScanFacts], ...]:
    """The scans of a parcel, oldest first, each once. `carrier` is the name that the order tells. Raises OddWire."""
    found = {(scan.at, scan.text): scan for scan in (_scan(node, tracking_no, carrier) for node in nodes)}
    return tuple(Sighting(found[place], _GIVEN, PLACE, found[place].at) for place in sorted(found))


def _scan(node: msgspec.Raw | bytes, tracking_no: str, carrier: str | None) -> ScanFacts:
    try:
        told = _DECODER.decode(node)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise OddWire(NO_RECORD, "trace", "…", tracking_no) from None
    try:
        return _facts(told, tracking_no, carrier)
    except OddWire as odd:
        odd.number = tracking_no
        raise


def _facts(told: WireScan, tracking_no: str, carrier: str | None) -> ScanFacts:
    at = moment(told.time, "time") or moment(told.status_time, "status_time")
    nodes = tuple(word for word in (text(told.status_desc, "status_desc"), text(told.node_description, "node_description")) if word)
    said = text(told.desc, "desc") or next(iter(nodes), None)
    if at is None or said is None:
        raise OddWire(MISSING, "time" if at is None else "desc")
    return ScanFacts(tracking_no=tracking_no, at=at, text=masked_signatory(said)[:_LONGEST], carrier=carrier, stage=_stage(said, nodes))


def _stage(said: str, nodes: tuple[str, ...]) -> ScanStage:
    """The stage that the text names, else the one its node names."""
    found = stage_of(said)
    if found is not ScanStage.UNKNOWN:
        return found
    return next((stage for node in nodes if (stage := words().node.get(node)) is not None), ScanStage.UNKNOWN)
