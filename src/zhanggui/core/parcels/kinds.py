"""The kinds of trouble with a parcel, and where a parcel can stand."""

from datetime import datetime
from enum import StrEnum

import msgspec

from zhanggui.core.money import Fen
from zhanggui.core.say import Say


class ParcelState(StrEnum):
    """Where a parcel stands."""

    UNSEEN = "unseen"
    """Handed in, and nothing we were given tells of it."""
    NO_PICKUP = "no_pickup"
    """Its traces were looked for or are known, and show no pickup."""
    MOVING = "moving"
    AT_POINT = "at_point"
    """Waits at a pickup point for the buyer."""
    ARRIVED_HOME = "arrived_home"
    """With the buyer."""
    TURNED_BACK = "turned_back"
    """Refused, or on its way back."""
    SETTLED = "settled"
    """The order ended while nothing showed the parcel delivered."""


class AnomalyKind(StrEnum):
    """What can be wrong with a parcel. The first seven are clocks that run out, the others are read from the traces."""

    NO_RECORD = "no_record"
    """The carrier does not know the number."""
    LATE_PICKUP = "late_pickup"
    FIRST_HOP = "first_hop"
    """Nothing followed the pickup."""
    STALLED = "stalled"
    """Nothing followed an event on the way."""
    LATE_DELIVERY = "late_delivery"
    """Out for delivery, and not delivered."""
    SILENT = "silent"
    """So long without an event that the platform may refund at once."""
    PROMISE_MISSED = "promise_missed"
    REPEATED_PICKUP = "repeated_pickup"
    REPEATED_ARRIVAL = "repeated_arrival"
    BACKWARDS = "backwards"
    WRONG_CITY = "wrong_city"
    ELSEWHERE = "elsewhere"
    """Delivered, or out for delivery, where nobody ordered."""
    DELIVERED_TWICE = "delivered_twice"
    REFUSED = "refused"
    RETURNING = "returning"
    EXCEPTION = "exception"
    """The carrier itself names a trouble."""


class Anomaly(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something wrong with a parcel: from when, since which moment it is one (which may still lie ahead), until when, by which rule, at which risk.

    A clock that still runs is an anomaly of the future: should nothing happen, it becomes one at `at`. So the passing of time needs no writing.
    """

    kind: AnomalyKind
    since: datetime
    at: datetime
    until: datetime | None = None
    """None: it lasts."""
    rule: str | None = None
    at_risk: Fen = Fen(0)
    risk_rule: str | None = None
    counts: bool = False
    """Whether it makes the parcel count in the anomaly rate."""
    because: Say
