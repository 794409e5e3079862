"""The ship-by deadline: upload a real tracking number in time."""

from datetime import datetime, timedelta

from zhanggui.core.clocks.terms import Due, first_known, moment_of, started_by
from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState, DueSource, Subject, SubjectKind
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState, OrderFacts, OrderStage, RefundState, ShippingKind
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.risks import finding_risk
from zhanggui.core.rules import Basis, Question, Rule, Rulebook
from zhanggui.core.say import Say, say
from zhanggui.core.scoping import own_scope

CANCELLED = say("The order was cancelled, so nothing is owed.")
REFUNDED = say("The money has gone or is going back to the buyer, so nothing is to be shipped.")
SHIPPED_IN_TIME = say("Shipped: the data from before the deadline already show it.")
SHIPPED_UNKNOWN_WHEN = say("Shipped, but no file says when; it is not counted as late.")

GOODS_AGAIN = frozenset({AftersaleKind.EXCHANGE, AftersaleKind.RESEND, AftersaleKind.REPAIR})
"""The kinds of case in which the buyer asks for goods, not for money."""

_STARTS = ("group_formed_at", "paid_at", "created_at")
_CAME_TO_NOTHING = frozenset({AftersaleState.REJECTED, AftersaleState.CLOSED})
_NOT_AGREED = frozenset({AftersaleState.SELLER_TO_ANSWER, AftersaleState.PLATFORM_HANDLES, AftersaleState.REJECTED, AftersaleState.CLOSED})


def ship_deadline(known: OrderKnowledge, due: Due, rulebook: Rulebook) -> Deadline:
    """The deadline to ship an order by, open or closed."""
    order = known.order
    state, closed_at, because = _ship_state(known, due.due_at)
    fen, rule = finding_risk("late_shipment", order, due.due_at, rulebook)
    return Deadline(
        subject=Subject(SubjectKind.ORDER, order.order_no),
        kind=DeadlineKind.SHIP_BY,
        state=state,
        counts_from=due.counts_from,
        started_at=due.started_at,
        due_at=due.due_at,
        due_source=due.source,
        rule=due.rule.cite,
        basis=due.basis,
        at_risk=Fen(0) if state is DeadlineState.WAIVED else fen,
        risk_rule=None if rule is None else rule.cite,
        closed_at=closed_at,
        because=because,
        order_no=order.order_no,
    )


def ship_due(known: OrderKnowledge, rulebook: Rulebook) -> Due | None:
    """When an order must have left, by the first of these that speaks: the platform, the shop, learnt hours, the rulebook. None where no term has begun."""
    order = known.order
    if order.stage is OrderStage.FORMING:
        return None
    start = start_of(order, rulebook)
    given = order.ship_by or known.lines_ship_by
    if given is not None:
        return _given_due(start, given, rulebook)
    if start is None:
        return None
    name, moment, fallback = start
    way = way_of(order)
    rule = rulebook.in_force(Question.SHIP_BY, at=moment, way=way, **own_scope(order, rulebook))
    if rule is not None and rule.is_override:
        return _due_by(rule, name, moment, order, DueSource.SHOP, rule.basis)
    return _promised_due(known, name, moment, way, rulebook) or _rulebook_due(rule, name, moment, order, fallback)


def start_of(order: OrderFacts, rulebook: Rulebook) -> tuple[str, datetime, bool] | None:
    """The event the term counts from, its moment, and whether it only stands in for the one the rule names first.

    A day that was merely read off the order number starts no term: it could be wrong by almost a day.
    """
    told = first_known(order, _STARTS[:-1] if order.created_at_inferred else _STARTS)
    rule = None if told is None else rulebook.in_force(Question.SHIP_START, at=told[1])
    if told is None or rule is None or not rule.counts_from:
        return None
    if told[0] != rule.counts_from[0]:
        told = first_known(order, tuple(name for name in rule.counts_from if not (name == "created_at" and order.created_at_inferred)))
    return None if told is None else (*told, told[0] != rule.counts_from[0])


def way_of(order: OrderFacts) -> str:
    """The way of shipping as rules are scoped by it: spot goods unless the source says otherwise."""
    match order.shipping_kind:
        case None:
            return "spot"
        case ShippingKind.PRESALE if order.presale_ship_at is None:
            return "presale_undated"
        case ShippingKind.BOOKED if order.booked_at is None:
            return "booked_undated"
        case kind:
            return kind.value


def is_ended(known: OrderKnowledge) -> Say | None:
    """Why nothing is owed on the order any more, if that is so; a case may tell of its refund before the order does."""
    order = known.order
    if order.stage is OrderStage.CANCELLED:
        return CANCELLED
    if order.refund is RefundState.REFUNDED or order.refund is RefundState.REFUNDING:
        return REFUNDED
    return REFUNDED if any(_gives_all_back(case, order) for case in known.cases) else None


