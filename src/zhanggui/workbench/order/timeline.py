"""What happened to an order, in the order it happened: its own moments, its parcels' scans, its cases, reviews and money back."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from zhanggui.actions.views import OrderView
from zhanggui.core.facts import OrderFacts
from zhanggui.core.say import Say, say


class Event(msgspec.Struct, frozen=True):
    """One thing that happened, or that is promised for later."""

    at: datetime
    what: Say
    is_promise: bool = False


_OWN = (
    ("created_at", say("Order placed")),
    ("paid_at", say("Paid")),
    ("group_formed_at", say("Group formed; the shipping clock starts")),
    ("shipped_at", say("Shipped: tracking number uploaded")),
    ("picked_up_at", say("Picked up by the carrier")),
    ("received_at", say("Received by the buyer")),
)
_PROMISED = (
    ("presale_ship_at", say("Presale ships by")),
    ("ship_by", say("Promised ship-by")),
    ("booked_at", say("Delivery booked for")),
    ("deliver_by", say("Promised delivery")),
)


def timeline(view: OrderView) -> tuple[Event, ...]:
    """Every moment known of the order, earliest first."""
    events = [*_moments(view.order), *_of_cases(view), *_of_parcels(view), *_of_reviews(view)]
    return tuple(sorted(events, key=lambda event: event.at))


def _moments(order: OrderFacts) -> Iterator[Event]:
    for is_promise, names in ((False, _OWN), (True, _PROMISED)):
        for name, what in names:
            at: datetime | None = getattr(order, name)
            if at is not None:
                yield Event(at, what, is_promise)


def _of_cases(view: OrderView) -> Iterator[Event]:
    for case in view.cases:
        if case.applied_at is not None:
            yield Event(case.applied_at, say("After-sales case opened: {kind}, {reason}", kind=case.kind or "unknown", reason=case.reason or "—"))
        if case.agreed_at is not None:
            yield Event(case.agreed_at, say("Agreed to case {case_no}", case_no=case.case_no))
        if case.return_sent_at is not None:
            yield Event(case.return_sent_at, say("Buyer sent the goods back"))
        if case.return_delivered_at is not None:
            yield Event(case.return_delivered_at, say("The return arrived"))


def _of_parcels(view: OrderView) -> Iterator[Event]:
    for scan in view.scans:
        yield Event(scan.at, say("{stage}: {event}", stage=scan.stage, event=scan.text))


def _of_reviews(view: OrderView) -> Iterator[Event]:
    for review in view.reviews:
        if review.created_at is not None:
            yield Event(review.created_at, say("Review with {score} of 5", score=review.score or "—"))
