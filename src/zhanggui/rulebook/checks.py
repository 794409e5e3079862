"""What a set of rules must keep to: every one sourced, dated, whole, and no two answers to one question at one moment."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import time
from itertools import combinations

from zhanggui.core.cases.instant import InstantSign
from zhanggui.core.cases.states import CaseState
from zhanggui.core.claims.states import ClaimState, Loss
from zhanggui.core.clocks.replies import Answer
from zhanggui.core.complaints.states import ComplaintKind
from zhanggui.core.disputes.clock import APPEAL
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, FactKind, OrderFacts, ReviewFacts, ScanStage, ShippingKind
from zhanggui.core.parcels import AnomalyKind
from zhanggui.core.recalls.states import RecallState
from zhanggui.core.rules import Amount, Question, Rule, Term
from zhanggui.rulebook.asked import not_asked
from zhanggui.rulebook.blocks import RuleRefused

WAYS = frozenset(ShippingKind) | {"presale_undated", "booked_undated"}
FINDINGS = frozenset({"late_shipment", "false_shipment", "fraud_shipment", "out_of_stock"})

SCOPES: dict[str, frozenset[str] | None] = {
    "way": WAYS,
    "finding": FINDINGS,
    "tag": frozenset({"delay_allowed"}),
    "hold": frozenset({"under_review", "on_hold"}),
    "promise": frozenset({"entered", "learnt"}),
    "deadline": frozenset({"ship_by", "deliver_by", "answer_refund", "inspect_return", "answer_platform"}),
    "stage": frozenset(ScanStage),
    "anomaly": frozenset(AnomalyKind),
    "kind": frozenset(AftersaleKind),
    "shipped": frozenset({"yes", "no"}),
    "fact": frozenset(FactKind),
    "loss": frozenset(Loss),
    "claim": frozenset(ClaimState),
    "recall": frozenset(RecallState),
    "state": frozenset(CaseState),
    "sign": frozenset(InstantSign),
    "answer": frozenset(Answer),
    "complaint": frozenset(ComplaintKind) | {APPEAL},
    "declared": frozenset({"yes", "no"}),
    "carrier": None,
    "goods": None,
    "province": None,
    "category": None,
    "duty": None,
}
"""The names a scope may use and the values each may have; None where they are the shop's own, such as a product's number."""

EVENTS = frozenset(
    name for facts in (OrderFacts, AftersaleFacts, ReviewFacts) for name in facts.__struct_fields__ if name.endswith("_at") or name in ("ship_by", "deliver_by")
) | {"as_of", "buyer_asked_at", "granted_at", "promised_hours", "raised_at"}
ENDS = frozenset({"uploaded", "picked_up"})
AMOUNTS = frozenset(
    {"category_mean", "receive_amount", "pay_amount", "goods_amount", "refund_amount", "order_amount", "freight", "declared_value", "goods_value"}
)

WITHOUT_TERM = frozenset(
    {
        Question.SHIP_START,
        Question.SHIP_ENDS,
        Question.MAY_SHIP,
        Question.COMPENSATION,
        Question.EXEMPTION,
        Question.SUSPENSION,
        Question.CASE_LOSS,
        Question.LAW,
        Question.ANOMALY,
        Question.CLAIM_LIMIT,
        Question.KEEP_PROMISE,
    }
)
LONGEST_DAYS = 3650
NEEDS_AMOUNT = frozenset({Question.COMPENSATION, Question.CASE_LOSS, Question.CLAIM_LIMIT})


def check(rules: Sequence[Rule]) -> None:
    """Raises RuleRefused at the first rule that is not in order, or at the first two that answer one question at one moment."""
    for rule in rules:
        for complaint in _complaints(rule):
            raise RuleRefused(f"{rule.place}: {rule.id}: {complaint}")
    _refuse_same_cite(rules)
    _refuse_overlaps(rules)


def check_beside(own: Rule, rulebook: Sequence[Rule], others: Sequence[Rule]) -> None:
    """Raises RuleRefused where a shop's own rule bears the name and date of one in the rulebook, or leaves open which of two of the shop's own holds."""
    if any(rule.cite == own.cite for rule in rulebook):
        raise RuleRefused(f"{own.place}: id: {own.cite} is the name of a rule of the rulebook; give your own another id or another date")
    for other in others:
        same_strength = other.id != own.id and other.effective_from == own.effective_from and len(other.scope) == len(own.scope)
        if same_strength and other.question is own.question and not own.is_rival and not other.is_rival and _scopes_meet(own, other):
            raise RuleRefused(f"{own.place}: {own.cite} answers the same question from the same day on as the shop's own {other.cite}")


def _complaints(rule: Rule) -> Iterable[str]:
    """What is wrong with one rule by itself, in words."""
    if not rule.id.strip() or "@" in rule.id:
        yield "the id is blank or holds an @"
    if not rule.source.strip():
        yield "no source is named"
    if not (rule.title.zh.strip() and rule.title.en.strip()):
        yield "the title is missing in one language"
    if rule.effective_until is not None and rule.effective_until <= rule.effective_from:
        yield "it ends before it begins"
    yield from _unknown_words(rule)
    if not rule.is_unknown:
        yield from _holes(rule)
    yield from not_asked(rule)


def _unknown_words(rule: Rule) -> Iterable[str]:
    for name, values in rule.scope.items():
        if name not in SCOPES:
            yield f"unknown word {name!r} in scope; known: {', '.join(SCOPES)}"
            continue
        allowed = SCOPES[name]
        strange = sorted(set(values) - allowed) if allowed is not None else []
        if strange or not values:
            yield f"unknown value of {name}: {', '.join(strange) or 'none given'}"
    for word in (*rule.counts_from, *_field(rule.term)):
        if word not in EVENTS:
            yield f"unknown event {word!r}"
    for word in rule.counts_to:
        if word not in ENDS:
            yield f"unknown end {word!r}"
    for word in rule.amount.of if rule.amount else ():
        if word not in AMOUNTS:
            yield f"unknown amount {word!r}"


def _holes(rule: Rule) -> Iterable[str]:
    if rule.question not in WITHOUT_TERM and rule.term is None:
        yield "it needs a term"
    if rule.question in NEEDS_AMOUNT and rule.amount is None:
        yield "it needs an amount"
    if rule.term is not None and not _is_one_sort(rule.term):
        yield "a term is either a length above zero (ten years at most), or the end of the day, or a field"
    yield from _hours_complaints(rule)
    if rule.amount is not None:
        yield from _amount_complaints(rule.amount)


def _hours_complaints(rule: Rule) -> Iterable[str]:
    """Service hours must be times of the day, each period after the one before; an end of 00:00 is midnight."""
    try:
        periods = [(time.fromisoformat(start), time.fromisoformat(end)) for start, end in rule.hours_of_day]
    except ValueError:
        yield "hours of the day are written like 08:00; midnight as the end of a period is 00:00"
        return
    edges = [edge for start, end in periods for edge in (start, end)]
    if edges and edges[-1] == time():
        edges[-1] = time.max
    if edges != sorted(set(edges)):
        yield "the periods of the day do not follow each other"


def _is_one_sort(term: Term) -> bool:
    if max(term.days, term.hours // 24, term.minutes // 1440) > LONGEST_DAYS:
        return False
    return (term.length.total_seconds() > 0) + term.end_of_day + (term.field is not None) == 1 and min(term.days, term.hours, term.minutes) >= 0


def _amount_complaints(amount: Amount) -> Iterable[str]:
    bounds = [bracket.below_fen for bracket in amount.brackets]
    if not bounds or bounds[-1] is not None or None in bounds[:-1]:
        yield "the last bracket, and only the last, has no upper bound"
        return
    inner = [bound for bound in bounds if bound is not None]
    if inner != sorted(set(inner)):
        yield "the brackets do not rise"
    if any((bracket.fixed_fen is None) == (bracket.percent is None) for bracket in amount.brackets):
        yield "a bracket is either a fixed sum or a percentage"
    if any(min(bracket.fixed_fen or 0, bracket.percent or 0, bracket.min_fen, bracket.max_fen or 0) < 0 for bracket in amount.brackets):
        yield "a sum is never below zero"
    if any(bracket.max_fen is not None and bracket.max_fen < bracket.min_fen for bracket in amount.brackets):
        yield "the most a bracket comes to lies below the least"


def _field(term: Term | None) -> tuple[str, ...]:
    return (term.field,) if term is not None and term.field is not None else ()


def _refuse_same_cite(rules: Sequence[Rule]) -> None:
    for cite, count in Counter(rule.cite for rule in rules).items():
        if count > 1:
            first, second = [rule.place for rule in rules if rule.cite == cite][:2]
            raise RuleRefused(f"{second}: {cite} is already defined at {first}")


def _refuse_overlaps(rules: Sequence[Rule]) -> None:
    """Two rules of one question must not both answer, so at equal strength either their spans or their scopes must be apart."""
    by_question: dict[Question, list[Rule]] = defaultdict(list)
    for rule in rules:
        if not rule.is_rival:
            by_question[rule.question].append(rule)
    for group in by_question.values():
        for first, second in combinations(group, 2):
            if len(first.scope) == len(second.scope) and _spans_meet(first, second) and _scopes_meet(first, second):
                raise RuleRefused(f"{second.place}: {second.cite} answers the same question at the same time as {first.cite} at {first.place}")


def _spans_meet(first: Rule, second: Rule) -> bool:
    first_ends_later = first.effective_until is None or first.effective_until > second.effective_from
    second_ends_later = second.effective_until is None or second.effective_until > first.effective_from
    return first_ends_later and second_ends_later


def _scopes_meet(first: Rule, second: Rule) -> bool:
    return all(set(first.scope[name]) & set(second.scope[name]) for name in first.scope.keys() & second.scope.keys())
