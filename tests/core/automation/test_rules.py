"""Rules as files, what is wrong with them, and the cases they must get right."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.automation import plainly
from zhanggui import rulebook
from zhanggui.core.automation.checking import troubles, troubles_between
from zhanggui.core.automation.conditions import BadClause, allowed, kept_facts
from zhanggui.core.automation.docs import acts_table, facts_table
from zhanggui.core.automation.facts import FACTS, TRIGGERS, facts_of
from zhanggui.core.automation.golden import golden_results, golden_trouble
from zhanggui.core.automation.rules import AutoRule, Clause, Deed, DeedKind, GoldenCase
from zhanggui.core.automation.seen import Seen
from zhanggui.core.automation.values import Value, ValueKind
from zhanggui.core.automation.writing import BadRules, read_rules, write_rules
from zhanggui.core.cases.guided import StepKind
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.money import Fen

_T = DeadlineKind
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
BOOK = rulebook.load()
SMALL = """
[[rule]]
id = "small_unshipped"
title = "未发货小额直接退"
on = ["answer_refund"]
a_day = 30

[rule.when]
case_kind = { is = "refund_only" }
amount = { most = 1000 }
goods_at = { is = ["not_printed"] }

[[rule.do]]
act = "refund.agree"

[[rule.case]]
says = "九元，没打单"
fires = true
facts = { amount = 900, case_kind = "refund_only", goods_at = "not_printed" }

