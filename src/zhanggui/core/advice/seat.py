"""What advice in a house rests on beside the facts: the shop's terms and standing, and what people and other rooms found out about each case."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from zhanggui.core.advice.book import AdviceBook, Grievance, ShopTerms
from zhanggui.core.advice.case import Buyer, CaseToAdvise, Fault, Goods, ReturnGrade, ReturnLeg, Standing, Stopping, Trace
from zhanggui.core.advice.reading import IN_HAND, grievance_of
from zhanggui.core.advice.together import ask_for_money, counts_already, gone_back, others_of
from zhanggui.core.cases.arrival import return_delivered_at, says_delivered
from zhanggui.core.clocks.pickup import scans_of_parcel
from zhanggui.core.clocks.way_out import comes_back, deliveries_of, has_turned
from zhanggui.core.dispatch.moves import DispatchState
from zhanggui.core.dispatch.parcels import has_reached, is_own_back, still_out
from zhanggui.core.dispatch.shapes import has_not_gone
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState, ClaimedReceipt, OrderFacts, OrderStage, ScanFacts
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.rules import Rulebook

_GONE = frozenset({OrderStage.SHIPPED, OrderStage.RECEIVED})
_OF_WHAT_WAS_SENT = frozenset({AftersaleKind.RETURN_AND_REFUND, AftersaleKind.EXCHANGE, AftersaleKind.RESEND, AftersaleKind.REPAIR})
"""What nobody asks for while the goods are in the house."""
_OF_THE_WAY = frozenset({Grievance.NO_NEWS, Grievance.NOT_RECEIVED, Grievance.LATE})
_ON_PAPER = frozenset({DispatchState.PRINTED, DispatchState.PACKED, DispatchState.TO_DESTROY})


class Beside(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of one case beside the facts of its sources. None: nobody knows."""

    fault: Fault | None = None
    trace: Trace = Trace.UNKNOWN
    asked_at: datetime | None = None
    threatens: bool | None = None
    in_stock: bool | None = None
    goods_cost: Fen | None = None
    missing_cost: Fen | None = None
    free_return: bool | None = None
    no_reason_exempt: bool | None = None
    same_picture_elsewhere: bool | None = None
    stopping: Stopping | None = None
    is_back: bool = False
    """Whether the parcel that was stopped is here again."""
    is_lost: bool = False
    """Whether it was claimed from the carrier as lost."""
    weight_right: bool | None = None
    return_grade: ReturnGrade | None = None
    counted: Fen | None = None
    is_as_complained: bool | None = None
    is_waived: bool = False
    return_is_lost: bool = False
    evidence: int | None = None
    shown: int | None = None
    graded: Mapping[ReturnGrade, int] | None = None
    under_way: Fen | None = None
    """What the house is paying back, or has paid, in other cases of the order that do not show it yet."""
    refused_before: bool | None = None
    buyer: Buyer | None = None


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """The terms and the standing of a shop, and what is known beside the facts, by case."""

    terms: ShopTerms
    standing: Standing | None = None
    beside: Mapping[str, Beside] = msgspec.field(default_factory=dict)

    @classmethod
    def bare(cls, rulebook: Rulebook) -> "Seat":
        """The defaults, where nothing else is at hand."""
        return cls(terms=rulebook.advice.terms)


def case_to_advise(case: AftersaleFacts, known: OrderKnowledge | None, seat: Seat, due_at: datetime | None, now: datetime, rulebook: Rulebook) -> CaseToAdvise:
    """The case as advice sees it, by everything that is known."""
    beside = seat.beside.get(case.case_no, Beside())
    order = None if known is None else known.order
    scans = () if known is None else tuple(scans_of_parcel(known))
    kind = case.kind or AftersaleKind.UNKNOWN
    shipped_at = None if order is None else order.shipped_at
    others = others_of(case, known)
    return CaseToAdvise(
        kind=kind,
        state=case.state or AftersaleState.UNKNOWN,
        refund_amount=_asked(case, order),
        goods=_where(case, known, scans, beside, seat, now, rulebook),
        reason=case.reason or "",
        case_no=case.case_no,
        order_no=case.order_no or "",
        title=(order.title if order is not None else None) or "",
        paid=case.order_amount if order is None or order.pay_amount is None else order.pay_amount,
        goods_cost=beside.goods_cost,
        graded=beside.graded,
        missing_cost=beside.missing_cost,
        applied_at=case.applied_at,
        shipped_at=shipped_at,
        uploaded_at=shipped_at,
        last_news_at=scans[-1].at if scans else None,
        delivered_at=_delivered_at(order, scans),
        due_at=due_at,
        says_received=_ticked(case),
        pictures=case.pictures,
        asked_at=beside.asked_at,
        same_picture_elsewhere=beside.same_picture_elsewhere,
        threatens=beside.threatens,
        trace=beside.trace,
        fault=beside.fault,
        packed_right=True if known is not None and known.dispatch is not None and known.dispatch.packed_at is not None else None,
        weight_right=beside.weight_right,
        in_stock=beside.in_stock,
        no_reason_exempt=beside.no_reason_exempt,
        free_return=beside.free_return,
        stopping=beside.stopping,
        return_leg=_return_leg(case, known, beside),
        return_grade=beside.return_grade,
        counted=beside.counted,
        is_as_complained=beside.is_as_complained,
        is_waived=beside.is_waived,
        evidence=beside.evidence,
        shown=beside.shown,
        gone_back=Fen(gone_back(others) + (beside.under_way or 0)) or None,
        counts_already=counts_already(case, others, rulebook.advice, now),
        others_open=ask_for_money(others) or None,
        refused_before=beside.refused_before,
        buyer=beside.buyer,
        standing=seat.standing,
    )


