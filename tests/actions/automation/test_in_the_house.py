"""Deeds that stay in the house, what people decide of them, rules tried on the last month, and golden cases run again: a shop that lives by files alone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.actions.money.telling import case, order, tell
from tests.actions.tables import contents
from tests.actions.test_own_rules import OWN
from tests.cast import Cast
from zhanggui.actions.automation import seeing
from zhanggui.actions.automation.keeping import Troubled, check_only, keep_rule, keep_rules, remove_rule, set_level
from zhanggui.actions.automation.listing import firings_of, firings_of_order, rule_detail, rules_seen, troubles_of, waiting_of
from zhanggui.actions.automation.running import look_over
from zhanggui.actions.automation.settling import do_suggested, leave_suggested
from zhanggui.actions.automation.trying import Tried, try_rules
from zhanggui.actions.cases.guiding import order_steps
from zhanggui.actions.house import House
from zhanggui.actions.outbox import set_limits
from zhanggui.actions.outbox.kinds import act_terms
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import add_override
from zhanggui.core.acts import ActKind, ActLevel
from zhanggui.core.automation.fired import FiringState, How
from zhanggui.core.automation.rules import AutoRule, RuleLevel
from zhanggui.core.automation.seen import Seen
from zhanggui.core.automation.writing import read_rules
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.facts import AftersaleFacts
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import automation, deadlines, notes
from zhanggui.records.db import Tx

NOW = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)
SHIPPED, SMALL, OLD = "260318-100000000000001", "260318-100000000000002", "260301-100000000000003"
HEAD = """
[[rule]]
id = "{id}"
title = "{id}"
on = ["{on}"]
[rule.when]
{when}
[[rule.do]]
{do}
[[rule.case]]
says = "yes"
fires = true
facts = {{ {yes} }}
[[rule.case]]
says = "no"
fires = false
facts = {{ {no} }}
"""


def rule(
    name: str, do: str, *, on: str = "answer_refund", when: str = "amount = { most = 1000 }", yes: str = "amount = 900", no: str = "amount = 1001"
) -> AutoRule:
    return read_rules(HEAD.format(id=name, on=on, when=when, do=do, yes=yes, no=no))[0]


HAND = rule("hand", 'act = "hand_over"\nto = "xiaomei"')


@pytest.fixture
def shop(house: House, people: Cast, tmp_path: Path) -> House:
    """A shipped order whose buyer asks for 9.00 back, one that waits to be shipped, and a case of three weeks ago that ended unpaid."""
    rows: list[dict[str, Any]] = [
        order(SHIPPED, group_formed_at="2026-03-18 10:00:00", shipped_at="2026-03-18 20:00:00", province="湖北省"),
        case("7001", SHIPPED, 900, reason="少件/漏发", state="seller_to_answer", applied_at="2026-03-20 09:00:00", agreed_at=None, shipped=True, pictures=1),
        {"fact": "order", "order_no": SMALL, "stage": "to_ship", "group_formed_at": "2026-03-19 10:00:00", "pay_amount": 900, "receive_amount": 900},
        order(OLD, pay_amount=900, receive_amount=900, stage="received", received_at="2026-03-05 10:00:00"),
        case(
            "7002",
            OLD,
            800,
            reason="不想要了",
            state="closed",
            applied_at="2026-03-06 09:00:00",
            agreed_at=None,
            updated_at="2026-03-09 09:00:00",
            shipped=True,
        ),
        case("7003", OLD, 100, reason="质量问题", applied_at="2026-03-07 09:00:00", agreed_at="2026-03-08 09:00:00", shipped=True),
    ]
    tell(house, people, tmp_path, *rows)
    return house


def test_it_hands_a_to_do_over_once(shop: House, people: Cast) -> None:
    _on(shop, people, HAND)

    first, second = _look(shop, people), _look(shop, people)

    (firing,) = firings_of(shop, people.lin, people.shop_id).firings
    assert (first, second) == (1, 0)
    assert firing.at is FiringState.DONE
    assert _todo(shop, people).assignee == people.mei.person_id
    assert [each.firing_no for each in firings_of_order(shop, people.lin, people.shop_id, SHIPPED)] == [firing.firing_no]
    assert _journal(shop, people) == ["auto_rule_kept", "auto_rule_level_set", "todo_handed", "auto_rule_fired"]


def test_a_thing_it_stumbles_over_is_told_skipped_and_tried_again_later(shop: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    _on(shop, people, rule("look", 'act = "remark"\ntext = "看"', on="ship_by", when="paid = { least = 1 }", yes="paid = 1", no="paid = 0"))
    _on(shop, people, HAND)
    real, broken = seeing.seen_case, [True]

    def stumbling(case: AftersaleFacts, *rest: Any) -> Seen:
        if broken[0] and case.case_no == "7001":
            raise KeyError("a buyer's words")
        return real(case, *rest)

    monkeypatch.setattr(seeing, "seen_case", stumbling)

    first = _look(shop, people)
    told = troubles_of(shop, people.lin, people.shop_id)
    too_soon = look_over(shop, people.shop_id, NOW, NOW + timedelta(seconds=30))
    again = look_over(shop, people.shop_id, NOW, NOW + timedelta(minutes=2))
    later = troubles_of(shop, people.lin, people.shop_id)
    broken[0] = False
    mended = look_over(shop, people.shop_id, NOW, NOW + timedelta(hours=1))

    assert first == 1  # the order that waits to be shipped
    assert [(each.todo, each.subject_no, each.failures, each.problem) for each in told] == [("answer_refund", "7001", 1, "KeyError")]
    assert (too_soon, again, later[0].failures) == (0, 0, 2)
    assert later[0].next_at > told[0].next_at
    assert (mended, troubles_of(shop, people.lin, people.shop_id)) == (1, ())


def test_a_kind_that_cannot_be_looked_over_keeps_no_other_from_it_and_is_told(shop: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    _on(shop, people, rule("look", 'act = "remark"\ntext = "看"', on="ship_by", when="paid = { least = 1 }", yes="paid = 1", no="paid = 0"))
    _on(shop, people, HAND)
    real = automation.open_todos

    def stumbling(tx: Tx, shop_id: int, kind: DeadlineKind, *rest: Any) -> list[deadlines.StoredDeadline]:
        if kind is DeadlineKind.ANSWER_REFUND:
            raise KeyError("broken")
        return real(tx, shop_id, kind, *rest)

    monkeypatch.setattr(automation, "open_todos", stumbling)

    with pytest.raises(KeyError):
        _look(shop, people)

    assert [each.rule_id for each in firings_of(shop, people.lin, people.shop_id).firings] == ["look"]


def test_a_rule_that_an_upgrade_left_unreadable_is_held_and_keeps_no_other_from_firing(shop: House, people: Cast) -> None:
    _on(shop, people, rule("old", 'act = "alert"\ntext = "看"'))
    _on(shop, people, HAND)
    with shop.pool.connection() as tx:
        tx.execute("update automation_versions set body = replace(body::text, '\"amount\":{', '\"forgotten\":{')::json where body::text like '%%alert%%'")
        tx.execute("update automation_rules set checked = 'before'")

    fired = _look(shop, people)
    kept = keep_rule(shop, people.lin, people.shop_id, rule("new", 'act = "alert"\ntext = "新"'), NOW)
    set_level(shop, people.lin, people.shop_id, kept.rule_no, RuleLevel.SUGGEST, NOW)

    assert fired == 1
    assert {each.row.rule_id: each.is_held for each in rules_seen(shop, people.lin, people.shop_id, NOW)} == {"old": True, "hand": False, "new": False}


def test_who_has_the_to_do_already_is_not_handed_it_again_and_nothing_is_counted(shop: House, people: Cast) -> None:
    _on(shop, people, HAND)
    _look(shop, people)
    edited = msgspec.structs.replace(HAND, title="again")
    keep_rule(shop, people.lin, people.shop_id, edited, NOW)

    _look(shop, people)

    newest, first = firings_of(shop, people.lin, people.shop_id).firings
    assert (first.at, newest.at) == (FiringState.DONE, FiringState.IN_VAIN)
    assert rules_seen(shop, people.lin, people.shop_id, NOW)[0].acted_today == 1


def test_what_it_suggests_a_person_does_or_leaves(shop: House, people: Cast) -> None:
    remark = rule("remark", 'act = "remark"\ntext = "先看照片"')
    _on(shop, people, remark, RuleLevel.SUGGEST)
    _on(shop, people, HAND, RuleLevel.SUGGEST)
    _look(shop, people)

    waiting = {each.rule_id: each.firing_no for each in waiting_of(shop, people.lin, people.shop_id)}
    before = _notes(shop, people)
    do_suggested(shop, people.mei, people.shop_id, waiting["remark"], NOW)
    leave_suggested(shop, people.mei, people.shop_id, waiting["hand"], NOW)

    told = {each.rule_id: each.at for each in firings_of(shop, people.lin, people.shop_id).firings}
    assert before == []
    assert _notes(shop, people) == ["先看照片"]
    assert _todo(shop, people).assignee is None
    assert told == {"remark": FiringState.DONE, "hand": FiringState.LEFT}
    with pytest.raises(Refused):
        do_suggested(shop, people.mei, people.shop_id, waiting["hand"], NOW)
    assert _look(shop, people) == 0


def test_it_makes_a_step_ready_only_where_the_advice_knows_that_answer(shop: House, people: Cast) -> None:
    _on(shop, people, rule("refuse", 'act = "guided_step"\nstep = "step_refuse"\ntext = "经核实商品已发齐，请您再核对一下包裹。"'))

    _look(shop, people)

    (firing,) = firings_of(shop, people.lin, people.shop_id).firings
    steps = order_steps(shop, people.lin, people.shop_id, SHIPPED)
    assert (firing.at, len(steps)) in ((FiringState.DONE, 1), (FiringState.IN_VAIN, 0))
    assert firing.answers


def test_a_shop_without_the_platform_is_told_to_do_it_by_hand(shop: House, people: Cast) -> None:
    limits = msgspec.structs.replace(act_terms()[ActKind.REFUND_AGREE].limits, level=ActLevel.ACT)
    set_limits(shop, people.lin, people.shop_id, ActKind.REFUND_AGREE, limits, NOW)
    _on(shop, people, rule("pay", 'act = "refund.agree"'))

    _look(shop, people)

    (firing,) = firings_of(shop, people.lin, people.shop_id).firings
    assert [each.how for each in firing.deeds] == [How.WAITS]
    assert do_suggested(shop, people.lin, people.shop_id, firing.firing_no, NOW) is FiringState.DONE


def test_a_rule_that_contradicts_one_that_is_on_stays_off(shop: House, people: Cast) -> None:
    _on(shop, people, HAND)
    other = rule("other", 'act = "hand_over"\nto = "laozhou"', when="amount = { least = 500 }", no="amount = 499")
    kept = keep_rule(shop, people.lin, people.shop_id, other, NOW)

    with pytest.raises(Troubled, match="contradict each other"):
        set_level(shop, people.lin, people.shop_id, kept.rule_no, RuleLevel.ACT, NOW)

    assert [each.level for each in rules_seen(shop, people.lin, people.shop_id, NOW)] == [RuleLevel.ACT, RuleLevel.OFF]
    giving_way = msgspec.structs.replace(other, gives_way_to=("hand",))
    keep_rule(shop, people.lin, people.shop_id, giving_way, NOW)
    set_level(shop, people.lin, people.shop_id, kept.rule_no, RuleLevel.ACT, NOW)
    assert _look(shop, people) == 1


def test_rules_that_hand_to_each_other_in_a_circle_stay_off(shop: House, people: Cast) -> None:
    here = rule("here", 'act = "hand_over"\nto = "xiaomei"', when='assignee = { is = "laozhou" }', yes='assignee = "laozhou"', no='assignee = "-"')
    back = rule("back", 'act = "hand_over"\nto = "laozhou"', when='assignee = { is = "xiaomei" }', yes='assignee = "xiaomei"', no='assignee = "-"')
    _on(shop, people, here)
    kept = keep_rule(shop, people.lin, people.shop_id, back, NOW)

    with pytest.raises(Troubled, match="go round in circles"):
        set_level(shop, people.lin, people.shop_id, kept.rule_no, RuleLevel.SUGGEST, NOW)


def test_an_edit_that_breaks_a_golden_case_switches_the_rule_off(shop: House, people: Cast) -> None:
    rule_no = _on(shop, people, HAND)
    edited = msgspec.structs.replace(HAND, when={"amount": msgspec.structs.replace(HAND.when["amount"], most=500)})

    kept = keep_rule(shop, people.lin, people.shop_id, edited, NOW)

    detail = rule_detail(shop, people.lin, people.shop_id, rule_no, NOW)
    assert (kept.version, kept.was_switched_off) == (2, True)
    assert detail.seen.level is RuleLevel.OFF
    assert [each.version for each in detail.versions] == [2, 1]
    assert [each.is_right for each in detail.checked.golden] == [False, True]


def test_golden_cases_are_run_again_when_the_rules_of_the_shop_change(shop: House, people: Cast) -> None:
    advised = """