[[rule.case]]
says = "已经打单"
fires = false
advise = { kind = "refund_only", refund_amount = 900, goods = "printed", reason = "多拍/错拍/不想要" }
"""


def test_a_rule_is_read_from_a_file() -> None:
    (rule,) = read_rules(SMALL)

    assert rule.id == "small_unshipped"
    assert rule.when["case_kind"] == Clause(is_="refund_only")
    assert rule.when["amount"] == Clause(most=1000)
    assert rule.do == (Deed(act=DeedKind.REFUND_AGREE),)
    assert [case.fires for case in rule.case] == [True, False]
    assert troubles(rule) == ()


def test_its_golden_cases_are_run_against_the_rulebook_and_the_advice() -> None:
    (rule,) = read_rules(SMALL)

    results = golden_results(rule, BOOK, BOOK.advice.terms, NOW)

    assert [each.is_right for each in results] == [True, True]
    assert golden_trouble(rule, results) is None


def test_a_golden_case_that_goes_wrong_keeps_the_rule_off() -> None:
    (rule,) = read_rules(SMALL.replace("fires = false", "fires = true"))

    trouble = golden_trouble(rule, golden_results(rule, BOOK, BOOK.advice.terms, NOW))

    assert trouble is not None
    assert trouble.slots == {"n": 1, "cases": "已经打单"}


def test_a_rule_without_a_case_in_which_it_does_not_fire_stays_off() -> None:
    (rule,) = read_rules(SMALL.split('[[rule.case]]\nsays = "已经打单"', maxsplit=1)[0])

    assert golden_trouble(rule, golden_results(rule, BOOK, BOOK.advice.terms, NOW)) is not None


def test_the_reason_of_a_golden_case_is_read_by_the_rulebook() -> None:
    case = GoldenCase(says="质量", fires=True, facts={"reason": "质量问题"})
    rule = AutoRule(
        id="q", title="q", on=(_T.ANSWER_REFUND,), when={"complaint": Clause(is_="quality")}, do=(Deed(act=DeedKind.ALERT, text="看"),), case=(case,)
    )

    assert golden_results(rule, BOOK, BOOK.advice.terms, NOW)[0].is_right


_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20)


@given(plainly.rules(most=3), _TEXTS, _TEXTS, st.integers(0, 5000))
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_again_as_the_same(rules: tuple[AutoRule, ...], title: str, note: str, many: int) -> None:
    case = GoldenCase(
        says=title, fires=True, facts={"amount": many, "reason": note, "threatens": True}, advise={"kind": "refund_only", "at": NOW, "parts": [1, "二"]}
    )
    told = tuple(msgspec.structs.replace(rule, title=title, note=note, a_day=many, case=(case,)) for rule in rules)

    assert read_rules(write_rules(told)) == told


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (("amount = { most = 1000 }", "amount = { is = true }"), "when.amount"),
        (("amount = { most = 1000 }", "amount = { least = 5, most = 4 }"), "when.amount"),
        (("amount = { most = 1000 }", "amount = {}"), "when.amount"),
        (("amount = { most = 1000 }", "amuont = { most = 1000 }"), "when.amuont"),
        (("amount = { most = 1000 }", "stars = { most = 3 }"), "when.stars"),
        (("amount = { most = 1000 }", "hour = { least = 24 }"), "when.hour"),
        (('case_kind = { is = "refund_only" }', 'case_kind = { is = "refund" }'), "when.case_kind"),
        (('case_kind = { is = "refund_only" }', 'case_kind = { is = "exchange", not = "repair" }'), "when.case_kind"),
        (("amount = { most = 1000 }", 'amount = { has = "9" }'), "when.amount"),
        (("amount = { most = 1000 }", 'assignee = { has = "lin" }'), "when.assignee"),
        (("amount = { most = 1000 }", 'reason = { has = " " }'), "when.reason"),
        (("amount = { most = 1000 }", 'reason = { has = "多拍", lacks = "拍" }'), "when.reason"),
        (("amount = { most = 1000 }", 'reason = { has = "多拍", is = "多拍" }'), "when.reason"),
        (("[[rule.do]]", "[[rule.either]]\n[[rule.do]]"), "either.1"),
        (("[[rule.do]]", "[[rule.either]]\namount = { least = 1001 }\n[[rule.do]]"), "either.1"),
        (("[[rule.do]]", "[[rule.either]]\nstars = { least = 4 }\n[[rule.do]]"), "either.1.stars"),
        (('on = ["answer_refund"]', "on = []"), "on"),
        (('on = ["answer_refund"]', 'on = ["answer_refund", "ship_by"]'), "on"),
        (('on = ["answer_refund"]', 'on = ["renew_token"]'), "on"),
        (('on = ["answer_refund"]', 'on = ["answer_platform"]'), "do.1"),
        (("a_day = 30", "a_day = -1"), "a_day"),
        (('id = "small_unshipped"', 'id = "Small one"'), "id"),
        (('act = "refund.agree"', 'act = "refund.agree"\ntext = "好的"'), "do.1"),
        (('act = "refund.agree"', 'act = "order.note"'), "do.1"),
        (('act = "refund.agree"', 'act = "hand_over"'), "do.1"),
        (('act = "refund.agree"', 'act = "guided_step"\ntext = "x"\nstep = "step_goodwill"'), "do.1"),
        (('act = "refund.agree"', 'act = "refund.agree"\n[[rule.do]]\nact = "return.agree"'), "do"),
        (("amount = 900, case_kind", 'amount = "9.00", case_kind'), "case.1"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(change: tuple[str, str], where: str) -> None:
    (rule,) = read_rules(SMALL.replace(*change))

    assert where in [each.where for each in troubles(rule)]


@pytest.mark.parametrize("text", ["[[rule]]\nid = 5", "[[rule]", '[[rule]]\nid="a"\ntitle="b"\non=[]\ncolour="red"', SMALL + SMALL, b"\xff\xfe", "x" * 600_000])
def test_what_is_no_file_of_rules_is_refused(text: str | bytes) -> None:
    with pytest.raises(BadRules):
        read_rules(text)


def test_a_golden_case_keeps_what_is_known_but_no_more_of_a_text_than_the_words_asked() -> None:
    (rule,) = read_rules(SMALL.replace("amount = { most = 1000 }", 'buyer_note = { has = "急" }\nhour = { most = 11 }'))
    facts: dict[str, Value | None] = {
        "buyer_note": "急，电话尾号 0000",
        "seller_note": "熟客",
        "hour": 9,
        "weekday": 3,
        "assignee": "lin",
        "pieces": 2,
        "paid": None,
    }

    assert kept_facts(rule, facts | {"pieces": 2, "paid": None}) == {"buyer_note": "…急…", "hour": 9, "pieces": 2}


def test_rules_that_give_way_in_a_circle_are_told() -> None:
    (one,) = read_rules(SMALL.replace("a_day = 30", 'gives_way_to = ["other"]'))
    (other,) = read_rules(SMALL.replace('"small_unshipped"', '"other"').replace("a_day = 30", 'gives_way_to = ["small_unshipped"]'))

    assert {each.where for each in troubles_between([one, other])} == {"gives_way_to"}


def test_every_fact_is_read_of_a_thing_of_which_nothing_is_known() -> None:
    for todo in TRIGGERS:
        facts = facts_of(Seen(todo=todo, now=NOW))

        assert facts["hour"] == 12
        assert facts["assignee"] == "-"
        assert facts["at_risk"] == Fen(0)
        assert facts.get("amount") is None


def test_every_fact_can_be_asked_in_its_own_way() -> None:
    for fact in FACTS.values():
        if fact.kind is ValueKind.FLAG:
            clause = Clause(is_=True)
        elif fact.kind in (ValueKind.WORD, ValueKind.TEXT):
            clause = Clause(not_=fact.listed[:1] or ("x",))
        else:
            clause = Clause(least=fact.least, most=fact.most)

        assert not allowed(fact, clause).is_empty
        with pytest.raises(BadClause):
            allowed(fact, Clause())


def test_the_example_in_the_docs_is_a_rule_that_may_be_switched_on() -> None:
    page = (Path(__file__).parents[3] / "docs" / "automation.md").read_text("utf-8")
    told = page.split("```toml\n")[1].split("```")[0]

    rules = read_rules(told)

    assert [each for rule in rules for each in troubles(rule)] == []
    assert troubles_between(rules) == ()
    assert [golden_trouble(rule, golden_results(rule, BOOK, BOOK.advice.terms, NOW)) for rule in rules] == [None] * len(rules)


def test_the_alternatives_in_the_docs_may_be_added_to_a_rule() -> None:
    page = (Path(__file__).parents[3] / "docs" / "automation.md").read_text("utf-8")
    told = page.split("```toml\n")[2].split("```")[0]

    (rule,) = read_rules(SMALL.replace("amount = { most = 1000 }", "amount = { most = 5000 }").replace("[[rule.do]]", f"{told}\n[[rule.do]]"))

    assert troubles(rule) == ()
    assert [sorted(each) for each in rule.either] == [["reason"], ["amount", "pictures"]]


def test_a_step_to_refuse_names_its_step() -> None:
    deed = Deed(act=DeedKind.STEP, step=StepKind.REFUSE, text="商品已发出，建议签收后按七天无理由退货。")
    rule = AutoRule(id="r", title="r", on=(_T.ANSWER_REFUND,), do=(deed,))

    assert troubles(rule) == ()


def test_the_docs_tell_every_fact_and_every_act() -> None:
    page = (Path(__file__).parents[3] / "docs" / "automation.md").read_text("utf-8")

    assert f"<!-- facts -->\n{facts_table()}\n<!-- /facts -->" in page
    assert f"<!-- acts -->\n{acts_table()}\n<!-- /acts -->" in page