def has_left(case: AftersaleFacts, known: OrderKnowledge | None, book: AdviceBook) -> bool:
    """Whether the goods have left, by the order or by the case; where neither tells, by what is asked for, ticked as received and complained of."""
    order = None if known is None else known.order
    if order is not None and (order.shipped_at is not None or order.stage in _GONE):
        return True
    if case.shipped is not None:
        return case.shipped
    return case.kind in _OF_WHAT_WAS_SENT or (order is None and _tells_of_them(case, book))


def _tells_of_them(case: AftersaleFacts, book: AdviceBook) -> bool:
    """Whether the buyer has the goods, as the receipt says that was ticked or, where none was, a complaint of what lay in the parcel."""
    ticked = _ticked(case)
    return _grievance(case, book) in IN_HAND if ticked is None else ticked


def _grievance(case: AftersaleFacts, book: AdviceBook) -> Grievance:
    return grievance_of(case.reason or "", case.kind or AftersaleKind.UNKNOWN, book).kind


def _asked(case: AftersaleFacts, order: OrderFacts | None) -> Fen:
    """What the buyer asks for; where no source says, or goods are asked for, what was paid. 0 where nobody knows."""
    found = (case.refund_amount, case.order_amount, None if order is None else order.pay_amount)
    return next((fen for fen in found if fen), Fen(0))


def _where(
    case: AftersaleFacts, known: OrderKnowledge | None, scans: tuple[ScanFacts, ...], beside: Beside, seat: Seat, now: datetime, rulebook: Rulebook
) -> Goods:
    order = None if known is None else known.order
    if not has_left(case, known, rulebook.advice) or (known is not None and has_not_gone(known.order, known.dispatch)):
        return _in_house(known)
    if beside.is_back or (known is not None and known.dispatch is not None and known.dispatch.state is DispatchState.RECALLED):
        return Goods.BACK
    if known is not None and (comes_back(scans) or is_own_back(known)):
        return _with_further(known)
    if (order is not None and order.stage is OrderStage.RECEIVED) or _delivered_at(order, scans) is not None or _ticked(case):
        return Goods.DELIVERED
    if beside.is_lost:
        return Goods.LOST
    grievance = _grievance(case, rulebook.advice)
    is_silent = bool(scans) and (now - scans[-1].at).total_seconds() >= 3600 * seat.terms.lost_after_hours
    unheard = not scans and known is not None and known.no_trace_at is not None
    if beside.trace is not Trace.UNKNOWN or is_silent or unheard or (grievance is Grievance.NO_NEWS and not scans):
        return Goods.NO_TRACE
    return Goods.DELIVERED if known is None and _is_in_hand(case, grievance) else Goods.ON_THE_WAY


def _with_further(known: OrderKnowledge) -> Goods:
    """Where the goods are whose own parcel comes back, or is here: that tells nothing of what lies in further ones."""
    out = still_out(known)
    if not out:
        return Goods.COMING_BACK
    return Goods.DELIVERED if any(has_reached(number, known) for number in out) else Goods.ON_THE_WAY


def _is_in_hand(case: AftersaleFacts, grievance: Grievance) -> bool:
    """Whether nothing but what is asked for tells of the goods, as of whoever has them in hand."""
    return case.shipped is None and _ticked(case) is None and grievance not in _OF_THE_WAY


def _in_house(known: OrderKnowledge | None) -> Goods:
    dispatch = None if known is None else known.dispatch
    if dispatch is not None and dispatch.state is DispatchState.HANDED_OVER:
        return Goods.ON_THE_WAY
    if dispatch is not None and dispatch.state is DispatchState.DESTROYED:
        return Goods.NOT_PRINTED
    has_number = known is not None and known.order.tracking_no is not None
    return Goods.PRINTED if has_number or (dispatch is not None and (dispatch.state in _ON_PAPER or dispatch.may_be_on_paper)) else Goods.NOT_PRINTED


def _delivered_at(order: OrderFacts | None, scans: tuple[ScanFacts, ...]) -> datetime | None:
    found = deliveries_of(scans)
    if found or order is None:
        return found[0] if found else None
    return None if has_turned(scans) else order.received_at


def _ticked(case: AftersaleFacts) -> bool | None:
    match case.claimed_receipt:
        case ClaimedReceipt.RECEIVED:
            return True
        case ClaimedReceipt.NOT_RECEIVED:
            return False
        case _:
            return None


def _return_leg(case: AftersaleFacts, known: OrderKnowledge | None, beside: Beside) -> ReturnLeg | None:
    if beside.return_is_lost:
        return ReturnLeg.LOST
    if return_delivered_at(case, known) is not None or says_delivered(case):
        return ReturnLeg.DELIVERED
    return ReturnLeg.ON_THE_WAY if case.return_tracking_no is not None else None