[[rule]]
id = "by_advice"
title = "by_advice"
on = ["answer_refund"]
[rule.when]
advised = { is = ["refuse", "ask_buyer", "offer_partial", "agree_refund", "give_away", "offer_return", "resend"] }
[[rule.do]]
act = "remark"
text = "看建议"
[[rule.case]]
says = "small"
fires = true
advise = { kind = "refund_only", refund_amount = 500, goods = "delivered", reason = "质量问题", pictures = 2 }
[[rule.case]]
says = "not said"
fires = false
facts = { amount = 500 }
"""
    rule_no = _on(shop, people, read_rules(advised)[0])
    before = _checked(shop, people, rule_no)

    add_override(shop, people.lin, people.shop_id, OWN, NOW)
    _look(shop, people)

    assert _checked(shop, people, rule_no) != before
    assert not rules_seen(shop, people.lin, people.shop_id, NOW)[0].is_held


def test_last_month_tells_what_it_would_have_paid_and_what_really_happened(shop: House, people: Cast) -> None:
    kept = contents(shop.pool)

    tried = _try(
        shop,
        people,
        rule("pay", 'act = "refund.agree"', when='amount = { most = 1000 }\ncase_kind = { is = "refund_only" }', yes='amount = 900, case_kind = "refund_only"'),
    )

    (summed,) = tried.rules
    assert tried.cases == 3
    assert summed.fires == 3
    assert {hit.no for hit in tried.hits} == {"7001", "7002", "7003"}
    assert summed.money == sum(hit.money for hit in tried.hits)
    assert summed.paid_anyway + summed.not_paid <= summed.money
    assert all(hit.money == 0 for hit in tried.hits if hit.barred)
    assert contents(shop.pool) == kept


def test_a_condition_on_time_is_waited_for_in_the_past(shop: House, people: Cast) -> None:
    late = rule(
        "late",
        'act = "alert"\ntext = "快发货"',
        on="ship_by",
        when="hours_since_formed = { least = 9 }",
        yes="hours_since_formed = 9",
        no="hours_since_formed = 8",
    )

    tried = _try(shop, people, late)

    by_no = {hit.no: hit for hit in tried.hits}
    assert by_no[SHIPPED].at == datetime(2026, 3, 18, 11, 0, tzinfo=UTC)
    assert set(by_no) == {SHIPPED, SMALL, OLD}
    assert tried.rules[0].money == 0


def test_a_file_switches_nothing_on_and_is_kept_whole_or_not_at_all(shop: House, people: Cast) -> None:
    bad = msgspec.structs.replace(HAND, id="bad", do=(msgspec.structs.replace(HAND.do[0], to="nobody"),))

    with pytest.raises(Troubled, match="Nobody with the sign-in name"):
        keep_rules(shop, people.lin, people.shop_id, [HAND, bad], NOW)

    assert rules_seen(shop, people.lin, people.shop_id, NOW) == ()
    assert [each.may_be_on for each in check_only(shop, people.lin, people.shop_id, [HAND, bad], NOW)] == [True, False]
    keep_rules(shop, people.lin, people.shop_id, [HAND], NOW)
    assert [each.level for each in rules_seen(shop, people.lin, people.shop_id, NOW)] == [RuleLevel.OFF]


def test_words_that_must_not_be_said_are_in_no_rule(shop: House, people: Cast) -> None:
    draft = rule("draft", 'act = "draft"\ntext = "亲，给个五星好评返现5元哦"')

    with pytest.raises(Troubled, match="must not be said"):
        keep_rule(shop, people.lin, people.shop_id, draft, NOW)


def test_others_may_look_or_may_not_even_that(shop: House, people: Cast) -> None:
    rule_no = _on(shop, people, HAND)

    assert [each.row.rule_id for each in rules_seen(shop, people.mei, people.shop_id, NOW)] == ["hand"]
    for deed in (
        lambda: set_level(shop, people.mei, people.shop_id, rule_no, RuleLevel.OFF, NOW),
        lambda: keep_rule(shop, people.mei, people.shop_id, HAND, NOW),
        lambda: remove_rule(shop, people.mei, people.shop_id, rule_no, NOW),
        lambda: rules_seen(shop, people.zheng, people.shop_id, NOW),
        lambda: try_rules(shop, people.zheng, people.shop_id, [HAND], NOW),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_a_removed_rule_fires_no_more_and_its_name_is_free(shop: House, people: Cast) -> None:
    rule_no = _on(shop, people, HAND)

    remove_rule(shop, people.lin, people.shop_id, rule_no, NOW)

    assert _look(shop, people) == 0
    assert keep_rule(shop, people.lin, people.shop_id, HAND, NOW).rule_no != rule_no


def _on(shop: House, people: Cast, told: AutoRule, level: RuleLevel = RuleLevel.ACT) -> int:
    kept = keep_rule(shop, people.lin, people.shop_id, told, NOW)
    set_level(shop, people.lin, people.shop_id, kept.rule_no, level, NOW)
    return kept.rule_no


def _look(shop: House, people: Cast) -> int:
    return look_over(shop, people.shop_id, NOW + timedelta(minutes=1), NOW)


def _try(shop: House, people: Cast, *told: AutoRule) -> Tried:
    return try_rules(shop, people.lin, people.shop_id, told, NOW)


def _todo(shop: House, people: Cast) -> deadlines.StoredDeadline:
    with shop.pool.connection() as tx:
        found = deadlines.one(tx, people.shop_id, Subject(SubjectKind.AFTERSALE, "7001"), DeadlineKind.ANSWER_REFUND)
    assert found is not None
    return found


def _notes(shop: House, people: Cast) -> list[str]:
    with shop.pool.connection() as tx:
        return [note.text for note in notes.of_subject(tx, people.shop_id, "aftersale", "7001")]


def _checked(shop: House, people: Cast, rule_no: int) -> str:
    return next(each.row.checked for each in rules_seen(shop, people.lin, people.shop_id, NOW) if each.row.rule_no == rule_no)


def _journal(shop: House, people: Cast) -> list[str]:
    with shop.pool.connection() as tx:
        told = tx.execute(
            "select kind from journal where shop_id = %s and (kind like 'auto_rule%%' or kind like 'todo%%') order by entry_no", (people.shop_id,)
        )
        return [kind for (kind,) in told]
