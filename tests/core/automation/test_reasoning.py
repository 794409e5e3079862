"""What is reasoned about rules on sets agrees with going through every value."""

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.automation import plainly
from tests.core.automation.plainly import TODOS
from zhanggui.core.automation.circling import circles
from zhanggui.core.automation.conditions import judge
from zhanggui.core.automation.contradicting import contradictions
from zhanggui.core.automation.firing import fired
from zhanggui.core.automation.rules import AutoRule, Clause, Deed, DeedKind
from zhanggui.core.automation.values import Value
from zhanggui.core.deadlines import DeadlineKind

_T = DeadlineKind


@given(plainly.rule(), st.sampled_from(TODOS), plainly.facts())
@settings(max_examples=100, deadline=None)
def test_a_rule_fires_exactly_where_it_plainly_should(rule: AutoRule, todo: DeadlineKind, facts: Mapping[str, Value | None]) -> None:
    outcome = judge(rule, todo, facts)

    assert outcome.fires is plainly.fires(rule, todo, facts)
    assert [each.fact for each in outcome.looked] == list(rule.when)
    assert all(each.holds is plainly.holds(each.clause, facts.get(each.fact)) for each in outcome.looked)


@given(plainly.rules(most=3))
@settings(max_examples=50, deadline=None)
def test_every_contradiction_there_is_is_found_and_no_other(rules: tuple[AutoRule, ...]) -> None:
    found = contradictions(rules)

    assert {(each.one, each.other) for each in found} == plainly.clash(rules)
    for each in found:
        both = [rule for rule in rules if rule.id in (each.one, each.other)]
        assert all(plainly.fires(rule, each.on, each.example) for rule in both)


@given(plainly.rules(most=3, facts=("threatens", "reason", "assignee", "has_remark")))
@settings(max_examples=80, deadline=None)
def test_every_circle_there_is_is_found_and_no_other(rules: tuple[AutoRule, ...]) -> None:
    found = circles(rules)

    assert bool(found) is plainly.go_round(rules)
    assert all(set(circle) <= {rule.id for rule in rules} for circle in found)


def test_two_who_hand_a_to_do_to_each_other_go_round() -> None:
    here = _hands("here", "xiaomei", Clause(not_=("xiaomei",)))
    back = _hands("back", "laozhou", Clause(is_=("xiaomei",)))

    assert circles([here, back]) == (("back", "here"),)


def test_they_do_not_where_no_thing_suits_both() -> None:
    here = _hands("here", "xiaomei", Clause(not_=("xiaomei",)), amount=Clause(most=1000))
    back = _hands("back", "laozhou", Clause(is_=("xiaomei",)), amount=Clause(least=1001))

    assert circles([here, back]) == ()


def test_time_does_not_part_them() -> None:
    here = _hands("here", "xiaomei", Clause(not_=("xiaomei",)), hour=Clause(most=11))
    back = _hands("back", "laozhou", Clause(is_=("xiaomei",)), hour=Clause(least=12))

    assert circles([here, back]) == (("back", "here"),)


def test_three_that_meet_two_by_two_but_never_all_do_not_go_round() -> None:
    one = _hands("one", "b", Clause(is_=("a",)), reason=Clause(is_=("x", "y")))
    two = _hands("two", "c", Clause(is_=("b",)), reason=Clause(is_=("y", "z")))
    three = _hands("three", "a", Clause(is_=("c",)), reason=Clause(is_=("x", "z")))

    assert circles([one, two, three]) == ()


def test_what_gives_way_does_not_fire_beside_what_it_gives_way_to() -> None:
    small = AutoRule(
        id="small", title="s", on=(_T.ANSWER_REFUND,), when={"amount": Clause(most=1000)}, do=(Deed(act=DeedKind.REFUND_AGREE),), gives_way_to=("sly",)
    )
    sly = AutoRule(id="sly", title="t", on=(_T.ANSWER_REFUND,), when={"threatens": Clause(is_=True)}, do=(Deed(act=DeedKind.ASSIGN, to="lin"),))

    assert [each.rule.id for each in fired([small, sly], _T.ANSWER_REFUND, {"amount": 900, "threatens": False})] == ["small"]
    assert [each.rule.id for each in fired([small, sly], _T.ANSWER_REFUND, {"amount": 900, "threatens": True})] == ["sly"]
    assert contradictions([small, sly]) == ()


def _hands(name: str, to: str, assignee: Clause, **when: Clause) -> AutoRule:
    return AutoRule(id=name, title=name, on=(_T.ANSWER_REFUND,), when={"assignee": assignee, **when}, do=(Deed(act=DeedKind.ASSIGN, to=to),))
