"""Which hits an order gives, each with the reason that a page tells."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from zhanggui.core.deadlines import DeadlineState
from zhanggui.core.facts import AftersaleKind
from zhanggui.core.measures.book import MeasureBook
from zhanggui.core.measures.seen import CaseSeen, OrderSeen
from zhanggui.core.measures.what import Hit, What

_CHINA = timedelta(hours=8)
_DAY, _EIGHTEEN = timedelta(hours=24), timedelta(hours=18)
_MONEY = frozenset({AftersaleKind.REFUND_ONLY, AftersaleKind.RETURN_AND_REFUND, AftersaleKind.UNKNOWN})
PENALTIES: Mapping[What, frozenset[What]] = {
    What.PENALISED_UPLOAD: frozenset({What.SHIP_LATE, What.FALSE_SHIPMENT, What.OUT_OF_STOCK}),
    What.PENALISED: frozenset({What.LEFT_LATE, What.FALSE_SHIPMENT, What.OUT_OF_STOCK}),
}
"""What makes an order count as penalised."""
_WAIVED, _MET, _MISSED, _OPEN = DeadlineState.WAIVED, DeadlineState.MET, DeadlineState.MISSED, DeadlineState.OPEN


def order_hits(seen: OrderSeen, book: MeasureBook) -> tuple[Hit, ...]:
    """Everything the order counts for, in order. It depends on the facts alone, never on the present moment."""
    terms = tuple(_terms(seen, book))
    return tuple(sorted((*_way(seen), *terms, *_penalised(terms), *_cases(seen, book), *_reviews(seen, book))))


def day_of(moment: datetime) -> date:
    """The Shanghai day of a moment; of one in UTC quicker than by the zone."""
    return ((moment if moment.tzinfo is UTC else moment.astimezone(UTC)) + _CHINA).date()


def _way(seen: OrderSeen) -> Iterator[Hit]:
    """The order's way to the buyer."""
    if seen.formed_at is not None:
        yield Hit(What.FORMED, day_of(seen.formed_at))
    if seen.shipped_at is not None:
        yield Hit(What.SHIPPED, day_of(seen.shipped_at))
    if seen.signed_at is not None and seen.formed_at is not None and seen.signed_at >= seen.formed_at:
        yield Hit(What.SIGNED, day_of(seen.signed_at), seconds(seen.formed_at, seen.signed_at))
    if seen.abnormal_at is not None:
        yield Hit(What.ABNORMAL, day_of(seen.abnormal_at))


def _terms(seen: OrderSeen, book: MeasureBook) -> Iterator[Hit]:
    """How it kept its terms to leave and to be picked up."""
    if seen.ship_due is not None and is_asked(seen, seen.ship_due):
        day = day_of(seen.ship_due)
        is_uploaded = uploaded_in_time(seen)
        yield Hit(What.SHIP_IN_TIME if is_uploaded else What.SHIP_LATE, day)
        yield Hit(What.LEFT_IN_TIME if is_uploaded and not picked_up_late(seen) else What.LEFT_LATE, day)
        doubted_at = seen.ship_due + timedelta(hours=book.out_of_stock_hours)
        if not is_uploaded and (seen.shipped_at is None or seen.shipped_at > doubted_at) and is_asked(seen, doubted_at):
            yield Hit(What.OUT_OF_STOCK, day_of(doubted_at))
    if seen.pickup_due is not None and seen.pickup_state in (_MET, _MISSED, _OPEN):
        is_met = seen.pickup_state is _MET
        yield Hit(What.PICKUP_IN_TIME if is_met else What.PICKUP_LATE, day_of(seen.pickup_due))
        if not is_met and seen.pickup_due != seen.ship_due:
            yield Hit(What.FALSE_SHIPMENT, day_of(seen.pickup_due))


def _penalised(terms: Iterable[Hit]) -> Iterator[Hit]:
    """An order that is late, not picked up and out of stock is one order penalised, from the first of these days on."""
    for what, causes in PENALTIES.items():
        days = [hit.day for hit in terms if hit.what in causes]
        if days:
            yield Hit(what, min(days))


def uploaded_in_time(seen: OrderSeen) -> bool:
    """Whether the number was there before the term ended; where no moment is known the deadline's own judgment."""
    if seen.shipped_at is not None and seen.ship_due is not None:
        return seen.shipped_at <= seen.ship_due
    return seen.ship_state is _MET


