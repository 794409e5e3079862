"""The deadlines of one after-sales case."""

from datetime import datetime

from zhanggui.core.cases.arrival import return_delivered_at, says_delivered
from zhanggui.core.cases.mapping import state_of
from zhanggui.core.clocks.pickup import scans_of_parcel
from zhanggui.core.clocks.terms import Due, first_known, moment_of, started_by
from zhanggui.core.clocks.way_out import deliveries_of, has_turned
from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState, DueSource, Subject, SubjectKind
from zhanggui.core.disputes.states import DisputeState
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState, InstantRefund, OrderStage
from zhanggui.core.knowledge import CasePast, OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.risks import Risk, case_risk
from zhanggui.core.rules import Basis, Question, Rule, Rulebook
from zhanggui.core.say import Say, say

WITHDRAWN = say("The case was closed without a decision of ours, so nothing is owed.")
ANSWERED_UNKNOWN_WHEN = say("Answered, but no file says when; it is not counted as late.")
ANSWERED_IN_TIME = say("Answered: the data from before the deadline already show it.")
SENT_BACK = say("The buyer has sent the goods back.")
SETTLED = say("The case is settled.")
HANDED_IN = say("The evidence was handed in; the ruling is awaited.")
AGREED = say("Settled with the buyer, but the platform still has the case: only the buyer can withdraw it, and until then the time for the evidence runs on.")
CONTESTED = say("A complaint about it has been filed.")
TAKEN_OVER = say("The platform has taken the case over; its deadline for evidence counts now.")

_State = tuple[DeadlineState, datetime | None, Say | None]
_OPEN: _State = (DeadlineState.OPEN, None, None)
_STILL_OURS = frozenset({AftersaleState.SELLER_TO_ANSWER, AftersaleState.BUYER_TO_SEND, AftersaleState.SELLER_TO_RECEIVE, AftersaleState.UNKNOWN, None})
_TO_ANSWER = frozenset({AftersaleState.SELLER_TO_ANSWER, AftersaleState.UNKNOWN, None})
"""The states in which the answer may still be ours to give: what we do not understand counts as not yet answered."""


def case_deadlines(case: AftersaleFacts, known: OrderKnowledge | None, rulebook: Rulebook, past: CasePast | None = None) -> tuple[Deadline, ...]:
    """Every deadline of a case, open or closed: answer, the buyer sends back, inspect the return, hand in evidence.

    `past` is what its steps tell, where no order is known that tells it.
    """
    found = (
        _answer(case, known, rulebook, past),
        _send_back(case, known, rulebook),
        _inspect(case, known, rulebook, past),
        _evidence(case, known, rulebook),
        _buyer_calls(case, known, rulebook),
        _contest(case, known, rulebook),
    )
    return tuple(deadline for deadline in found if deadline is not None)


def was_shipped(case: AftersaleFacts, known: OrderKnowledge | None) -> bool:
    """Whether the goods had left when the case was opened; where nothing tells, no, since that term is the shorter."""
    if case.shipped is not None:
        return case.shipped
    if known is None:
        return False
    order = known.order
    if order.shipped_at is not None:
        return case.applied_at is None or order.shipped_at <= case.applied_at
    return order.stage in (OrderStage.SHIPPED, OrderStage.RECEIVED)


def answer_due(case: AftersaleFacts, known: OrderKnowledge | None, rulebook: Rulebook, past: CasePast | None = None) -> Due | None:
    """When the buyer's request must be answered; None where no moment is known to count from. One made again was not made before it was last seen elsewhere."""
    start = case.applied_at
    at = start or case.expire_at
    if at is None:
        return None
    kind = (case.kind or AftersaleKind.UNKNOWN).value
    rule = rulebook.in_force(Question.ANSWER_CASE, at=at, kind=kind, shipped="yes" if was_shipped(case, known) else "no")
    given = _given(case, "applied_at", start, rulebook) if case.state in _TO_ANSWER else None
    if given is not None or start is None or rule is None or rule.term is None:
        return given
    due_at = moment_of(rule.term, start, case)
    due = None if due_at is None else Due("applied_at", start, due_at, _source(rule.is_override), rule, rule.basis)
    return None if due is None else _no_earlier(_past_of(case, known, past).elsewhere_at, due, case)


