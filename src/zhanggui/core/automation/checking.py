"""What speaks against a rule before it may be kept, and before it may be switched on: every trouble with its place and a sentence that says what to do."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from zhanggui.core.automation.circling import TooManyStates, circles
from zhanggui.core.automation.conditions import BadClause, allowed, overlap, words_of
from zhanggui.core.automation.contradicting import against_itself, contradictions
from zhanggui.core.automation.deeds import DEEDS, STEPS
from zhanggui.core.automation.facts import FACTS, TRIGGERS, About
from zhanggui.core.automation.rules import AutoRule, Clause, Deed, DeedKind
from zhanggui.core.automation.values import COUNTED, Allowed, Value, ValueKind
from zhanggui.core.say import Say, say

MOST_RULES = 100
MOST_WORDS = 200
MOST_ALTERNATIVES = 8
MOST_CASES = 100
LONGEST_TEXT = 500
MOST_A_DAY = 5_000
MOST_MONEY = 10_000_000
_ID = "abcdefghijklmnopqrstuvwxyz0123456789_"


class Trouble(msgspec.Struct, frozen=True):
    """Something that speaks against a rule, and where it stands in the file."""

    where: str
    say: Say


def troubles(rule: AutoRule) -> tuple[Trouble, ...]:
    """Everything that is wrong with the rule by itself; none where it may be kept."""
    return (*_of_head(rule), *_of_conditions(rule), *_of_deeds(rule), *_of_cases(rule))


def is_sound(rule: AutoRule) -> bool:
    """Whether the rule can be reasoned about at all: one that was kept by another version of the program may ask what is no longer known."""
    return not troubles(rule)


def troubles_between(rules: Sequence[AutoRule]) -> tuple[Trouble, ...]:
    """What is wrong between rules that would be on together."""
    return (*_of_giving_way(rules), *_clashes(rules), *_circles(rules))


def _of_head(rule: AutoRule) -> Iterator[Trouble]:
    if not 1 <= len(rule.id) <= 60 or set(rule.id) - set(_ID):
        yield Trouble("id", say("The id of a rule is made of small letters, digits and _, at most 60: {id}", id=rule.id[:80]))
    if not rule.title.strip() or len(rule.title) > LONGEST_TEXT or len(rule.note) > LONGEST_TEXT * 4:
        yield Trouble("title", say("A rule needs a title, of at most {longest} characters.", longest=LONGEST_TEXT))
    if not rule.on:
        yield Trouble("on", say("Name at least one to-do on which the rule looks."))
    unknown = [kind for kind in rule.on if kind not in TRIGGERS]
    for kind in unknown:
        yield Trouble("on", say("Rules do not look on the to-do {todo}.", todo=kind))
    if not unknown and len({TRIGGERS[kind] for kind in rule.on}) > 1:
        yield Trouble("on", say("A rule looks at cases, at orders or at reviews, not at several of them. Write one rule for each."))
    if not 0 <= rule.a_day <= MOST_A_DAY:
        yield Trouble("a_day", say("The number a day lies between {least} and {most}.", least=0, most=MOST_A_DAY))
    if not 0 <= rule.money_a_day <= MOST_MONEY:
        yield Trouble("money_a_day", say("The sum of money lies between {least_fen} and {most_fen}.", least_fen=0, most_fen=MOST_MONEY))
    if rule.id in rule.gives_way_to:
        yield Trouble("gives_way_to", say("A rule does not give way to itself."))


def _of_conditions(rule: AutoRule) -> Iterator[Trouble]:
    abouts = frozenset(TRIGGERS[kind] for kind in rule.on if kind in TRIGGERS)
    must = tuple(_of_clauses("when", rule.when, abouts))
    yield from must
    if len(rule.either) > MOST_ALTERNATIVES:
        yield Trouble("either", say("A rule has at most {most} alternatives.", most=MOST_ALTERNATIVES))
    for at, alternative in enumerate(rule.either, 1):
        where = f"either.{at}"
        wrong = tuple(_of_clauses(where, alternative, abouts))
        yield from wrong
        if not alternative:
            yield Trouble(where, say("Alternative {n} asks nothing.", n=at))
        elif not must and not wrong and overlap(_sets(rule.when), _sets(alternative)) is None:
            yield Trouble(where, say("Alternative {n} can never hold beside what must hold in any case.", n=at))


def _of_clauses(place: str, clauses: Mapping[str, Clause], abouts: frozenset[About]) -> Iterator[Trouble]:
    for name, clause in clauses.items():
        where = f"{place}.{name}"
        fact = FACTS.get(name)
        if fact is None:
            yield Trouble(where, say("There is no fact {name}; `zhanggui automation facts` lists them.", name=name[:80]))
            continue
        if abouts and not abouts & fact.about:
            yield Trouble(where, say("What this rule looks at has no fact {name}.", name=name))
        try:
            allowed(fact, clause)
        except BadClause as problem:
            yield Trouble(where, _why(problem.code, name))
        if sum(len(words_of(told)) for told in (clause.is_, clause.not_, clause.has, clause.lacks)) > MOST_WORDS:
            yield Trouble(where, say("At most {most} words in one condition.", most=MOST_WORDS))


def _sets(clauses: Mapping[str, Clause]) -> dict[str, Allowed]:
    return {name: allowed(FACTS[name], clause) for name, clause in clauses.items()}


def _why(code: str, name: str) -> Say:
    match code:
        case "needs_bounds":
            return say("{name} is a number: give `least`, `most` or both.", name=name)
        case "needs_yes_or_no":
            return say("{name} is yes or no: give `is = true` or `is = false`.", name=name)
        case "needs_words":
            return say("{name} is told in words: give `is` or `not` with one or several.", name=name)
        case "no_such_word":
            return say("{name} is never that; `zhanggui automation facts` lists its words.", name=name)
        case "says_both":
            return say("{name}: give `is` or `not`, not both.", name=name)
        case "no_words_in_it":
            return say("{name} is no text that is asked for words in it: give `is` or `not`, or bounds.", name=name)
        case "nothing_left":
            return say("{name}: nothing can meet this condition.", name=name)
        case _:
            return say("{name}: the condition says nothing.", name=name)


def _of_deeds(rule: AutoRule) -> Iterator[Trouble]:
    if not rule.do:
        yield Trouble("do", say("The rule does nothing: name at least one act."))
    for at, deed in enumerate(rule.do, 1):
        where, terms = f"do.{at}", DEEDS[deed.act]
        for kind in rule.on:
            if kind in TRIGGERS and kind not in terms.on:
                yield Trouble(where, say("{deed} makes no sense on the to-do {todo}.", deed=deed.act, todo=kind))
        yield from _of_deed(where, deed)
    if sum(deed.act is DeedKind.ORDER_NOTE for deed in rule.do) > 1:
        yield Trouble("do", say("An order has one note: put the words of both into one."))
    clash = against_itself(rule)
    if clash is not None:
        yield Trouble("do", say("The rule contradicts itself: {deed} and {against}.", deed=clash[0].act, against=clash[1].act))


def _of_deed(where: str, deed: Deed) -> Iterator[Trouble]:
    terms = DEEDS[deed.act]
    if terms.has_text and not deed.text.strip():
        yield Trouble(where, say("{deed} needs words.", deed=deed.act))
    if len(deed.text) > LONGEST_TEXT:
        yield Trouble(where, say("The text is longer than {longest} characters.", longest=LONGEST_TEXT))
    if not terms.has_text and deed.text:
        yield Trouble(where, say("{deed} takes no words.", deed=deed.act))
    if (deed.act is DeedKind.STEP) != (deed.step is not None) or (deed.step is not None and deed.step not in STEPS):
        yield Trouble(where, say("Name the step, one of: {steps}.", steps=", ".join(step.value for step in STEPS)))
    if (deed.act is DeedKind.ASSIGN) != bool(deed.to):
        yield Trouble(where, say("Name whoever gets the to-do by the name used to sign in, and nobody for other acts."))


def _of_cases(rule: AutoRule) -> Iterator[Trouble]:
    if len(rule.case) > MOST_CASES:
        yield Trouble("case", say("A rule has at most {most} golden cases.", most=MOST_CASES))
    for at, case in enumerate(rule.case, 1):
        where = f"case.{at}"
        if case.on is not None and case.on not in TRIGGERS:
            yield Trouble(where, say("Rules do not look on the to-do {todo}.", todo=case.on))
        for name, value in case.facts.items():
            fact = FACTS.get(name)
            if fact is None:
                yield Trouble(where, say("There is no fact {name}; `zhanggui automation facts` lists them.", name=name[:80]))
            elif not fits(fact.kind, value, fact.listed):
                yield Trouble(where, say("{name} cannot be {value}.", name=name, value=str(value)[:80]))


def fits(kind: ValueKind, value: Value, listed: Sequence[str]) -> bool:
    """Whether a fact of this kind may be that."""
    if kind is ValueKind.FLAG:
        return isinstance(value, bool)
    if kind in COUNTED:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, str) and (not listed or value in listed)


def _of_giving_way(rules: Sequence[AutoRule]) -> Iterator[Trouble]:
    ways = {rule.id: rule.gives_way_to for rule in rules}
    for rule in rules:
        seen: set[str] = set()
        waiting = list(rule.gives_way_to)
        while waiting:
            other = waiting.pop()
            if other == rule.id:
                yield Trouble("gives_way_to", say("{rule} gives way to itself, by way of others.", rule=rule.id))
                break
            if other not in seen:
                seen.add(other)
                waiting.extend(ways.get(other, ()))


def _clashes(rules: Sequence[AutoRule]) -> Iterator[Trouble]:
    for each in contradictions(rules):
        example = ", ".join(f"{name} = {_written(value)}" for name, value in each.example.items())
        yield Trouble(
            "when",
            say(
                "{one} and {other} contradict each other: one has {deed} done, the other {against}, on a thing such as {example}. "
                "Part them by a condition, or let one give way.",
                one=each.one,
                other=each.other,
                deed=each.deed.act,
                against=each.against.act,
                example=example or "—",
            ),
        )


def _circles(rules: Sequence[AutoRule]) -> Iterator[Trouble]:
    try:
        found = circles(rules)
    except TooManyStates:
        yield Trouble("do", say("Whether these rules go round in circles cannot be told: they ask too much of what they change. Ask less of it."))
        return
    for circle in found:
        yield Trouble("do", say("These rules go round in circles: {rules}.", rules=" → ".join((*circle, circle[0]))))


def _written(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
