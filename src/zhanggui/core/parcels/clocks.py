"""The stage clocks of a parcel: which ran out, when and until when, and which runs on and will run out unless something happens.

None of it depends on the present moment: a clock that still runs is told with the moment at which it will have run out.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from zhanggui.core.amounts import reckon
from zhanggui.core.clocks.parcels import AT_REST, delivery_deadline, delivery_state
from zhanggui.core.clocks.pickup import MOVED, pickups_of
from zhanggui.core.clocks.shipping import way_of
from zhanggui.core.clocks.terms import moment_of
from zhanggui.core.clocks.way_out import TURNED, until_turned
from zhanggui.core.deadlines import DeadlineState
from zhanggui.core.facts import ScanFacts, ScanStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.parcels.kinds import Anomaly, AnomalyKind
from zhanggui.core.risks import finding_risk
from zhanggui.core.rules import Question, Rule, Rulebook
from zhanggui.core.say import Say, say
from zhanggui.core.scoping import own_scope

_KINDS = {
    ScanStage.PICKED_UP: AnomalyKind.FIRST_HOP,
    ScanStage.IN_TRANSIT: AnomalyKind.STALLED,
    ScanStage.ARRIVED: AnomalyKind.STALLED,
    ScanStage.EXCEPTION: AnomalyKind.STALLED,
    ScanStage.OUT_FOR_DELIVERY: AnomalyKind.LATE_DELIVERY,
}
_ENDS = frozenset({ScanStage.DELIVERED}) | TURNED
_SHOWN = 60


class End(msgspec.Struct, frozen=True):
    """How the obligation to move ended besides by an event: the moment, None where nobody tells it."""

    at: datetime | None


def clock_anomalies(known: OrderKnowledge, scans: Sequence[ScanFacts], end: End | None, rulebook: Rulebook) -> Iterator[Anomaly]:
    """Every stage clock of the parcel that ran out or will run out; `scans` are its events that say anything, oldest first."""
    yield from _until_pickup(known, scans, end, rulebook)
    yield from _between_events(known, scans, end, rulebook)
    yield from _promise(known, end, rulebook)


def _until_pickup(known: OrderKnowledge, scans: Sequence[ScanFacts], end: End | None, rulebook: Rulebook) -> Iterator[Anomaly]:
    """No pickup scan in time after the upload; of several pickup scans the last one counts. Where nothing was ever told of the parcel, nothing is said."""
    order = known.order
    if order.shipped_at is None or not (scans or order.picked_up_at or known.no_trace_at):
        return
    rule = rulebook.in_force(Question.PICKUP_BY, at=order.shipped_at, way=way_of(order), **own_scope(order, rulebook))
    due_at = None if rule is None or rule.term is None else moment_of(rule.term, order.shipped_at)
    if rule is None or due_at is None:
        return
    hours = _hours(order.shipped_at, due_at)
    pickups = pickups_of(order, until_turned(scans))
    moves = [scan.at for scan in scans if scan.stage in MOVED]
    until = pickups[-1] if pickups else moves[0] if moves else None
    kind, because = AnomalyKind.LATE_PICKUP, say("No pickup scan within {hours} hours of the upload.", hours=hours)
    if len(pickups) > 1:
        because = say("Of {count} pickup scans the last one counts, and it came more than {hours} hours after the upload.", count=len(pickups), hours=hours)
    if until is None and not scans:
        if known.no_trace_at is None or known.no_trace_at < due_at:
            return
        kind, because = AnomalyKind.NO_RECORD, say("{hours} hours after the upload the carrier knows nothing of the number.", hours=hours)
    if _ran_out(due_at, until, end):
        fen, risk_rule = finding_risk("false_shipment", order, due_at, rulebook)
        yield from _passed(kind, order.shipped_at, due_at, until, end, rule, (fen, risk_rule), because)


def _between_events(known: OrderKnowledge, scans: Sequence[ScanFacts], end: End | None, rulebook: Rulebook) -> Iterator[Anomaly]:
    """Too long a silence after an event: by the limit of its stage, and by that of the instant refund."""
    for place, scan in enumerate(scans):
        if scan.stage in _ENDS:
            return
        following = scans[place + 1].at if place + 1 < len(scans) else None
        silence = rulebook.in_force(Question.SILENCE, at=scan.at)
        refund = Fen(0) if silence is None or silence.amount is None else reckon(silence.amount, known.order).fen
        if scan.stage not in AT_REST:
            rule = rulebook.in_force(Question.PARCEL_MOVES, at=scan.at, stage=scan.stage.value)
            due_at = None if rule is None or rule.term is None else moment_of(rule.term, scan.at)
            if rule is not None and due_at is not None:
                yield from _passed(_KINDS[scan.stage], scan.at, due_at, following, end, rule, (refund, silence), _stood_still(scan, due_at))
        due_at = None if silence is None or silence.term is None else moment_of(silence.term, scan.at)
        if silence is not None and due_at is not None:
            because = say("No event for {hours} hours, and not signed for: the platform may refund the buyer at once.", hours=_hours(scan.at, due_at))
            yield from _passed(AnomalyKind.SILENT, scan.at, due_at, following, end, silence, (refund, silence), because)


def _promise(known: OrderKnowledge, end: End | None, rulebook: Rulebook) -> Iterator[Anomaly]:
    """The delivery that the platform promised the buyer."""
    if known.order.deliver_by is None or delivery_state(known, known.order.deliver_by)[0] is DeadlineState.MET:
        return
    deadline = delivery_deadline(known, rulebook)
    if deadline is None:
        return
    because = say("The delivery was promised for {due_at}.", due_at=deadline.due_at)
    since = min(deadline.started_at, deadline.due_at)
    anomaly = Anomaly(kind=AnomalyKind.PROMISE_MISSED, since=since, at=deadline.due_at, until=deadline.closed_at, rule=deadline.rule, because=because)
    if deadline.state is DeadlineState.MISSED or end is None:
        yield anomaly
    elif end.at is not None and end.at > deadline.due_at:
        yield msgspec.structs.replace(anomaly, until=end.at)


def _passed(
    kind: AnomalyKind,
    since: datetime,
    due_at: datetime,
    following: datetime | None,
    end: End | None,
    rule: Rule,
    risk: tuple[Fen, Rule | None],
    because: Say,
) -> Iterator[Anomaly]:
    """The clock's anomaly, where it ran out."""
    if not _ran_out(due_at, following, end):
        return
    until = following if following is not None or end is None else end.at
    fen, risk_rule = risk
    yield Anomaly(
        kind=kind,
        since=since,
        at=due_at,
        until=until,
        rule=rule.cite,
        at_risk=fen,
        risk_rule=None if risk_rule is None else risk_rule.cite,
        because=because,
    )


def _ran_out(due_at: datetime, following: datetime | None, end: End | None) -> bool:
    """Whether neither what the clock waits for came in time nor the order ended first. What happened at the very moment is in time."""
    if following is None and end is not None:
        return end.at is not None and end.at > due_at
    return following is None or following > due_at


def _stood_still(scan: ScanFacts, due_at: datetime) -> Say:
    hours = _hours(scan.at, due_at)
    match _KINDS[scan.stage]:
        case AnomalyKind.FIRST_HOP:
            return say("Picked up, and no event followed within {hours} hours.", hours=hours)
        case AnomalyKind.LATE_DELIVERY:
            return say("Out for delivery, and not delivered within {hours} hours.", hours=hours)
        case _:
            return say("No event within {hours} hours after: {text}", hours=hours, text=scan.text[:_SHOWN])


def _hours(since: datetime, until: datetime) -> int:
    return int((until - since).total_seconds() // 3600)
