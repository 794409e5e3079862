"""Every rule does what the tables of cases say, to the second and the fen."""

from collections import Counter
from typing import Any

import pytest

from tests.core.golden import Golden, explained, goldens, moment
from zhanggui import rulebook
from zhanggui.core.amounts import reckon
from zhanggui.core.clocks.terms import moment_of
from zhanggui.core.deadlines import Deadline, DeadlineKind
from zhanggui.core.facts import OrderFacts
from zhanggui.core.moments import in_shanghai
from zhanggui.core.money import Fen

ALL = tuple(goldens())
LEAST = 3
SAYS = {
    "due": lambda deadline: deadline.due_at,
    "starts": lambda deadline: deadline.started_at,
    "closed": lambda deadline: deadline.closed_at,
    "state": lambda deadline: deadline.state.value,
    "source": lambda deadline: deadline.due_source.value,
    "from": lambda deadline: deadline.counts_from,
    "rule": lambda deadline: deadline.rule,
    "basis": lambda deadline: deadline.basis.value,
    "risk": lambda deadline: deadline.at_risk,
    "risk_rule": lambda deadline: deadline.risk_rule,
}
MOMENTS = ("due", "starts", "closed")


@pytest.mark.parametrize("golden", [golden for golden in ALL if golden.sort != "lookup"], ids=lambda golden: golden.name)
def test_it_computes_what_the_table_says(golden: Golden) -> None:
    explanations = explained(golden)

    for kind in golden.data.get("absent", ()):
        assert kind not in explanations
    for kind in explanations.keys() & golden.data.keys():
        assert _said(explanations[kind].deadline, golden.data[kind]) == golden.data[kind]
    assert golden.data.keys() & {kind.value for kind in DeadlineKind} <= explanations.keys()
    cited = {step.cites for explanation in explanations.values() for step in explanation.steps}
    assert set(golden.data.get("cites", ())) <= cited


@pytest.mark.parametrize("golden", [golden for golden in ALL if golden.sort == "lookup"], ids=lambda golden: golden.name)
def test_it_finds_the_rule_in_force(golden: Golden) -> None:
    data = golden.data

    rule = rulebook.load().in_force(data["question"], at=moment(data["at"]), **data.get("facts", {}))

    assert ("none" if rule is None else rule.cite) == data["rule"]
    if "unknown" in data:
        gap = rulebook.load().unknown_at(data["question"], at=moment(data["at"]), **data.get("facts", {}))
        assert gap is not None
        assert gap.cite == data["unknown"]
    if "comes_to" in data:
        assert rule is not None
        assert rule.amount is not None
        amount = data.get("receive_amount")
        assert reckon(rule.amount, OrderFacts(order_no="O1", receive_amount=None if amount is None else Fen(amount))).fen == data["comes_to"]
    if "until" in data:
        assert rule is not None
        assert rule.term is not None
        assert moment_of(rule.term, moment(data["from"])) == moment(data["until"])


def test_it_has_at_least_three_cases_for_every_rule_in_force() -> None:
    covered = Counter(cite for golden in ALL for cite in golden.cites)

    thin = {rule.cite: covered[rule.cite] for rule in rulebook.load().all if not rule.is_rival and not rule.is_unknown and covered[rule.cite] < LEAST}

    assert thin == {}


def test_it_names_no_rule_that_does_not_exist() -> None:
    known = {rule.cite for rule in rulebook.load().all}

    strange = {cite for golden in ALL for cite in golden.cites if cite not in known and not cite.startswith("shop.")}

    assert strange == set()


def _said(deadline: Deadline, expected: dict[str, Any]) -> dict[str, Any]:
    """What the deadline says of everything the table names, in the table's own words."""
    return {name: _worded(name, SAYS[name](deadline)) for name in expected}


def _worded(name: str, value: Any) -> Any:
    if name in MOMENTS and value is not None:
        return in_shanghai(value).strftime("%Y-%m-%d %H:%M:%S")
    return value
