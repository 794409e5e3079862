"""What is known of an order once it is held against what a rep said of it: since when each thing was so, and of what nobody can tell."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from zhanggui.core.clocks.pickup import scans_of_parcel
from zhanggui.core.clocks.way_out import deliveries_of
from zhanggui.core.dispatch.shapes import has_not_gone, is_back_in_the_house
from zhanggui.core.facts import AftersaleState, FactKind, OrderStage, RefundState, ScanFacts, ScanStage
from zhanggui.core.grading.talk import OrderKnown
from zhanggui.core.knowledge import OrderKnowledge

LOOKED_LATELY = timedelta(hours=24)
"""A parcel of which no carrier has told anything for longer may have been signed for by now."""
_WITH_CARRIER = frozenset(ScanStage) - {ScanStage.UNKNOWN, ScanStage.EXCEPTION}
_NOT_SHIPPED = frozenset({OrderStage.FORMING, OrderStage.TO_SHIP, OrderStage.CANCELLED})


_ALMOST_THERE = frozenset({ScanStage.OUT_FOR_DELIVERY, ScanStage.READY_FOR_PICKUP})
"""After one of these it may have been signed for before the carrier was asked again."""


def order_known(known: OrderKnowledge, now: datetime, read_to: Mapping[str, datetime] | None = None) -> OrderKnown:
    """What the grading knows of an order: of several parcels the first counts, since a message does not say of which it speaks.

    `read_to` is up to when each kind of fact was read from the platform without a hole; without it what was told of the order is as old as it is.
    """
    order = known.order
    scans = sorted((*scans_of_parcel(known), *known.label_scans), key=lambda scan: scan.at)
    numbers = [order.tracking_no, *(parcel.tracking_no for parcel in order.further_parcels or ()), *(case.replacement_no for case in known.cases)]
    of_cases = [number for case in known.cases for number in (case.case_no, case.tracking_no, case.return_tracking_no)]
    return OrderKnown(
        ship_by=order.ship_by or known.lines_ship_by,
        shipped_at=_first(order.shipped_at, _moved_at(known, scans)),
        unshipped_until=max((moment for moment in (order.shipped_at, _handed_at(known, scans)) if moment is not None), default=None),
        received_at=_first(order.received_at, *_signed_for(scans)),
        refunded_at=_refunded_at(known),
        tracking_nos=tuple(number for number in numbers if number),
        other_nos=tuple(number for number in (*of_cases, *(known.dispatch.numbers if known.dispatch else ())) if number),
        unsure=frozenset(_unsure(known, scans, now)),
        known_until=_known_until(known, scans, read_to or {}),
    )


def _known_until(known: OrderKnowledge, scans: Sequence[ScanFacts], read_to: Mapping[str, datetime]) -> Mapping[str, datetime]:
    """Up to which moment what was told would show that it was shipped, delivered, paid back."""
    order = max(known.data_as_of, read_to.get(FactKind.ORDER, known.data_as_of))
    cases = [known.age_of(case) for case in known.cases]
    return {
        "shipped": order,
        "delivered": max(order, scans[-1].at) if scans else order,
        "refunded": max(order, read_to.get(FactKind.AFTERSALE, order), *cases),
    }


def _first(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def _moved_at(known: OrderKnowledge, scans: Sequence[ScanFacts]) -> datetime | None:
    """When something of it first left the house, by the carrier's word or by that of whoever handed it over."""
    handed = None if known.dispatch is None else known.dispatch.handed_at
    return _first(known.order.picked_up_at, handed, next((scan.at for scan in scans if scan.stage in _WITH_CARRIER), None))


def _handed_at(known: OrderKnowledge, scans: Sequence[ScanFacts]) -> datetime | None:
    """When the house gave it away, where it did that itself; the carrier may have scanned it before anybody here said so."""
    return None if known.dispatch is None or known.dispatch.handed_at is None else _moved_at(known, scans)


def _signed_for(scans: Sequence[ScanFacts]) -> list[datetime]:
    """When each of its parcels was signed for on its way out."""
    numbers = {scan.tracking_no for scan in scans}
    return [at for number in numbers for at in deliveries_of([scan for scan in scans if scan.tracking_no == number])]


def _refunded_at(known: OrderKnowledge) -> datetime | None:
    return _first(*(case.agreed_at or case.updated_at for case in known.cases if case.state is AftersaleState.REFUNDED))


def _unsure(known: OrderKnowledge, scans: Sequence[ScanFacts], now: datetime) -> Iterator[str]:
    """The claims that can be held against nobody: the thing is so, or may be, and nobody knows since when."""
    order = known.order
    shipped = _first(order.shipped_at, _moved_at(known, scans))
    if shipped is None and order.stage not in _NOT_SHIPPED:
        yield "shipped"
    if (shipped is not None or order.stage not in _NOT_SHIPPED) and not _signed_for(scans) and not _is_on_its_way(known, scans, now):
        yield "delivered"
    if _refunded_at(known) is None and (order.refund is RefundState.REFUNDED or any(case.state is AftersaleState.REFUNDED for case in known.cases)):
        yield "refunded"
    if has_not_gone(order, known.dispatch) or is_back_in_the_house(order, known.dispatch):
        yield "not_shipped"


def _is_on_its_way(known: OrderKnowledge, scans: Sequence[ScanFacts], now: datetime) -> bool:
    """Whether the carrier has lately shown it under way, and nobody that it was received: before its confirmation lies a delivery that nobody told of."""
    if known.order.received_at is not None or known.order.stage is OrderStage.RECEIVED or any(scan.stage is ScanStage.DELIVERED for scan in scans):
        return False
    return bool(scans) and scans[-1].stage not in _ALMOST_THERE and now - scans[-1].at <= LOOKED_LATELY
