"""The deadlines of a parcel on its way: the next tracking event, and the promised delivery."""

from collections.abc import Sequence
from datetime import datetime

from zhanggui.core.amounts import reckon
from zhanggui.core.clocks.pickup import scans_of_parcel
from zhanggui.core.clocks.shipping import is_over
from zhanggui.core.clocks.terms import Due, first_known, moment_of, started_by
from zhanggui.core.clocks.way_out import TURNED, deliveries_of
from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState, DueSource, Subject, SubjectKind
from zhanggui.core.facts import OrderStage, ScanFacts, ScanStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.rules import Question, Rule, Rulebook
from zhanggui.core.say import Say, say

ARRIVED = say("The parcel has arrived or is on its way back, so no further event is owed.")
DELIVERED_UNKNOWN_WHEN = say("Received, but no file says when; it is not counted as late.")
DELIVERED_IN_TIME = say("Received: the data from before the deadline already show it.")

AT_REST = TURNED | {ScanStage.DELIVERED, ScanStage.READY_FOR_PICKUP}
_ENDS = TURNED | {ScanStage.DELIVERED}
_STARTS = ("shipped_at", "group_formed_at", "paid_at", "created_at")


def delivery_deadline(known: OrderKnowledge, rulebook: Rulebook) -> Deadline | None:
    """The deadline of the promised delivery; None where the platform gives none."""
    order = known.order
    if order.deliver_by is None or order.stage is OrderStage.FORMING:
        return None
    rule = rulebook.in_force(Question.PLATFORM_MOMENT, at=order.deliver_by, deadline="deliver_by")
    if rule is None:
        return None
    name, start = first_known(order, _STARTS) or ("deliver_by", None)
    state, closed_at, because = delivery_state(known, order.deliver_by)
    return Deadline(
        subject=Subject(SubjectKind.ORDER, order.order_no),
        kind=DeadlineKind.DELIVER_BY,
        state=state,
        counts_from=name,
        started_at=started_by(start, order.deliver_by),
        due_at=order.deliver_by,
        due_source=DueSource.PLATFORM,
        rule=rule.cite,
        basis=rule.basis,
        at_risk=Fen(0),
        closed_at=closed_at,
        because=because,
        order_no=order.order_no,
    )


def delivery_state(known: OrderKnowledge, due_at: datetime) -> tuple[DeadlineState, datetime | None, Say | None]:
    """How far the promised delivery is, since when, and why: by a scan of the way out, the buyer's receipt, or the end of the order."""
    order = known.order
    delivered = next(iter(deliveries_of(scans_of_parcel(known))), order.received_at)
    if delivered is not None:
        return (DeadlineState.MET if delivered <= due_at else DeadlineState.MISSED), delivered, None
    if order.stage is OrderStage.RECEIVED:
        return DeadlineState.MET, None, DELIVERED_IN_TIME if known.data_as_of <= due_at else DELIVERED_UNKNOWN_WHEN
    ended = is_over(known)
    if ended is not None:
        return DeadlineState.WAIVED, None, ended
    return DeadlineState.OPEN, None, None


def movement_deadline(known: OrderKnowledge, rulebook: Rulebook) -> Deadline | None:
    """The deadline of the next tracking event; None where no tracking event is known from which to count."""
    scans = [scan for scan in scans_of_parcel(known) if scan.stage is not ScanStage.UNKNOWN]
    due = _next_event_due(scans, rulebook)
    if due is None:
        return None
    silence = rulebook.in_force(Question.SILENCE, at=due.due_at)
    ended = _rest_reason(known, scans)
    return Deadline(
        subject=Subject(SubjectKind.ORDER, known.order.order_no),
        kind=DeadlineKind.PARCEL_MOVES,
        state=DeadlineState.OPEN if ended is None else DeadlineState.MET,
        counts_from=due.counts_from,
        started_at=due.started_at,
        due_at=due.due_at,
        due_source=due.source,
        rule=due.rule.cite,
        basis=due.basis,
        at_risk=_silence_risk(known, silence) if ended is None else Fen(0),
        risk_rule=None if silence is None else silence.cite,
        because=ended,
        order_no=known.order.order_no,
    )


def _next_event_due(scans: Sequence[ScanFacts], rulebook: Rulebook) -> Due | None:
    """When the next event is due after the last one of the way out; what carriers scan after the end belongs to no clock."""
    ended = next((place for place, scan in enumerate(scans) if scan.stage in _ENDS), len(scans))
    moving = [scan for scan in scans[:ended] if scan.stage not in AT_REST]
    if not moving:
        return None
    last = moving[-1]
    rule = rulebook.in_force(Question.PARCEL_MOVES, at=last.at, stage=last.stage.value)
    due_at = None if rule is None or rule.term is None else moment_of(rule.term, last.at)
    if rule is None or due_at is None:
        return None
    return Due(last.stage.value, last.at, due_at, DueSource.SHOP if rule.is_override else DueSource.RULEBOOK, rule, rule.basis)


def _silence_risk(known: OrderKnowledge, silence: Rule | None) -> Fen:
    """What the platform may refund once the parcel has been silent for long."""
    return Fen(0) if silence is None or silence.amount is None else reckon(silence.amount, known.order).fen


def _rest_reason(known: OrderKnowledge, scans: Sequence[ScanFacts]) -> Say | None:
    """Why no further event is owed, if that is so."""
    if (
        scans[-1].stage in AT_REST
        or any(scan.stage in _ENDS for scan in scans)
        or known.order.received_at is not None
        or known.order.stage is OrderStage.RECEIVED
    ):
        return ARRIVED
    return is_over(known)
