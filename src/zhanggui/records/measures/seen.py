"""Orders as the measures see them, read for many at once: from their rows, their deadlines, parcels, cases and reviews."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from zhanggui.core.advice.book import AdviceBook, Grievance
from zhanggui.core.advice.reading import grievance_of
from zhanggui.core.deadlines import DeadlineState
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState
from zhanggui.core.measures.seen import CaseSeen, OrderSeen
from zhanggui.records.db import Tx

ORDERS = """
    select orders.order_no, coalesce(group_formed_at, case when orders.stage in ('to_ship', 'shipped', 'received') then listed_at end), orders.shipped_at,
        orders.received_at, ship.due_at, ship.state, pickup.due_at, pickup.state, pickup.closed_at
    from orders
    left join deadlines ship on ship.shop_id = %(shop_id)s and ship.subject_kind = 'order' and ship.subject_no = orders.order_no and ship.kind = 'ship_by'
    left join deadlines pickup on pickup.shop_id = %(shop_id)s and pickup.subject_kind = 'order' and pickup.subject_no = orders.order_no
        and pickup.kind = 'pickup_by'
    where orders.shop_id = %(shop_id)s and orders.order_no = any(%(nos)s)
"""
PARCELS = """
    select order_no, min(shipped_at), min(delivered_at), min(abnormal_at) from parcels
    where shop_id = %(shop_id)s and order_no = any(%(nos)s) group by order_no
"""
CASES = """
    select order_no, facts::text, (
        select min(at) from scans where scans.shop_id = %(shop_id)s and scans.tracking_no = aftersales.return_tracking_no and scans.stage = 'delivered'
    )
    from aftersales where shop_id = %(shop_id)s and order_no = any(%(nos)s) order by case_no
"""
MOVES = """
    select case_no, min(at) filter (where after = 'refunded' and source = 'platform'), min(at) filter (where after = 'with_platform' and source = 'platform'),
        bool_or(after = 'with_platform'), bool_or(event = 'case.rule_for_buyer')
    from case_moves where shop_id = %(shop_id)s and case_no = any(%(case_nos)s) group by case_no
"""
NEXT = """
    select order_no from orders where shop_id = %(shop_id)s and order_no > %(after)s
    union
    select order_no from aftersales where shop_id = %(shop_id)s and order_no > %(after)s
    order by order_no limit %(limit)s
"""
FEW = "select count(*) from (select 1 from orders where shop_id = %(shop_id)s limit %(limit)s) as few"
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
"""What is from before this moment has no moment at all."""

_STATES = {state.value: state for state in DeadlineState}


class _Moves(msgspec.Struct, frozen=True):
    """What the steps of a case tell that its facts may not."""

    refunded_at: datetime | None = None
    joined_at: datetime | None = None
    has_joined: bool = False
    is_ruled: bool = False


_NO_MOVES = _Moves()


def of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str], book: AdviceBook) -> dict[str, OrderSeen]:
    """These orders, those of which only a case tells too; without their reviews."""
    slots = {"shop_id": shop_id, "nos": list(order_nos)}
    parcels = {no: rest for no, *rest in tx.execute(PARCELS, slots)}
    cases = _cases(tx, shop_id, slots, book)
    found = {row[0]: _seen(row, parcels.get(row[0]), cases.get(row[0], ())) for row in tx.execute(ORDERS, slots)}
    return found | {no: OrderSeen(order_no=no, cases=told) for no, told in cases.items() if no not in found}


def next_orders(tx: Tx, shop_id: int, after: str, limit: int) -> list[str]:
    """The next order numbers that the shop's facts name, in order."""
    return [str(no) for (no,) in tx.execute(NEXT, {"shop_id": shop_id, "after": after, "limit": limit})]


def are_few(tx: Tx, shop_id: int, most: int) -> bool:
    """Whether the shop has no more orders than that."""
    row = tx.execute(FEW, {"shop_id": shop_id, "limit": most + 1}).fetchone()
    return row is not None and int(row[0]) <= most


def _seen(row: Sequence[Any], parcel: Sequence[datetime | None] | None, cases: tuple[CaseSeen, ...]) -> OrderSeen:
    no, formed_at, shipped_at, received_at, ship_due, ship_state, pickup_due, pickup_state, picked_up_at = row
    handed_at, delivered_at, abnormal_at = parcel or (None, None, None)
    return OrderSeen(
        order_no=no,
        formed_at=_dated(formed_at),
        shipped_at=shipped_at or _dated(handed_at),
        ship_due=ship_due,
        ship_state=_STATES.get(ship_state),
        pickup_due=pickup_due,
        pickup_state=_STATES.get(pickup_state),
        picked_up_at=picked_up_at,
        signed_at=delivered_at or received_at,
        abnormal_at=abnormal_at,
        cases=cases,
    )


def _dated(moment: datetime | None) -> datetime | None:
    return None if moment is None or moment < UNDATED else moment


def _cases(tx: Tx, shop_id: int, slots: Mapping[str, Any], book: AdviceBook) -> dict[str, tuple[CaseSeen, ...]]:
    told = [(no, msgspec.json.decode(facts, type=AftersaleFacts), scanned_at) for no, facts, scanned_at in tx.execute(CASES, slots)]
    if not told:
        return {}
    moves = {no: _Moves(*rest) for no, *rest in tx.execute(MOVES, {"shop_id": shop_id, "case_nos": [case.case_no for _, case, _ in told]})}
    found: dict[str, tuple[CaseSeen, ...]] = {}
    for no, case, scanned_at in told:
        found[no] = (*found.get(no, ()), _case(case, scanned_at, moves.get(case.case_no, _NO_MOVES), book))
    return found


def _case(case: AftersaleFacts, scanned_at: datetime | None, moves: _Moves, book: AdviceBook) -> CaseSeen:
    kind = case.kind or AftersaleKind.UNKNOWN
    is_refunded = case.state is AftersaleState.REFUNDED
    return CaseSeen(
        case_no=case.case_no,
        grievance=grievance_of(case.reason or "", kind, book).kind if case.reason or kind is AftersaleKind.RETURN_AND_REFUND else Grievance.OTHER,
        kind=kind,
        was_shipped=case.shipped,
        applied_at=case.applied_at,
        refunded_at=_first(moves.refunded_at, case.agreed_at, case.updated_at, case.applied_at) if is_refunded else None,
        joined_at=_joined_at(case, moves),
        is_ruled=is_refunded and (moves.is_ruled if case.is_disputed is None else case.is_disputed),
        return_delivered_at=case.return_delivered_at or scanned_at,
    )


def _joined_at(case: AftersaleFacts, moves: _Moves) -> datetime | None:
    """When the platform stepped in: as it told itself; else, while it handles the case, when that changed last; else when the case was opened."""
    is_there = case.state is AftersaleState.PLATFORM_HANDLES
    if not (is_there or case.has_joined or moves.has_joined):
        return None
    return _first(moves.joined_at, case.updated_at if is_there else None, case.applied_at, case.updated_at)


def _first(*moments: datetime | None) -> datetime | None:
    return next((moment for moment in moments if moment is not None), None)
