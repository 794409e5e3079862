"""The conditions of a rule as sets, and whether the facts of a thing meet them, clause by clause."""

from collections.abc import Collection, Iterator, Mapping
from itertools import groupby

import msgspec

from zhanggui.core.automation.facts import FACTS, Fact
from zhanggui.core.automation.rules import AutoRule, Clause
from zhanggui.core.automation.values import COUNTED, Allowed, Flags, Span, Texts, Value, ValueKind, Words, meeting
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
    """What was seen; of a free text only the words that the clause names, see `told_of`."""
    holds: bool
    group: int = 0
    """The alternative it is part of, from 1; 0: it must hold in any case."""


class Outcome(msgspec.Struct, frozen=True):
    """What a rule makes of a thing: whether it fires, and every clause with what was seen."""

    fires: bool
    looked: tuple[Looked, ...]

    def failing(self, but: Collection[str] = ()) -> tuple[str, ...]:
        """The facts that keep the rule from firing, those of `but` aside; none where nothing does."""
        groups = {number: tuple(each) for number, each in groupby(self.looked, lambda looked: looked.group)}
        wrong = {number: [each.fact for each in told if not each.holds and each.fact not in but] for number, told in groups.items()}
        must, others = wrong.pop(0, []), list(wrong.values())
        return tuple(dict.fromkeys([*must, *(fact for each in others for fact in each)] if others and all(others) else must))


def allowed(fact: Fact, clause: Clause) -> Allowed:
    """What the clause allows of the fact. Raises BadClause where it asks what such a fact cannot be asked, or allows nothing."""
    if fact.kind in COUNTED:
        found: Allowed = _span(fact, clause)
    elif fact.kind is ValueKind.FLAG:
        found = _flags(fact, clause)
    elif clause.has is not None or clause.lacks is not None:
        found = _texts(fact, clause)
    else:
        found = _words(fact, clause)
    if found.is_empty:
        raise BadClause("nothing_left", fact.name)
    return found


def boxes(rule: AutoRule) -> tuple[dict[str, Allowed], ...]:
    """What each fact must be, by its name, one for each way in which the rule can fire. Raises BadClause."""
    must = _box(rule.when)
    ways = [overlap(must, _box(each)) for each in rule.either] if rule.either else [must]
    return tuple(each for each in ways if each is not None)


def judge(rule: AutoRule, on: DeadlineKind, facts: Mapping[str, Value | None]) -> Outcome:
    """What the rule makes of a thing with this open to-do and these facts. What is not known meets no clause."""
    looked = tuple(_look(number, name, clause, facts.get(name)) for number, name, clause in _clauses(rule))
    must = all(each.holds for each in looked if not each.group)
    either = {each.group: True for each in looked if each.group} | {each.group: False for each in looked if each.group and not each.holds}
    return Outcome(on in rule.on and must and (not rule.either or any(either.values())), looked)


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


def told_of(name: str, clauses: Collection[Clause], value: Value | None) -> Value | None:
    """What is kept of a fact that these clauses ask: all of it, but of a free text no more than the words that they name, since anything may stand in one."""
    if value is None or name not in FACTS or not FACTS[name].is_free:
        return value
    whole = [word for clause in clauses for word in (*words_of(clause.is_), *words_of(clause.not_))]
    if value in whole:
        return value
    words = [*whole, *(word for clause in clauses for word in (*words_of(clause.has), *words_of(clause.lacks)))]
    found = [word for word in dict.fromkeys(words) if word.casefold() in str(value).casefold()]
    return "…".join(("", *found, "")) if found else "…"


def asked_facts(rule: AutoRule, facts: Mapping[str, Value | None]) -> dict[str, Value | None]:
    """What was seen of the facts that the rule asks, of free texts the words it names."""
    return {name: told_of(name, clauses, facts.get(name)) for name, clauses in _asked(rule).items()}


def kept_facts(rule: AutoRule, facts: Mapping[str, Value | None]) -> dict[str, Value]:
    """The facts of a thing as far as a golden case of this rule keeps them: what is known; what time, hands or free words make only where the rule asks it."""
    found = asked_facts(rule, facts)
    for name, value in facts.items():
        if name not in found and not (FACTS[name].moves or FACTS[name].is_free or FACTS[name].is_whole):
            found[name] = value
    return {name: found[name] for name in facts if found.get(name) is not None}  # type: ignore[misc]  # what is not known is left out


def _asked(rule: AutoRule) -> dict[str, list[Clause]]:
    asked: dict[str, list[Clause]] = {}
    for _, name, clause in _clauses(rule):
        asked.setdefault(name, []).append(clause)
    return asked


def words_of(told: bool | str | tuple[str, ...] | None) -> tuple[str, ...]:
    """The words that a part of a clause names."""
    return () if told is None or isinstance(told, bool) else (told,) if isinstance(told, str) else told


def _clauses(rule: AutoRule) -> Iterator[tuple[int, str, Clause]]:
    for number, box in enumerate((rule.when, *rule.either)):
        for name, clause in box.items():
            yield number, name, clause


def _box(told: Mapping[str, Clause]) -> dict[str, Allowed]:
    return {name: allowed(FACTS[name], clause) for name, clause in told.items()}


def _look(number: int, name: str, clause: Clause, value: Value | None) -> Looked:
    holds = value is not None and allowed(FACTS[name], clause).holds(value)
    return Looked(name, clause, told_of(name, (clause,), value), holds, number)


def _span(fact: Fact, clause: Clause) -> Span:
    if clause.is_ is not None or clause.not_ is not None or _asks_words_in(clause):
        raise BadClause("needs_bounds", fact.name)
    if clause.least is None and clause.most is None:
        raise BadClause("says_nothing", fact.name)
    return Span(clause.least, clause.most).meets(Span(fact.least, fact.most))


def _flags(fact: Fact, clause: Clause) -> Flags:
    if not isinstance(clause.is_, bool) or clause.not_ is not None or clause.least is not None or clause.most is not None or _asks_words_in(clause):
        raise BadClause("needs_yes_or_no", fact.name)
    return Flags(frozenset({clause.is_}))


def _texts(fact: Fact, clause: Clause) -> Texts:
    if fact.kind is not ValueKind.TEXT or fact.is_whole or clause.least is not None or clause.most is not None:
        raise BadClause("no_words_in_it", fact.name)
    if clause.is_ is not None or clause.not_ is not None:
        raise BadClause("says_both", fact.name)
    has, lacks = words_of(clause.has), words_of(clause.lacks)
    if any(not word.strip() for word in (*has, *lacks)) or not (has or lacks):
        raise BadClause("says_nothing", fact.name)
    return Texts(has=frozenset({frozenset(has)}) if has else frozenset(), lacks=frozenset(lacks))


def _words(fact: Fact, clause: Clause) -> Words:
    if clause.least is not None or clause.most is not None or isinstance(clause.is_, bool):
        raise BadClause("needs_words", fact.name)
    if (clause.is_ is None) == (clause.not_ is None):
        raise BadClause("says_nothing" if clause.is_ is None else "says_both", fact.name)
    told = frozenset(words_of(clause.is_ if clause.is_ is not None else clause.not_))
    listed = frozenset(fact.listed)
    if listed and told - listed:
        raise BadClause("no_such_word", fact.name)
    if clause.is_ is not None:
        return Words(told)
    return Words(listed - told) if listed else Words(told, is_all_but=True)


def _asks_words_in(clause: Clause) -> bool:
    return clause.has is not None or clause.lacks is not None
