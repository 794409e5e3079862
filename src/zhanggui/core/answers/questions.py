"""The questions of the tree: what is asked of the facts, how each answer is said, and where it is known from."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import msgspec

from zhanggui.core.answers.ground import Ground
from zhanggui.core.cases.mapping import state_of
from zhanggui.core.cases.no_reason import no_reason
from zhanggui.core.cases.states import ASKED, CaseState
from zhanggui.core.clocks.pickup import pickup_due
from zhanggui.core.clocks.shipping import GOODS_AGAIN, is_ended, is_over
from zhanggui.core.dispatch.judging import halting, holding
from zhanggui.core.facts import AftersaleKind, OrderStage, RefundState, ScanStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.parcels import AnomalyKind
from zhanggui.core.say import Say, say

NOT_KNOWN = "not_known"
_S = CaseState
_STANDS_STILL = frozenset(
    {
        AnomalyKind.NO_RECORD,
        AnomalyKind.FIRST_HOP,
        AnomalyKind.STALLED,
        AnomalyKind.LATE_DELIVERY,
        AnomalyKind.SILENT,
        AnomalyKind.EXCEPTION,
        AnomalyKind.WRONG_CITY,
        AnomalyKind.ELSEWHERE,
    }
)
_FRESH = timedelta(hours=24)
"""So old may what we know of a parcel be to be told as it is."""
_CASES: Mapping[CaseState, str] = {
    _S.WITH_PLATFORM: "platform",
    _S.TO_SEND_BACK: "to_send_back",
    _S.TO_REFUSE: "to_refuse",
    _S.RECALLING: "to_refuse",
    _S.ON_WAY_BACK: "on_way_back",
    _S.BACK_HERE: "back_here",
    _S.REJECTED: "rejected",
    _S.REFUND_AGREED: "paying",
    _S.PLATFORM_REFUNDS: "paying",
    _S.TO_SEND_AGAIN: "goods_again",
    _S.SENT_AGAIN: "goods_sent",
    _S.UNKNOWN: NOT_KNOWN,
}


class Ask(msgspec.Struct, frozen=True):
    """One question: its words, where its answer is known from, what each answer is called, and how it is read from the facts."""

    words: Say
    source: Say
    answers: Mapping[str, Say]
    read: Callable[[Ground], str]


def _order(ground: Ground) -> str:
    return NOT_KNOWN if ground.known is None else "known"


def _course(ground: Ground) -> str:
    assert ground.known is not None
    order = ground.known.order
    if order.stage is OrderStage.FORMING:
        return "forming"
    if _is_ended(ground):
        if _is_back(ground.known):
            return "refunded"
        return "closed" if order.stage is OrderStage.CANCELLED and order.refund in (None, RefundState.NONE) else "paid_back"
    if ground.is_delivered:
        return "received"
    return "running" if order.stage in (OrderStage.TO_SHIP, OrderStage.SHIPPED) else NOT_KNOWN


def _is_ended(ground: Ground) -> bool:
    """Whether the order has ended; goods that have left, and do not come back, are awaited although a part of the money went back.

    Who asks where the refund stays, and for nothing else, hears of that part.
    """
    assert ground.known is not None
    is_awaited = not ground.only_chases_refund and (ground.left in ("yes", "said") or ground.is_delivered)
    return (is_over(ground.known) if is_awaited else is_ended(ground.known)) is not None


def _is_back(known: OrderKnowledge) -> bool:
    """Whether the platform has paid, not only been told to."""
    paid = (state_of(case, known) is CaseState.REFUNDED for case in known.cases if case.kind not in GOODS_AGAIN)
    return known.order.refund is RefundState.REFUNDED or any(paid)


def _wish(ground: Ground) -> str:
    return "money" if ground.wants_money else "goods"


def _left(ground: Ground) -> str:
    return ground.left


def _number(ground: Ground) -> str:
    if ground.shows_number:
        return "shown"
    return "held" if ground.number is not None else "none"


def _signed(ground: Ground) -> str:
    return "yes" if ground.is_signed_for else "no"


def _scanned(ground: Ground) -> str:
    return "yes" if ground.is_scanned else "no"


def _refund(ground: Ground) -> str:
    return "asked" if ground.refund_is_asked else "no"


def _may_leave(ground: Ground) -> str:
    assert ground.known is not None
    if ground.is_repaid or halting(ground.known) is not None:
        return "never"
    return "not_now" if holding(ground.known) is not None else "yes"


def _stock(ground: Ground) -> str:
    return _lies(ground.goods.in_stock)


def _lies(told: bool | None) -> str:
    return NOT_KNOWN if told is None else "there" if told else "short"


def _term(ground: Ground) -> str:
    due = ground.due
    return NOT_KNOWN if due is None else "passed" if ground.now > due.due_at else "runs"


def _hour(ground: Ground) -> str:
    return "yes" if ground.hour is not None and ground.hour.until is not None else "no"


def _coupon(ground: Ground) -> str:
    return "yes" if ground.coupon > 0 else "no"


def _label(ground: Ground) -> str:
    if ground.has_label:
        return "about"
    return "none" if ground.prints_here else NOT_KNOWN


def _pickup(ground: Ground) -> str:
    order = ground.order
    if order is None or order.shipped_at is None:
        return NOT_KNOWN
    due, _ = pickup_due(order, order.shipped_at, ground.due, ground.rulebook)
    return NOT_KNOWN if due is None else "late" if ground.now > due.due_at else "in_time"


def _parcel(ground: Ground) -> str:
    last, parcel = ground.last_scan, ground.parcel
    if last is not None and last.stage is ScanStage.READY_FOR_PICKUP:
        return "at_point"
    if parcel is not None and any(one.kind in _STANDS_STILL and one.at <= ground.now and parcel.is_open(one) for one in parcel.anomalies):
        return "stands_still"
    if last is None:
        return NOT_KNOWN
    return "at_the_door" if last.stage is ScanStage.OUT_FOR_DELIVERY and ground.now - last.at <= _FRESH else "moves"


def _case(ground: Ground) -> str:
    found = ground.case
    if ground.is_repaid and ground.refund_is_asked:
        return NOT_KNOWN  # an act of ours pays it back, or may have: what the platform shows of the request is older
    if found is None:
        return "asked" if ground.refund_is_asked else "none"
    if found.state in ASKED:
        if found.facts.kind in (AftersaleKind.EXCHANGE, AftersaleKind.RESEND, AftersaleKind.REPAIR):
            return "goods_asked"
        return "part_asked" if _is_part(ground) else "asked"
    if found.state is CaseState.ON_WAY_BACK and found.facts.kind is AftersaleKind.REFUND_ONLY:
        return "to_refuse"  # nothing is sent back in such a case: our own parcel is called back
    return _CASES[found.state]


def _is_part(ground: Ground) -> bool:
    """Whether only a part of the money is asked back: the goods are to come, or to stay, all the same."""
    case, order = ground.refund_case, ground.order
    if case is None or case.refund_amount is None or case.kind is not AftersaleKind.REFUND_ONLY:
        return False
    paid = order.pay_amount if order is not None and order.pay_amount is not None else case.order_amount
    return paid is not None and case.refund_amount < paid


def _no_reason(ground: Ground) -> str:
    told = no_reason(ground.now, ground.delivered_at, ground.goods.exception, ground.rulebook)
    if told is None:
        return NOT_KNOWN
    if told.exception is not None:
        return "excepted"
    return "runs" if told.holds else "over"


def _shelf(ground: Ground) -> str:
    if ground.goods.on_shelf is False:
        return "off"
    found = _lies(ground.goods.is_free)
    is_kept = ground.goods.in_stock and ground.known is not None and _may_leave(ground) != "never"
    return "kept" if found == "short" and is_kept else found


_BY_ORDER = say("the order's own facts")
_BY_CARRIER = say("the carrier's events")
_BY_CASES = say("the after-sales cases of the order")
_BY_HOUSE = say("what was printed, packed and handed over here")
_BY_GOODS = say("the stock of the goods")
_BY_TALK = say("what the buyer writes")
_BY_PLAN = say("the plan of rounds and pickups")
_UNKNOWN = say("not known")
_YES, _NO = say("Yes"), say("No")

QUESTIONS: Mapping[str, Ask] = {
    "order": Ask(say("Which order is it about?"), _BY_TALK, {"known": say("this order"), NOT_KNOWN: _UNKNOWN}, _order),
    "course": Ask(
        say("How far is the order?"),
        _BY_ORDER,
        {
            "forming": say("the group has not formed"),
            "running": say("it runs"),
            "received": say("the buyer has the goods"),
            "refunded": say("the money has gone back"),
            "paid_back": say("the money goes back"),
            "closed": say("it was cancelled"),
            NOT_KNOWN: _UNKNOWN,
        },
        _course,
    ),
    "case": Ask(
        say("Does an after-sales case run?"),
        _BY_CASES,
        {
            "none": _NO,
            "asked": say("the money is asked back, and we are to answer"),
            "part_asked": say("a part of the money is asked back, and we are to answer"),
            "goods_asked": say("goods are asked for, and we are to answer"),
            "to_send_back": say("agreed; the buyer is to send the goods back"),
            "to_refuse": say("agreed; the parcel is refused or called back"),
            "on_way_back": say("the return is on its way"),
            "back_here": say("the return is here"),
            "rejected": say("we said no"),
            "paying": say("agreed; the platform pays"),
            "goods_again": say("agreed; goods are to be sent once more"),
            "goods_sent": say("the goods were sent once more"),
            "platform": say("the platform decides it"),
            NOT_KNOWN: _UNKNOWN,
        },
        _case,
    ),
    "signed": Ask(
        say("Does the carrier show that it was signed for?"), _BY_CARRIER, {"yes": _YES, "no": say("no, the order alone counts as received")}, _signed
    ),
    "wish": Ask(say("Does the buyer want the goods, or the money?"), _BY_TALK, {"goods": say("the goods"), "money": say("the money")}, _wish),
    "left": Ask(
        say("Have the goods left the house?"),
        _BY_HOUSE,
        {
            "yes": say("yes, the carrier has them"),
            "said": say("only the platform shows it as shipped; nothing else does"),
            "no": say("no, they are in the house"),
            "back": say("the parcel turned back"),
        },
        _left,
    ),
    "number": Ask(
        say("Is the number uploaded?"),
        _BY_ORDER,
        {"shown": say("yes, the buyer sees it"), "held": say("no, but we know it"), "none": say("no, and we do not know it")},
        _number,
    ),
    "scanned": Ask(say("Has the carrier scanned it?"), _BY_CARRIER, {"yes": _YES, "no": _NO}, _scanned),
    "pickup": Ask(say("Is the pickup scan overdue?"), _BY_CARRIER, {"late": _YES, "in_time": say("no, there is time left"), NOT_KNOWN: _UNKNOWN}, _pickup),
    "parcel": Ask(
        say("How does the parcel move?"),
        _BY_CARRIER,
        {
            "moves": say("it moves"),
            "at_the_door": say("it is out for delivery"),
            "at_point": say("it waits at the pickup point"),
            "stands_still": say("it stands still, or something went wrong"),
            NOT_KNOWN: _UNKNOWN,
        },
        _parcel,
    ),
    "refund": Ask(say("Is a refund asked for in the order?"), _BY_CASES, {"asked": _YES, "no": _NO}, _refund),
    "may_leave": Ask(
        say("May it leave?"),
        _BY_ORDER,
        {"yes": _YES, "not_now": say("not now: the platform holds it back, or was asked"), "never": say("no: it is not to be shipped at all")},
        _may_leave,
    ),
    "stock": Ask(say("Is it in stock?"), _BY_GOODS, {"there": _YES, "short": _NO, NOT_KNOWN: _UNKNOWN}, _stock),
    "term": Ask(
        say("Has the deadline to ship passed?"),
        _BY_ORDER,
        {"runs": say("no, it runs"), "passed": _YES, NOT_KNOWN: _UNKNOWN},
        _term,
    ),
    "hour": Ask(say("Can an hour be promised and kept?"), _BY_PLAN, {"yes": _YES, "no": _NO}, _hour),
    "coupon": Ask(say("May the shop give a coupon for the wait?"), say("the shop's own limit"), {"yes": _YES, "no": _NO}, _coupon),
    "label": Ask(say("Is a label about?"), _BY_HOUSE, {"about": _YES, "none": _NO, NOT_KNOWN: _UNKNOWN}, _label),
    "no_reason": Ask(
        say("Do the seven days without a reason still run?"),
        _BY_ORDER,
        {"runs": _YES, "over": _NO, "excepted": say("no, such goods are exempt"), NOT_KNOWN: _UNKNOWN},
        _no_reason,
    ),
    "shelf": Ask(
        say("Can it be bought now?"),
        _BY_GOODS,
        {
            "there": _YES,
            "short": say("no, none is left"),
            "kept": say("no, but this order's are kept"),
            "off": say("no, it is off the shelf"),
            NOT_KNOWN: _UNKNOWN,
        },
        _shelf,
    ),
}
"""Every question, by name."""