def is_over(known: OrderKnowledge) -> Say | None:
    """Why nothing more is awaited of goods that have left, if that is so: as above, but where only a part of the money went back the rest is on its way.

    Goods that are still here stay here at the platform's word alone: what else is paid back may not have been told yet.
    """
    return None if known.order.stage is not OrderStage.CANCELLED and _gives_a_part_back(known) else is_ended(known)


def _gives_a_part_back(known: OrderKnowledge) -> bool:
    """Whether all that was paid back is less than the buyer paid; a case that names no sum, or still runs, may be the rest.

    What was paid back once goods had come back ends it, however little it was: the parcel had arrived.
    """
    paid, cases = known.order.pay_amount, [case for case in known.cases if case.kind not in GOODS_AGAIN and case.state not in _CAME_TO_NOTHING]
    if paid is None or not cases or not all(_pays_back(case) and case.refund_amount is not None for case in cases):
        return False
    if any(case.kind is AftersaleKind.RETURN_AND_REFUND for case in cases):
        return False
    return max(known.order.refund_amount or 0, sum(case.refund_amount or 0 for case in cases)) < paid


def _gives_all_back(case: AftersaleFacts, order: OrderFacts) -> bool:
    """Whether the case has paid back all of the order, or agreed to; a part paid back leaves the rest to be shipped."""
    if not _pays_back(case):
        return False
    paid = order.pay_amount if order.pay_amount is not None else case.order_amount
    return case.refund_amount is None or paid is None or case.refund_amount >= paid


def _pays_back(case: AftersaleFacts) -> bool:
    return case.kind not in GOODS_AGAIN and (case.state is AftersaleState.REFUNDED or _is_agreed(case))


def _is_agreed(case: AftersaleFacts) -> bool:
    """Whether a refund without a return was agreed to and not undone since; agreeing to a return pays nothing back yet."""
    return case.kind is AftersaleKind.REFUND_ONLY and case.agreed_at is not None and case.state not in _NOT_AGREED


def _given_due(start: tuple[str, datetime, bool] | None, given: datetime, rulebook: Rulebook) -> Due | None:
    rule = rulebook.in_force(Question.PLATFORM_MOMENT, at=given, deadline="ship_by")
    if rule is None:
        return None
    name, moment = (start[0], start[1]) if start is not None and start[1] <= given else ("ship_by", None)
    return Due(name, started_by(moment, given), given, DueSource.PLATFORM, rule, rule.basis)


def _promised_due(known: OrderKnowledge, name: str, start: datetime, way: str, rulebook: Rulebook) -> Due | None:
    """The due moment by the hours promised for the product; what the order itself is tagged with (same day, a stated date) goes before them."""
    if known.promised is None or way in ("presale", "booked", "one_day"):
        return None
    rule = rulebook.in_force(Question.PROMISED, at=start, promise=known.promised.source)
    if rule is None:
        return None
    source = DueSource.SHOP if known.promised.source == "entered" else DueSource.LEARNT
    return Due(name, start, start + timedelta(hours=known.promised.hours), source, rule, rule.basis)


def _rulebook_due(rule: Rule | None, name: str, start: datetime, order: OrderFacts, fallback: bool) -> Due | None:
    """The due moment by the rulebook; only assumed where another event stands in for the start, or the file does not say how the goods are shipped."""
    if rule is None:
        return None
    return _due_by(rule, name, start, order, DueSource.RULEBOOK, Basis.ASSUMED if fallback or order.shipping_kind is None else rule.basis)


def _due_by(rule: Rule, name: str, start: datetime, order: OrderFacts, source: DueSource, basis: Basis) -> Due | None:
    due_at = None if rule.term is None else moment_of(rule.term, start, order)
    return None if due_at is None else Due(name, started_by(start, due_at), due_at, source, rule, basis)


def _ship_state(known: OrderKnowledge, due_at: datetime) -> tuple[DeadlineState, datetime | None, Say | None]:
    order = known.order
    if order.shipped_at is not None:
        return (DeadlineState.MET if order.shipped_at <= due_at else DeadlineState.MISSED), order.shipped_at, None
    ended = is_ended(known)
    if ended is not None and order.stage is not OrderStage.SHIPPED and order.stage is not OrderStage.RECEIVED:
        return DeadlineState.WAIVED, None, ended
    if order.stage is OrderStage.SHIPPED or order.stage is OrderStage.RECEIVED:
        return DeadlineState.MET, None, SHIPPED_IN_TIME if known.data_as_of <= due_at else SHIPPED_UNKNOWN_WHEN
    return DeadlineState.OPEN, None, None
