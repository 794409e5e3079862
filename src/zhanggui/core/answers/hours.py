"""Which moment may be promised: never one that cannot be kept, never one past the limit."""

from datetime import datetime, timedelta
from typing import NamedTuple

from zhanggui.core.planning.work import Ground, ToShip
from zhanggui.core.say import Say, say

LATE_WITHIN = timedelta(hours=48)
"""What is overdue is promised within so long, or not at all: who has waited beyond the term is not put off for days."""
SOONEST = timedelta(hours=1)
"""Nothing is promised sooner than so long from now: something always comes between."""
REFUND_WITHIN = timedelta(minutes=15)
"""So long a person has to agree to a refund that is asked for."""
_HOUR = timedelta(hours=1)

NO_VISIT = say("No pickup is known that it could leave with, so no hour can be promised.")
AFTER_LIMIT = say("It cannot leave before its deadline as things stand, so no hour can be promised.")
TOO_FAR = say("The next pickup it can leave with is more than two days off, so no hour can be promised.")


class Hour(NamedTuple):
    """The moment to promise and how it comes about; None where nothing can be promised, and then why."""

    until: datetime | None
    because: Say
    broken: datetime | None = None
    """What this buyer was promised before and cannot be told again, since it is over or cannot be kept."""


def ship_hour(leaves_at: datetime | None, due_at: datetime | None, now: datetime, *, promised: datetime | None = None) -> Hour:
    """By when an order can be promised to leave: the hour that this buyer was promised before where it can be kept, else as the plan has it."""
    if promised is None:
        return _by_plan(leaves_at, due_at, now)
    is_in_time = due_at is None or due_at < now or promised <= due_at
    if leaves_at is not None and now < promised and leaves_at <= promised and is_in_time:
        return Hour(promised, say("It was promised to this buyer before, and is ready for the pickup at {leaves_at}.", leaves_at=leaves_at))
    return _by_plan(leaves_at, due_at, now)._replace(broken=promised)


def _by_plan(leaves_at: datetime | None, due_at: datetime | None, now: datetime) -> Hour:
    """The full hour after the pickup that it is ready for, the deadline itself where that comes first."""
    if leaves_at is None:
        return Hour(None, NO_VISIT)
    hour = full_hour_from(max(leaves_at, now + SOONEST))
    if due_at is not None and due_at >= now:
        if hour <= due_at:
            return Hour(hour, say("Ready for the pickup at {leaves_at}; due at {due_at}.", leaves_at=leaves_at, due_at=due_at))
        limit = due_at.replace(second=0, microsecond=0)
        if max(leaves_at, now) < limit:
            return Hour(limit, say("Ready for the pickup at {leaves_at}; the deadline itself is the latest that may be promised.", leaves_at=leaves_at))
        return Hour(None, AFTER_LIMIT)
    if hour - now > LATE_WITHIN:
        return Hour(None, TOO_FAR)
    return Hour(hour, say("Ready for the pickup at {leaves_at}.", leaves_at=leaves_at))


def refund_minute(now: datetime) -> datetime:
    """By when a refund that is asked for is promised to be agreed to, to the minute."""
    at = (now + REFUND_WITHIN).replace(second=0, microsecond=0)
    return at + (-(at.minute % 5) % 5) * timedelta(minutes=1)


def full_hour_from(moment: datetime) -> datetime:
    """The moment, or the next full hour; Shanghai's hours begin with those of UTC."""
    floor = moment.replace(minute=0, second=0, microsecond=0)
    return floor if floor == moment else floor + _HOUR


def leaves_with(order: ToShip, ground: Ground, *, ahead: int, busy: int, is_packed: bool = False) -> datetime | None:
    """The first pickup that the order can be ready for, after `busy` parcels that are printed already and `ahead` orders that are due before it.

    None where no pickup is known within what is looked at.
    """
    ready: datetime | None = ground.now
    if not is_packed:
        shop, line = ground.terms.shop, ground.line
        ready = line.moment(line.place(ground.now) + shop.setup + (busy + ahead + 1) * shop.each)
    if ready is None:
        return None
    return next((at for at in ground.visits.get(order.carrier, ()) if at >= ready), None)
