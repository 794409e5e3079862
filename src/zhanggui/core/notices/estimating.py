"""By when an order can be promised to leave: the first pickup that everything due before it leaves room for, to the full hour."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from zhanggui.core.notices.shapes import ShipEstimate, Transit
from zhanggui.core.planning.hours import WorkLine
from zhanggui.core.planning.terms import PlanTerms
from zhanggui.core.say import say

CUSHION = 1.25
"""So much longer than planned the packing may take before the promise breaks."""
SLACK = timedelta(minutes=30)
"""So late the carrier may come."""
_HOUR = timedelta(hours=1)


def ready_at(line: WorkLine, terms: PlanTerms, now: datetime, *, ahead: int, is_set_up: bool = False) -> datetime | None:
    """When so many orders, the one in question among them, are packed; None beyond the days looked at."""
    work = (0 if is_set_up else terms.shop.setup) + ahead * terms.each
    return line.moment(line.place(now) + round(work * CUSHION))


def ship_estimate(ready: datetime, visits: Sequence[datetime], carrier: str, due_at: datetime | None, *, ahead: int) -> ShipEstimate | None:
    """The promise for an order that is ready by then: the full hour after the next pickup, the due moment itself where the pickup comes before it."""
    visit = next((at for at in visits if at >= ready), None)
    if visit is None:
        return None
    hour = full_hour_after(visit + SLACK)
    at = due_at if due_at is not None and visit <= due_at < hour else hour
    because = say("Packed by {ready}, with {ahead} orders due no later, it goes with the pickup at {visit}.", ready=ready, ahead=ahead, visit=visit)
    return ShipEstimate(at, visit, carrier, because)


def full_hour_after(moment: datetime) -> datetime:
    """The first full hour at or after the moment; Shanghai's hours begin with those of UTC."""
    hour = moment.replace(minute=0, second=0, microsecond=0)
    return hour if hour == moment else hour + _HOUR


def transit_of(hours: float | None, seen: int, province: str) -> Transit | None:
    """How long parcels take to that province; nothing where too few were seen to tell a buyer."""
    if hours is None or seen < ENOUGH:
        return None
    because = say("Nine in ten of {seen} parcels to {province} were there within {hours} h.", seen=seen, province=province, hours=round(hours))
    return Transit(hours, seen, because)


ENOUGH = 20
"""From so many parcels on it is told how long they take."""