def inspect_due(case: AftersaleFacts, known: OrderKnowledge | None, rulebook: Rulebook, past: CasePast | None = None) -> Due | None:
    """When a return must have been dealt with: the term from the return number, cut short once the parcel is delivered; never made longer by that."""
    given = _given(case, "return_sent_at", case.return_sent_at, rulebook) if case.state is AftersaleState.SELLER_TO_RECEIVE else None
    if given is not None:
        return given
    sent = _by_first_known(case, known, Question.INSPECT_RETURN, rulebook)
    name, delivered_at = _delivered_by(case, known, _past_of(case, known, past))
    if delivered_at is None:
        return sent
    rule = rulebook.in_force(Question.INSPECT_DELIVERED, at=delivered_at, kind=(case.kind or AftersaleKind.UNKNOWN).value)
    due_at = None if rule is None or rule.term is None else moment_of(rule.term, delivered_at, case)
    if rule is None or due_at is None or (sent is not None and sent.due_at <= due_at and case.kind is not AftersaleKind.EXCHANGE):
        return sent
    return Due(name, delivered_at, due_at, _source(rule.is_override), rule, rule.basis if name == "return_delivered_at" else Basis.ASSUMED)


def _past_of(case: AftersaleFacts, known: OrderKnowledge | None, past: CasePast | None) -> CasePast:
    return past or (CasePast() if known is None else known.cases_past.get(case.case_no, CasePast()))


def _delivered_by(case: AftersaleFacts, known: OrderKnowledge | None, past: CasePast) -> tuple[str, datetime | None]:
    """When the return was delivered; where only a word tells of it, the age of that word when it was first told: it was delivered no later."""
    delivered_at = return_delivered_at(case, known)
    if delivered_at is not None or not says_delivered(case):
        return "return_delivered_at", delivered_at
    told = (past.here_at, None if known is None else known.age_of(case))
    return "as_of", min((at for at in told if at is not None), default=None)


def _answer(case: AftersaleFacts, known: OrderKnowledge | None, rulebook: Rulebook, past: CasePast | None) -> Deadline | None:
    due = answer_due(case, known, rulebook, past)
    if due is None:
        return None
    shipped = "yes" if was_shipped(case, known) else "no"
    risk = case_risk(case, "answer_refund", shipped, due.due_at, rulebook)
    return _deadline(case, DeadlineKind.ANSWER_REFUND, due, _answer_state(case, known, due.due_at), risk)


def _send_back(case: AftersaleFacts, known: OrderKnowledge | None, rulebook: Rulebook) -> Deadline | None:
    if case.state is not AftersaleState.BUYER_TO_SEND and not (
        case.return_sent_at is not None and case.agreed_at is not None and case.agreed_at <= case.return_sent_at
    ):
        return None
    due = _by_first_known(case, known, Question.BUYER_SENDS_BACK, rulebook)
    if due is None:
        return None
    state: _State = _OPEN if case.state is AftersaleState.BUYER_TO_SEND else (DeadlineState.MET, case.return_sent_at, SENT_BACK)
    return _deadline(case, DeadlineKind.BUYER_SENDS_BACK, due, state, Risk(Fen(0), None))


def _inspect(case: AftersaleFacts, known: OrderKnowledge | None, rulebook: Rulebook, past: CasePast | None) -> Deadline | None:
    if case.state is not AftersaleState.SELLER_TO_RECEIVE and case.return_sent_at is None and case.return_delivered_at is None:
        return None
    due = inspect_due(case, known, rulebook, past)
    if due is None:
        return None
    return _deadline(case, DeadlineKind.INSPECT_RETURN, due, _inspect_state(case), case_risk(case, "inspect_return", "yes", due.due_at, rulebook))


