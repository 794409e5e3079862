"""Steps of the deadlines of a parcel."""

from datetime import datetime

from zhanggui.core.clocks.pickup import exemption, pickup_due, pickups_of, scans_of_parcel
from zhanggui.core.clocks.shipping import ship_due, way_of
from zhanggui.core.clocks.way_out import until_turned
from zhanggui.core.deadlines import Deadline, Step
from zhanggui.core.explain.common import arithmetic_step, rule_steps, source_step, start_step, state_steps
from zhanggui.core.explain.money import compensation_steps
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.rules import Question, Rulebook
from zhanggui.core.say import Say, say
from zhanggui.core.scoping import own_scope

MAY_LEAVE_LATE = say("The order may leave late, so the ship-by moment does not bind the pickup.")


def pickup_steps(deadline: Deadline, known: OrderKnowledge, rulebook: Rulebook) -> tuple[Step, ...]:
    """The upload, the term after it, the ship-by moment where both ends count, which binds, and the pickups seen."""
    order = known.order
    ship = ship_due(known, rulebook)
    _, is_ship_by = pickup_due(order, deadline.started_at, ship, rulebook)
    steps = [start_step("shipped_at", deadline.started_at)]
    rule = rulebook.in_force(Question.PICKUP_BY, at=deadline.started_at, way=way_of(order), **own_scope(order, rulebook))
    if rule is not None and rule.term is not None:
        steps += [*rule_steps(rule, deadline.started_at), arithmetic_step(rule.term, deadline.started_at, deadline.started_at + rule.term.length, rule.cite)]
    if ship is not None:
        ends = rulebook.in_force(Question.SHIP_ENDS, at=ship.started_at)
        if ends is not None and "picked_up" in ends.counts_to:
            exempt = exemption(order, ship.due_at, rulebook)
            steps.append(Step(_other_end(deadline.started_at, ship.due_at), ends.cite) if exempt is None else Step(MAY_LEAVE_LATE, exempt.cite))
    steps.append(Step(_binding(deadline, is_ship_by), deadline.rule))
    finding = "late_shipment" if is_ship_by else "false_shipment"
    return (*steps, *_pickups(known), *state_steps(deadline), *compensation_steps(deadline, order, finding, rulebook))


def movement_steps(deadline: Deadline, known: OrderKnowledge, rulebook: Rulebook) -> tuple[Step, ...]:
    """The last tracking event, and by when the next is due."""
    rule = rulebook.by_cite(deadline.rule)
    last = [scan for scan in scans_of_parcel(known) if scan.at == deadline.started_at]
    steps = [Step(say("The last tracking event: {text}", text=scan.text)) for scan in last[-1:]]
    assert rule.term is not None, "a rule that makes a deadline has a term"
    return (
        *steps,
        start_step(deadline.counts_from, deadline.started_at),
        *rule_steps(rule, deadline.started_at),
        arithmetic_step(rule.term, deadline.started_at, deadline.due_at, rule.cite),
    )


def delivery_steps(deadline: Deadline, rulebook: Rulebook) -> tuple[Step, ...]:
    """The platform's own delivery time."""
    return (source_step(deadline), *rule_steps(rulebook.by_cite(deadline.rule), deadline.started_at), Step(say("No rule names a sum for a late delivery.")))


def _binding(deadline: Deadline, is_ship_by: bool) -> Say:
    if is_ship_by:
        return say("The ship-by moment is the earlier of the two: {due_at}.", due_at=deadline.due_at)
    return say("The term after the upload decides: {due_at}.", due_at=deadline.due_at)


def _other_end(shipped_at: datetime, ship_by: datetime) -> Say:
    """What the ship-by moment means for the pickup; an upload at or after it leaves nothing of that term."""
    if shipped_at >= ship_by:
        return say("The number was not uploaded before the ship-by moment {ship_by}, so that moment no longer binds here.", ship_by=ship_by)
    return say("The pickup scan must also come before the ship-by moment: {ship_by}.", ship_by=ship_by)


def _pickups(known: OrderKnowledge) -> tuple[Step, ...]:
    """That the last of several pickup scans counts, where there are several."""
    pickups = pickups_of(known.order, until_turned(scans_of_parcel(known)))
    if len(pickups) < 2:
        return ()
    return (Step(say("There are {count} pickup scans; the last one counts: {at}.", count=len(pickups), at=pickups[-1])),)
