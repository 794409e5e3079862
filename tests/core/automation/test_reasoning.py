"""What is reasoned about rules on sets agrees with going through every value."""

from collections.abc import Mapping
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.automation import plainly
from tests.core.automation.plainly import TODOS
from zhanggui.core.automation.circling import circles
from zhanggui.core.automation.conditions import judge
from zhanggui.core.automation.contradicting import contradictions
from zhanggui.core.automation.firing import fired, gives_way
from zhanggui.core.automation.rules import AutoRule, Clause, Deed, DeedKind
from zhanggui.core.automation.values import Value
from zhanggui.core.cases.guided import StepKind
from zhanggui.core.deadlines import DeadlineKind

_T = DeadlineKind


@given(plainly.rule(), st.sampled_from(TODOS), plainly.facts())
@settings(max_examples=100, deadline=None)
def test_a_rule_fires_exactly_where_it_plainly_should(rule: AutoRule, todo: DeadlineKind, facts: Mapping[str, Value | None]) -> None:
    outcome = judge(rule, todo, facts)

    assert outcome.fires is plainly.fires(rule, todo, facts)
    assert [(each.group, each.fact) for each in outcome.looked] == [(at, name) for at, box in enumerate((rule.when, *rule.either)) for name in box]
    assert bool(outcome.failing()) is not plainly.fires(rule, rule.on[0], facts)
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


def test_an_alternative_that_nothing_can_meet_asks_nothing() -> None:
    rules = (_hands_all("here", "xiaomei"), _hands_all("back", "laozhou"), _never("never"))

    assert circles(rules) == ()
    assert plainly.go_round(rules) is False


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


def test_alternatives_that_never_meet_do_not_contradict_each_other_and_those_that_do_are_told_with_an_example() -> None:
    broken = _pays("broken", either=({"reason": Clause(has=("破", "漏"))}, {"pictures": Clause(least=3)}))
    whole = _refuses("whole", reason=Clause(lacks=("破", "漏", "坏")), pictures=Clause(most=2))
    some = _refuses("some", reason=Clause(has=("漏了",)), pictures=Clause(most=2))

    assert contradictions([broken, whole]) == ()
    assert [dict(each.example) for each in contradictions([broken, some])] == [{"reason": "漏…漏了", "pictures": 0}]
    assert fired([broken, some], _T.ANSWER_REFUND, {"reason": "快递漏了一件", "pictures": 0})[0].rule.id == "broken"


def test_words_in_a_text_may_be_large_or_small_and_the_text_itself_is_not_kept() -> None:
    rule = _pays("sf", when={"buyer_note": Clause(has=("sf", "顺丰")), "seller_note": Clause(lacks=("不发",))})

    outcome = judge(rule, _T.ANSWER_REFUND, {"buyer_note": "请发 SF，我在家等", "seller_note": ""})

    assert outcome.fires
    assert [each.value for each in outcome.looked] == ["…sf…", "…"]
    assert judge(rule, _T.ANSWER_REFUND, {"buyer_note": "…sf…", "seller_note": "…"}).fires
    assert not judge(rule, _T.ANSWER_REFUND, {"buyer_note": "请发 SF", "seller_note": "不发顺丰"}).fires


def test_a_rule_gives_way_to_what_fires_whatever_its_own_conditions_say() -> None:
    small = msgspec.structs.replace(_pays("small", when={"amount": Clause(most=5)}), gives_way_to=("sly",))
    sly = _hands("sly", "lin", Clause(is_="-"), threatens=Clause(is_=True))
    facts: dict[str, Value | None] = {"amount": 900, "threatens": True, "assignee": "-"}

    assert gives_way(small, [small, sly], _T.ANSWER_REFUND, facts) == "sly"
    assert gives_way(small, [small, sly], _T.ANSWER_REFUND, {**facts, "threatens": False}) is None


def _pays(name: str, **told: Any) -> AutoRule:
    return AutoRule(id=name, title=name, on=(_T.ANSWER_REFUND,), do=(Deed(act=DeedKind.REFUND_AGREE),), **told)


def _refuses(name: str, **when: Clause) -> AutoRule:
    return AutoRule(id=name, title=name, on=(_T.ANSWER_REFUND,), when=when, do=(Deed(act=DeedKind.STEP, step=StepKind.REFUSE),))


def _hands(name: str, to: str, assignee: Clause, **when: Clause) -> AutoRule:
    return AutoRule(id=name, title=name, on=(_T.ANSWER_REFUND,), when={"assignee": assignee, **when}, do=(Deed(act=DeedKind.ASSIGN, to=to),))


def _hands_all(name: str, to: str) -> AutoRule:
    return AutoRule(id=name, title=name, on=(_T.ANSWER_REFUND,), do=(Deed(act=DeedKind.ASSIGN, to=to),))


def _never(name: str) -> AutoRule:
    impossible = ({"threatens": Clause(is_=False), "assignee": Clause(is_=("xiaomei",))},)
    return msgspec.structs.replace(_hands_all(name, "xiaomei"), when={"threatens": Clause(is_=True)}, either=impossible)
