"""What is known of many orders at once: the order, its lines' ship-by, its parcels, its cases, the promised hours of its product."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.cases.following import turned
from zhanggui.core.cases.arrival import says_delivered
from zhanggui.core.complaints.states import ComplaintKind, ComplaintState
from zhanggui.core.dispatch.parcels import out_since
from zhanggui.core.dispatch.shapes import Dispatch
from zhanggui.core.disputes.seen import DisputeSeen
from zhanggui.core.disputes.states import DisputeState
from zhanggui.core.facts import AftersaleFacts, AftersaleState, OrderFacts, ScanFacts
from zhanggui.core.knowledge import CasePast, OrderKnowledge, PromisedHours
from zhanggui.core.recalls.states import LIVE_RECALLS, RecallState
from zhanggui.records import abnormal_orders, around, case_moves, complaints, dispatches, disputes, number_changes, promised, recalls
from zhanggui.records import parcels as record_parcels
from zhanggui.records.db import Tx
from zhanggui.records.facts.table import Known


def nothing_hangs(tx: Tx, shop_id: int) -> bool:
    """Whether nothing at all of the shop hangs on orders and nothing is followed up, as when its first orders come."""
    return not (around.hangs_anything(tx, shop_id) or number_changes.any_followed(tx, shop_id))


def bare(tx: Tx, shop_id: int, orders: Mapping[str, Known[OrderFacts]]) -> dict[str, OrderKnowledge]:
    """What is known of orders on which nothing hangs: they themselves, and the promised hours of their products."""
    hours = _hours(tx, shop_id, [known.facts for known in orders.values()])
    return {no: OrderKnowledge(order=known.facts, data_as_of=known.as_of, promised=hours.get(known.facts.goods_id or "")) for no, known in orders.items()}


def orders_known(tx: Tx, shop_id: int, order_nos: Sequence[str], in_hand: Mapping[str, Known[OrderFacts]] | None = None) -> dict[str, OrderKnowledge]:
    """Everything the deadlines of these orders depend on, by order number; orders nobody told of are left out. `in_hand` spares reading them again."""
    orders = dict(in_hand or {})
    missing = [no for no in order_nos if no not in orders]
    if missing:
        orders.update(around.orders(tx, shop_id, missing))
    present = [no for no in order_nos if no in orders]
    if not present:
        return {}
    lines_ship_by = around.lines_ship_by(tx, shop_id, present)
    told = around.cases(tx, shop_id, present)
    cases = {no: tuple(known.facts for known in listed) for no, listed in told.items()}
    parcels = {no: _parcels(orders[no].facts, cases.get(no, ())) for no in present}
    leaving = dispatches.of_orders(tx, shop_id, present)
    labels = {no: found for no in present if (found := _beside(orders[no].facts, leaving.get(no), parcels[no]))}
    numbers = {number for listed in (*labels.values(), *parcels.values()) for number in listed}
    scans = around.scans(tx, shop_id, sorted(numbers))
    own = {number for no in present if (number := orders[no].facts.tracking_no)}
    looked_up = record_parcels.lookups(tx, shop_id, sorted(own.union(*labels.values())))
    hours = _hours(tx, shop_id, [orders[no].facts for no in present])
    suspected = abnormal_orders.of_orders(tx, shop_id, present)
    turns = turned(tx, shop_id, [case.case_no for listed in cases.values() for case in listed])
    with_platform, complained = disputed(tx, shop_id, cases), _complained(tx, shop_id, cases)
    recalled = _recalled(tx, shop_id, [no for no in present if orders[no].facts.further_parcels or (no in leaving and leaving[no].further)], leaving)
    return {
        no: OrderKnowledge(
            order=orders[no].facts,
            data_as_of=orders[no].as_of,
            lines_ship_by=lines_ship_by.get(no),
            scans=_scans(scans, parcels[no]),
            label_scans=_scans(scans, labels.get(no, ())),
            cases=cases.get(no, ()),
            cases_as_of={known.facts.case_no: known.as_of for known in told.get(no, ())},
            cases_entered=turns.entered,
            cases_past=turns.past,
            promised=hours.get(orders[no].facts.goods_id or ""),
            no_trace_at=looked_up.get(orders[no].facts.tracking_no or ""),
            no_trace_of={number: looked_up[number] for number in labels.get(no, ()) if number in looked_up},
            dispatch=leaving.get(no),
            called_back=frozenset(recalled.get(no, ())),
            back=frozenset(number for number, is_here in recalled.get(no, {}).items() if is_here),
            abnormal=suspected.get(no),
            cases_without_platform=with_platform.without_at,
            disputes=with_platform.seen.get(no, {}),
            complained=frozenset(case.case_no for case in cases.get(no, ()) if case.case_no in complained),
        )
        for no in present
    }


def pasts_alone(tx: Tx, shop_id: int, cases: Iterable[AftersaleFacts], orders: Mapping[str, OrderKnowledge]) -> Mapping[str, CasePast]:
    """What the steps tell of those of the cases whose order nobody told of; asked only of such whose deadlines may depend on it."""
    alone = [case for case in cases if (case.order_no or "") not in orders]
    return turned(tx, shop_id, [case.case_no for case in alone if says_delivered(case) or (case.applied_at is not None and case.expire_at is None)]).past


def _hours(tx: Tx, shop_id: int, orders: Sequence[OrderFacts]) -> dict[str, PromisedHours]:
    """The promised hours of the products of those orders that carry no moment of their own."""
    goods = sorted({order.goods_id for order in orders if order.goods_id is not None and order.ship_by is None})
    return {goods_id: PromisedHours(row.hours, row.source) for goods_id, row in promised.of_goods(tx, shop_id, goods).items()} if goods else {}


class Disputed(msgspec.Struct, frozen=True):
    """How far the disputes of the latest intervention are, by order and case; and when each case was last seen without the platform."""

    seen: Mapping[str, Mapping[str, DisputeSeen]] = msgspec.field(default_factory=dict)
    without_at: Mapping[str, datetime] = msgspec.field(default_factory=dict)


def disputed(tx: Tx, shop_id: int, cases: Mapping[str, Sequence[AftersaleFacts]]) -> Disputed:
    """What is known of the cases that the platform decides; for all others nothing is asked."""
    taken = {no: [case.case_no for case in listed if case.state is AftersaleState.PLATFORM_HANDLES] for no, listed in cases.items()}
    wanted = [no for no, listed in taken.items() if listed]
    if not wanted:
        return Disputed()
    rounds = case_moves.interventions(tx, shop_id, sorted({case_no for listed in taken.values() for case_no in listed}))
    found: dict[str, dict[str, DisputeSeen]] = {}
    for row in disputes.of_orders(tx, shop_id, wanted):
        if row.round == (rounds[row.case_no].times if row.case_no in rounds else 1):
            found.setdefault(row.order_no, {})[row.case_no] = DisputeSeen(DisputeState(row.said), row.submitted_at)
    return Disputed(found, {no: each.without_at for no, each in rounds.items() if each.without_at is not None})


def _complained(tx: Tx, shop_id: int, cases: Mapping[str, Sequence[AftersaleFacts]]) -> set[str]:
    """The cases whose instant refund was complained about, or is to be; asked only where money went back at once."""
    wanted = [no for no, listed in cases.items() if any(case.is_instant or case.instant_refund is not None for case in listed)]
    listed = complaints.of_orders(tx, shop_id, wanted) if wanted else []
    return {row.case_no for row in listed if row.kind == ComplaintKind.INSTANT_REFUND.value and row.state != ComplaintState.DROPPED.value}


def _recalled(tx: Tx, shop_id: int, order_nos: Sequence[str], leaving: Mapping[str, Dispatch]) -> dict[str, dict[str, bool]]:
    """By order, the numbers of parcels that were called back since it left, or still are; and whether each is here again, by the last recall of it."""
    found: dict[str, dict[str, bool]] = {}
    for no, number, state, said, said_at in recalls.all_of_orders(tx, shop_id, order_nos):
        since = out_since(leaving[no]) if no in leaving else None
        is_since = since is None or said_at >= since
        if is_since or said in LIVE_RECALLS:
            found.setdefault(no, {})[number] = is_since and state == RecallState.BACK
    return found


def _parcels(order: OrderFacts, cases: Sequence[AftersaleFacts]) -> tuple[str, ...]:
    if not cases:
        return (order.tracking_no,) if order.tracking_no else ()
    numbers = [order.tracking_no, *(number for case in cases for number in (case.tracking_no, case.return_tracking_no))]
    return tuple(dict.fromkeys(number for number in numbers if number))


def _beside(order: OrderFacts, dispatch: Dispatch | None, parcels: Sequence[str]) -> tuple[str, ...]:
    """The numbers that something of the order travels under beside those."""
    if dispatch is None and not order.further_parcels:
        return ()
    found = (*(dispatch.numbers if dispatch else ()), *(parcel.tracking_no for parcel in order.further_parcels or ()))
    return tuple(dict.fromkeys(number for number in found if number not in parcels))


def _scans(scans: Mapping[str, Sequence[Known[ScanFacts]]], parcels: Sequence[str]) -> tuple[ScanFacts, ...]:
    return tuple(known.facts for parcel in parcels for known in scans.get(parcel, ())) if scans else ()