def picked_up_late(seen: OrderSeen) -> bool:
    """Whether it is known that the carrier did not have it before the term to leave ended. What nobody told of is not held against the shop."""
    if seen.ship_due is None:
        return False
    if seen.picked_up_at is not None:
        return seen.picked_up_at > seen.ship_due
    if seen.pickup_state is _OPEN:
        return True
    return seen.pickup_state is _MISSED and seen.pickup_due is not None and seen.pickup_due >= seen.ship_due


def is_asked(seen: OrderSeen, due: datetime) -> bool:
    """Whether the term ran out on an order that was still to be shipped, or had been: what ended before owes nothing."""
    if seen.shipped_at is not None or seen.ship_state is not _WAIVED:
        return True
    ended_at = seen.refunded_at
    return ended_at is not None and ended_at > due


def _cases(seen: OrderSeen, book: MeasureBook) -> Iterator[Hit]:
    if not seen.cases:
        return
    paid = sorted((case for case in seen.cases if case.refunded_at is not None), key=_refunded_at)
    refunded = [case for case in paid if case.kind in _MONEY]
    of_quality = [case for case in refunded if case.grievance in book.quality]
    yield from _first(What.QUALITY_ALWAYS, of_quality)
    yield from _first(What.QUALITY_DELIVERED_18H, [case for case in of_quality if delivered_18h(case, seen)])
    yield from _first(What.QUALITY_SHIPPED_24H, [case for case in of_quality if shipped_24h(case, seen)])
    yield from _first(What.SERIOUS_QUALITY, [case for case in refunded if case.grievance in book.serious])
    yield from _first(What.DISPUTED, [case for case in paid if case.is_ruled])
    joined = [case.joined_at for case in seen.cases if case.joined_at is not None]
    if joined:
        yield Hit(What.INTERVENED, day_of(min(joined)))
    for case in refunded:
        yield from _waits(case, seen)


def _first(what: What, cases: Sequence[CaseSeen]) -> Iterator[Hit]:
    """An order counts once, by the first of its cases."""
    if cases:
        yield Hit(what, day_of(_refunded_at(cases[0])))


def _waits(case: CaseSeen, seen: OrderSeen) -> Iterator[Hit]:
    """How long the buyer waited for the money."""
    refunded_at = _refunded_at(case)
    if case.return_delivered_at is not None:
        if case.return_delivered_at <= refunded_at:
            yield Hit(What.RETURNED_REFUND, day_of(refunded_at), seconds(case.return_delivered_at, refunded_at))
    elif is_under_way(case, seen) and case.applied_at is not None and case.applied_at <= refunded_at:
        yield Hit(What.TRANSIT_REFUND, day_of(refunded_at), seconds(case.applied_at, refunded_at))


def is_under_way(case: CaseSeen, seen: OrderSeen) -> bool:
    """Whether the goods had left and had not been received when the money went back."""
    refunded_at = _refunded_at(case)
    has_left = bool(case.was_shipped) if case.was_shipped is not None else seen.shipped_at is not None and seen.shipped_at <= refunded_at
    return has_left and (seen.signed_at is None or seen.signed_at > refunded_at)


def delivered_18h(case: CaseSeen, seen: OrderSeen) -> bool:
    """Whether the parcel had been delivered, and less than 18 hours after the request where it came after it."""
    return seen.signed_at is not None and (case.applied_at is None or seen.signed_at - case.applied_at < _EIGHTEEN)


def shipped_24h(case: CaseSeen, seen: OrderSeen) -> bool:
    """Whether the parcel had been delivered, or had left more than a day before."""
    refunded_at = _refunded_at(case)
    if seen.signed_at is not None and seen.signed_at <= refunded_at:
        return True
    if seen.shipped_at is not None:
        return refunded_at - seen.shipped_at > _DAY
    return bool(case.was_shipped)


def _reviews(seen: OrderSeen, book: MeasureBook) -> Iterator[Hit]:
    for review in seen.reviews:
        yield Hit(What.POSITIVE_REVIEW if review.score >= book.positive_stars else What.OTHER_REVIEW, day_of(review.at))


def seconds(since: datetime, until: datetime) -> int:
    """Whole seconds from one moment to another."""
    return int((until - since) // timedelta(seconds=1))


def _refunded_at(case: CaseSeen) -> datetime:
    assert case.refunded_at is not None
    return case.refunded_at
