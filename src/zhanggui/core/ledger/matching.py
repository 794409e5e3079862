"""Whether a refund stands in the bill as the cases and the order tell it, to the fen."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from enum import StrEnum

import msgspec

from zhanggui.core.facts import AftersaleFacts, AftersaleState, OrderFacts, RefundState
from zhanggui.core.money import Fen

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


class MatchState(StrEnum):
    """How a refund stands against the bill."""

    MATCHED = "match_matched"
    PARTLY = "match_partly"
    NOT_YET = "match_not_yet"
    DIFFERS = "match_differs"
    NONE_AWAITED = "match_none_awaited"


class MatchReason(StrEnum):
    """Why it stands so."""

    TO_THE_FEN = "to_the_fen"
    LESS_IN_BILL = "less_in_bill"
    NOT_IN_BILL = "not_in_bill"
    """Cases or the order tell of a refund, the bill shows none."""
    NOT_TOLD = "not_told"
    """The bill shows a refund, neither a case nor the order tells of one."""
    SUM_UNKNOWN = "sum_unknown"
    """Somebody tells of a refund, and nobody its sum."""
    MORE_IN_BILL = "more_in_bill"
    SOURCES_DIFFER = "sources_differ"
    """The order and its cases tell different sums, and the bill shows neither."""
    BEFORE_SHIPPING = "before_shipping"
    """Nothing had been credited, so nothing is taken back."""
    NO_ORDER = "no_order"
    """The case or the line of the bill names no order, so it can be held against nothing."""


class Billed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the bill shows of one order."""

    refunded: Fen = Fen(0)
    """Less what came back of it."""
    refunded_share: Fen = Fen(0)
    """How much of it is the platform's own coupon taken back, which no buyer gets."""
    booked: Fen = Fen(0)
    """Credited for it."""
    fee: Fen = Fen(0)
    fee_back: Fen = Fen(0)
    has_refund: bool = False
    """Whether any line of it is a refund, be it one that adds up to nothing with another."""
    first_at: datetime | None = None
    """The first line that is a refund."""


class Told(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What cases and the order tell of an order's refund."""

    is_refunded: bool = False
    by_cases: Fen | None = None
    """What the refunded cases come to; None where there are none, or one names no sum."""
    by_order: Fen | None = None
    before_shipping: bool = False
    at: datetime | None = None

    @property
    def fen(self) -> Fen | None:
        """The sum that counts: the cases', else the order's."""
        return self.by_cases if self.by_cases is not None else self.by_order


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What is assumed of the bill."""

    unshipped_refund_in_bill: bool
    """Whether a refund before shipping stands in the bill."""


class Match(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How one refund stands. `told` is None where a refund is told of without a sum."""

    state: MatchState
    reason: MatchReason
    since: datetime
    told: Fen | None
    billed: Fen


def bears_refund(order: OrderFacts) -> bool:
    """Whether the order itself tells of a refund that was paid. Nothing else of an order bears on its match, so that other orders need not be looked at."""
    return order.refund is RefundState.REFUNDED or bool(order.refund_amount)


def told_of(order: OrderFacts | None, cases: Iterable[AftersaleFacts]) -> Told:
    """What is told of the order's refund."""
    paid = [case for case in cases if case.state is AftersaleState.REFUNDED]
    bearing = order if order is not None and bears_refund(order) else None
    sums = [case.refund_amount for case in paid]
    by_cases = Fen(sum(fen for fen in sums if fen is not None)) if sums and None not in sums else None
    moments = [at for case in paid if (at := case.agreed_at or case.updated_at or case.applied_at) is not None]
    return Told(
        is_refunded=bool(paid) or bearing is not None,
        by_cases=by_cases,
        by_order=None if bearing is None else bearing.refund_amount or None,
        before_shipping=_before_shipping(paid, bearing),
        at=min(moments) if moments else None if bearing is None else _moment(bearing),
    )


def match(told: Told, billed: Billed, terms: Terms) -> Match | None:
    """How the refund stands; None where nobody tells of one."""
    if not told.is_refunded and not billed.has_refund:
        return None
    since = min((at for at in (told.at, billed.first_at) if at is not None), default=UNDATED)
    sums = [fen for fen in (told.by_cases, told.by_order) if fen is not None] if told.is_refunded else []
    taken = _taken(sums, billed)
    state, reason = _judged(told, sums, taken, billed, terms)
    return Match(state=state, reason=reason, since=since, told=told.fen if told.is_refunded else Fen(0), billed=taken)


def _taken(sums: Sequence[Fen], billed: Billed) -> Fen:
    """What the bill took of what is told: without the coupon's share where that meets it, or where the whole would be more than anybody tells."""
    bare = Fen(billed.refunded - billed.refunded_share)
    met = next((fen for fen in (billed.refunded, bare) if fen in sums), None)
    if met is not None:
        return met
    return bare if sums and billed.refunded > sums[0] else billed.refunded


def _judged(told: Told, sums: Sequence[Fen], taken: Fen, billed: Billed, terms: Terms) -> tuple[MatchState, MatchReason]:
    if not told.is_refunded:
        return (MatchState.NOT_YET, MatchReason.NOT_TOLD) if billed.refunded > 0 else _of_nothing(billed)
    if not sums:
        return (MatchState.DIFFERS, MatchReason.SUM_UNKNOWN) if billed.refunded else (MatchState.NOT_YET, MatchReason.SUM_UNKNOWN)
    if taken in sums:
        return MatchState.MATCHED, MatchReason.TO_THE_FEN
    if not billed.has_refund:
        awaited = terms.unshipped_refund_in_bill or billed.booked or not told.before_shipping
        return (MatchState.NOT_YET, MatchReason.NOT_IN_BILL) if awaited else (MatchState.NONE_AWAITED, MatchReason.BEFORE_SHIPPING)
    if len(set(sums)) > 1:
        return MatchState.DIFFERS, MatchReason.SOURCES_DIFFER
    if 0 < taken < sums[0]:
        return MatchState.PARTLY, MatchReason.LESS_IN_BILL
    return MatchState.DIFFERS, MatchReason.MORE_IN_BILL if taken > sums[0] else MatchReason.LESS_IN_BILL


def _of_nothing(billed: Billed) -> tuple[MatchState, MatchReason]:
    """Nobody tells of a refund: lines that cancel each other out agree with that, more given back than taken does not."""
    return (MatchState.MATCHED, MatchReason.TO_THE_FEN) if billed.refunded == 0 else (MatchState.DIFFERS, MatchReason.LESS_IN_BILL)


def _before_shipping(paid: list[AftersaleFacts], order: OrderFacts | None) -> bool:
    """Whether every refund was paid before the order had left; by the cases where they say, else by the order."""
    said = {case.shipped for case in paid}
    if said and None not in said:
        return said == {False}
    return order is not None and order.shipped_at is None and order.received_at is None and order.tracking_no is None and order.stage in _NEVER_LEFT


_NEVER_LEFT = ("cancelled", "to_ship", "forming")


def _moment(order: OrderFacts) -> datetime | None:
    return order.group_formed_at or order.paid_at or order.created_at