def _evidence(case: AftersaleFacts, known: OrderKnowledge | None, rulebook: Rulebook) -> Deadline | None:
    if case.state is not AftersaleState.PLATFORM_HANDLES:
        return None
    due = _given(case, "updated_at", case.updated_at, rulebook) or _by_first_known(case, known, Question.ANSWER_PLATFORM, rulebook)
    if due is None:
        return None
    due = _no_earlier(None if known is None else known.cases_without_platform.get(case.case_no), due, case)
    shipped = "yes" if was_shipped(case, known) else "no"
    return _deadline(
        case, DeadlineKind.ANSWER_PLATFORM, due, _evidence_state(case, known, due.due_at), case_risk(case, "answer_platform", shipped, due.due_at, rulebook)
    )


def _no_earlier(seen_at: datetime | None, due: Due, case: AftersaleFacts) -> Due:
    """The term from when the case was last seen in another turn, or without the platform, where what stands in for its beginning is from before that."""
    if seen_at is None or due.source is DueSource.PLATFORM or due.started_at >= seen_at or due.rule.term is None:
        return due
    due_at = moment_of(due.rule.term, seen_at, case)
    return due if due_at is None else due._replace(counts_from="entered_at", started_at=seen_at, due_at=due_at, basis=Basis.ASSUMED)


def _evidence_state(case: AftersaleFacts, known: OrderKnowledge | None, due_at: datetime) -> _State:
    """Open until the evidence was handed in, also where the matter was settled with the buyer: the platform's entry takes it once for each intervention."""
    dispute = None if known is None else known.disputes.get(case.case_no)
    if dispute is None or dispute.handed_in_at is None:
        return _OPEN if dispute is None or dispute.state is not DisputeState.AGREED else (DeadlineState.OPEN, None, AGREED)
    at = dispute.handed_in_at
    taken_over_at = None if known is None else known.cases_entered.get(case.case_no)
    if taken_over_at is not None and at < taken_over_at:
        return _OPEN  # that was of an earlier intervention; the platform took the case over once more
    return DeadlineState.MET if at <= due_at else DeadlineState.MISSED, at, HANDED_IN


def _buyer_calls(case: AftersaleFacts, known: OrderKnowledge | None, rulebook: Rulebook) -> Deadline | None:
    """The days in which a rejected buyer may call in the platform: theirs, so nothing is at risk before they do."""
    if case.state is not AftersaleState.REJECTED:
        return None
    due = _by_first_known(case, known, Question.BUYER_CALLS_PLATFORM, rulebook)
    return None if due is None else _deadline(case, DeadlineKind.BUYER_CALLS_PLATFORM, due, _OPEN, Risk(Fen(0), None))


def _contest(case: AftersaleFacts, known: OrderKnowledge | None, rulebook: Rulebook) -> Deadline | None:
    """The days in which one may complain about an instant refund after which the buyer kept the goods."""
    if case.instant_refund is not InstantRefund.SUCCEEDED or case.state is not AftersaleState.REFUNDED or not _buyer_kept(case, known):
        return None
    due = _by_first_known(case, known, Question.CONTEST_REFUND, rulebook)
    if due is None:
        return None
    state: _State = (DeadlineState.MET, None, CONTESTED) if known is not None and case.case_no in known.complained else _OPEN
    return _deadline(case, DeadlineKind.CONTEST_REFUND, due, state, Risk(case.refund_amount or Fen(0), None))


def _buyer_kept(case: AftersaleFacts, known: OrderKnowledge | None) -> bool:
    """Whether the goods reached the buyer and neither came back nor are on their way back."""
    if known is None or case.return_tracking_no is not None:
        return False
    order, scans = known.order, scans_of_parcel(known)
    if has_turned(scans):
        return False
    return order.stage is OrderStage.RECEIVED or order.received_at is not None or bool(deliveries_of(scans))


def _answer_state(case: AftersaleFacts, known: OrderKnowledge | None, due_at: datetime) -> _State:
    if case.state in (AftersaleState.SELLER_TO_ANSWER, AftersaleState.UNKNOWN, None):
        return _OPEN
    if case.state is AftersaleState.CLOSED and case.agreed_at is None:
        return DeadlineState.WAIVED, None, WITHDRAWN
    if case.agreed_at is not None and not (case.agreed_at > due_at and _is_of_refund(case)):
        return (DeadlineState.MET if case.agreed_at <= due_at else DeadlineState.MISSED), case.agreed_at, None
    seen_at = case.updated_at or (known.age_of(case) if known is not None else None)
    return DeadlineState.MET, None, ANSWERED_IN_TIME if seen_at is not None and seen_at <= due_at else ANSWERED_UNKNOWN_WHEN


