"""The cases a rule must get right before it is switched on, run against the rulebook and the terms of now."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from zhanggui.core.advice.advising import advise
from zhanggui.core.advice.book import Grievance, ShopTerms
from zhanggui.core.advice.case import CaseToAdvise
from zhanggui.core.advice.reading import complaint_of, grievance_of
from zhanggui.core.automation.conditions import Outcome, judge
from zhanggui.core.automation.facts import FACTS, facts_of
from zhanggui.core.automation.rules import AutoRule, GoldenCase
from zhanggui.core.automation.seen import Seen
from zhanggui.core.automation.values import Value
from zhanggui.core.facts import AftersaleFacts, AftersaleKind
from zhanggui.core.rules import Rulebook
from zhanggui.core.say import Say, say


class GoldenResult(msgspec.Struct, frozen=True):
    """One case, and what the rule made of it; `trouble` where the case itself cannot be read."""

    case: GoldenCase
    outcome: Outcome | None
    trouble: Say | None = None

    @property
    def is_right(self) -> bool:
        """Whether the rule did what the case says."""
        return self.outcome is not None and self.outcome.fires is self.case.fires


def golden_results(rule: AutoRule, rulebook: Rulebook, terms: ShopTerms, now: datetime) -> tuple[GoldenResult, ...]:
    """Every golden case of the rule with what came of it."""
    return tuple(_result(rule, case, rulebook, terms, now) for case in rule.case)


def golden_trouble(rule: AutoRule, results: tuple[GoldenResult, ...]) -> Say | None:
    """Why the rule may not be switched on by its golden cases; None where it may."""
    wrong = [each.case.says for each in results if not each.is_right]
    if wrong:
        return say("{n} of its golden cases go wrong: {cases}.", n=len(wrong), cases="; ".join(wrong[:5]))
    if not any(case.fires for case in rule.case) or all(case.fires for case in rule.case):
        return say("A rule needs at least one golden case in which it fires, and one in which it does not.")
    return None


def _result(rule: AutoRule, case: GoldenCase, rulebook: Rulebook, terms: ShopTerms, now: datetime) -> GoldenResult:
    try:
        derived = _advised(rule, case, rulebook, terms, now) if case.advise else {}
    except (msgspec.MsgspecError, ValueError, OverflowError) as problem:
        return GoldenResult(case, None, say("This is no case as `zhanggui advise` reads it: {problem}", problem=str(problem)[:200]))
    facts: dict[str, Value | None] = {**derived, **case.facts}
    if "complaint" not in case.facts and isinstance(case.facts.get("reason"), str):
        facts["complaint"] = _complaint(case.facts, rulebook).value
    return GoldenResult(case, judge(rule, case.on or rule.on[0], facts))


def _advised(rule: AutoRule, case: GoldenCase, rulebook: Rulebook, terms: ShopTerms, now: datetime) -> dict[str, Value | None]:
    """What the house makes of the case; what time alone changes is left to the case's own facts, lest it be right today and wrong tomorrow."""
    told = msgspec.convert(dict(case.advise), type=CaseToAdvise)
    at = told.applied_at or now
    seen = Seen(
        todo=case.on or rule.on[0],
        now=at,
        due_at=told.due_at,
        case=AftersaleFacts(
            case_no=told.case_no or "-", kind=told.kind, state=told.state, reason=told.reason, pictures=told.pictures, shipped=told.shipped_at is not None
        ),
        advised=told,
        verdict=advise(told, terms, rulebook, at),
        complaint=complaint_of(told, rulebook.advice).kind,
        buyer=told.buyer,
    )
    return {name: value for name, value in facts_of(seen).items() if not FACTS[name].moves}


def _complaint(facts: Mapping[str, Value], rulebook: Rulebook) -> Grievance:
    kind = facts.get("case_kind")
    return grievance_of(str(facts["reason"]), AftersaleKind(str(kind)) if kind else AftersaleKind.UNKNOWN, rulebook.advice).kind
