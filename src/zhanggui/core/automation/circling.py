"""Rules that go round in circles: what one does lets another fire, and so on, back to where it began.

A rule fires once for each thing and state, so nothing runs for ever; but rules that undo each other are a mistake, found before they are switched on.
The search walks over what deeds can change; what no deed changes must suit all the rules of a circle at once, and time may pass freely.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, count, groupby, product

import msgspec

from zhanggui.core.automation.conditions import boxes, overlap
from zhanggui.core.automation.deeds import CLOSED, TODO_NAMES, changes_of
from zhanggui.core.automation.facts import FACTS, TRIGGERS
from zhanggui.core.automation.rules import AutoRule
from zhanggui.core.automation.values import Allowed, Flags, Span, Texts, Value, ValueKind, Words, meeting

MOST_STATES = 100_000
"""More are not searched."""
MOST_TEXTS = 10
"""So many conditions on words in one text are told apart."""

State = tuple[Value, ...]


class TooManyStates(Exception):
    """The rules ask so much of what deeds change that no search comes to an end in a reasonable time."""


class Mover(msgspec.Struct, frozen=True):
    """One way in which a rule fires, as the search sees it: what it needs of what deeds change and of everything else, and what it makes of the former."""

    no: int
    rule: str
    needs: Mapping[str, Allowed]
    rests_on: Mapping[str, Allowed]
    makes: Mapping[str, tuple[Value, ...]]


def circles(rules: Sequence[AutoRule]) -> tuple[tuple[str, ...], ...]:
    """One circle of each knot of rules that go round: their ids in turn. Raises TooManyStates."""
    movers = tuple(_movers(rules))
    names = tuple(sorted({name for mover in movers for name in mover.makes} & {name for mover in movers for name in mover.needs}))
    if not names:
        return ()
    domains = {name: _domain(name, movers) for name in names}
    many = 1
    for domain in domains.values():
        many *= len(domain)
    if many > MOST_STATES:
        raise TooManyStates
    named = {mover.no: mover.rule for mover in movers}
    return tuple(dict.fromkeys(_in_turn([named[no] for no in circle]) for circle in _found(movers, names, domains)))


def _in_turn(circle: Sequence[str]) -> tuple[str, ...]:
    """The rules of a circle, beginning with the first by name; one that goes on in several ways stands once."""
    first = circle.index(min(circle))
    return tuple(rule for rule, _ in groupby((*circle[first:], *circle[:first])))


def _movers(rules: Sequence[AutoRule]) -> Iterator[Mover]:
    made = {rule.id: _makes(rule) for rule in rules}
    changed = {name for each in made.values() for name in each}
    numbers = count()
    for rule in rules:
        about = TODO_NAMES[TRIGGERS[rule.on[0]]]
        for way in boxes(rule):
            box: dict[str, Allowed] = {about: Words(frozenset(kind.value for kind in rule.on)), **way}
            still = {name: told for name, told in box.items() if name not in FACTS or not FACTS[name].moves}
            needs = {name: told for name, told in still.items() if name in changed}
            yield Mover(next(numbers), rule.id, needs, {name: told for name, told in still.items() if name not in changed}, made[rule.id])


def _makes(rule: AutoRule) -> dict[str, tuple[Value, ...]]:
    return {change.fact: change.after for deed in rule.do for change in changes_of(deed)}


def _domain(name: str, movers: Sequence[Mover]) -> tuple[Value, ...]:
    """Every value that makes a difference, and one that stands for all others."""
    fact = FACTS.get(name)
    if fact is not None and fact.kind is ValueKind.FLAG:
        return (False, True)
    if fact is not None and fact.listed:
        return fact.listed
    told = {value for mover in movers for value in mover.makes.get(name, ())}
    for mover in movers:
        told.update(_mentioned(mover.needs.get(name)))
    if fact is None:
        return tuple(sorted({*told, CLOSED}, key=str))
    other = Words(frozenset(str(value) for value in told), is_all_but=True).example()
    return (*sorted(told, key=str), other)


def _mentioned(told: Allowed | None) -> Iterable[Value]:
    match told:
        case Words():
            return told.words
        case Texts():
            return (*(told.only or ()), *told.but)
        case Span():
            return [each for each in (told.least, told.most) if each is not None]
        case Flags():
            return (True, False)
        case None:
            return ()


def _found(movers: Sequence[Mover], names: tuple[str, ...], domains: Mapping[str, tuple[Value, ...]]) -> Iterator[tuple[int, ...]]:
    graph = {state: tuple(_steps(state, movers, names)) for state in product(*(domains[name] for name in names))}
    for knot in _knots(graph):
        inside = {mover for state in knot for mover, after in graph[state] if after in knot}
        used = tuple(mover for mover in movers if mover.no in inside)
        joint = _joint(used)
        if joint is not None:
            yield _circle(graph, knot)
            continue
        name = _parting(used)
        for value in _candidates(name, used):
            fitting = tuple(mover for mover in used if name not in mover.rests_on or mover.rests_on[name].holds(value))
            yield from _found(fitting, names, domains)


def _steps(state: State, movers: Sequence[Mover], names: tuple[str, ...]) -> Iterator[tuple[int, State]]:
    for mover in movers:
        if all(mover.needs[name].holds(value) for name, value in zip(names, state, strict=True) if name in mover.needs):
            made = [mover.makes.get(name, (value,)) for name, value in zip(names, state, strict=True)]
            for after in product(*made):
                if after != state:
                    yield mover.no, after


def _joint(movers: Sequence[Mover]) -> dict[str, Allowed] | None:
    """What a thing must be for all of them; None where none can."""
    joint: dict[str, Allowed] | None = {}
    for mover in movers:
        joint = overlap(joint or {}, mover.rests_on)
        if joint is None:
            return None
    return joint


def _parting(movers: Sequence[Mover]) -> str:
    """A fact of which no value suits all of them."""
    names = sorted({name for mover in movers for name in mover.rests_on})
    return next(name for name in names if _joint([msgspec.structs.replace(mover, rests_on=_only(mover, name)) for mover in movers]) is None)


def _only(mover: Mover, name: str) -> Mapping[str, Allowed]:
    return {name: mover.rests_on[name]} if name in mover.rests_on else {}


def _candidates(name: str, movers: Sequence[Mover]) -> list[Value]:
    """Values of the fact among which is one for every set of these rules that some value suits."""
    told = list(dict.fromkeys(mover.rests_on[name] for mover in movers if name in mover.rests_on))
    if any(isinstance(each, Texts) for each in told):
        return _texts_for(told)
    mentioned: set[Value] = {value for each in told for value in _mentioned(each)}
    if any(isinstance(each, Words) for each in told):
        mentioned.add(Words(frozenset(str(value) for value in mentioned), is_all_but=True).example())
    return sorted(mentioned, key=str)


def _texts_for(told: Sequence[Allowed]) -> list[Value]:
    """A text for each largest set of these conditions that one text can meet."""
    if len(told) > MOST_TEXTS:
        raise TooManyStates
    found: dict[frozenset[int], Value] = {}
    for size in range(len(told), 0, -1):
        for some in combinations(range(len(told)), size):
            if not any(found_set.issuperset(some) for found_set in found):
                met = _met([told[at] for at in some])
                if met is not None:
                    found[frozenset(some)] = met.example()
    return list(found.values())


def _met(told: Sequence[Allowed]) -> Allowed | None:
    met: Allowed | None = told[0]
    for each in told[1:]:
        met = None if met is None else meeting(met, each)
    return met


def _knots(graph: Mapping[State, Sequence[tuple[int, State]]]) -> Iterator[frozenset[State]]:
    """The sets of states from each of which every other is reached; single states left out."""
    ahead = {state: [after for _, after in steps] for state, steps in graph.items()}
    back: dict[State, list[State]] = {state: [] for state in graph}
    for state, afters in ahead.items():
        for after in afters:
            back[after].append(state)
    left: set[State] = set()
    for state in reversed(_left_last(ahead)):
        if state not in left:
            knot = _reached(state, back, left)
            if len(knot) > 1:
                yield frozenset(knot)


def _left_last(ahead: Mapping[State, Sequence[State]]) -> list[State]:
    """The states in the order in which a walk into the depth leaves them."""
    order: list[State] = []
    entered: set[State] = set()
    for root in ahead:
        waiting = [(root, False)]
        while waiting:
            state, is_leaving = waiting.pop()
            if is_leaving:
                order.append(state)
            elif state not in entered:
                entered.add(state)
                waiting.append((state, True))
                waiting.extend((after, False) for after in ahead[state] if after not in entered)
    return order


def _reached(start: State, ways: Mapping[State, Sequence[State]], left: set[State]) -> set[State]:
    """What is reached from there beside what was reached before, which grows by it."""
    found, waiting = {start}, [start]
    left.add(start)
    while waiting:
        for after in ways[waiting.pop()]:
            if after not in left:
                left.add(after)
                found.add(after)
                waiting.append(after)
    return found


def _circle(graph: Mapping[State, Sequence[tuple[int, State]]], knot: frozenset[State]) -> tuple[int, ...]:
    """The movers of a shortest way from one state of the knot back to it."""
    start = min(knot, key=str)
    came: dict[State, tuple[State, int]] = {}
    waiting = deque([start])
    while waiting:
        state = waiting.popleft()
        for rule, after in graph[state]:
            if after == start:
                way = [rule]
                while state != start:
                    state, by = came[state]
                    way.append(by)
                return tuple(reversed(way))
            if after in knot and after not in came:
                came[after] = (state, rule)
                waiting.append(after)
    raise AssertionError("a knot always leads back")
