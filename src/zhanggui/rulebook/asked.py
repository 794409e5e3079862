"""What core asks of a rule of each question: which words its scope may use, which events and fields it may count from, which sort of term it takes.

A rule that steps outside of this would never hold, or would hold and leave nothing to count from, so it is refused before it is kept.
"""

from collections.abc import Iterable

from zhanggui.core.facts import AftersaleFacts, OrderFacts
from zhanggui.core.rules import Question, Rule

_ORDER, _CASE = frozenset(OrderFacts.__struct_fields__), frozenset(AftersaleFacts.__struct_fields__)
_GOODS = frozenset({"goods", "province"})
_FINDING = _GOODS | {"finding", "category"}

SCOPED_BY: dict[Question, frozenset[str]] = {
    Question.SHIP_BY: _GOODS | {"way"},
    Question.SHIP_EXTENSION: frozenset({"finding"}),
    Question.PLATFORM_MOMENT: frozenset({"deadline"}),
    Question.PROMISED: frozenset({"promise"}),
    Question.MAY_SHIP: frozenset({"hold"}),
    Question.PICKUP_BY: _GOODS | {"way"},
    Question.PARCEL_MOVES: frozenset({"stage"}),
    Question.ANOMALY: frozenset({"anomaly"}),
    Question.COMPENSATION: _FINDING,
    Question.EXEMPTION: _FINDING | {"tag"},
    Question.SUSPENSION: _FINDING,
    Question.ANSWER_CASE: frozenset({"kind", "shipped"}),
    Question.BUYER_SENDS_BACK: frozenset({"kind", "state"}),
    Question.INSPECT_RETURN: frozenset({"kind", "state"}),
    Question.INSPECT_DELIVERED: frozenset({"kind"}),
    Question.ANSWER_PLATFORM: frozenset({"kind", "state"}),
    Question.BUYER_CALLS_PLATFORM: frozenset({"kind", "state"}),
    Question.CONTEST_REFUND: frozenset({"kind", "state"}),
    Question.INSTANT_REFUND: frozenset({"shipped", "sign"}),
    Question.CASE_LOSS: frozenset({"kind", "shipped", "deadline"}),
    Question.FRESHEN_DATA: frozenset({"fact"}),
    Question.LAW: frozenset({"duty"}),
    Question.CLAIM_BY: frozenset({"loss"}),
    Question.CLAIM_ANSWER: frozenset({"claim"}),
    Question.CLAIM_LIMIT: frozenset({"loss", "carrier", "declared"}),
    Question.REPLY_RATE: frozenset({"answer"}),
    Question.RECALL_CHECK: frozenset({"recall"}),
    Question.COMPLAIN_BY: frozenset({"complaint"}),
    Question.COMPLAINT_ANSWER: frozenset({"complaint"}),
}
"""The facts core asks each question with; the questions left out are asked with none."""

STARTS: dict[Question, frozenset[str]] = {
    Question.SHIP_START: frozenset({"group_formed_at", "paid_at", "created_at"}),
    Question.BUYER_SENDS_BACK: frozenset({"return_sent_at", "agreed_at", "updated_at", "applied_at"}),
    Question.INSPECT_RETURN: frozenset({"return_sent_at", "agreed_at", "updated_at", "applied_at"}),
    Question.ANSWER_PLATFORM: frozenset({"return_sent_at", "agreed_at", "updated_at", "applied_at"}),
    Question.BUYER_CALLS_PLATFORM: frozenset({"updated_at", "applied_at"}),
    Question.CONTEST_REFUND: frozenset({"updated_at", "applied_at"}),
}
"""The questions whose rules name the events themselves, and the events they may name; the term of every other question has one start of its own."""

FIELDS_OF: dict[Question, frozenset[str]] = {
    Question.SHIP_BY: _ORDER,
    Question.PLATFORM_MOMENT: _ORDER | _CASE,
    Question.PROMISED: frozenset({"promised_hours"}),
    Question.ANSWER_CASE: _CASE,
    Question.BUYER_SENDS_BACK: _CASE,
    Question.INSPECT_RETURN: _CASE,
    Question.INSPECT_DELIVERED: _CASE,
    Question.ANSWER_PLATFORM: _CASE,
    Question.BUYER_CALLS_PLATFORM: _CASE,
    Question.CONTEST_REFUND: _CASE,
}
"""The facts in which a term of a question may name a field."""

TO_THE_END_OF_A_DAY = frozenset(FIELDS_OF) - {Question.PROMISED, Question.PLATFORM_MOMENT} | {Question.PICKUP_BY, Question.PARCEL_MOVES}


def not_asked(rule: Rule) -> Iterable[str]:
    """What in a rule core would never ask for, or could not use, in words."""
    strange = sorted(set(rule.scope) - SCOPED_BY.get(rule.question, frozenset()))
    if strange:
        yield f"{rule.question.value} is never asked by {', '.join(strange)}, so the rule would never hold"
    if rule.hours_of_day and rule.question not in {Question.REPLY_BUYER, Question.REPLY_RATE, Question.PAY_DEPOSIT}:
        yield "only an answer to a buyer counts by hours of the day"
    if not rule.is_unknown:
        yield from _ends(rule)
        yield from _term(rule)


def _ends(rule: Rule) -> Iterable[str]:
    starts = STARTS.get(rule.question)
    if starts is not None and not rule.counts_from:
        yield "it needs an event to count from"
    if starts is not None and not starts.issuperset(rule.counts_from):
        yield f"{rule.question.value} cannot count from {', '.join(sorted(set(rule.counts_from) - starts))}"
    if rule.question is Question.SHIP_ENDS and not rule.counts_to:
        yield "it needs an event to count to"


def _term(rule: Rule) -> Iterable[str]:
    if rule.term is None:
        return
    if rule.term.field is not None and rule.term.field not in FIELDS_OF.get(rule.question, frozenset()):
        yield f"{rule.question.value} has no field {rule.term.field} to go by"
    if rule.term.end_of_day and rule.question not in TO_THE_END_OF_A_DAY:
        yield f"{rule.question.value} needs a length and cannot run to the end of a day"
