"""The conditions of a rule as sets, and whether the facts of a thing meet them, clause by clause."""

from collections.abc import Mapping

import msgspec

from zhanggui.core.automation.facts import FACTS, TRIGGERS, Fact
from zhanggui.core.automation.rules import AutoRule, Clause
from zhanggui.core.automation.values import COUNTED, Allowed, Flags, Span, Value, ValueKind, Words, meeting
from zhanggui.core.deadlines import DeadlineKind


class BadClause(ValueError):
    """A clause that does not fit its fact. The code says how; `fact` which one."""

    def __init__(self, code: str, fact: str) -> None:
        super().__init__(f"{fact}: {code}")
        self.code = code
        self.fact = fact


class Looked(msgspec.Struct, frozen=True):
    """One clause beside what is known."""

    fact: str
    clause: Clause
    value: Value | None
    holds: bool


class Outcome(msgspec.Struct, frozen=True):
    """What a rule makes of a thing: whether it fires, and every clause with what was seen."""

    fires: bool
    looked: tuple[Looked, ...]


def allowed(fact: Fact, clause: Clause) -> Allowed:
    """What the clause allows of the fact. Raises BadClause where it asks what such a fact cannot be asked, or allows nothing."""
    if fact.kind in COUNTED:
        found: Allowed = _span(fact, clause)
    elif fact.kind is ValueKind.FLAG:
        found = _flags(fact, clause)
    else:
        found = _words(fact, clause)
    if found.is_empty:
        raise BadClause("nothing_left", fact.name)
    return found


def conditions(rule: AutoRule) -> dict[str, Allowed]:
    """What each fact must be, by its name. Raises BadClause."""
    return {name: allowed(FACTS[name], clause) for name, clause in rule.when.items()}


def judge(rule: AutoRule, on: DeadlineKind, facts: Mapping[str, Value | None]) -> Outcome:
    """What the rule makes of a thing with this open to-do and these facts. What is not known meets no clause."""
    looked = tuple(_look(name, clause, facts.get(name)) for name, clause in rule.when.items())
    return Outcome(on in rule.on and all(each.holds for each in looked), looked)


def overlap(one: Mapping[str, Allowed], other: Mapping[str, Allowed]) -> dict[str, Allowed] | None:
    """What a thing must be to meet both; None where none can."""
    both = dict(one)
    for name, told in other.items():
        if name in both:
            met = meeting(both[name], told)
            if met is None:
                return None
            both[name] = met
        else:
            both[name] = told
    return both


def about_all(rule: AutoRule) -> frozenset[str]:
    """The things that the rule looks at, as words."""
    return frozenset(TRIGGERS[kind].value for kind in rule.on if kind in TRIGGERS)


def _look(name: str, clause: Clause, value: Value | None) -> Looked:
    return Looked(name, clause, value, value is not None and allowed(FACTS[name], clause).holds(value))


def _span(fact: Fact, clause: Clause) -> Span:
    if clause.is_ is not None or clause.not_ is not None:
        raise BadClause("needs_bounds", fact.name)
    if clause.least is None and clause.most is None:
        raise BadClause("says_nothing", fact.name)
    return Span(clause.least, clause.most).meets(Span(fact.least, fact.most))


def _flags(fact: Fact, clause: Clause) -> Flags:
    if not isinstance(clause.is_, bool) or clause.not_ is not None or clause.least is not None or clause.most is not None:
        raise BadClause("needs_yes_or_no", fact.name)
    return Flags(frozenset({clause.is_}))


def _words(fact: Fact, clause: Clause) -> Words:
    if clause.least is not None or clause.most is not None or isinstance(clause.is_, bool):
        raise BadClause("needs_words", fact.name)
    if (clause.is_ is None) == (clause.not_ is None):
        raise BadClause("says_nothing" if clause.is_ is None else "says_both", fact.name)
    told = frozenset(_tuple(clause.is_ if clause.is_ is not None else clause.not_))
    listed = frozenset(fact.listed)
    if listed and told - listed:
        raise BadClause("no_such_word", fact.name)
    if clause.is_ is not None:
        return Words(told)
    return Words(listed - told) if listed else Words(told, is_all_but=True)


def _tuple(told: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return () if told is None else (told,) if isinstance(told, str) else told
