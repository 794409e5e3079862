"""Why something counts, in a sentence made of the facts it was counted by."""

from datetime import UTC, datetime

from zhanggui.core.measures.book import MeasureBook
from zhanggui.core.measures.hits import PENALTIES, delivered_18h, is_under_way, order_hits, shipped_24h
from zhanggui.core.measures.seen import CaseSeen, OrderSeen
from zhanggui.core.measures.what import Hit, What
from zhanggui.core.say import Say, say

_NEVER = datetime.max.replace(tzinfo=UTC)
_OF_CASES = frozenset(
    {
        What.QUALITY_ALWAYS,
        What.QUALITY_DELIVERED_18H,
        What.QUALITY_SHIPPED_24H,
        What.SERIOUS_QUALITY,
        What.DISPUTED,
        What.TRANSIT_REFUND,
        What.RETURNED_REFUND,
    }
)


def because(hit: Hit, seen: OrderSeen, book: MeasureBook) -> Say:
    """The reason why the order gives this hit."""
    if hit.what in _OF_CASES:
        return _of_case(hit, seen, book)
    if hit.what in PENALTIES:
        first = next(each for each in order_hits(seen, book) if each.what in PENALTIES[hit.what] and each.day == hit.day)
        return because(first, seen, book)
    match hit.what:
        case What.SHIP_IN_TIME | What.LEFT_IN_TIME | What.SHIP_LATE | What.LEFT_LATE | What.OUT_OF_STOCK:
            return _of_term(hit, seen)
        case What.PICKUP_IN_TIME | What.PICKUP_LATE | What.FALSE_SHIPMENT:
            return _of_pickup(hit, seen)
        case What.INTERVENED:
            joined = [case.joined_at for case in seen.cases if case.joined_at is not None]
            return say("The platform stepped into its case at {at}.", at=min(joined, default=None))
        case What.POSITIVE_REVIEW | What.OTHER_REVIEW:
            stars = [str(review.score) for review in seen.reviews if (review.score >= book.positive_stars) is (hit.what is What.POSITIVE_REVIEW)]
            return say("The buyer gave {stars} stars.", stars=", ".join(stars))
        case _:
            return _of_way(hit, seen)


def _of_way(hit: Hit, seen: OrderSeen) -> Say:
    match hit.what:
        case What.FORMED:
            return say("Its group formed at {at}.", at=seen.formed_at)
        case What.SHIPPED:
            return say("Its number was uploaded at {at}.", at=seen.shipped_at)
        case What.SIGNED:
            return say("Signed for at {at}, {hours} hours after its group formed.", at=seen.signed_at, hours=_hours(hit))
        case _:
            return say("Its parcel counts as abnormal from {at} on.", at=seen.abnormal_at)


def _of_term(hit: Hit, seen: OrderSeen) -> Say:
    if hit.what is What.OUT_OF_STOCK:
        return say("Its term to leave ended at {due}, and days later it had not left.", due=seen.ship_due)
    if seen.shipped_at is None and hit.what in (What.SHIP_LATE, What.LEFT_LATE):
        return say("Its term to leave ends at {due}; it has not left yet.", due=seen.ship_due)
    if seen.shipped_at is None:
        return say("It left; nobody tells when, and nothing shows it was late.")
    at, picked_up_at, due = seen.shipped_at, seen.picked_up_at, seen.ship_due
    if hit.what in (What.LEFT_IN_TIME, What.LEFT_LATE) and picked_up_at is not None:
        return say("Uploaded at {at}, picked up at {picked_up_at}; its term ended at {due}.", at=at, picked_up_at=picked_up_at, due=due)
    if hit.what is What.LEFT_LATE and seen.ship_due is not None and seen.shipped_at <= seen.ship_due:
        return say("Uploaded at {at}, and no pickup is known before its term ended at {due}.", at=seen.shipped_at, due=seen.ship_due)
    return say("Uploaded at {at}; its term ended at {due}.", at=seen.shipped_at, due=seen.ship_due)


def _of_pickup(hit: Hit, seen: OrderSeen) -> Say:
    if seen.picked_up_at is not None:
        return say("Picked up at {at}; due by {due}.", at=seen.picked_up_at, due=seen.pickup_due)
    if hit.what is What.PICKUP_IN_TIME:
        return say("It moved before the pickup was due at {due}.", due=seen.pickup_due)
    return say("No pickup by {due} is known.", due=seen.pickup_due)


def _of_case(hit: Hit, seen: OrderSeen, book: MeasureBook) -> Say:
    refunded = (case for case in seen.cases if case.refunded_at is not None and _fits(hit.what, case, seen, book))
    first = min(refunded, key=lambda case: case.refunded_at or _NEVER, default=None)
    if first is None:
        return say("One of its cases was refunded.")
    match hit.what:
        case What.DISPUTED:
            return say("Case {case_no}: the platform ruled for the buyer; refunded at {at}.", case_no=first.case_no, at=first.refunded_at)
        case What.TRANSIT_REFUND:
            return say("Case {case_no}: asked for under way, refunded {hours} hours later.", case_no=first.case_no, hours=_hours(hit))
        case What.RETURNED_REFUND:
            return say("Case {case_no}: refunded {hours} hours after the return was delivered.", case_no=first.case_no, hours=_hours(hit))
        case What.SERIOUS_QUALITY:
            return say("Case {case_no}: a defect or a fake was claimed; refunded at {at}.", case_no=first.case_no, at=first.refunded_at)
        case _:
            return say("Case {case_no}: a reason of quality was given; refunded at {at}.", case_no=first.case_no, at=first.refunded_at)


def _fits(what: What, case: CaseSeen, seen: OrderSeen, book: MeasureBook) -> bool:
    """Whether it is a case of this kind that makes the order count."""
    match what:
        case What.QUALITY_ALWAYS:
            return case.grievance in book.quality
        case What.QUALITY_DELIVERED_18H:
            return case.grievance in book.quality and delivered_18h(case, seen)
        case What.QUALITY_SHIPPED_24H:
            return case.grievance in book.quality and shipped_24h(case, seen)
        case What.SERIOUS_QUALITY:
            return case.grievance in book.serious
        case What.DISPUTED:
            return case.is_ruled
        case What.TRANSIT_REFUND:
            return case.return_delivered_at is None and is_under_way(case, seen)
        case _:
            return case.return_delivered_at is not None


def _hours(hit: Hit) -> str:
    return f"{hit.amount / 3600:.1f}"