def _is_of_refund(case: AftersaleFacts) -> bool:
    """Whether 同意退款时间 may be the refund at the end of a return, and not the answer at its beginning."""
    if case.kind is not AftersaleKind.RETURN_AND_REFUND:
        return False
    return case.state is AftersaleState.REFUNDED or (case.return_sent_at is not None and case.return_sent_at < (case.agreed_at or case.return_sent_at))


def _inspect_state(case: AftersaleFacts) -> _State:
    if case.state is AftersaleState.PLATFORM_HANDLES:
        return DeadlineState.WAIVED, None, TAKEN_OVER
    if case.state in _STILL_OURS:
        return _OPEN
    return DeadlineState.MET, None, SETTLED


def _given(case: AftersaleFacts, name: str, start: datetime | None, rulebook: Rulebook) -> Due | None:
    """The platform's own deadline, which is filled only while it is the seller's turn."""
    if case.expire_at is None:
        return None
    rule = rulebook.in_force(Question.PLATFORM_MOMENT, at=case.expire_at, deadline="answer_refund")
    if rule is None:
        return None
    return Due(name if start is not None else "expire_at", started_by(start, case.expire_at), case.expire_at, DueSource.PLATFORM, rule, rule.basis)


def _by_first_known(case: AftersaleFacts, known: OrderKnowledge | None, question: Question, rulebook: Rulebook) -> Due | None:
    """The term from the first event of the rule that has a moment; only assumed where another stands in for the one named first.

    Where the platform itself showed since when it is this turn, that goes before whatever would only stand in: the last change may be of something else.
    """
    asked = {"kind": (case.kind or AftersaleKind.UNKNOWN).value, "state": state_of(case, known).value}
    entered = None if known is None else known.cases_entered.get(case.case_no)
    if entered is not None:
        rule = rulebook.in_force(question, at=entered, **asked)
        due_at = None if rule is None or rule.term is None else moment_of(rule.term, entered, case)
        if rule is not None and due_at is not None and _is_stand_in(case, rule):
            return Due("entered_at", entered, due_at, _source(rule.is_override), rule, rule.basis)
    for name in ("return_sent_at", "agreed_at", "updated_at", "applied_at"):
        moment: datetime | None = getattr(case, name)
        rule = None if moment is None else rulebook.in_force(question, at=moment, **asked)
        if moment is None or rule is None or rule.term is None or name not in rule.counts_from:
            continue
        found = first_known(case, rule.counts_from)
        due_at = None if found is None else moment_of(rule.term, found[1], case)
        if found is not None and due_at is not None:
            basis = rule.basis if found[0] == rule.counts_from[0] else Basis.ASSUMED
            return Due(found[0], found[1], due_at, _source(rule.is_override), rule, basis)
    return None


def _is_stand_in(case: AftersaleFacts, rule: Rule) -> bool:
    """Whether nothing but the last change of the case would stand for the event the rule counts from."""
    first = rule.counts_from[0]
    return first == "updated_at" or getattr(case, first) is None


def _source(is_override: bool) -> DueSource:
    return DueSource.SHOP if is_override else DueSource.RULEBOOK


def _deadline(case: AftersaleFacts, kind: DeadlineKind, due: Due, state: _State, risk: Risk) -> Deadline:
    return Deadline(
        subject=Subject(SubjectKind.AFTERSALE, case.case_no),
        kind=kind,
        state=state[0],
        counts_from=due.counts_from,
        started_at=due.started_at,
        due_at=due.due_at,
        due_source=due.source,
        rule=due.rule.cite,
        basis=due.basis,
        at_risk=Fen(0) if state[0] is DeadlineState.WAIVED else risk.fen,
        risk_rule=risk.cite,
        closed_at=state[1],
        because=state[2],
        order_no=case.order_no,
    )
