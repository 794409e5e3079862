"""The pickup deadline: the carrier's pickup scan after the upload, which files alone cannot show."""

from collections.abc import Sequence
from datetime import datetime

from zhanggui.core.clocks.shipping import is_over, way_of
from zhanggui.core.clocks.terms import Due, moment_of
from zhanggui.core.clocks.way_out import until_turned
from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState, DueSource, Subject, SubjectKind
from zhanggui.core.facts import OrderFacts, OrderStage, ScanFacts, ScanStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.risks import finding_risk
from zhanggui.core.rules import Question, Rule, Rulebook
from zhanggui.core.say import Say, say
from zhanggui.core.scoping import own_scope

NOT_SHOWN = say("Nothing we were given shows the pickup scan: paste the tracking text, or wait for the buyer to confirm receipt.")
NOT_PICKED_UP = say("The tracking text shows no pickup yet.")
NO_RECORD = say("The carrier was asked, and knows nothing of the number.")
RECEIVED = say("The buyer has received it, so it was picked up; the moment is not known.")
MOVED_IN_TIME = say("The parcel was already moving before the deadline, so it was picked up in time.")
MOVED_TOO_LATE = say("The first tracking event came after the deadline, so there was no pickup scan in time.")

MOVED = frozenset(ScanStage) - {ScanStage.PICKED_UP, ScanStage.EXCEPTION, ScanStage.UNKNOWN}


def pickup_deadline(known: OrderKnowledge, ship: Due | None, rulebook: Rulebook) -> Deadline | None:
    """The deadline of the pickup scan; None until a tracking number was uploaded."""
    order = known.order
    if order.shipped_at is None:
        return None
    due, is_ship_by = pickup_due(order, order.shipped_at, ship, rulebook)
    if due is None:
        return None
    state, closed_at, because = _pickup_state(known, due.due_at)
    fen, rule = finding_risk("late_shipment" if is_ship_by else "false_shipment", order, due.due_at, rulebook)
    return Deadline(
        subject=Subject(SubjectKind.ORDER, order.order_no),
        kind=DeadlineKind.PICKUP_BY,
        state=state,
        counts_from="shipped_at",
        started_at=due.started_at,
        due_at=due.due_at,
        due_source=due.source,
        rule=due.rule.cite,
        basis=due.basis,
        at_risk=Fen(0) if state is DeadlineState.WAIVED else fen,
        risk_rule=None if rule is None else rule.cite,
        closed_at=closed_at,
        because=because,
        order_no=order.order_no,
    )


def pickup_due(order: OrderFacts, shipped_at: datetime, ship: Due | None, rulebook: Rulebook) -> tuple[Due | None, bool]:
    """When the pickup scan is due, and whether it is the ship-by moment that binds.

    The earlier of the two counts where the rule names both ends. Once the upload itself came after the ship-by moment, that breach is already the ship-by
    deadline's; what is left is the term after the upload. So it is with an order that is exempt from late shipment.
    """
    rule = rulebook.in_force(Question.PICKUP_BY, at=shipped_at, way=way_of(order), **own_scope(order, rulebook))
    after_upload = None if rule is None or rule.term is None else moment_of(rule.term, shipped_at)
    if ship is not None and shipped_at < ship.due_at and (after_upload is None or ship.due_at < after_upload):
        ends = rulebook.in_force(Question.SHIP_ENDS, at=ship.started_at)
        if ends is not None and "picked_up" in ends.counts_to and (after_upload is None or exemption(order, ship.due_at, rulebook) is None):
            return Due("shipped_at", shipped_at, ship.due_at, ship.source, ends, ship.basis), True
    if rule is None or after_upload is None:
        return None, False
    return Due("shipped_at", shipped_at, after_upload, DueSource.SHOP if rule.is_override else DueSource.RULEBOOK, rule, rule.basis), False


def exemption(order: OrderFacts, at: datetime, rulebook: Rulebook) -> Rule | None:
    """The rule by which the order may leave late, so that the ship-by moment binds nothing."""
    if not order.delay_allowed:
        return None
    return rulebook.in_force(Question.EXEMPTION, at=at, finding="late_shipment", tag="delay_allowed", **own_scope(order, rulebook))


def scans_of_parcel(known: OrderKnowledge) -> Sequence[ScanFacts]:
    """The tracking events of the parcel that went to the buyer, oldest first; those of return parcels left out."""
    if not known.scans:
        return ()
    number = known.order.tracking_no
    returns = {case.return_tracking_no for case in known.cases}
    ours = (scan for scan in known.scans if (scan.tracking_no == number if number else scan.tracking_no not in returns))
    return sorted(ours, key=lambda scan: scan.at)


def _pickup_state(known: OrderKnowledge, due_at: datetime) -> tuple[DeadlineState, datetime | None, Say | None]:
    order = known.order
    scans = scans_of_parcel(known)
    pickups = pickups_of(order, until_turned(scans))
    if pickups:
        return _by(pickups[-1], due_at), pickups[-1], None
    moves = [scan.at for scan in scans if scan.stage in MOVED]
    if moves:
        return (DeadlineState.MET, None, MOVED_IN_TIME) if moves[0] <= due_at else (DeadlineState.MISSED, None, MOVED_TOO_LATE)
    if order.received_at is not None or order.stage is OrderStage.RECEIVED:
        return DeadlineState.MET, None, RECEIVED
    ended = is_over(known)
    if ended is not None:
        return DeadlineState.WAIVED, None, ended
    if scans:
        return DeadlineState.OPEN, None, NOT_PICKED_UP
    return (DeadlineState.OPEN, None, NO_RECORD) if known.no_trace_at is not None else (DeadlineState.UNVERIFIED, None, NOT_SHOWN)


def pickups_of(order: OrderFacts, scans: Sequence[ScanFacts]) -> list[datetime]:
    """The moments of the pickup scans, oldest first, whether the order or the tracking events tell of them."""
    found = {scan.at for scan in scans if scan.stage is ScanStage.PICKED_UP}
    return sorted(found if order.picked_up_at is None else found | {order.picked_up_at})


def _by(moment: datetime, due_at: datetime) -> DeadlineState:
    return DeadlineState.MET if moment <= due_at else DeadlineState.MISSED
