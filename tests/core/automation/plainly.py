"""The same questions answered plainly, value by value, without any set: what the rules are held against."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from hypothesis import strategies as st

from zhanggui.core.automation.deeds import CLOSED, DEEDS, TODO_OF_CASE, changes_of, verdict_on
from zhanggui.core.automation.facts import FACTS
from zhanggui.core.automation.rules import AutoRule, Clause, Deed, DeedKind
from zhanggui.core.automation.values import Value, ValueKind
from zhanggui.core.deadlines import DeadlineKind

T = DeadlineKind
DOMAINS: Mapping[str, tuple[Value, ...]] = {
    "amount": (0, 1, 2, 3, 4, 5),
    "case_kind": ("refund_only", "return_and_refund", "exchange", "resend", "repair", "unknown"),
    "reason": ("多拍", "质量", "拍", "质", "拍质", "别的"),
    "threatens": (False, True),
    "assignee": ("xiaomei", "laozhou", "-"),
    "has_remark": (False, True),
    "has_return": (False, True),
}
"""Values among which is one for everything that rules of `rules()` can tell apart."""
TODOS = (T.ANSWER_REFUND, T.INSPECT_RETURN)


def holds(clause: Clause, value: Value | None) -> bool:
    """Whether the value meets the clause, as one would read it aloud."""
    if value is None:
        return False
    if clause.least is not None and not (isinstance(value, int) and value >= clause.least):
        return False
    if clause.most is not None and not (isinstance(value, int) and value <= clause.most):
        return False
    if clause.is_ is not None and value not in (clause.is_ if isinstance(clause.is_, tuple) else (clause.is_,)):
        return False
    if clause.has is not None and not any(word in str(value) for word in clause.has):
        return False
    if clause.lacks is not None and any(word in str(value) for word in clause.lacks):
        return False
    return clause.not_ is None or value not in (clause.not_ if isinstance(clause.not_, tuple) else (clause.not_,))


def fires(rule: AutoRule, todo: DeadlineKind, facts: Mapping[str, Value | None]) -> bool:
    """Whether every clause holds of a thing with this to-do, and every clause of one of the alternatives."""
    for name, clause in rule.when.items():
        if not holds(clause, facts.get(name)):
            return False
    if rule.either and not any(all(holds(clause, facts.get(name)) for name, clause in each.items()) for each in rule.either):
        return False
    return todo in rule.on


def things(rules: Sequence[AutoRule]) -> Iterator[dict[str, Value]]:
    """Every thing that these rules can tell from another."""
    names = sorted({name for rule in rules for name in rule.asked})
    for values in product(*(DOMAINS[name] for name in names)):
        yield dict(zip(names, values, strict=True))


def clash(rules: Sequence[AutoRule]) -> set[tuple[str, str]]:
    """Every two rules that both fire on some thing and decide the same matter otherwise."""
    found = set()
    for at, one in enumerate(rules):
        for other in rules[at + 1 :]:
            if other.id in one.gives_way_to or one.id in other.gives_way_to or not _decide_otherwise(one, other):
                continue
            if any(fires(one, todo, thing) and fires(other, todo, thing) for todo in TODOS for thing in things([one, other])):
                found.add((one.id, other.id))
    return found


def go_round(rules: Sequence[AutoRule]) -> bool:
    """Whether, of some thing, what rules do leads back to where it was, by way of something else that a rule asks."""
    asked = {name for rule in rules for way in _ways(rule) for name in way}
    moved = {change.fact for rule in rules for deed in rule.do for change in changes_of(deed)}
    still = sorted(asked - moved)
    alive = sorted(asked & moved)
    return any(_has_circle(rules, dict(zip(still, values, strict=True)), alive) for values in product(*(DOMAINS[name] for name in still)))


def _ways(rule: AutoRule) -> Iterator[set[str]]:
    """What each alternative asks, those left out that nothing can meet."""
    for either in rule.either or ({},):
        names = sorted({*rule.when, *either})
        for values in product(*(DOMAINS[name] for name in names)):
            thing = dict(zip(names, values, strict=True))
            if all(holds(clause, thing[name]) for told in (rule.when, either) for name, clause in told.items()):
                yield set(names)
                break


def _decide_otherwise(one: AutoRule, other: AutoRule) -> bool:
    return any(
        DEEDS[deed.act].decides and DEEDS[deed.act].decides == DEEDS[against.act].decides and verdict_on(deed) != verdict_on(against)
        for deed in one.do
        for against in other.do
    )


def _has_circle(rules: Sequence[AutoRule], still: Mapping[str, Value], alive: Sequence[str]) -> bool:
    todos = [*(todo.value for todo in T), CLOSED]
    states = [dict(zip(("todo", *alive), values, strict=True)) for values in product(todos, *(DOMAINS[name] for name in alive))]
    ways = {tuple(state.items()): list(_after(rules, still, state)) for state in states}
    colour: dict[tuple[tuple[str, Value], ...], int] = {}

    def walk(at: tuple[tuple[str, Value], ...]) -> bool:
        colour[at] = 1
        for after in ways[at]:
            key = tuple(after.items())
            if colour.get(key) == 1 or (key not in colour and walk(key)):
                return True
        colour[at] = 2
        return False

    return any(walk(tuple(state.items())) for state in states if tuple(state.items()) not in colour)


def _after(rules: Sequence[AutoRule], still: Mapping[str, Value], state: Mapping[str, Value]) -> Iterator[dict[str, Value]]:
    for rule in rules:
        if state["todo"] == CLOSED or not fires(rule, T(str(state["todo"])), {**still, **state}):
            continue
        made = {change.fact: change.after for deed in rule.do for change in changes_of(deed)}
        made["todo"] = made.get(TODO_OF_CASE, (state["todo"],))
        options = [made.get(name, (value,)) for name, value in state.items()]
        for values in product(*options):
            after = dict(zip(state, values, strict=True))
            if after != state:
                yield after


def clauses(name: str) -> st.SearchStrategy[Clause]:
    """A clause about this fact."""
    fact = FACTS[name]
    if fact.kind is ValueKind.FLAG:
        return st.booleans().map(lambda flag: Clause(is_=flag))
    if fact.kind is ValueKind.MONEY:
        bounds = st.tuples(st.none() | st.integers(0, 4), st.none() | st.integers(0, 4)).filter(lambda each: each != (None, None))
        return bounds.filter(_is_in_order).map(lambda each: Clause(least=each[0], most=each[1]))
    told = ("多拍", "质量") if name == "reason" else DOMAINS[name][:-1]
    words = st.lists(st.sampled_from(told), min_size=1, max_size=2, unique=True).map(lambda told: tuple(str(each) for each in told))
    whole = st.one_of(words.map(lambda told: Clause(is_=told)), words.map(lambda told: Clause(not_=told)))
    if name != "reason":
        return whole
    parts = st.lists(st.sampled_from(("拍", "质")), min_size=1, max_size=2, unique=True).map(tuple)
    return st.one_of(whole, parts.map(lambda told: Clause(has=told)), parts.map(lambda told: Clause(lacks=told)), st.just(Clause(has=("拍",), lacks=("质",))))


def deeds(on: tuple[DeadlineKind, ...]) -> st.SearchStrategy[Deed]:
    """Something to do on these to-dos."""
    kinds = [
        st.sampled_from(("xiaomei", "laozhou")).map(lambda to: Deed(act=DeedKind.ASSIGN, to=to)),
        st.just(Deed(act=DeedKind.REMARK, text="看一下")),
        st.just(Deed(act=DeedKind.REFUND_AGREE)),
    ]
    if on == (T.ANSWER_REFUND,):
        kinds.append(st.just(Deed(act=DeedKind.RETURN_AGREE)))
    return st.one_of(kinds)


@st.composite
def rule(draw: st.DrawFn, name: str = "r", facts: Sequence[str] = tuple(DOMAINS)) -> AutoRule:
    """A rule about cases."""
    on = draw(st.sampled_from(((T.ANSWER_REFUND,), (T.INSPECT_RETURN,), TODOS)))
    when = draw(_clauses_of(facts, 0, 2))
    either = tuple(draw(st.lists(_clauses_of(facts, 1, 2), max_size=2)))
    return AutoRule(id=name, title=name, on=on, when=when, either=either, do=(draw(deeds(on)),))


@st.composite
def _clauses_of(draw: st.DrawFn, facts: Sequence[str], least: int, most: int) -> dict[str, Clause]:
    return {each: draw(clauses(each)) for each in draw(st.lists(st.sampled_from(facts), min_size=least, max_size=most, unique=True))}


@st.composite
def rules(draw: st.DrawFn, most: int = 4, facts: Sequence[str] = tuple(DOMAINS)) -> tuple[AutoRule, ...]:
    """A few of them."""
    return tuple(draw(rule(f"r{number}", facts)) for number in range(draw(st.integers(1, most))))


def facts(names: Sequence[str] = tuple(DOMAINS)) -> st.SearchStrategy[dict[str, Value | None]]:
    """What is known of a thing; some of it nobody knows."""
    return st.fixed_dictionaries({name: st.none() | st.sampled_from(DOMAINS[name]) for name in names})


def _is_in_order(bounds: tuple[int | None, int | None]) -> bool:
    least, most = bounds
    return least is None or most is None or least <= most
