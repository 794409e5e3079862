"""Kinds of event, each `family.happening`. What an event says of the thing is in docs/api.md; a program that wants to know more asks for the thing."""

from collections.abc import Iterable
from enum import StrEnum


class EventKind(StrEnum):
    """What can be told of."""

    ORDER_SEEN = "order.seen"
    """An order was told of for the first time."""
    ORDER_MOVED = "order.moved"
    """An order is in another stage."""
    ORDER_REFUND_MOVED = "order.refund_moved"
    """An order's refund is in another state."""
    ORDER_CHANGED = "order.changed"
    """Something else about an order is told differently."""
    DEADLINE_OPENED = "deadline.opened"
    """A deadline runs."""
    DEADLINE_MOVED = "deadline.moved"
    """A running deadline is due at another moment."""
    DEADLINE_SOON = "deadline.soon"
    """A deadline is due within the hour."""
    DEADLINE_OVERDUE = "deadline.overdue"
    """A deadline has passed."""
    DEADLINE_CLOSED = "deadline.closed"
    """A deadline was met or missed, or holds no more."""
    CASE_STEPPED = "case.stepped"
    """An after-sales case was seen, or took a step."""
    PARCEL_SEEN = "parcel.seen"
    """A parcel has left."""
    PARCEL_MOVED = "parcel.moved"
    """A parcel stands somewhere else on its way."""
    PARCEL_TROUBLED = "parcel.troubled"
    """Something goes wrong with a parcel, or will by a named moment unless it moves."""
    ACT_ANNOUNCED = "act.announced"
    """An act towards the platform was decided."""
    ACT_MOVED = "act.moved"
    """An act towards the platform came a step further."""
    REVIEW_SEEN = "review.seen"
    """A review was told of for the first time."""
    REVIEW_CHANGED = "review.changed"
    """Something about a review is told differently."""
    REVIEW_ANSWERED = "review.answered"
    """Somebody said that a review was answered."""
    REVIEW_REPORTED = "review.reported"
    """A review is to be reported."""
    IMPORT_STORED = "import.stored"
    """An import was stored."""
    IMPORT_UNDONE = "import.undone"
    """An import was undone."""
    IMPORT_FAILED = "import.failed"
    """An import could not be stored."""


TEST = "hook.test"
"""The kind of the event that is sent to try a hook. It is no event of the shop."""
FAMILIES = tuple(dict.fromkeys(kind.value.partition(".")[0] for kind in EventKind))


def kinds_of(asked: Iterable[str]) -> frozenset[EventKind]:
    """The kinds that are meant: one by its name, a whole family by `order.*`, all by `*`. Raises ValueError for anything else."""
    found: set[EventKind] = set()
    for word in asked:
        family = word.removesuffix(".*")
        if word == "*":
            found.update(EventKind)
        elif family != word and family in FAMILIES:
            found.update(kind for kind in EventKind if kind.value.startswith(f"{family}."))
        else:
            found.add(EventKind(word))
    return frozenset(found)
